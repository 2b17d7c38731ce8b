"""What was found where a source was captured: unchanged, changed, unreachable, or gone by its own statement.

Only the source can say that it is gone: by the status 410, or in words known as such (`statements.toml`) on a page that
shows nothing else of it. A 404, a throttle, a login or an error says nothing about the source: it was not reached.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ...causes import Why as Why
from ...likeness import compare, shingles
from ...reading import NotRead, Reading, Unfit, read
from ..captured import Captured, NotFetched, Unreached
from .comparing import PostChange, compare_posts

_MOST_WORDS: Final = 400  # a page that says only what became of another is short
_STILL_THERE: Final = 0.3
_LOGIN: Final = re.compile(
    r"(?:^|[/_.-])(?:login|log-in|signin|sign-in|sign_in|sso|auth|authwall|checkpoint)(?:$|[/_.?-])"
)
_PASSWORD: Final = re.compile(rb"<input[^>]{1,400}type\s*=\s*[\"']?password", re.I)
_GONE: Final = 410


class Seen(StrEnum):
    """What an observation found."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    UNREACHABLE = "unreachable"
    GONE = "gone"


_BY_STATUS: Final = {
    401: Why.ASKED_TO_SIGN_IN,
    403: Why.REFUSED,
    404: Why.NOT_FOUND,
    407: Why.ASKED_TO_SIGN_IN,
    429: Why.THROTTLED,
    451: Why.REFUSED,
    503: Why.THROTTLED,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Words that say what became of a page. ``status``: V seen in the source named, M unconfirmed."""

    means: str
    says: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What was found. ``exact``: the very same bytes. ``posts``: what differs, where both could be read.

    ``statement`` holds the words that were taken for the source's own; ``unread`` says that the bytes differ and could
    not be compared as text.
    """

    seen: Seen
    status: int | None = None
    why: Why | None = None
    unreached: Unreached | None = None
    statement: Statement | None = None
    exact: bool = False
    unread: bool = False
    posts: tuple[PostChange, ...] = ()


Reader = Callable[[Captured], Reading]


def read_captured(source: Captured) -> Reading:
    """What was captured as a reading, in a process apart. Raises `NotRead`."""
    return read(source.body, name=source.target or "", media_type=source.media_type)


def observe(
    before: Captured, now: Captured | NotFetched, *, was: Reading | None = None, reader: Reader = read_captured
) -> Observation:
    """Compare what was captured with what is there now. ``was`` is the earlier reading, where it is at hand."""
    if isinstance(now, NotFetched):
        return Observation(Seen.UNREACHABLE, why=Why.NOT_FETCHED, unreached=now.reason)
    if now.status == _GONE:
        return Observation(Seen.GONE, now.status, Why.STATUS_GONE)
    good = now.status is None or 200 <= now.status < 300
    if good and now.body == before.body:
        return Observation(Seen.UNCHANGED, now.status, exact=True)
    there = _read(now, reader)
    earlier = was or _read(before, reader)
    if not isinstance(there, Reading) or not isinstance(earlier, Reading):
        nothing = there in (Unfit.EMPTY, Unfit.NOT_SUCH) and isinstance(earlier, Reading)
        return _unread(before, now, good, nothing)
    shown = _share(earlier, there)
    if shown < _STILL_THERE:
        said = _statement(there, earlier)
        if said is not None:
            if said.means == "gone":
                return Observation(Seen.GONE, now.status, Why.SAID_GONE, statement=said)
            return Observation(Seen.UNREACHABLE, now.status, Why(said.means), statement=said)
    if not good:
        return Observation(Seen.UNREACHABLE, now.status, _why(now.status))
    if shown < _STILL_THERE:
        if _is_login(before, now):
            return Observation(Seen.UNREACHABLE, now.status, Why.ASKED_TO_SIGN_IN)
        if not there.raw.strip():
            return Observation(Seen.UNREACHABLE, now.status, Why.NOTHING_TO_READ)
    posts = compare_posts(earlier.posts, there.posts)
    if not posts and earlier.title == there.title:
        return Observation(Seen.UNCHANGED, now.status)
    return Observation(Seen.CHANGED, now.status, posts=posts)


@cache
def statements() -> tuple[Statement, ...]:
    """The words that are known, as `statements.toml` has them."""
    rows = tomllib.loads(Path(__file__).with_name("statements.toml").read_text("utf-8"))["statement"]
    return tuple(Statement(**row) for row in rows)


def _read(source: Captured, reader: Reader) -> Reading | Unfit:
    try:
        return reader(source)
    except NotRead as fault:
        return fault.reason


def _unread(before: Captured, now: Captured, good: bool, nothing: bool) -> Observation:
    if not good:
        return Observation(Seen.UNREACHABLE, now.status, _why(now.status))
    if _is_login(before, now):
        return Observation(Seen.UNREACHABLE, now.status, Why.ASKED_TO_SIGN_IN)
    if nothing or not now.body.strip():
        return Observation(Seen.UNREACHABLE, now.status, Why.NOTHING_TO_READ)
    return Observation(Seen.CHANGED, now.status, unread=True)


def _why(status: int | None) -> Why:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Why.SERVER_FAILED if status is not None and status >= 500 else Why.ANOTHER_STATUS


def _share(earlier: Reading, there: Reading) -> float:
    """How much of what was there still is: of its runs of words, or of its words where it has too few of those."""
    before, after = _plain(earlier), _plain(there)
    if before == after:
        return 1.0
    one, other = shingles(before), shingles(after)
    if len(one) >= 8:
        return len(one & other) / len(one) if other else compare(one, other).containment
    words = set(before.split())
    return len(words & set(after.split())) / len(words) if words else 1.0


def _statement(there: Reading, earlier: Reading) -> Statement | None:
    """The words of a short page, none of which stood in the source before."""
    text, before = _plain(there), _plain(earlier)
    if len(text.split()) > _MOST_WORDS:
        return None
    return next((one for one in statements() if one.says in text and one.says not in before), None)


def _plain(reading: Reading) -> str:
    return " ".join(f"{reading.title or ''} {reading.raw}".casefold().replace("’", "'").split())


def _is_login(before: Captured, now: Captured) -> bool:
    path = urlsplit(now.target or "").path.lower()
    sent = (
        bool(now.hops) and bool(_LOGIN.search(path)) and not _LOGIN.search(urlsplit(before.target or "").path.lower())
    )
    return sent or bool(_PASSWORD.search(now.body) and not _PASSWORD.search(before.body))
