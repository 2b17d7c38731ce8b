"""Several members at one moment: nothing is lost, and nobody waits for somebody who waits for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from safeconduct.accounts.actions.office import Days
from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import events
from safeconduct.casework.actions.office import set_office_days
from safeconduct.casework.checks import agenda_disagreements
from safeconduct.journal import sequencer
from safeconduct.journal.verify import verify
from safeconduct.people import queries
from safeconduct.people.actions import say_not_same
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 4


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or the fault it raised; all begin at one moment, each in a connection of its own."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            ready.wait()
            return act()
        except Exception as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_events_logged_on_one_case_at_once_are_all_kept_and_the_agenda_knows_them() -> None:
    place = builders.office()
    worker = builders.member(place)
    case = builders.case(worker, builders.person(worker), sent_on=today() - timedelta(days=40))
    enquiry = builders.enquiry(case)

    def log(number: int) -> Callable[[], object]:
        on = today() - timedelta(days=number)
        mine = type(case).objects.select_related("subject", "team", "organisation").get(pk=case.pk)
        return lambda: events.log_event(by=worker.actor, case=mine, enquiry=enquiry, kind="chased", on=on)

    for _ in range(3):
        gave = at_once(*(log(number) for number in range(TOGETHER)))
        assert not [one for one in gave if isinstance(one, Exception)]
    assert case.events.filter(kind="chased").count() == 3 * TOGETHER
    assert Item.objects.filter(handle=enquiry.handle).count() == 1
    assert agenda_disagreements(place.organisation) == 0
    sequencer.sequence()
    assert list(verify(place.organisation.handle)) == []


def test_the_offices_days_are_set_while_others_log_events() -> None:
    place = builders.office()
    worker = builders.member(place)
    made = [builders.case(worker, builders.person(worker, f"Nasrin {letter}")) for letter in "ABC"]
    actors = [worker.actor for _ in made]

    def log(number: int) -> Callable[[], object]:
        case = type(made[number]).objects.select_related("subject", "team", "organisation").get(pk=made[number].pk)
        enquiry = builders.enquiry(case)
        return lambda: events.log_event(by=actors[number], case=case, enquiry=enquiry, kind="sent", on=today())

    def set_days(first_letter: int) -> Callable[[], object]:
        days = Days(first_letter=first_letter, follow_up=10, chase=5, tell=2)
        return lambda: set_office_days(by=place.guardian.actor, days=days)

    for first_letter in (3, 4, 5):
        gave = at_once(set_days(first_letter), *(log(number) for number in range(len(made))))
        assert not [one for one in gave if isinstance(one, Exception)]
    assert Item.objects.count() == len(made)


def test_two_who_tell_the_same_pair_apart_do_not_wait_for_each_other() -> None:
    worker = builders.member(builders.office())
    pairs = [(builders.person(worker, f"Nasrin {letter}"), builders.person(worker, f"N {letter}")) for letter in "ABC"]
    for pair in pairs:
        records = [queries.open_person(by=worker.actor, person=one) for one in pair]

        def say(first: int, second: int) -> Callable[[], object]:
            one, other = records[first], records[second]  # noqa: B023  (called before the next pair)
            return lambda: say_not_same(
                by=worker.actor, person=one.subject, links=one.links, other=other.subject, other_links=other.links
            )

        gave = at_once(say(0, 1), say(1, 0))
        assert sorted(type(one).__name__ for one in gave) == ["Changed", "NoneType"]
