"""A feed, RSS or Atom: each entry is a post, as a kept parser reads it; its HTML is laid out by us."""

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any, Final

from .. import dates
from ..bounds import MOST_POSTS, MOST_TEXT_BYTES
from ..flags import letters
from ..language import said
from ..shape import DateRole, Found, Kind, Link, NotRead, Picture, Reading, SaidDate, Unfit
from ..threads.assembly import Draft, assembled
from .layout import text_of

_ENTITY: Final = re.compile(rb"<\s*!\s*ENTITY", re.I)
_TAG: Final = re.compile(r"<[a-zA-Z/!]")


def read(data: bytes) -> Reading:
    """The posts of a feed in its order. Raises `NotRead`; entities of its own are not expanded but refused."""
    if len(data) > MOST_TEXT_BYTES:
        raise NotRead(Unfit.TOO_LARGE)
    plain = data.replace(b"\0", b"")  # UTF-16 hides a declaration otherwise
    if _ENTITY.search(plain):
        raise NotRead(Unfit.HOSTILE)
    import feedparser

    try:
        feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except RecursionError:
        raise NotRead(Unfit.TOO_DEEP) from None
    except Exception:  # its own faults on what is no feed
        raise NotRead(Unfit.DAMAGED) from None
    if not feed.entries and not feed.version:
        raise NotRead(Unfit.NOT_SUCH)
    if len(feed.entries) > MOST_POSTS:
        raise NotRead(Unfit.TOO_MANY)
    language = said(feed.feed.get("language"))
    drafts = [_draft(number, entry, language) for number, entry in enumerate(feed.entries)]
    reading = assembled(Kind.FEED, [draft for draft, _ in drafts], [])
    titled = tuple(_with_title(post, title) for post, (_, title) in zip(reading.posts, drafts, strict=True))
    return _about(reading, titled, feed.feed, language)


def _about(reading: Reading, posts: tuple[Any, ...], feed: Any, language: str | None) -> Reading:
    when = _date(feed)
    return replace(
        reading, title=_text(feed.get("title")) or None, author=_text(feed.get("author")) or None, posts=posts,
        date=when.value if when else None, date_found_by=when.found_by if when else None,
        address=feed.get("link") or None, language=language or reading.language,
    )  # fmt: skip


def _with_title(post: Any, title: str | None) -> Any:
    return replace(post, title=title)


def _draft(number: int, entry: Any, language: str | None) -> tuple[Draft, str | None]:
    content = entry.get("content") or []
    html = max((one.get("value") or "" for one in content), key=len, default="") or entry.get("summary") or ""
    title = _text(entry.get("title"))
    draft = Draft(entry.get("id") or entry.get("link") or str(number), "", _text(entry.get("author")) or None)
    draft.author_found_by = Found.FEED
    ahead = f"{title}\n\n" if title else ""
    if _TAG.search(html):
        laid = text_of(html)
        draft.links = [Link(one.text, one.target, (one.at or 0) + len(ahead)) for one in laid.links]
        draft.pictures = [one for _, one in laid.pictures][:200]
        draft.codes = [flag.code for flag in laid.flags[:5]]
        html = laid.raw
    draft.text = letters(ahead + html).rstrip()
    draft.address = entry.get("link") or None
    draft.date = _date(entry)
    draft.language = said((content[0].get("language") if content else None) or language)
    draft.pictures += [Picture("", one.get("href") or "") for one in entry.get("enclosures") or [] if one.get("href")][
        :50
    ]
    return draft, title or None


def _date(entry: Any) -> SaidDate | None:
    for name, role in (
        ("published", DateRole.PUBLISHED),
        ("created", DateRole.PUBLISHED),
        ("updated", DateRole.UPDATED),
    ):
        written = entry.get(name) if name in entry.keys() else None  # noqa: SIM118 - `in` answers for others' names too
        if not isinstance(written, str) or not written.strip():
            continue
        if (found := dates.said(written, Found.FEED, role)) is not None:
            return found
        made = entry.get(f"{name}_parsed")
        if made is not None and str(made.tm_year) in written:
            day = date(made.tm_year, made.tm_mon, made.tm_mday)
            return SaidDate(day.isoformat(), written[:80], Found.INFERRED, role)
    return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    plain = text_of(value).raw if _TAG.search(value) or "&" in value else value
    return letters(" ".join(plain.split())[:1000])
