"""What was asked before an office acts, as the case's page shows it: what is missing, and what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from safeconduct.casework.intake import in_force, interpreter, missing
from safeconduct.people.facets import Authority, Intake, Needs
from safeconduct.people.languages import name_of

from ...words import dates
from ...words.intake import AGREES, CHECKED, CONSTITUENT, NOTICE, gap
from ...words.needs import GENDERS, spoken_by


@dataclass(frozen=True, slots=True)
class Shown:
    """The shape of components/intake.html."""

    gaps: list[str]
    rows: list[dict[str, Any]]
    change_url: str


def present(intake: Intake, needs: Needs, *, today: date, change_url: str) -> Shown:
    """``needs`` are those of the person the case is about."""
    rows: list[dict[str, Any]] = [
        {"label": _("Constituent"), "value": _constituent(intake)},
        {"label": _("Agrees that we write"), "value": _agrees(intake)},
        {
            "label": _("Authority to act"),
            "values": [{"text": _authority(one, today)} for one in intake.authorities],
        },
        {"label": _("Privacy notice"), "value": _notice(intake)},
        {"label": _("Interpreter"), "values": _interpreter(*interpreter(intake, needs))},
    ]
    return Shown([gap(one) for one in missing(intake, today=today)], rows, change_url)


def _constituent(intake: Intake) -> str:
    if not intake.constituent:
        return ""
    parts = [str(CONSTITUENT[intake.constituent])]
    if intake.checked_how:
        parts.append(str(CHECKED[intake.checked_how]))
    parts += [dates.plain(intake.checked_on)] if intake.checked_on else []
    return ", ".join([*parts, *([intake.checked_by] if intake.checked_by else [])])


def _agrees(intake: Intake) -> str:
    if not intake.agrees:
        return ""
    said = str(AGREES[intake.agrees])
    return f"{said}, {dates.plain(intake.agreed_on)}" if intake.agreed_on else said


def _authority(one: Authority, today: date) -> str:
    parts = [one.names]
    if one.covers:
        parts.append(_("covers %(whom)s") % {"whom": one.covers})
    if one.signed_on:
        parts.append(_("signed %(day)s") % {"day": dates.plain(one.signed_on)})
    if one.until:
        said = _("until %(day)s") if in_force(one, today=today) or one.until >= today else _("ran out %(day)s")
        parts.append(said % {"day": dates.plain(one.until)})
    parts.append(_("seen") if one.seen else _("not seen"))
    return ", ".join(parts)


def _interpreter(code: str, dialect: str, gender: str) -> list[dict[str, str]]:
    said = [spoken_by(code, dialect), str(GENDERS[gender]) if gender else ""]
    return [{"text": text} for text in said if text]


def _notice(intake: Intake) -> str:
    if intake.notice_on is None:
        return ""
    parts = [dates.plain(intake.notice_on)]
    if intake.notice_how:
        parts.append(str(NOTICE[intake.notice_how]))
    if intake.notice_language:
        parts.append(name_of(intake.notice_language))
    return ", ".join(parts)
