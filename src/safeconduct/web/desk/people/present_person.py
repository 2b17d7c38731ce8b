"""A person as their page shows them: who, how to reach them, status and references, each with where it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.core.names.display import listed
from safeconduct.core.names.references import Kind, warn
from safeconduct.people.facets import Birth, Contact, Identity, Referenced, SpelledName, Status
from safeconduct.people.queries import PersonRecord

from ...templatetags.small import beside
from ...words.people import BASES, CAUTIONS, REFERENCES, birth
from .present_contact import contacts, more_rows
from .present_needs import needs_rows

Values = list[dict[str, Any]]


def shown_name(identity: Identity | None) -> str:
    """The name to show: the first on record."""
    return identity.names[0].text if identity and identity.names else _("No name on record")


def other_names(identity: Identity | None) -> list[str]:
    """Every other spelling, each once."""
    names = [one.text for one in identity.names] if identity else []
    return [text for text in dict.fromkeys(names) if text != names[0]]


def sections(record: PersonRecord) -> list[dict[str, Any]]:
    """The facets in their order, each with the page that changes it."""
    handle = record.subject.handle
    contact: Contact = record.contact.content
    return [
        {
            "key": "contact",
            "title": _("How to reach them"),
            "change_url": reverse("person-edit", args=[handle, "contact"]),
            "contacts": contacts(contact),
            "rows": more_rows(contact),
        },
        {
            "key": "needs",
            "title": _("Languages and needs"),
            "change_url": reverse("person-edit", args=[handle, "needs"]),
            "rows": needs_rows(record.needs.content),
        },
        {
            "key": "identity",
            "title": _("Names and birth"),
            "change_url": reverse("person-edit", args=[handle, "identity"]),
            "rows": identity_rows(record.identity.content),
        },
        {
            "key": "status",
            "title": _("Status and references"),
            "change_url": reverse("person-edit", args=[handle, "status"]),
            "rows": status_rows(record.status.content),
        },
    ]


def identity_rows(identity: Identity) -> Values:
    """Names and births as a summary list."""
    return [
        {"label": _("Names"), "values": [_name(one) for one in identity.names]},
        {"label": _("Date of birth"), "values": [_birth(one) for one in identity.births if one.year is not None]},
    ]


def status_rows(status: Status) -> Values:
    """Nationality, references with what looks odd about them, history."""
    nationalities = [{"text": one.value, "note": one.source} for one in status.nationalities]
    rows: Values = [{"label": _("Nationality"), "values": nationalities}]
    for kind in dict.fromkeys(one.kind for one in status.references):
        values = [_reference(one) for one in status.references if one.kind == kind]
        rows.append({"label": REFERENCES[Kind(kind)], "values": values})
    if not status.references:
        rows.append({"label": _("References"), "values": []})
    rows.append({"label": _("Immigration history"), "value": {"text": status.history} if status.history else ""})
    return rows


def line_of(identity: Identity | None, references: Sequence[Referenced]) -> Values:
    """What tells two people of one name apart in a list: the year of birth, and the first reference."""
    births = identity.births if identity else ()
    year = next((one for one in births if one.year is not None), None)
    lines: Values = []
    if year is not None:
        about = year.precision == "estimated"
        text = _("born about %(year)d") if about else _("born %(year)d")
        lines.append({"text": text % {"year": year.year}})
    return lines + [{"text": one.value, "kind": "ref"} for one in references[:1]]


def in_a_list(identity: Identity | None) -> str:
    """The name as lists show it: a given name and an initial, in its own script."""
    return listed(shown_name(identity))


def _name(one: SpelledName) -> dict[str, Any]:
    said = [_("as they give it") if one.by_person else "", one.source]
    return {"text": one.text, "kind": "name", "note": ", ".join(part for part in said if part)}


def _birth(one: Birth) -> dict[str, Any]:
    basis = BASES.get(one.basis, "")
    note = ", ".join(str(part) for part in (basis, one.source) if part)
    if (one.month, one.day) == (1, 1):
        note = f"{note}. {_('1 January often stands for an unknown day')}"
    return {"text": birth(one), "note": note}


def _reference(one: Referenced) -> dict[str, Any]:
    caution = warn(Kind(one.kind), one.value)
    said = [one.source, str(CAUTIONS[caution]) if caution else ""]
    return {"text": one.value, "kind": "ref", "note": beside(said)}
