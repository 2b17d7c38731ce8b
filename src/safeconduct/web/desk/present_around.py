"""Who is around a case, grouped by what they are in it, each with the rule for reaching them and what they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from safeconduct.people.facets import CaseHead, Concerns, Needs, Outside
from safeconduct.people.named import Named

from ..words.roles import ROLES
from . import present_contact, present_needs
from .present_person import shown_name


def present(head: CaseHead, people: Mapping[str, Named]) -> list[dict[str, Any]]:
    """The shape of `around` in desk/case.html: roles in their order, with those who are in them."""
    first = head.concerns[0] if head.concerns else None
    groups = []
    for role, title in ROLES.items():
        somebody = [
            _person(one, people.get(one.person), is_first=one is first) for one in head.concerns if one.role == role
        ]
        somebody += [_outside(one) for one in head.outside if one.role == role]
        if somebody:
            groups.append({"title": title, "people": somebody})
    return groups


def needs_of(head: CaseHead, people: Mapping[str, Named]) -> Needs:
    """What the person the case is listed under needs."""
    found = people.get(head.concerns[0].person) if head.concerns else None
    return found.needs if found else Needs()


def _person(one: Concerns, found: Named | None, *, is_first: bool) -> dict[str, Any]:
    """How to reach the first of them stands at the top of the page already."""
    if found is None:
        return {"name": one.shown_name, "url": "", "safe": one.safe_note, "needs": [], "lines": []}
    return {
        "name": shown_name(found.identity),
        "url": reverse("person", args=[found.subject.handle]),
        "safe": "" if is_first else present_contact.safe(found.contact),
        "needs": [] if is_first else present_needs.strip(found.needs),
        "lines": [],
    }


def _outside(one: Outside) -> dict[str, Any]:
    lines = [one.organisation, one.reach, one.note]
    return {"name": one.name, "url": "", "safe": "", "needs": [], "lines": [text for text in lines if text]}
