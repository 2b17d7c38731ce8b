"""A removal as its pages show it: what is known, what is at hand, whom to turn to and who was told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.casework.directory import Checked, DirectoryRecord, how_checked
from safeconduct.casework.models import Case
from safeconduct.casework.removals import AtHand, Hand, consents_of, solicitor_of
from safeconduct.casework.rungs import Rung
from safeconduct.core.calendar.days import LONDON
from safeconduct.people.facets import CaseHead, Consent, Reached, Told, Urgent

from ...templatetags.small import beside
from ...words import dates
from ...words import urgent as words
from ...words.dates import Day

Row = dict[str, Any]
# A telephone number and nothing beside it.
_NUMBER: Final = re.compile(r"\+?[\d ()-]{7,}")


@dataclass(frozen=True, slots=True)
class ContactShown:
    """One of the team's own contacts: the shape of components/reached.html."""

    number: int
    name: str
    phone: str
    email: str
    hours: str
    note: str
    checked: str
    needs: bool


@dataclass(frozen=True, slots=True)
class ToldShown:
    """Somebody who was told: `21:40`, the day, by whom, who and how, what they said."""

    at: Day
    time: str
    by: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class KnownShown:
    """What the case itself says of a rung; ``phone`` is what a telephone dials where the text is a number alone."""

    text: str
    phone: str


@dataclass(frozen=True, slots=True)
class RungShown:
    """One rung: the shape of `rungs` in desk/case_urgent.html and desk/urgent_sheet.html."""

    id: str
    title: str
    why: str
    when: str
    phone: str
    email: str
    published: str
    source: str
    settled: bool
    known: list[KnownShown]
    contacts: list[ContactShown]
    told: list[ToldShown]


def facts(case: Case, head: CaseHead) -> list[Row]:
    """What is known of the removal, as a summary list; what is not known stands there empty."""
    urgent, solicitor = head.urgent, solicitor_of(head.outside)
    on = case.removal_on
    day = [{"text": dates.full(on), "kind": "day", "iso": on.isoformat()}] if on else []
    return [
        {"label": _("Day of the removal"), "values": day},
        {"label": _("Time"), "value": urgent.time},
        {"label": _("Flight"), "values": _ref(urgent.flight)},
        {"label": _("Where to"), "value": urgent.to},
        {"label": _("Held at"), "value": urgent.held_at},
        {"label": _("Held since"), "value": dates.full(urgent.held_since) if urgent.held_since else ""},
        {"label": _("Phone there"), "values": _phone(urgent.held_phone)},
        {"label": _("Their reference"), "values": _ref(urgent.reference)},
        {"label": _("Papers served"), "value": dates.full(urgent.papers_served_on) if urgent.papers_served_on else ""},
        {
            "label": _("Solicitor"),
            "values": [{"text": text} for text in (solicitor.name, solicitor.organisation, solicitor.reach) if text]
            if solicitor
            else [],
        },
        {"label": _("Note"), "value": {"text": urgent.note} if urgent.note else ""},
    ]


def rungs(
    ladder: Sequence[Rung],
    directory: DirectoryRecord,
    told: Sequence[Told],
    names: Mapping[str, str],
    *,
    head: CaseHead,
    today: date,
) -> list[RungShown]:
    """Rungs with what the case itself says of each, the team's own contacts, and who was told.

    ``names``: members, by handle (hex).
    """
    of_case = _of_the_case(head)
    out = []
    for rung in ladder:
        out.append(
            RungShown(
                id=rung.id,
                title=rung.title,
                why=rung.what_for,
                when=rung.when,
                phone=rung.phone,
                email=rung.email,
                published=words.published(rung),
                source=rung.source,
                settled=rung.settled,
                known=[_known(text) for text in of_case.get(rung.id, [])],
                contacts=contacts(directory, rung.id, today=today),
                told=[_told(one, names) for one in told if one.rung == rung.id],
            )
        )
    return out


def _of_the_case(head: CaseHead) -> dict[str, list[str]]:
    """Whom the case names itself, by rung: their own solicitor, and where they are."""
    solicitor = solicitor_of(head.outside)
    named = (solicitor.name, solicitor.organisation, solicitor.reach) if solicitor else ()
    return {
        "solicitor": [text for text in named if text],
        "place_held": [text for text in (head.urgent.held_at, head.urgent.held_phone) if text],
    }


def in_short(urgent: Urgent) -> list[str]:
    """What is said first on the phone: time, flight, where to, where they are, under what reference."""
    known = (urgent.time, urgent.flight, urgent.to, urgent.held_at, urgent.reference)
    return [text for text in known if text]


def others_told(told: Sequence[Told], ladder: Sequence[Rung], names: Mapping[str, str]) -> list[ToldShown]:
    """Those who were told and stand on none of these rungs."""
    on = {rung.id for rung in ladder}
    return [_told(one, names) for one in told if one.rung not in on]


def contacts(directory: DirectoryRecord, rung: str, *, today: date) -> list[ContactShown]:
    """The team's own contacts for a rung, each with its place in the directory."""
    return [shown(number, one, today=today) for number, one in enumerate(directory.contacts) if one.rung == rung]


def shown(number: int, one: Reached, *, today: date) -> ContactShown:
    """One contact, and how far it may be relied on."""
    return ContactShown(
        number=number,
        name=one.name,
        phone=one.phone,
        email=one.email,
        hours=one.hours,
        note=one.note,
        checked=words.checked(one, today),
        needs=how_checked(one, today=today) is not Checked.FRESH,
    )


def hand_rows(items: Sequence[AtHand], urgent: Urgent, case: Case) -> list[Row]:
    """The checklist: each thing, whether it is there, and in words what is missing."""
    links = {
        Hand.AUTHORITY: reverse("case-intake", args=[case.handle]),
        Hand.DOCUMENTS: reverse("papers", args=[case.handle]),
    }
    edit = reverse("case-urgent-edit", args=[case.handle])
    rows: list[Row] = []
    for one in items:
        lines = [one.said] if one.said else []
        match one.what:
            case Hand.CONSENTS:
                lines += [consent(found) for found in consents_of(urgent).values()]
            case Hand.SOLICITOR:
                lines += [str(words.LACKS[code]) for code in one.lacks]
            case what if not one.there:
                lines.append(str(words.NOT_THERE[what]))
            case Hand.AUTHORITY:
                lines.append(_("Seen, and in force."))
        rows.append(
            {
                "title": words.AT_HAND[one.what],
                "there": one.there,
                "state": _("There") if one.there else _("Missing"),
                "lines": lines,
                "url": links.get(one.what, edit),
            }
        )
    return rows


def consent(one: Consent) -> str:
    """`We speak to the press or in public: not asked`."""
    answer = str(words.ANSWERS[one.answer]).lower()
    said = _("%(to)s: %(answer)s") % {"to": words.CONSENTS[one.to], "answer": answer}
    return f"{said}, {dates.plain(one.on)}" if one.on else said


def _known(text: str) -> KnownShown:
    """A solicitor's number and that of the place are rung by a touch; the person's own never (see `phone`)."""
    return KnownShown(text, "".join(text.split()) if _NUMBER.fullmatch(text) else "")


def _told(one: Told, names: Mapping[str, str]) -> ToldShown:
    at = datetime.fromisoformat(one.at).astimezone(LONDON)
    who = beside([one.who, one.how])
    return ToldShown(at=dates.day(at.date()), time=f"{at:%H:%M}", by=names.get(one.by, ""), who=who, note=one.note)


def _ref(text: str) -> list[Row]:
    return [{"text": text, "kind": "ref"}] if text else []


def _phone(text: str) -> list[Row]:
    return [{"text": text, "kind": "phone"}] if text else []
