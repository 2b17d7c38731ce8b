"""How much each member of a lead's teams has: counts and days only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.accounts.models import Member
from safeconduct.agenda.models import Cover
from safeconduct.agenda.queries import covers_on
from safeconduct.casework.load import Load, led, load_of

from ...access import Request
from ...words import dates
from ...words.accounts import MEMBER_STATES
from ..day.filters import NOBODY, Filters, address


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One member: the shape of a row in desk/load.html."""

    name: str
    away: str
    due: int
    late: int
    act_by: int
    cases: int
    today_url: str
    assign_url: str


def view(request: Request) -> HttpResponse:
    """One line a member, most due first. A guardian who leads no team has nothing to see here."""
    by, today = request.actor, day_it_is()
    filters = Filters(by, ("team",), request.GET.dict())
    teams = led(by)
    team = filters.wanted().team
    shown = [one for one in teams if team in (None, one.pk)]
    covers = covers_on([one.pk for one in by.organisation.members.all()], today)
    context = {
        "lines": [_line(one, covers, filters.chosen, today) for one in load_of(by=by, teams=shown, on=today)]
        if shown
        else [],
        "filters": filters.bar(reverse("load")) if len(teams) > 1 else None,
        "teams": ", ".join(one.name for one in shown),
    }
    return render(request, "desk/load.html", context)


def _line(load: Load, covers: Mapping[int, list[Cover]], chosen: Mapping[str, str], today: date) -> Line:
    member = load.member
    who = member.handle.hex if member else NOBODY
    query = {**chosen, "worker": who}
    return Line(
        name=member.name if member else _("Nobody yet"),
        away=_away(member, covers.get(member.pk, []), today) if member else "",
        due=load.due,
        late=load.late,
        act_by=load.act_by,
        cases=load.cases,
        today_url=address(reverse("today"), query),
        assign_url=address(reverse("assign"), query) if load.cases else "",
    )


def _away(member: Member, covers: list[Cover], today: date) -> str:
    said = [str(MEMBER_STATES[member.state])] if member.state != Member.State.ACTIVE else []
    said += [
        _("Away until %(day)s: %(name)s covers") % {"day": dates.short(cover.until_on, today), "name": cover.by.name}
        for cover in covers
    ]
    return ". ".join(said)
