"""Where a case itself stands, for its page: a removal on a day, or how it ended and until when it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from safeconduct.casework.models import Case
from safeconduct.people.facets import CaseHead

from ...templatetags.small import beside
from ...words import closing, dates
from ...words.dates import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """The shape of components/case_stands.html. ``removal`` is the day of one, ``ended`` how a closed case ended."""

    removal: Day | None = None
    passed: bool = False
    details: str = ""
    urgent_url: str = ""
    sheet_url: str = ""
    end_url: str = ""
    ended: str = ""
    review: str = ""
    keep_url: str = ""
    reopen_url: str = ""


def present(case: Case, head: CaseHead, *, today: date) -> Stands:
    """What stands above the clocks."""
    if case.state != Case.State.OPEN:
        return Stands(
            ended=closing.ended(case),
            review=closing.looked_at_again(case, today),
            keep_url=reverse("case-keep", args=[case.handle]),
            reopen_url=reverse("case-reopen", args=[case.handle]),
        )
    if case.removal_on is None:
        return Stands(urgent_url=reverse("case-urgent-edit", args=[case.handle]))
    known = (head.urgent.time, head.urgent.flight, head.urgent.to, head.urgent.held_at)
    return Stands(
        removal=dates.day(case.removal_on),
        passed=case.removal_on < today,
        details=beside(known),
        urgent_url=reverse("case-urgent", args=[case.handle]),
        sheet_url=reverse("case-urgent-sheet", args=[case.handle]),
        end_url=reverse("case-urgent-end", args=[case.handle]),
    )
