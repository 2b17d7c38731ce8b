"""Finding people: the search, and what it found at an address that tells nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.casework.models import Case
from safeconduct.casework.queries import visible
from safeconduct.core.names.display import listed
from safeconduct.people import queries
from safeconduct.people.models import Subject
from safeconduct.people.queries import PEOPLE_SHOWN, Hit

from ...access import Request
from .present_person import in_a_list, line_of, other_names, shown_name

_LONGEST = 200


def view(request: Request) -> HttpResponse:
    """The page to search from."""
    return render(request, "desk/people.html", {"query": "", "may_add": bool(request.actor.teams)})


def search(request: Request) -> HttpResponse:
    """Search, and lead to the result. What was typed goes into no address."""
    text = request.POST.get("q", "").strip()[:_LONGEST]
    if not text:
        return redirect("people")
    if not request.actor.teams:
        problem = _("You are in no team yet, so there is nothing to search. A guardian or a lead can add you to one.")
        return render(request, "desk/people.html", {"query": text, "problem": problem}, status=403)
    return redirect("found", handle=queries.search(by=request.actor, text=text).handle)


def found(request: Request, handle: UUID) -> HttpResponse:
    """What a search of this member's found, best first."""
    text, hits = queries.found(by=request.actor, handle=handle)
    subjects = [hit.subject.pk for hit in hits if hit.head is not None]
    cases = {case.subject_id: case for case in visible(request.actor).filter(subject__in=subjects)}
    results = [_person(hit) for hit in hits if hit.subject.kind == Subject.Kind.PERSON]
    results += [_case(hit, cases[hit.subject.pk]) for hit in hits if hit.subject.pk in cases]
    context = {
        "query": text,
        "searched": True,
        "results": sorted(results, key=lambda one: not one["told"]),
        "count_text": _count(len(results)),
        "may_add": True,
    }
    return render(request, "desk/people.html", context)


def _person(hit: Hit) -> dict[str, Any]:
    own = shown_name(hit.identity)
    elsewhere = [name for one in hit.merged for name in (shown_name(one), *other_names(one)) if name != own]
    return {
        "url": reverse("person", args=[hit.subject.handle]),
        "name": in_a_list(hit.identity),
        "also": list(dict.fromkeys([*other_names(hit.identity), *elsewhere]))[:3],
        "lines": line_of(hit.identity, hit.status.references if hit.status else ()),
        "why": _("The reference you typed") if hit.by_reference else "",
        "told": hit.by_reference,
    }


def _case(hit: Hit, case: Case) -> dict[str, Any]:
    assert hit.head is not None
    names = [one.name for one in hit.concerned if one.name]
    name = listed(names[0]) if names else _("No name on record")
    return {
        "url": reverse("case", args=[case.handle]),
        "name": name,
        "also": [],
        "lines": [{"text": hit.head.our_reference, "kind": "ref"}],
        "why": _("A case with the reference you typed"),
        "told": True,
    }


def _count(count: int) -> str:
    if count >= PEOPLE_SHOWN:
        return _("More than %(count)d: type more of the name") % {"count": PEOPLE_SHOWN - 1}
    return ngettext("%(count)d found", "%(count)d found", count) % {"count": count}
