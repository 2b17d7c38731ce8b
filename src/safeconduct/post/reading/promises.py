"""Days by which a reply says that something will be done: proposed to whoever files it, never set by themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from safeconduct.core.calendar.days import BeyondCalendar, Nation, working_days

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty-one": 21,
    "twenty-eight": 28, "thirty": 30,
}  # fmt: skip
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_COUNT: Final = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_WITHIN: Final = re.compile(
    rf"\b(?:within|in|inside)\s+(?:the\s+)?(?:next\s+|coming\s+)?(?P<n>{_COUNT})(?:\s*\(\d{{1,3}}\))?\s+"
    r"(?P<unit>working\s+days?|business\s+days?|calendar\s+days?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_MONTH: Final = "|".join(f"{month[:3]}(?:{month[3:]})?" if month != "may" else "may" for month in _MONTHS)
_BY: Final = re.compile(
    r"\b(?:by|before|no\s+later\s+than|not\s+later\s+than|on\s+or\s+before|until)\s+(?:the\s+)?(?:end\s+of\s+)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:the\s+)?"
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\.?(?:,?\s+(?P<year>\d{{4}}))?"
    r"|(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4}|\d{2})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}))\b",
    re.IGNORECASE,
)
_END_OF: Final = re.compile(
    rf"\bby\s+the\s+end\s+of\s+(?:(?P<this>this|next|the)\s+(?P<unit>week|month)|(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?)\b",
    re.IGNORECASE,
)
# Somebody says that they will do something. What people are told to do, or what was meant to be, is no promise.
_WILL: Final = re.compile(
    r"\b(?:will|shall|aim|aims|aiming|expect|expects|expected|hope|hopes|intend|intends|anticipate|plan|plans|should|"
    r"(?:is|are) (?:due|scheduled))\b",
    re.IGNORECASE,
)
_THEIRS: Final = re.compile(
    r"\byou\s+(?:must|should|need|have|are\s+required|can|may)\b|\bplease\b|\bunless\s+you\b|\bappeal\b|"
    r"\b(?:applicant|constituent|they|he|she)\s+(?:must|should|needs?\s+to|has\s+to|have\s+to)\b|"
    r"\b(?:would|were|was)\s+(?:normally|usually)\b|\bservice\s+standards?\b|\bdeadline\s+to\b|\bif\s+(?:we|you)\s+do\s+not\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")
_LONGEST: Final = 400
_MOST: Final = 10
_NO_FURTHER: Final = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a reply said would be done, in its own words, and by which day."""

    until: date
    words: str


def promises(text: str, *, on: date, nation: Nation = Nation.ENGLAND_AND_WALES) -> tuple[Promise, ...]:
    """The promises in the new text of a reply of the day ``on``, in its order. A day not after it is none."""
    found: dict[date, Promise] = {}
    for sentence in _sentences(text):
        if not _WILL.search(sentence) or _THEIRS.search(sentence):
            continue
        for until in _days(sentence, on, nation):
            if on < until <= on + _NO_FURTHER:
                found.setdefault(until, Promise(until, sentence[:_LONGEST]))
    return tuple(found.values())[:_MOST]


def _sentences(text: str) -> Iterator[str]:
    for one in _SENTENCE.split(text):
        words = " ".join(one.split())
        if words:
            yield words


def _days(sentence: str, on: date, nation: Nation) -> Iterator[date]:
    for match in _WITHIN.finditer(sentence):
        n, unit = match.group("n").lower(), match.group("unit").lower()
        until = _after(on, int(n) if n.isdigit() else _NUMBERS[n], unit, nation)
        if until is not None:
            yield until
    for match in _BY.finditer(sentence):
        until = _named(match, on)
        if until is not None:
            yield until
    for match in _END_OF.finditer(sentence):
        yield _end_of(match, on)


def _after(on: date, count: int, unit: str, nation: Nation) -> date | None:
    if "working" in unit or "business" in unit:
        try:
            return working_days(nation).add(on, count)
        except BeyondCalendar:
            return None
    if unit.startswith("week"):
        return on + timedelta(weeks=count)
    if unit.startswith("month"):
        return _plus_months(on, count)
    return on + timedelta(days=count)


def _plus_months(on: date, count: int) -> date:
    """The corresponding day of a later month; where it has none, its last day."""
    year, month = divmod(on.year * 12 + on.month - 1 + count, 12)
    return min(date(year, month + 1, 1) + timedelta(days=on.day - 1), _last_of(year, month + 1))


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _named(match: re.Match[str], on: date) -> date | None:
    try:
        if match.group("iso"):
            return date.fromisoformat(match.group("iso"))
        if match.group("d"):
            year = int(match.group("y"))
            return date(year + 2000 if year < 100 else year, int(match.group("m")), int(match.group("d")))
        month = _month(match.group("month"))
        if match.group("year"):
            return date(int(match.group("year")), month, int(match.group("day")))
        # A day without its year is the next one of that name.
        this = date(on.year, month, int(match.group("day")))
        return this if this > on else date(on.year + 1, month, int(match.group("day")))
    except ValueError:
        return None


def _end_of(match: re.Match[str], on: date) -> date:
    if match.group("month"):
        month = _month(match.group("month"))
        year = int(match.group("year")) if match.group("year") else on.year
        last = _last_of(year, month)
        return last if match.group("year") or last > on else _last_of(year + 1, month)
    later = match.group("this").lower() == "next"
    if match.group("unit").lower() == "month":
        following = _plus_months(on.replace(day=1), 1) if later else on
        return _last_of(following.year, following.month)
    friday = on + timedelta(days=(4 - on.weekday()) % 7)
    return friday + timedelta(weeks=1) if later else friday


def _month(written: str) -> int:
    return next(at for at, name in enumerate(_MONTHS, start=1) if name.startswith(written.lower()[:3]))
