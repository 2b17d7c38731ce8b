"""Who sees to a member's work while they are away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions.cover import LONGEST, end_cover, set_cover
from safeconduct.agenda.actions.leaving import end_access, put_on_leave
from safeconduct.agenda.faults import CoverOver, NotAColleague, NotThoseDays
from safeconduct.agenda.models import Cover, SavedFilter
from safeconduct.agenda.policies import Refused
from safeconduct.agenda.queries import covered_by, covers_on
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db


def ahead(days: int) -> date:
    return today() + timedelta(days=days)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def away(place: Office) -> Colleague:
    return builders.member(place, "Ada Away")


@pytest.fixture
def here(place: Office) -> Colleague:
    return builders.member(place, "Hana Here")


def cover(away: Colleague, here: Colleague, first: int = 0, last: int = 7, by: Colleague | None = None) -> Cover:
    actor = (by or away).actor
    return set_cover(by=actor, member=away.member, colleague=here.member, from_on=ahead(first), until_on=ahead(last))


def test_both_its_days_count(away: Colleague, here: Colleague) -> None:
    cover(away, here, 1, 3)
    seen = [day for day in range(6) if [one.member for one in covered_by(here.member, ahead(day))] == [away.member]]
    assert seen == [1, 2, 3]
    assert [day for day in range(6) if covers_on([away.member.pk], ahead(day))] == seen
    assert covered_by(away.member, ahead(2)) == []


def test_it_is_in_the_log_when_set_and_when_ended(away: Colleague, here: Colleague) -> None:
    set_ = cover(away, here)
    end_cover(by=away.actor, cover=set_)
    entries = Entry.objects.filter(act=Act.COVER_SET).order_by("pk")
    assert [(one.member, one.about, one.count) for one in entries] == [
        (away.member.handle, away.member.handle, 1),
        (away.member.handle, away.member.handle, 0),
    ]
    with pytest.raises(CoverOver):
        end_cover(by=away.actor, cover=set_)


@pytest.mark.parametrize(("first", "last"), [(3, 2), (-5, -1), (0, LONGEST.days + 1)])
def test_days_that_are_none_are_refused(away: Colleague, here: Colleague, first: int, last: int) -> None:
    with pytest.raises(NotThoseDays):
        cover(away, here, first, last)
    assert not Cover.objects.exists()


def test_only_a_colleague_who_is_at_work_covers(place: Office, away: Colleague, here: Colleague) -> None:
    stranger = builders.member(place, "Sara Stranger", team=builders.team(place))
    far = builders.other_office().guardian
    put_on_leave(by=place.guardian.actor, member=here.member)
    for one in (stranger, far, away, builders.Colleague(Member.objects.get(pk=here.member.pk), here.pair)):
        with pytest.raises(NotAColleague):
            cover(away, one)


def test_a_guardian_sets_it_for_others_and_nobody_else_does(place: Office, away: Colleague, here: Colleague) -> None:
    cover(away, here, by=place.guardian)
    with pytest.raises(Refused):
        cover(away, here, by=here)
    lead = builders.member(place, "Lena Lead", role="lead")
    with pytest.raises(Refused):
        end_cover(by=lead.actor, cover=Cover.objects.get())
    assert Cover.objects.count() == 1


def test_leave_ends_nothing_that_covers_for_them(place: Office, away: Colleague, here: Colleague) -> None:
    cover(away, here)
    put_on_leave(by=place.guardian.actor, member=away.member)
    assert covered_by(here.member, today())


def test_who_has_left_covers_for_nobody_and_keeps_no_filter(place: Office, away: Colleague, here: Colleague) -> None:
    cover(away, here)
    SavedFilter.objects.create(member=here.member, topic="asylum")
    end_access(by=place.guardian.actor, member=here.member, state=Member.State.LEFT)
    assert not Cover.objects.exists()
    assert not SavedFilter.objects.exists()
