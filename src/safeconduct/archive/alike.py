"""Which posts of a source say what posts taken in before it say."""

from collections.abc import Sequence
from typing import Final

from safeconduct.accounts.models import Organisation

from . import copies
from .copies import Alike
from .models import Likeness, Post, Source
from .reading.shape import Reading

WHOLE: Final = 10_000


def note_alike(source: Source, posts: Sequence[Post], reading: Reading) -> Sequence[Alike]:
    """Compare the posts of a source that was just taken in with all the organisation has, and keep what is alike."""
    del reading
    digests = {bytes(post.digest): post for post in posts if post.start < post.end}
    before = Post.objects.filter(source__organisation=source.organisation, digest__in=list(digests))
    found = []
    for other in before.exclude(source=source).order_by("pk"):
        found.append(Likeness(post=digests[bytes(other.digest)], of=other, containment=WHOLE, resemblance=WHOLE))
    Likeness.objects.bulk_create(found, batch_size=500)
    return of_source(source)


def matching(organisation: Organisation, reading: Reading) -> tuple[Alike, ...]:
    """The posts of a reading that public posts of the organisation are like."""
    digests = {copies.digest(post.text): post.number for post in reading.posts if post.text}
    found = Post.objects.filter(source__organisation=organisation, digest__in=list(digests))
    return tuple(
        Alike(digests[bytes(one.digest)], one.handle, one.source.handle, one.number, WHOLE, WHOLE)
        for one in found.select_related("source").order_by("pk")
    )


def of_source(source: Source) -> Sequence[Alike]:
    """What is kept about the posts of a source."""
    rows = Likeness.objects.filter(post__source=source).select_related("post", "of", "of__source")
    return [
        Alike(row.post.number, row.of.handle, row.of.source.handle, row.of.number, row.containment, row.resemblance)
        for row in rows.order_by("post__number", "of__source__pk", "of__number")
    ]
