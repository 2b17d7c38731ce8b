"""Dates as sources write them, and how each was found. No year, month or day is ever added to what was said.

Of 3/4/2020 only the year is known, unless another date of the same text shows in which order its writer counts.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from .shape import DateRole, Flag, Flagged, Found, SaidDate

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_NAMES: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b"
_MONTH: Final = rf"(?P<m>{_NAMES})\.?"
_YEAR: Final = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_TH: Final = "(?:st|nd|rd|th)?"
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_FORMS: Final = (
    re.compile(rf"(?<![\d.]){_YEAR}-(?P<n>\d\d)-(?P<d>\d\d)(?!\d)"),
    re.compile(rf"(?<![\d.]){_WEEKDAY}(?P<d>\d{{1,2}}){_TH}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}", re.I),
    re.compile(rf"\b{_WEEKDAY}{_MONTH}\s+(?P<d>\d{{1,2}}){_TH},?\s+{_YEAR}", re.I),
    re.compile(rf"(?<![\d.])(?P<a>\d{{1,2}})(?P<dot>[./])(?P<b>\d{{1,2}})(?P=dot){_YEAR}(?!\.\d)"),
)
_BARE: Final = re.compile(rf"\s*{_WEEKDAY}(?:\d{{1,2}}{_TH}\s+{_NAMES}\.?|{_NAMES}\.?\s+\d{{1,2}}{_TH})\s*", re.I)
_EARLIEST: Final = 1900
_LATEST: Final = 2099
# What may stand before a date at the head of a line: a bracket, a word that says of what, another paper's name.
_BEFORE: Final = re.compile(
    r"^\W{0,3}(?P<word>(?:last\s+)?updated?(?:\s+\w+){0,6}|(?:first\s+)?published|posted|date)?\W{0,3}"
    r"(?P<name>[^\s:][^:\n]{0,40}:)?\s*(?P<on>on\s+)?$",
    re.I,
)
_PUBLISHED: Final = re.compile(r"(?:published|posted)(?:\s+on)?\s*:?\s*$", re.I)
_LETTER: Final = re.compile(r"\b(?:letter|email|e-mail|statement)\b", re.I)
_ADDRESS: Final = re.compile(r"/(?P<y>(?:19|20)\d\d)/(?P<n>\d{1,2})(?:/(?P<d>\d{1,2}))?(?=/|$)")


def order_in(text: str) -> str | None:
    """Whether a text writes the "day" or the "month" first, by its dates that can be read in one way only."""
    return _order(list(_matches(text)))


def in_text(text: str, *, at: int = 0, order: str | None = None) -> tuple[tuple[SaidDate, ...], tuple[Flag, ...]]:
    """Every date with a year that ``text`` names, in its order, and what is unclear about them.

    ``at`` is its offset; ``order`` what `order_in` says of the whole that it is a part of.
    """
    found = list(_matches(text))
    order = _order(found) or order
    dates, flags = [], []
    for match in found:
        value, clear = _value(match, order)
        if value is None:
            continue
        if not clear:
            flags.append(Flag(Flagged.DATE_UNCLEAR, at + match.start()))
        role = _role(text, match)
        dates.append(SaidDate(value, match[0].strip(), Found.TEXT, role, at + match.start()))
    offset = at
    for line in text.splitlines(keepends=True):
        if len(line) < 40 and _BARE.fullmatch(line):
            flags.append(Flag(Flagged.DATE_WITHOUT_YEAR, offset))
        offset += len(line)
    return tuple(dates), tuple(flags)


def of_post(dates: tuple[SaidDate, ...]) -> SaidDate | None:
    """The date a post gives of itself: published before updated, the first of each; a date only mentioned is none."""
    for role in (DateRole.PUBLISHED, DateRole.UPDATED):
        for one in dates:
            if one.role is role:
                return one
    return None


def chosen_first(dates: tuple[SaidDate, ...]) -> tuple[SaidDate, ...]:
    """The same, with the one `of_post` takes in front."""
    first = of_post(dates)
    return dates if first is None else (first, *(one for one in dates if one is not first))


def said(written: str, found_by: Found, role: DateRole = DateRole.PUBLISHED) -> SaidDate | None:
    """A date of a format's field: ISO 8601, that of mail, or that of a service. None where it is none of them."""
    text = written.strip()[:80]
    value = _iso(text) or _of_mail(text) or _of_service(text)
    if value is None:
        dates, flags = in_text(text)
        if len(dates) == 1 and not flags:
            value = dates[0].value
    return None if value is None else SaidDate(value, text, found_by, role)


def in_address(address: str) -> SaidDate | None:
    """The date an address holds, /2020/09/18/ or /2020/09/, as blogs and newspapers write them."""
    match = _ADDRESS.search(address)
    if match is None:
        return None
    day = int(match["d"]) if match["d"] else None
    value = _plain(int(match["y"]), int(match["n"]), day)
    return None if value is None else SaidDate(value, match[0], Found.ADDRESS, DateRole.PUBLISHED)


_FIRST_SNOWFLAKE: Final = datetime(2010, 11, 4, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_X_EPOCH_MS: Final = 1_288_834_974_657  # https://github.com/twitter-archive/snowflake: the service's own beginning


def of_x_id(identifier: str) -> SaidDate | None:
    """The instant at which X made an identifier: its upper 42 bits. None for the older ones, which count up."""
    if not identifier.isascii() or not identifier.isdigit() or not 15 <= len(identifier) <= 19:
        return None
    at = _EPOCH + timedelta(milliseconds=(int(identifier) >> 22) + _X_EPOCH_MS)
    if at < _FIRST_SNOWFLAKE or at.year > _LATEST:
        return None
    return SaidDate(_instant(at), identifier, Found.ID, DateRole.PUBLISHED)


def moved(dates: tuple[SaidDate, ...], by: int) -> tuple[SaidDate, ...]:
    """The same dates of a text that begins ``by`` characters later."""
    return tuple(one if one.at is None else replace(one, at=one.at + by) for one in dates)


def _matches(text: str) -> Iterator[re.Match[str]]:
    last = -1
    for match in sorted((one for form in _FORMS for one in form.finditer(text)), key=lambda one: one.start()):
        if match.start() >= last:
            last = match.end()
            yield match


def _order(found: list[re.Match[str]]) -> str | None:
    """Whether this text writes the day or the month first: what its clear dates show. None where they do not."""
    shown = set()
    for match in found:
        if "a" in match.groupdict():
            first, second = int(match["a"]), int(match["b"])
            if first > 12 >= second:
                shown.add("day")
            elif second > 12 >= first:
                shown.add("month")
    return shown.pop() if len(shown) == 1 else None


def _value(match: re.Match[str], order: str | None) -> tuple[str | None, bool]:
    groups = match.groupdict()
    year = int(groups["y"])
    if "a" not in groups:
        month = int(groups["n"]) if groups.get("n") else _MONTHS[groups["m"].lower()]
        return _plain(year, month, int(groups["d"])), True
    first, second = int(groups["a"]), int(groups["b"])
    if first > 12 or first == second or (order == "day" and second <= 12):
        return _plain(year, second, first), True
    if second > 12 or order == "month":
        return _plain(year, first, second), True
    return f"{year:04}", False


def _plain(year: int, month: int, day: int | None) -> str | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        full = date(year, month, day or 1)
    except ValueError:
        return None
    return full.isoformat() if day else full.isoformat()[:7]


def _role(text: str, match: re.Match[str]) -> DateRole:
    line = text.rfind("\n", 0, match.start()) + 1
    before = text[max(line, match.start() - 240) : match.start()]
    if _LETTER.search(before):
        return DateRole.QUOTED if "date" in before.lower() else DateRole.SAID
    if _PUBLISHED.search(before):
        return DateRole.PUBLISHED
    head = _BEFORE.match(before) if len(before) == match.start() - line else None
    if head is None or head["on"]:
        return DateRole.SAID
    word = (head["word"] or "").lower()
    if "updat" in word:
        return DateRole.UPDATED
    behind = text[match.end() : match.end() + 4]
    # `18 September 2020 was a day` and `3 May 2020, when` begin a sentence; `18 September 2020: Department` a post.
    if re.match(r"[^\S\n]*,?[^\S\n]*[a-z]", behind):
        return DateRole.SAID
    return DateRole.PUBLISHED


def _iso(text: str) -> str | None:
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", text):
        return text
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _plain(int(text[:4]), int(text[5:7]), int(text[8:]))
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        return None
    try:
        at = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None
    if at.year < _EARLIEST or at.year > _LATEST:
        return None
    # Without a zone it is no instant: the day is what is known.
    return _instant(at) if at.tzinfo is not None else at.date().isoformat()


def _of_mail(text: str) -> str | None:
    """Fri, 18 Sep 2020 09:30:00 +0000"""
    if not re.search(r"\d{1,2}\s+[A-Za-z]{3,9}\s+(?:19|20)\d\d\s+\d\d:\d\d", text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _instant(at) if at.tzinfo is not None else at.date().isoformat()


def _of_service(text: str) -> str | None:
    """Sat Aug 12 16:10:37 +0000 2023"""
    match = re.fullmatch(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d) (\d{4})", text)
    if match is None or match[1].lower() not in _MONTHS:
        return None
    away = timedelta(hours=int(match[7]), minutes=int(match[8])) * (1 if match[6] == "+" else -1)
    try:
        zone = timezone(away)
        hour, minute, second = int(match[3]), int(match[4]), int(match[5])
        month, day = _MONTHS[match[1].lower()], int(match[2])
        at = datetime(int(match[9]), month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return _instant(at)


def _instant(at: datetime) -> str:
    """In UTC, with milliseconds only where there are some: 2020-09-18T09:30:00Z."""
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        utc = at.replace(tzinfo=UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")
