"""Citation lines as lawyers, universities and newspapers write them.

Sources: OSCOLA 4th edition, 3.4.8 (websites and blogs); Cite Them Right's Harvard, "web pages" and "blogs"; APA 7th
edition, 10.15 and 10.16; MLA 9th edition, 5. Names are written as the source gives them in all four: nobody's surname
is guessed. A date that was inferred stands in square brackets.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from .works import Said, Work, plain

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT: Final = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_RIGHT_TO_LEFT: Final = (("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufeff"))
_ISOLATE, _POP = "\u2068", "\u2069"


class Style(StrEnum):
    """How a citation is written."""

    OSCOLA = "oscola"
    HARVARD = "harvard"
    APA = "apa"
    MLA = "mla"


def line(work: Work, style: Style) -> str:
    """The citation of a work, in one line of plain text."""
    return _STYLES[style](work)


def _oscola(work: Work) -> str:
    within = ", ".join(one for one in (_name(work.container), _day(work.said)) if one)
    parts = [f"{_name(work.author)}, " if work.author else "", f"‘{_title(work)}’"]
    parts.append(f" ({within})" if within else "")
    parts.append(f" <{_address(work)}> accessed {_full(work.accessed)}" if work.address else "")
    return "".join(parts)


def _harvard(work: Work) -> str:
    year = _bracketed(work.said, str(work.said.year)) if work.said else "no date"
    begun = f"{_name(work.author)} ({year}) ‘{_title(work)}’" if work.author else f"‘{_title(work)}’ ({year})"
    day = _day_and_month(work.said)
    where = [begun, *(one for one in (_name(work.container), day) if one)]
    available = f" Available at: {_address(work)}" if work.address else ""
    return f"{', '.join(where)}.{available} (Accessed: {_full(work.accessed)})."


def _apa(work: Work) -> str:
    when = _bracketed(work.said, _american(work.said)) if work.said else "n.d."
    begun = (
        f"{_ended(_name(work.author))} ({when}). {_ended(_title(work))}"
        if work.author
        else (f"{_ended(_title(work))} ({when}).")
    )
    container = f" {_ended(_name(work.container))}" if work.container else ""
    got = f" Retrieved {_MONTHS[work.accessed.month - 1]} {work.accessed.day}, {work.accessed.year}"
    return f"{begun}{container}{got}{f', from {_address(work)}' if work.address else '.'}"


def _mla(work: Work) -> str:
    title = f"“{_ended(_title(work))}”"
    rest = [one for one in (_name(work.container), _mla_day(work.said), _address(work)) if one]
    begun = f"{_ended(_name(work.author))} {title}" if work.author else title
    accessed = f"{work.accessed.day} {_SHORT[work.accessed.month - 1]} {work.accessed.year}"
    return f"{begun} {', '.join(rest)}{'. ' if rest else ''}Accessed {accessed}."


_STYLES: Final[Mapping[Style, Callable[[Work], str]]] = {
    Style.OSCOLA: _oscola,
    Style.HARVARD: _harvard,
    Style.APA: _apa,
    Style.MLA: _mla,
}


def _title(work: Work) -> str:
    return _name(work.title) or _name(work.opening) or "Untitled"


def _name(text: str | None) -> str:
    """A text of others within our line. One that runs from right to left does not turn what stands around it."""
    shown = plain(text or "")
    turned = any(low <= one <= high for one in shown for low, high in _RIGHT_TO_LEFT)
    return f"{_ISOLATE}{shown}{_POP}" if turned else shown


def _address(work: Work) -> str:
    return "".join(plain(work.address or "").split()).replace("<", "%3C").replace(">", "%3E")


def _ended(text: str) -> str:
    return text if text.rstrip(_POP).endswith((".", "?", "!", "…")) else f"{text}."


def _bracketed(when: Said, text: str) -> str:
    return f"[{text}]" if when.inferred else text


def _day(when: Said | None) -> str:
    if when is None:
        return ""
    month = _MONTHS[when.month - 1] if when.month else ""
    return _bracketed(when, " ".join(str(one) for one in (when.day, month, when.year) if one))


def _day_and_month(when: Said | None) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]}" if when and when.month and when.day else ""


def _american(when: Said) -> str:
    if not when.month:
        return str(when.year)
    return f"{when.year}, {_MONTHS[when.month - 1]}{f' {when.day}' if when.day else ''}"


def _mla_day(when: Said | None) -> str:
    if when is None:
        return ""
    month = _SHORT[when.month - 1] if when.month else ""
    return _bracketed(when, " ".join(str(one) for one in (when.day, month, when.year) if one))


def _full(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
