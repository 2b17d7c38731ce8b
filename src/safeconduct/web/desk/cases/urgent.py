"""Removals: the cases on which one stands, the soonest first, and the way to begin one for somebody on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.agenda.models import Topic
from safeconduct.casework.actions.cases import open_case
from safeconduct.casework.models import Case, Enquiry
from safeconduct.casework.queries import Listed, open_cases_of, open_listed
from safeconduct.casework.removals import urgent_cases
from safeconduct.core.names.display import listed
from safeconduct.people import queries
from safeconduct.people.facets import CaseHead, Concerns, EnquiryHead
from safeconduct.people.models import Subject
from safeconduct.people.queries import Hit

from ...access import Request
from ...forms import LineField
from ...words import cases as words
from ...words import dates
from ..day.present_row import who
from ..pages import ROWS, page_of
from ..people.present_person import in_a_list, line_of, other_names

# More than a handful of people under one search are told apart by typing more of the name.
_SHOWN = 8


class FindForm(forms.Form):
    """Whom it is about."""

    find = LineField(
        label=gettext_lazy("Whom is it about?"),
        help_text=gettext_lazy("A name or a reference, or a part of one."),
        error_messages={"required": gettext_lazy("Type a name or a reference, or a part of one.")},
    )


def view(request: Request) -> HttpResponse:
    """The page, and whom a search found. What was typed goes into no address."""
    by, today = request.actor, day_it_is()
    form = FindForm(request.POST if request.method == "POST" else None)
    found = _found(by, form.cleaned_data["find"]) if form.is_valid() and by.teams else None
    rows = urgent_cases(by)
    pages = page_of(rows.count(), request.GET.get("page", ""), reverse("urgent"), {})
    stand = open_listed(by=by, cases=list(rows[pages.start : pages.start + ROWS]))
    context = {
        "cases": [_line(one, today) for one in stand],
        "pages": pages,
        "form": form,
        "found": found,
        "may_add": bool(by.teams),
    }
    return render(request, "desk/urgent.html", context)


def start(request: Request, handle: UUID) -> HttpResponse:
    """Open a case on a removal for somebody on record, and go on to what is known of it."""
    by = request.actor
    record = queries.open_person(by=by, person=queries.subject(by, handle, Subject.Kind.PERSON))
    case = open_case(
        by=by,
        team=record.keyed.team,
        person=record.subject,
        head=CaseHead(concerns=(Concerns(person=record.subject.handle.hex),), enquiries={"": EnquiryHead()}),
        kind=Topic.DETENTION_REMOVAL,
        worker=by.member if record.keyed.team.pk in by.memberships else None,
        came_in_on=day_it_is(),
        route=Enquiry.Route.HO_MP_URGENT,
    )
    return redirect("case-urgent-edit", handle=case.handle)


def _found(by: Actor, text: str) -> list[dict[str, Any]]:
    """People a search found, each with the open cases a removal may belong to. Recorded as any search is."""
    _text, hits = queries.found(by=by, handle=queries.search(by=by, text=text).handle)
    people = [hit for hit in hits if hit.identity is not None][:_SHOWN]
    cases = open_cases_of(by=by, people=[hit.subject.handle.hex for hit in people]) if people else []
    named = [hit for hit in hits if hit.head is not None]
    cases += open_listed(by=by, cases=_not_yet(by, named, cases), named=False)
    out = [_person(hit, [one for one in cases if _concerns(one, hit)]) for hit in people]
    return out + [_by_reference(hit, cases) for hit in named if not _is_shown(hit, people)]


def _not_yet(by: Actor, hits: Sequence[Hit], cases: Sequence[Listed]) -> list[Case]:
    """Cases that were found by their reference and concern nobody who was found."""
    there = {one.case.subject_id for one in cases}
    wanted = [hit.subject.pk for hit in hits if hit.subject.pk not in there]
    return list(
        Case.objects.filter(subject__in=wanted, team__in=list(by.memberships)).select_related(
            "subject", "team", "worker"
        )
    )


def _is_shown(hit: Hit, people: Sequence[Hit]) -> bool:
    assert hit.head is not None
    return any(one.person == person.subject.handle.hex for one in hit.head.concerns for person in people)


def _concerns(one: Listed, hit: Hit) -> bool:
    return any(about.person == hit.subject.handle.hex for about in one.head.concerns)


def _person(hit: Hit, cases: Sequence[Listed]) -> dict[str, Any]:
    return {
        "name": in_a_list(hit.identity),
        "also": other_names(hit.identity)[:2],
        "lines": line_of(hit.identity, hit.status.references if hit.status else ()),
        "cases": [_case(one) for one in cases if one.case.state == Case.State.OPEN],
        "start_url": reverse("urgent-start", args=[hit.subject.handle]),
    }


def _by_reference(hit: Hit, cases: Sequence[Listed]) -> dict[str, Any]:
    names = [one.name for one in hit.concerned if one.name]
    theirs = [one for one in cases if one.case.subject_id == hit.subject.pk]
    return {
        "name": listed(names[0]) if names else _("No name on record"),
        "also": [],
        "lines": [],
        "cases": [_case(one) for one in theirs if one.case.state == Case.State.OPEN],
        "start_url": "",
    }


def _case(one: Listed) -> dict[str, Any]:
    stands = one.case.removal_on is not None
    name = "case-urgent" if stands else "case-urgent-edit"
    return {
        "url": reverse(name, args=[one.case.handle]),
        "ref": one.head.our_reference,
        "kind": words.TOPICS[one.case.kind],
        "stands": stands,
    }


def _line(one: Listed, today: date) -> dict[str, Any]:
    urgent, case = one.head.urgent, one.case
    assert case.removal_on is not None
    details = [urgent.time, urgent.flight, urgent.to, urgent.held_at]
    return {
        "url": reverse("case-urgent", args=[case.handle]),
        "who": who(one.concerned),
        "ref": one.head.our_reference,
        "day": dates.brief(case.removal_on, today),
        "passed": case.removal_on < today,
        "today": case.removal_on == today,
        "details": [text for text in details if text],
        "worker": case.worker.name if case.worker else _("Nobody yet"),
    }
