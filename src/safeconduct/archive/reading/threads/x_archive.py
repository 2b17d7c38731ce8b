"""What X hands its members of their own posts: a zip of files that assign JSON to a name, or one of those files.

    window.YTD.tweets.part0 = [ {"tweet": {"id_str": "1690…", "created_at": "Sat Aug 12 16:10:37 +0000 2023", …}} ]

Everything to the first `=` is taken away and the rest is parsed; it is never run. Only the account's posts, long posts
and name are opened. The same zip holds private messages: that is said by a flag, and no byte of them is read.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from .. import dates
from ..language import said
from ..packages.zips import Zip
from ..shape import Flagged, Found, Kind, Link, NotRead, Picture, Reading, Unfit
from .assembly import Draft, assembled, missing_parents
from .fields import nodes, parsed, text

POSTS: Final = re.compile(r"(?:[^/]{1,200}/)?data/tweets?(?:-part\d{1,4})?\.js")
_LONG: Final = re.compile(r"(?:[^/]{1,200}/)?data/note-tweet(?:-part\d{1,4})?\.js")
_ACCOUNT: Final = re.compile(r"(?:[^/]{1,200}/)?data/account\.js")
_PRIVATE: Final = re.compile(r"(?:[^/]{1,200}/)?data/direct-message.*", re.I)
_ASSIGNED: Final = re.compile(rb"\s*window\.YTD\.(?P<name>[A-Za-z_]{1,40})\.part\d{1,4}\s*=")
_CUT: Final = re.compile(r"(?:…|\.\.\.)?\s*(?:https://t\.co/\w+)?\s*$")
_NEAR_SECONDS: Final = 2
_LEAST_OPENING: Final = 40


def is_one(data: bytes) -> bool:
    """Whether a file is one of those that the archive holds of posts."""
    match = _ASSIGNED.match(data[:400])
    return match is not None and match["name"] in {b"tweets", b"tweet"}


def read(data: bytes) -> Reading:
    """The posts of an account's archive, oldest first, or of one of its files. Raises `NotRead`."""
    if not data.startswith(b"PK"):
        return _of(_entries(data), [], None, ())
    package = Zip(data)
    files = package.matching(POSTS)
    if not files:
        raise NotRead(Unfit.NOT_SUCH)
    entries = [one for name in files for one in _entries(package.read(name))]
    long = [one for name in package.matching(_LONG) for one in _entries(package.read(name))]
    account = [one for name in package.matching(_ACCOUNT) for one in _entries(package.read(name))]
    private = any(_PRIVATE.fullmatch(name) for name in package.names)
    return _of(entries, long, _author(account), (Flagged.PRIVATE_INSIDE,) if private else ())


def _of(
    entries: list[dict[str, Any]], long: list[dict[str, Any]], author: str | None, codes: tuple[Flagged, ...]
) -> Reading:
    tweets = [one["tweet"] if isinstance(one.get("tweet"), dict) else one for one in entries]
    drafts = [_draft(one, author) for one in tweets if text(one, "id_str") and "full_text" in one]
    notes = [_note(one["noteTweet"]) for one in long if isinstance(one.get("noteTweet"), dict)]
    _join(drafts, notes, author)
    drafts = list({one.identifier: one for one in drafts}.values())
    drafts.sort(key=lambda one: int(one.identifier) if one.identifier.isdigit() else 0)
    return assembled(Kind.X_ARCHIVE, drafts, missing_parents(drafts), codes=codes)


def _entries(data: bytes) -> list[dict[str, Any]]:
    head, equals, rest = data.partition(b"=")
    if not equals or len(head) > 400:
        raise NotRead(Unfit.DAMAGED)
    return nodes({"list": parsed(rest.strip().removesuffix(b";"))}, "list")


def _author(account: list[dict[str, Any]]) -> str | None:
    for one in account:
        name, handle = text(one, "account", "accountDisplayName"), text(one, "account", "username")
        if name or handle:
            return f"{name} @{handle}".strip() if handle else name
    return None


def _draft(tweet: dict[str, Any], author: str | None) -> Draft:
    # Its archive writes &amp; for &, and nothing else as an entity but < and >.
    written = text(tweet, "full_text").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    draft = Draft(text(tweet, "id_str"), written, author, language=said(text(tweet, "lang")))
    draft.date = dates.said(text(tweet, "created_at"), Found.METADATA) or dates.of_x_id(draft.identifier)
    draft.answers = text(tweet, "in_reply_to_status_id_str") or None
    draft.address = f"https://x.com/i/status/{draft.identifier}" if draft.identifier.isdigit() else None
    for one in nodes(tweet, "entities", "urls"):
        short = text(one, "url")
        at = written.find(short) if short else -1
        draft.links.append(
            Link(text(one, "display_url") or short, text(one, "expanded_url") or short, at if at >= 0 else None)
        )
    for one in nodes(tweet, "extended_entities", "media"):
        draft.pictures.append(
            Picture(text(one, "ext_alt_text"), text(one, "media_url_https") or text(one, "media_url"))
        )
    ids = _inner(tweet, "edit_info", "initial", "editTweetIds")
    if (isinstance(ids, list) and len(ids) > 1) or text(tweet, "edit_info", "edit", "initialTweetId"):
        draft.codes.append(Flagged.EDITED)
    return draft


def _inner(node: Any, *path: str) -> Any:
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def _opens(opening: str, whole: str) -> bool:
    return _LEAST_OPENING <= len(opening) < len(whole) and whole.startswith(opening)


@dataclass(slots=True)
class _Note:
    identifier: str
    text: str
    at: datetime | None
    used: bool = field(default=False)


def _note(note: dict[str, Any]) -> _Note:
    made = dates.said(text(note, "createdAt"), Found.METADATA)
    at = datetime.fromisoformat(made.value) if made and "T" in made.value else None
    return _Note(text(note, "noteTweetId"), text(note, "core", "text"), at)


def _join(drafts: list[Draft], notes: list[_Note], author: str | None) -> None:
    """Put a long text in the place of the post that shows its beginning. Nothing names the two: time and opening do."""
    by_second: dict[int, list[_Note]] = {}
    for note in notes:
        if note.at is not None and note.text:
            by_second.setdefault(int(note.at.timestamp()), []).append(note)
    for draft in drafts:
        if draft.date is None or "T" not in draft.date.value:
            continue
        second = int(datetime.fromisoformat(draft.date.value).timestamp())
        opening = _CUT.sub("", draft.text)
        near = [one for away in range(-_NEAR_SECONDS, _NEAR_SECONDS + 1) for one in by_second.get(second + away, ())]
        fitting = [one for one in near if not one.used and _opens(opening, one.text)]
        if len(fitting) == 1:
            fitting[0].used = True
            draft.text = fitting[0].text
            draft.links = [Link(one.text, one.target, None) for one in draft.links]
            draft.codes.append(Flagged.JOIN_INFERRED)
    for note in notes:
        if not note.used and note.text:
            at = dates.said(note.at.isoformat(), Found.METADATA) if note.at else None
            drafts.append(Draft(note.identifier, note.text, author, at))
