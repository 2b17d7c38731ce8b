"""Calls: one search for whoever rings, what to tell them, and the next call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework import calls
from safeconduct.casework.calls import Answers, Known, OnCase
from safeconduct.casework.models import Case
from safeconduct.casework.queries import visible
from safeconduct.core.names.display import listed
from safeconduct.people import queries

from ...access import Request
from ...words import calls as words
from ...words import cases as case_words
from ...words import dates
from ...words import events as event_words
from ...words.dates import Day
from ..cases.cases import due_why
from ..people import present_contact
from ..people.present_person import in_a_list, line_of, other_names
from .filters import address

_LONGEST = 200
_DONE = {
    "logged": gettext_lazy("The call is logged."),
    "promised": gettext_lazy("The call is logged, and ringing back is due in Today on its day."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswered:
    """A case under somebody's name: the shape of `cases` in components/caller.html."""

    url: str
    ref: str
    kind: str
    state: str
    last: str
    last_on: Day | None
    due: Day | None
    due_why: str
    closed: bool


def view(request: Request) -> HttpResponse:
    """The page to search from, and the search of it. What was typed goes into no address."""
    text = request.POST.get("q", "").strip()[:_LONGEST]
    if not text:
        context = {**_stranger(), "notices": _notices(request), "logged_url": _just_logged(request)}
        return render(request, "desk/calls.html", context)
    if not request.actor.teams:
        problem = _("You are in no team yet, so there is nothing to search. A guardian or a lead can add you to one.")
        return render(request, "desk/calls.html", {**_stranger(), "query": text, "problem": problem}, status=403)
    return redirect("calls-found", handle=queries.search(by=request.actor, text=text).handle)


def found(request: Request, handle: UUID) -> HttpResponse:
    """Who it may be: how they may be reached, their cases, what happened last and what is due."""
    answers = calls.answers(by=request.actor, handle=handle)
    context = {
        **_stranger(),
        "query": answers.text,
        "searched": True,
        "people": present(answers, today=day_it_is()),
        "more": answers.more,
    }
    return render(request, "desk/calls.html", context)


def present(answers: Answers, *, today: date) -> list[dict[str, Any]]:
    """The shape of `people` in desk/calls.html, those with the reference that was typed first."""
    return sorted((_person(one, today) for one in answers.known), key=lambda one: not one["told"])


def _person(one: Known, today: date) -> dict[str, Any]:
    hit = one.hit
    lines = dict.fromkeys(line for contact in one.contacts for line in present_contact.safe(contact).splitlines())
    if hit.identity is None:
        names = [person.name for person in hit.concerned if person.name]
        name, also, of_them, url = listed(names[0]) if names else _("No name on record"), [], [], ""
    else:
        name, also = in_a_list(hit.identity), other_names(hit.identity)[:2]
        of_them = line_of(hit.identity, hit.status.references if hit.status else ())
        url = reverse("person", args=[hit.subject.handle])
    return {
        "name": name,
        "also": also,
        "lines": of_them,
        "safe": "\n".join(lines),
        "told": hit.by_reference or hit.identity is None,
        "cases": [_case(case, today) for case in one.cases],
        "url": url,
        "new_case_url": reverse("case-new", args=[hit.subject.handle]) if url else "",
    }


def _case(one: OnCase, today: date) -> CaseAnswered:
    case, closed = one.case, one.case.state != Case.State.OPEN
    on = dates.short(case.opened_on, today)
    return CaseAnswered(
        url=reverse("case" if closed else "case-call", args=[case.handle]),
        ref=one.head.our_reference,
        kind=str(case_words.TOPICS[case.kind]),
        state=(_("Closed; opened %(day)s") if closed else _("Open since %(day)s")) % {"day": on},
        last=event_words.title(one.last.kind, one.last.shape) if one.last else "",
        last_on=dates.brief(one.last.on, today) if one.last else None,
        due=dates.brief(one.due.day, today) if one.due else None,
        due_why=due_why(one.due, today) if one.due else "",
        closed=closed,
    )


def _stranger() -> dict[str, Any]:
    return {"say": words.TO_A_STRANGER, "sure": words.HOW_TO_BE_SURE}


def _notices(request: Request) -> list[dict[str, str]]:
    """What was just logged, read from codes in the address: it names nobody."""
    done = request.GET.get("done", "")
    return [{"text": str(_DONE[done]), "kind": "done", "title": ""}] if done in _DONE else []


def logged_address(case: Case, *, promised: bool) -> str:
    """Where to go on once a call is logged: the empty search, which links back to the case."""
    return address(reverse("calls"), {"done": "promised" if promised else "logged", "case": case.handle.hex})


def _just_logged(request: Request) -> str:
    """The case a call was just logged on, where its address still names one of the member's teams; else ""."""
    try:
        handle = UUID(request.GET.get("case", ""))
    except ValueError:
        return ""
    return reverse("case", args=[handle]) if visible(request.actor).filter(handle=handle).exists() else ""
