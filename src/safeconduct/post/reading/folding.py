"""What is new in a message, and what it repeats of others. Nothing is taken away: the parts together are the text."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fold(StrEnum):
    """``forwarded`` is what somebody passed on: the message itself, where nothing new stands before it."""

    NEW = "new"
    QUOTED = "quoted"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a message that belong together."""

    fold: Fold
    text: str


_MARKED: Final = re.compile(r"\s{0,3}(?:>|&gt;)")
_WROTE: Final = re.compile(
    r"\s*(?:on\b.{4,250}\bwrote|am\b.{4,250}\bschrieb\b.{0,120}|le\b.{4,250}\ba écrit|"
    r"ar\b.{4,250}\bysgrifennodd.{0,120})\s*:\s*",
    re.IGNORECASE | re.DOTALL,
)
_ORIGINAL: Final = re.compile(
    r"\s*-{2,}\s*(?:original|ursprüngliche|neges wreiddiol)[\w\s]{0,20}-{2,}\s*", re.IGNORECASE
)
_FORWARDED: Final = re.compile(
    r"\s*(?:-{2,}\s*forwarded message\s*-{2,}|begin forwarded message\s*:|-{2,}\s*forwarded by\b.{0,200})\s*",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(r"\s*\*?(from|sent|date|to|cc|subject|o|anfonwyd|at|pwnc)\s*:\*?\s*\S", re.IGNORECASE)
_RULED: Final = re.compile(r"\s*_{10,}\s*")
_DASHES: Final = re.compile(r"-- ?")
_HELLO: Final = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|fyi|see below|please see below|as discussed|thanks?|"
    r"many thanks|kind regards|best wishes|regards|yours sincerely|yours faithfully|for information)\b.{0,60}",
    re.IGNORECASE,
)
_HEADER_LINES: Final = 6


def fold(text: str) -> tuple[Passage, ...]:
    """The passages of a message's text, in its order. Joined with new lines they are the text."""
    lines = text.split("\n")
    kinds: list[Fold] = []
    rest: Fold | None = None
    at = 0
    while at < len(lines):
        if rest is None:
            started = _start(lines, at)
            if started is not None:
                kind, taken, to_end = started
                kinds += [kind] * taken
                rest = kind if to_end else None
                at += taken
                continue
        marked = _MARKED.match(lines[at]) is not None
        kinds.append(Fold.QUOTED if marked and rest is not Fold.FORWARDED else rest or Fold.NEW)
        at += 1
    return _joined(lines, _with_gaps(lines, kinds))


def said(text: str, subject: str = "") -> str:
    """The words of the message itself: what is new or, of a message that was only passed on, what was passed on."""
    passages = fold(text)
    new = "\n".join(one.text for one in passages if one.fold is Fold.NEW)
    if _says_something(new):
        return new
    passed_on = "\n".join(_without_headers(one.text) for one in passages if one.fold is Fold.FORWARDED)
    if not passed_on and re.match(r"\s*(?:fwd?|fw|tr|wg)\s*:", subject, re.IGNORECASE):
        passed_on = "\n".join(_without_headers(one.text) for one in passages if one.fold is Fold.QUOTED)
        passed_on = re.sub(r"(?m)^\s{0,3}(?:>\s?)+", "", passed_on)
    if not passed_on:
        return new
    return "\n".join(one.text for one in fold(passed_on) if one.fold is Fold.NEW)


def quoted(text: str) -> str:
    """What the message repeats of others, without the marks in front of it."""
    parts = "\n".join(one.text for one in fold(text) if one.fold in (Fold.QUOTED, Fold.FORWARDED))
    return re.sub(r"(?m)^\s{0,3}(?:(?:>|&gt;)\s?)+", "", parts)


def _start(lines: list[str], at: int) -> tuple[Fold, int, bool] | None:
    """Whether another's words begin on this line: of which kind, how many lines say so, and whether to the end."""
    line = lines[at]
    if _DASHES.fullmatch(line):
        return Fold.SIGNATURE, 1, True
    if _FORWARDED.fullmatch(line):
        return Fold.FORWARDED, 1, True
    if _ORIGINAL.fullmatch(line):
        return Fold.QUOTED, 1, True
    if _RULED.fullmatch(line) and _is_header(lines, _next_line(lines, at + 1)):
        return Fold.QUOTED, 1, True
    if _is_header(lines, at):
        return Fold.QUOTED, 1, True
    for taken in (1, 2, 3):
        if _WROTE.fullmatch("\n".join(lines[at : at + taken])):
            following = _next_line(lines, at + taken)
            marked = following < len(lines) and _MARKED.match(lines[following]) is not None
            return Fold.QUOTED, taken, not marked
    return None


def _is_header(lines: list[str], at: int) -> bool:
    """Whether the headers of another message stand here: From first, and two more of them close by."""
    if at >= len(lines):
        return False
    first = _HEADER.match(lines[at])
    if first is None or first.group(1).lower() not in ("from", "o"):
        return False
    names = {found.group(1).lower() for one in lines[at : at + _HEADER_LINES] if (found := _HEADER.match(one))}
    return len(names) >= 3


def _next_line(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _with_gaps(lines: list[str], kinds: list[Fold]) -> list[Fold]:
    """Empty lines between two quoted ones belong to the quotation."""
    out = list(kinds)
    for at, line in enumerate(lines):
        if not line.strip() and at and out[at - 1] is Fold.QUOTED and out[at] is Fold.NEW:
            following = _next_line(lines, at)
            if following < len(lines) and kinds[following] is Fold.QUOTED:
                out[at] = Fold.QUOTED
    return out


def _joined(lines: list[str], kinds: list[Fold]) -> tuple[Passage, ...]:
    out: list[Passage] = []
    for line, kind in zip(lines, kinds, strict=True):
        if out and out[-1].fold is kind:
            out[-1] = Passage(kind, f"{out[-1].text}\n{line}")
        else:
            out.append(Passage(kind, line))
    return tuple(out)


def _without_headers(text: str) -> str:
    """A passage passed on, without the line that says so and the headers after it."""
    lines = text.split("\n")
    at = 0
    while at < len(lines) and at < 12:
        line = re.sub(r"^\s{0,3}(?:>\s?)+", "", lines[at])
        if not (not line.strip() or _FORWARDED.fullmatch(line) or _ORIGINAL.fullmatch(line) or _HEADER.match(line)):
            break
        at += 1
    return "\n".join(lines[at:])


def _says_something(text: str) -> bool:
    """Whether anything stands there but a greeting and an ending."""
    lines = [line.strip(" ,.!-") for line in text.split("\n") if line.strip(" ,.!-")]
    words = [line for line in lines if not _HELLO.fullmatch(line)]
    # A name below a greeting says nothing either.
    return sum(len(line.split()) for line in words) > 4
