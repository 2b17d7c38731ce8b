"""Finding the case a message belongs to, by a reference or a name, where nothing in it says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from safeconduct.accounts.actor import Actor
from safeconduct.casework.models import Case
from safeconduct.casework.queries import among, open_cases_of, visible
from safeconduct.people import queries
from safeconduct.people.models import Subject

from .message_form import Offered
from .present_mail import only_letter

_PEOPLE: Final = 5
_CASES: Final = 8


def cases(by: Actor, data: QueryDict) -> list[Case]:
    """The cases that what was typed finds: by a reference alone where it is one, else those of the people found.

    Recorded as any search is.
    """
    typed = data.get("find", "").strip()[:200]
    if not typed:
        return []
    _text, hits = queries.found(by=by, handle=queries.search(by=by, text=typed).handle)
    known = [hit for hit in hits if hit.by_reference]
    subjects = [hit.subject.pk for hit in known if hit.head is not None]
    rows = visible(by).filter(subject__in=subjects).select_related("subject", "team", "worker")
    found = {case.pk: case for case in rows}
    people = [hit.subject.handle.hex for hit in known or hits if hit.subject.kind == Subject.Kind.PERSON][:_PEOPLE]
    if people and not found:
        found = {one.case.pk: one.case for one in open_cases_of(by=by, people=people)}
    return sorted(found.values(), key=lambda case: case.state != Case.State.OPEN)[:_CASES]


def again(by: Actor, handles: Sequence[UUID], besides: Collection[Case]) -> list[Case]:
    """The cases that an earlier search on the same page found, without those that were found just now."""
    there = {case.handle for case in besides}
    return among(by, [one for one in handles if one not in there])


def kept(data: QueryDict, offers: Sequence[Offered], found: Sequence[Case], *, searched: bool) -> dict[str, Any]:
    """What was typed, for a form that comes again because a line is added or a case was searched for."""
    names = ("about", "kind", "on", "unit", "reference", "note", "find", "revision")
    values: dict[str, Any] = {name: data.get(name, "") for name in names}
    values |= {name: data.getlist(name) for name in ("said", "answered")}
    values["sought"] = data.get("find", "") if searched else data.get("sought", "")
    values["found"] = ",".join(case.handle.hex for case in found)
    if searched and found:
        new = {case.handle.hex for case in found}
        values["about"] = only_letter([one for one in offers if one.case in new]) or values["about"]
    return values
