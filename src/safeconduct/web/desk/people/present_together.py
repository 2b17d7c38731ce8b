"""One person in several records, as their page shows it: what each record says, marked with the record it stands in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.accounts.models import Member, Team
from safeconduct.people.facets import Links, Merge
from safeconduct.people.merging import Together
from safeconduct.people.queries import PersonRecord

from ...words import dates
from . import present_contact, present_needs
from .present_contact import contacts, more_rows
from .present_needs import needs_rows
from .present_person import identity_rows, shown_name, status_rows

Values = list[dict[str, Any]]


def present(seen: Together) -> dict[str, Any] | None:
    """The shape of `together` in desk/person.html; None where there is one record and no more."""
    if not seen.others and not seen.not_held:
        return None
    count = len(seen.all) + seen.not_held
    return {
        "title": ngettext("One person, %(count)d record", "One person, %(count)d records", count) % {"count": count},
        "said": [said for record in seen.all for said in _said(record, seen)],
        "not_held": _("One of the records is not held by your teams: ask a guardian which team does.")
        if seen.not_held
        else "",
        "records": [_record(one) for one in seen.others],
    }


def others(seen: Together, key: str) -> Values:
    """What the other records say in one section of the page, each marked with its record."""
    parts = [(one, _section(one, key)) for one in seen.others]
    return [
        {"where": where(one), "url": _url(one), **part} for one, part in parts if part["rows"] or part.get("contacts")
    ]


def where(record: PersonRecord) -> str:
    """`Record added 3 March 2026, Immigration`."""
    day, team = dates.plain(record.subject.started_on), record.keyed.team.name
    return _("Record added %(day)s, %(team)s") % {"day": day, "team": team}


def _section(record: PersonRecord, key: str) -> dict[str, Any]:
    """Only what stands there: what this record does not know, another one may."""
    part = _all(record, key)
    return part | {"rows": [row for row in part["rows"] if row.get("values") or row.get("value")]}


def _all(record: PersonRecord, key: str) -> dict[str, Any]:
    match key:
        case "contact":
            contact = record.contact.content
            return {"contacts": contacts(contact), "safe": present_contact.safe(contact), "rows": more_rows(contact)}
        case "needs":
            return {"rows": needs_rows(record.needs.content)}
        case "identity":
            return {"rows": identity_rows(record.identity.content)}
        case "status":
            return {"rows": status_rows(record.status.content)}
    return {"rows": []}


def _record(record: PersonRecord) -> dict[str, Any]:
    return {
        "name": shown_name(record.identity.content),
        "where": where(record),
        "url": _url(record),
        "safe": present_contact.safe(record.contact.content),
        "needs": present_needs.strip(record.needs.content),
    }


def _said(record: PersonRecord, seen: Together) -> Values:
    """Who said that this record went into another, once for each link; the page that takes it back."""
    links: Links = record.links.content
    held = {one.subject.handle.hex for one in seen.all}
    stands = [links.merged_into] if links.merged_into else []
    # Of a link whose other side is not in hand, this side tells.
    stands += [one for one in links.merged_from if one.person not in held]
    return [_link(one, record, takes_back=one.person in held) for one in stands]


def _link(one: Merge, record: PersonRecord, *, takes_back: bool) -> dict[str, Any]:
    member = Member.objects.filter(handle=one.by, organisation=record.subject.organisation_id).first()
    teams = dict(
        Team.objects.filter(organisation=record.subject.organisation_id, handle__in=[*one.teams, *one.their_teams])
        .values_list("handle", "name")
        .order_by("name")
    )
    held_by = ", ".join(dict.fromkeys(teams.values()))
    text = _("%(member)s said so on %(day)s: %(reason)s") % {
        "member": member.name if member else _("Somebody who is no longer here"),
        "day": dates.plain(one.on),
        "reason": one.reason or _("no reason written"),
    }
    return {
        "text": text,
        "held": _("Held then by: %(teams)s") % {"teams": held_by} if held_by else "",
        "url": reverse("person-unmerge", args=[record.subject.handle, UUID(one.person)]) if takes_back else "",
    }


def _url(record: PersonRecord) -> str:
    return reverse("person", args=[record.subject.handle])
