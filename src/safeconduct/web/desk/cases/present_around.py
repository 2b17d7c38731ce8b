"""Who is around a case, grouped by what they are in it, each with the rule for reaching them and what they need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.people.concerned import Concerned
from safeconduct.people.facets import Needs, Outside

from ...words.roles import ROLES
from ..people import present_needs
from ..people.present_person import shown_name
from .present_case import safe_of


def present(concerned: Sequence[Concerned], outside: Sequence[Outside]) -> list[dict[str, Any]]:
    """The shape of `around` in desk/case.html: roles in their order, with those who are in them."""
    groups = []
    for role, title in ROLES.items():
        somebody = [_person(one, is_first=at == 0) for at, one in enumerate(concerned) if one.role == role]
        somebody += [_outside(one) for one in outside if one.role == role]
        if somebody:
            groups.append({"title": title, "people": somebody})
    return groups


def needs_of(concerned: Sequence[Concerned]) -> Needs:
    """What the person the case is listed under needs."""
    return (concerned[0].needs if concerned else None) or Needs()


def _person(one: Concerned, *, is_first: bool) -> dict[str, Any]:
    """How to reach the first of them stands at the top of the page already."""
    if one.identity is None:
        return {"name": _("Somebody your teams do not hold"), "url": "", "safe": "", "needs": [], "lines": []}
    return {
        "name": shown_name(one.identity),
        "url": reverse("person", args=[UUID(one.person)]),
        "safe": "" if is_first else safe_of(one),
        "needs": [] if is_first else present_needs.strip(one.needs or Needs()),
        "lines": [],
    }


def _outside(one: Outside) -> dict[str, Any]:
    lines = [one.organisation, one.reach, one.note]
    return {"name": one.name, "url": "", "safe": "", "needs": [], "lines": [text for text in lines if text]}
