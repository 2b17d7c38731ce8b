"""Closed cases whose day has come: must each still be kept? Somebody decides; nothing goes by itself."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework.queries import Listed, open_listed, to_review
from safeconduct.people.models import ErasureRequest

from ...access import Request
from ...words import cases as words
from ...words import closing, dates
from ..cases.present_retention import suggested
from ..day.present_row import who
from ..pages import ROWS, page_of

_DONE: Final = {"kept": gettext_lazy("It is kept until the day you gave.")}


def view(request: Request) -> HttpResponse:
    """One page of them, the longest waiting first. Opens whom they concern, after the entry that says so."""
    by, today = request.actor, day_it_is()
    found = to_review(by, on=today)
    pages = page_of(found.count(), request.GET.get("page", ""), reverse("review"), {})
    listed = open_listed(by=by, cases=list(found[pages.start : pages.start + ROWS]))
    asked = set(
        ErasureRequest.objects.filter(subject__in=[one.case.subject_id for one in listed]).values_list(
            "subject_id", flat=True
        )
    )
    done = request.GET.get("done", "")
    months = by.organisation.keep_months
    context = {
        "cases": [_line(one, today, asked=one.case.subject_id in asked) for one in listed],
        "pages": pages,
        "months": closing.months(months) if months else "",
        "suggested": suggested(),
        "notices": [{"text": str(_DONE[done]), "kind": "done", "title": ""}] if done in _DONE else [],
    }
    return render(request, "desk/review.html", context)


def _line(one: Listed, today: date, *, asked: bool) -> dict[str, Any]:
    case = one.case
    return {
        "url": reverse("case", args=[case.handle]),
        "who": who(one.concerned),
        "ref": one.head.our_reference,
        "kind": words.TOPICS[case.kind],
        "ended": closing.ended(case),
        "review": dates.brief(case.review_on, today) if case.review_on else None,
        "asked": asked,
        "keep_url": reverse("case-keep", args=[case.handle]),
        "erase_url": reverse("erase", args=[case.handle]),
    }
