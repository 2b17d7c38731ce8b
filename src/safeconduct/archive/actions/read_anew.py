"""Reading a source anew from its bytes, once this program reads better: passages go along, or are orphans."""

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import capture, copies, journaling, policies, queries, rows
from ..alike import note_alike
from ..faults import ArchiveFault, Changed
from ..looking import look
from ..models import Likeness, Post, ReadingCopy, Sample, Source
from ..reading.shape import NotRead, Reading
from .cite import settle


class NotReadAnew(ArchiveFault):
    """The source stays as it was read before: why is in the text."""


def read_anew(*, by: Actor, source: Source) -> bool:
    """Read a public source from its bytes again, and keep that as its reading copy. Whether it says anything else.

    A passage goes along where its words and what stands around them are the same to the letter; else it is an orphan.

    Raises:
        Refused. FileGone, CannotRead, Changed, JournalUnavailable: nothing was changed.
        NotReadAnew: it is in confidence, is masked, or reads as nothing or as another kind.
    """
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    if source.plane != Source.Plane.PUBLIC:
        raise NotReadAnew("A source in confidence is not read anew. It stays as it was read.")
    captured = capture.unpack(queries.package(by, source))
    try:
        reading = look(captured.body, media_type=captured.media_type if captured.status else None)
        copy = copies.pack(reading)
    except (NotRead, UnicodeEncodeError):
        raise NotReadAnew("Its bytes do not read as a source now. It stays as it was read.") from None
    if reading.kind.value != source.kind:
        raise NotReadAnew("Its bytes read as something else without the name of their file. It stays as it was read.")
    with transaction.atomic():
        locked = Source.objects.select_for_update(of=("self",)).filter(pk=source.pk).first()
        if locked is None:
            raise Changed("Somebody removed this source at that moment.")
        if locked.masks.exists():
            # Masks are offsets, and who reads meanwhile must never see the new text under the old ones.
            raise NotReadAnew("Words of it are masked. Take the masks back, read it anew, and mask them again.")
        if reading == queries.reading_of(locked):
            return False
        _write(locked, reading, copy, captured.target or reading.address)
        written = settle(locked, reading, None, None)
        journaling.wrote(by, Entered.OBSERVED_SOURCE, [journaling.committed(locked), *written])
    return True


def _write(source: Source, reading: Reading, copy: bytes, address: str | None) -> None:
    ReadingCopy.objects.filter(source=source).update(schema=copies.SCHEMA, body=copy)
    kept = {row.number: row for row in source.posts.all()}
    if kept.keys() == {said.number for said in reading.posts}:
        # The same posts: what is known of others that are like them stays.
        for said in reading.posts:
            row = kept[said.number]
            row.start, row.end, row.digest = said.start, said.end, copies.digest(said.text)
        posts = list(kept.values())
        Post.objects.bulk_update(posts, ["start", "end", "digest"], batch_size=500)
        Likeness.objects.filter(post__source=source).delete()
        Sample.objects.filter(post__source=source).delete()
    else:
        source.posts.all().delete()
        posts = rows.add_posts(source, reading)
    note_alike(source, posts, reading)
    rows.show(source, reading, [], address)
