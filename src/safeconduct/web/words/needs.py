"""Words for what somebody needs to be spoken with and written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from safeconduct.people.languages import known, name_of

NO_INTERPRETER: Final = "none"

GENDERS: Final[Mapping[str, Promise]] = {
    "": _("Nobody asked"),
    "woman": _("A woman"),
    "man": _("A man"),
    "either": _("Either will do"),
}


def languages(*before: tuple[str, str | Promise]) -> Sequence[tuple[str, str | Promise]]:
    """Choices of a language: its name, and its name in itself. ``before`` are choices that come first."""
    rows = [(one.code, f"{one.name} · {one.own}" if one.own != one.name else one.name) for one in known().values()]
    return [*before, *sorted(rows, key=lambda row: row[1])]


def spoken_by(code: str, dialect: str) -> str:
    """`Kurdish Sorani (of Sulaymaniyah)`, as a value whose label says that an interpreter is meant."""
    if code == NO_INTERPRETER:
        return _now("None wanted")
    if not code:
        return dialect
    return f"{name_of(code)} ({dialect})" if dialect else name_of(code)


def interpreter(code: str, dialect: str, gender: str) -> str:
    """`Interpreter: Kurdish Sorani (of Sulaymaniyah), a woman`; "" where nobody asked."""
    if code == NO_INTERPRETER:
        return _now("No interpreter wanted")
    if not code and not dialect and gender not in ("woman", "man"):
        return ""
    spoken = name_of(code) if code else _now("language not known")
    text = f"{spoken} ({dialect})" if dialect else spoken
    if gender == "woman":
        return _now("Interpreter: %(language)s, a woman") % {"language": text}
    if gender == "man":
        return _now("Interpreter: %(language)s, a man") % {"language": text}
    return _now("Interpreter: %(language)s") % {"language": text}
