"""Reading a source anew from its bytes, once this program reads better: masks and passages go along where they can."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered

from .. import capture, copies, journaling, masking, policies, queries, rows, sealed
from ..alike import matching, note_alike
from ..citing.models import Passage
from ..copies import InConfidence
from ..faults import ArchiveFault, Changed
from ..finding import sealed as finding
from ..looking import look
from ..masking import Carried, Stretch
from ..models import Likeness, Mask, Post, ReadingCopy, Sample, SealedRecord, Source
from ..reading.shape import NotRead, Reading
from ..sealed import Keyed
from .cite import settle


class NotReadAnew(ArchiveFault):
    """The source stays as it was read before: why is in the text."""


class MasksFall(ArchiveFault):
    """What ``count`` masks cover does not stand as often in the new reading, letter for letter. Nothing was changed."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"What {count} of its masks cover does not stand in the new reading as often, or not letter for letter."
            " Nothing was changed. Say that these masks may go, and look through the source afterwards."
        )
        self.count = count


@dataclass(frozen=True, slots=True)
class Anew:
    """What came of it. ``orphans``: passages that no longer match since; ``fallen``: masks that went."""

    changed: bool
    orphans: int = 0
    fallen: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class _Was:
    """A source as it was read before, without masks, and where it is from; of one in confidence what is known."""

    reading: Reading
    address: str | None
    captured: capture.Captured
    keyed: Keyed | None = None
    known: InConfidence | None = None


def read_anew(*, by: Actor, source: Source, may_fall: bool = False) -> Anew:
    """Read a source from its bytes again, and keep that as its reading copy.

    What was masked is masked wherever it stands in the new reading. A passage goes along where its words and what
    stands around them are the same to the letter; else it is an orphan. ``may_fall``: masks may go whose words do
    not stand there as often now.

    Raises:
        Refused, NoSource. FileGone, CannotRead, Changed, JournalUnavailable; in confidence ReadingHalted,
        SealingFault: nothing was changed.
        NotReadAnew: it reads as nothing or as another kind. MasksFall.
    """
    _require(by, source)
    was = _open(by, source)
    captured, name = was.captured, was.known.name if was.known else ""
    try:
        reading = look(captured.body, name=name, media_type=captured.media_type if captured.status else None)
        copy = copies.pack(reading)
    except (NotRead, UnicodeEncodeError):
        raise NotReadAnew("Its bytes do not read as a source now. It stays as it was read.") from None
    if reading.kind.value != source.kind:
        raise NotReadAnew("Its bytes read as something else without the name of their file. It stays as it was read.")
    if reading == was.reading:
        return Anew(changed=False)
    address = captured.target or reading.address
    with transaction.atomic():
        if not Source.objects.select_for_update(of=("self",)).filter(pk=source.pk).exists():
            raise Changed("Somebody removed this source at that moment.")
        if queries.is_read_anew(source):
            raise Changed("This source was read anew at that moment.")
        orphans = Passage.objects.filter(source=source, state=Passage.State.ORPHAN).count()
        carried = _carry(source, was, reading, address)
        if carried.fallen and not may_fall:
            raise MasksFall(carried.fallen)
        shown = masking.masked(reading, carried.stretches)
        if was.keyed is None:
            _write(source, reading, copy, address, carried.stretches)
            written: list[Written] = []
        else:
            written = _write_sealed(by, source, was, reading, shown, copy, address)
        written += settle(source, shown, was.keyed, None)
        written.append(journaling.committed(source))
        journaling.wrote(by, Entered.OBSERVED_SOURCE, written, was.keyed)
        now = Passage.objects.filter(source=source, state=Passage.State.ORPHAN).count()
    return Anew(changed=True, orphans=now - orphans, fallen=carried.fallen)


def _require(by: Actor, source: Source) -> None:
    if source.team is None:
        policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    else:
        policies.require_of(by, Act.READ_ARCHIVE, source)
        policies.require(by, Act.TAKE_IN_CONFIDENCE, policies.of_team(source.team, by.organisation))


def _open(by: Actor, source: Source) -> _Was:
    if source.plane == Source.Plane.PUBLIC:
        captured = capture.unpack(queries.package(by, source))
        reading = queries.reading_of(source)
        return _Was(reading, captured.target or reading.address, captured)
    keyed = sealed.hold(by, source)
    leave = journaling.opening(by, keyed)
    known = sealed.open_record(leave, keyed, source.sealed_record)
    captured = capture.unpack(queries.package_in_confidence(by, source, leave=leave))
    return _Was(copies.unpack(source.sealed_record.schema, known.reading), known.address, captured, keyed, known)


def _carry(source: Source, was: _Was, reading: Reading, address: str | None) -> Carried:
    """Put the masks over the new reading in place of the old, each with who set it and when."""
    kept = list(Mask.objects.filter(source=source).select_related("by").order_by("pk"))
    carried = masking.carried(masking.of_rows(kept), was.reading, was.address, reading, address)
    Mask.objects.filter(source=source).delete()
    Mask.objects.bulk_create(
        [
            Mask(
                source=source,
                part=there.part,
                number=there.number,
                start=there.start,
                end=there.end,
                at=kept[of].at,
                by=kept[of].by,
            )
            for there, of in carried.of.items()
        ],
        batch_size=500,
    )
    return carried


def _write(source: Source, reading: Reading, copy: bytes, address: str | None, masks: Sequence[Stretch]) -> None:
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
    rows.show(source, reading, masks, address)


def _write_sealed(
    by: Actor, source: Source, was: _Was, reading: Reading, shown: Reading, copy: bytes, address: str | None
) -> list[Written]:
    assert was.keyed is not None and was.known is not None  # noqa: PT018 - of one in confidence both are there
    row = SealedRecord.objects.get(source=source)
    content = msgspec.structs.replace(
        was.known, reading=copy, address=address, alike=matching(by.organisation, reading)
    )
    row.schema, row.revision = copies.SCHEMA, row.revision + 1
    row.body = sealed.seal_record(was.keyed, content, revision=row.revision)
    row.save()
    return [sealed.written(row), finding.put(was.keyed, source, shown)]
