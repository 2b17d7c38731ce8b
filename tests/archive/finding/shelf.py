"""Public sources as rows, for tests of what is found among them."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from uuid import UUID

from safeconduct.accounts.models import Member
from safeconduct.archive.finding import index
from safeconduct.archive.finding.search import Wanted, find_public
from safeconduct.archive.models import Post, Source

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def keep(
    by: Member,
    *texts: str,
    number: int,
    days: tuple[tuple[date, date] | None, ...] = (),
    title: str = "",
    author: str = "",
    kind: str = "html",
) -> Source:
    """A public source of these posts. Its handle is ``number``, so that answers of two databases can be compared."""
    source = Source.objects.create(
        handle=UUID(int=number),
        organisation=by.organisation,
        plane="public",
        kind=kind,
        sha256=hashlib.sha256(str(number).encode()).digest(),
        length=1,
        at=AT,
        by=by,
        captured_at=AT,
        captured_on=AT.date(),
    )
    for at, text in enumerate(texts):
        day = days[at] if at < len(days) else None
        post = Post.objects.create(
            source=source,
            number=at + 1,
            start=0,
            end=len(text),
            digest=hashlib.sha256(text.encode()).digest(),
            from_on=day and day[0],
            until_on=day and day[1],
        )
        index.put([index.Entry(post.pk, title, text, author)])
    return source


def found(by: Member, asked: str = "", **narrowed: object) -> list[tuple[int, int]]:
    """Source and number of each answer, in order."""
    answer = find_public(by.organisation_id, Wanted(asked, **narrowed))  # type: ignore[arg-type]
    assert answer.total == len(answer.hits)
    return [(hit.source.int, hit.number) for hit in answer.hits]
