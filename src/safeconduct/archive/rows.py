"""The rows of a public source, made of its reading and of its masks: what is listed, found and cited."""

from collections.abc import Sequence
from typing import Any

from .copies import column, days_of, digest
from .finding import index
from .masking import Stretch, address, masked
from .models import Post, Source
from .reading.shape import Post as Said
from .reading.shape import Reading


def columns(reading: Reading) -> dict[str, Any]:
    """The public columns of a source by what it says of itself."""
    first, last = days_of(reading.date)
    return {
        "title": column(reading.title),
        "author": column(reading.author),
        "language": column(reading.language),
        "date": column(reading.date),
        "date_found_by": reading.date_found_by and reading.date_found_by.value,
        "from_on": first,
        "until_on": last,
    }


def add_posts(source: Source, reading: Reading) -> list[Post]:
    """The rows of the posts of a source that was just saved, and what they are found by."""
    rows = Post.objects.bulk_create(
        [
            Post(
                source=source, number=said.number, start=said.start, end=said.end, digest=digest(said.text), **_of(said)
            )
            for said in reading.posts
        ],
        batch_size=500,
    )
    _find_by(rows, reading)
    return rows


def show(source: Source, reading: Reading, masks: Sequence[Stretch], captured_from: str | None) -> None:
    """Write the public columns anew, as the masks let them be shown. ``captured_from``: the address as it was."""
    shown = masked(reading, masks)
    Source.objects.filter(pk=source.pk).update(address=column(address(captured_from, masks)), **columns(shown))
    rows = {row.number: row for row in source.posts.all()}
    for said in shown.posts:
        for name, value in _of(said).items():
            setattr(rows[said.number], name, value)
    Post.objects.bulk_update(rows.values(), ["title", "author", "language", "address", "date"], batch_size=500)
    _find_by(list(rows.values()), shown)


def _of(said: Said) -> dict[str, Any]:
    first, last = days_of(said.date)
    return {
        "title": column(said.title),
        "author": column(said.author),
        "language": column(said.language),
        "address": column(said.address),
        "date": column(said.date),
        "date_found_by": said.date_found_by and said.date_found_by.value,
        "from_on": first,
        "until_on": last,
    }


def _find_by(rows: Sequence[Post], reading: Reading) -> None:
    said = {post.number: post for post in reading.posts}
    by = reading.author or ""
    index.put(
        index.Entry(row.pk, said[row.number].title or "", said[row.number].text, said[row.number].author or by)
        for row in rows
    )
