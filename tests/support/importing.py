"""Imports run by their actions, without a page."""

from __future__ import annotations

from datetime import date

from safeconduct.accounts.models import Team
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.arrivals.staged import Found
from safeconduct.casework.arrivals.work import SAME, key_of_match, key_of_rows
from safeconduct.casework.models import Arrival, Case
from safeconduct.casework.queries import open_heads
from safeconduct.people import queries as people
from tests.builders import Colleague

AS_OF = date(2026, 11, 20)


def staged(by: Colleague, data: bytes, *, rule: str = "ask", team: Team | None = None, name: str = "a.csv") -> Arrival:
    """A sheet that waits."""
    actor = by.actor
    return arrivals.stage(by=actor, team=team or actor.teams[0], name=name, data=data, as_of=AS_OF, rule=rule)


def compared(by: Colleague, arrival: Arrival) -> Found:
    """Let the desk look for what of the sheet is here."""
    opened, _ = arrivals.open_arrival(by=by.actor, arrival=arrival)
    arrivals.choose_columns(by=by.actor, arrival=arrival, staged=opened, columns={})
    found = arrivals.open_arrival(by=by.actor, arrival=arrival)[0].found
    assert found is not None
    return found


def say_all_same(by: Colleague, arrival: Arrival) -> None:
    """Answer every proposal with "the same person"."""
    found = compared(by, arrival)
    keys = [key_of_rows(one.rows) for one in found.repeats]
    keys += [key_of_match(row, one.person) for row, alike in found.here.items() for one in alike]
    opened, _ = arrivals.open_arrival(by=by.actor, arrival=arrival)
    arrivals.decide(by=by.actor, arrival=arrival, staged=opened, decisions=dict.fromkeys(keys, SAME), workers={})


def run(by: Colleague, arrival: Arrival) -> Arrival:
    """Start a waiting import and bring every row in."""
    bring_in.start(by=by.actor, arrival=arrival)
    assert bring_in.go_on(by=by.actor, arrival=arrival, seconds=600).finished
    return arrival


def brought_in(
    by: Colleague, data: bytes, *, same: bool = False, rule: str = "ask", team: Team | None = None
) -> Arrival:
    """A sheet brought in whole; with `same` every proposal is answered with yes."""
    arrival = staged(by, data, rule=rule, team=team)
    if same:
        say_all_same(by, arrival)
    return run(by, arrival)


def references(by: Colleague) -> set[str]:
    """Our own references of every case somebody can see."""
    heads = open_heads(by=by.actor, cases=list(Case.objects.filter(subject__waiting=False).select_related("subject")))
    return {head.our_reference for head in heads.values()}


def found_names(by: Colleague, text: str) -> set[str]:
    """The first names of the people, and the references of the cases, that a search finds."""
    _, hits = people.found(by=by.actor, handle=people.search(by=by.actor, text=text).handle)
    return {
        one.identity.names[0].text if one.identity else one.head.our_reference
        for one in hits
        if one.identity or one.head
    }
