"""The week by day, and who has how much."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.actions.cover import set_cover
from safeconduct.agenda.actions.leaving import put_on_leave
from safeconduct.agenda.models import Item
from safeconduct.casework.actions.assign import assign
from safeconduct.journal.models import Act, Entry
from safeconduct.web.desk.day import week
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, text

pytestmark = pytest.mark.django_db
MONDAY = today() - timedelta(days=today().weekday())


@pytest.fixture
def late(worker: Colleague) -> list[Item]:
    """Four letters, put on days of this week and the next."""
    about = builders.person(worker, "Fatima Rahimi")
    for number, kind in enumerate(("asylum", "family", "asylum", "asylum")):
        builders.case(worker, about, reference=f"IM/{number}", sent_on=days_ago(60), kind=kind)
    items = list(Item.objects.order_by("pk"))
    for item, days in zip(items, (0, 0, 4, 8), strict=True):
        item.day = MONDAY + timedelta(days=days)
        item.save()
    return items


def look(browser: Client, **query: str) -> str:
    answer = browser.get(reverse("week"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def by_day(page: str) -> dict[str, list[str]]:
    """References by the day they stand under."""
    found: dict[str, list[str]] = {}
    for body in re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL):
        day = re.search(r'datetime="([\d-]+)"', body)
        assert day
        found[day[1]] = re.findall(r"IM/\d", body)
    return found


@pytest.mark.usefixtures("late")
class TestWeek:
    def test_each_thing_stands_on_its_day(self, worker: Colleague) -> None:
        found = by_day(look(worker.client))
        assert list(found)[:5] == [(MONDAY + timedelta(days=days)).isoformat() for days in range(5)]
        assert found[MONDAY.isoformat()] == ["IM/0", "IM/1"]
        assert found[(MONDAY + timedelta(days=4)).isoformat()] == ["IM/2"]
        assert sum(map(len, found.values())) == 3

    def test_a_weekend_shows_only_when_something_is_due_on_it(self, worker: Colleague, late: list[Item]) -> None:
        saturday = MONDAY + timedelta(days=5)
        assert saturday.isoformat() not in by_day(look(worker.client))
        Item.objects.filter(pk=late[0].pk).update(day=saturday)
        assert by_day(look(worker.client))[saturday.isoformat()] == ["IM/0"]

    def test_the_next_week_and_back(self, worker: Colleague) -> None:
        page = look(worker.client, topic="asylum")
        [after] = re.findall(r'rel="next" href="([^"]+)"', page)
        page = worker.client.get(after.replace("&amp;", "&")).content.decode()
        monday = MONDAY + timedelta(days=7)
        assert by_day(page)[(monday + timedelta(days=1)).isoformat()] == ["IM/3"]
        [before] = re.findall(r'rel="prev" href="([^"]+)"', page)
        assert before.replace("&amp;", "&") == "/week?topic=asylum"

    def test_the_filters_of_today(self, worker: Colleague) -> None:
        assert by_day(look(worker.client, topic="family"))[MONDAY.isoformat()] == ["IM/1"]
        page = look(worker.client, topic="family", **{"from": (MONDAY + timedelta(days=7)).isoformat()})
        assert f'name="from" value="{(MONDAY + timedelta(days=7)).isoformat()}"' in page

    def test_a_long_day_says_how_many_more_and_shows_them_by_itself(
        self, worker: Colleague, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(week, "ROWS_A_DAY", 1)
        page = look(worker.client)
        assert "1 more on this day" in page
        [more] = re.findall(r'<a href="(/week\?day=[^"]+)"', page)
        assert by_day(worker.client.get(more).content.decode()) == {MONDAY.isoformat(): ["IM/0", "IM/1"]}

    def test_what_is_left_from_before_is_told_and_leads_to_today(self, worker: Colleague, late: list[Item]) -> None:
        Item.objects.filter(pk=late[3].pk).update(day=MONDAY - timedelta(days=3))
        assert "1 thing from before is still due" in text(look(worker.client).encode())

    def test_it_is_one_entry_and_a_name_and_an_initial(self, worker: Colleague) -> None:
        before = Entry.objects.filter(act=Act.LISTED).count()
        page = look(worker.client)
        assert Entry.objects.filter(act=Act.LISTED).count() == before + 1
        assert "Fatima R." in text(page.encode())
        assert "Rahimi" not in page

    def test_another_teams_week_is_empty(self, place: Office) -> None:
        stranger = builders.member(place, "Sara Stranger", team=builders.team(place))
        assert sum(map(len, by_day(look(stranger.client)).values())) == 0

    @pytest.mark.parametrize("day", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31", "２０２６-11-20", "-1"])
    def test_a_day_that_is_none_is_this_week(self, worker: Colleague, day: str) -> None:
        assert MONDAY.isoformat() in by_day(look(worker.client, **{"from": day, "day": day}))


def test_a_bank_holiday_says_so(worker: Colleague) -> None:
    said = text(look(worker.client, **{"from": date(2026, 12, 21).isoformat()}).encode())
    assert "Christmas Day" in said


class TestLoad:
    def rows(self, browser: Client) -> dict[str, list[str]]:
        answer = browser.get(reverse("load"))
        assert answer.status_code == 200
        page = answer.content.decode()
        found = {}
        for body in re.findall(r"<tr data-row>(.*?)</tr>", page, re.DOTALL):
            name = re.search(r"<bdi>(.*?)</bdi>", body)
            assert name
            found[name[1]] = [*re.findall(r'<td class="n"[^>]*>(.*?)</td>', body), *re.findall(r'"note">(.*?)<', body)]
        return found

    def test_counts_by_member(self, place: Office, worker: Colleague, late: list[Item]) -> None:
        lead = builders.member(place, "Lena Lead", role="lead")
        assign(by=lead.actor, cases=[one.case for one in late[:2]], worker=worker.member)
        Item.objects.filter(pk=late[0].pk).update(kind="act_by", rank=1, day=today() + timedelta(days=1))
        Item.objects.filter(pk__in=[one.pk for one in late[1:]]).update(day=today() - timedelta(days=1))
        found = self.rows(lead.client)
        assert found["Lowri Worker"] == ["1", "1", "1", "2"]
        assert found["Nobody yet"] == ["2", "2", "0", "2"]
        assert found["Lena Lead"] == ["0", "0", "0", "0"]

    def test_who_is_away_and_who_covers(self, place: Office, worker: Colleague) -> None:
        lead = builders.member(place, "Lena Lead", role="lead")
        set_cover(by=worker.actor, member=worker.member, colleague=lead.member, from_on=today(), until_on=today())
        put_on_leave(by=place.guardian.actor, member=worker.member)
        [away] = self.rows(lead.client)["Lowri Worker"][4:]
        assert away.startswith("On leave. Away until ")
        assert away.endswith(": Lena Lead covers")

    def test_it_names_nobody_and_opens_nothing(self, place: Office, worker: Colleague, late: list[Item]) -> None:
        lead = builders.member(place, "Lena Lead", role="lead")
        before = Entry.objects.count()
        browser = lead.client
        signed_in = Entry.objects.count()
        page = browser.get(reverse("load")).content.decode()
        assert "Fatima" not in page
        assert "IM/" not in page
        assert Entry.objects.count() == signed_in > before
        assert late

    def test_a_caseworker_does_not_see_it(self, worker: Colleague) -> None:
        assert worker.client.get(reverse("load")).status_code == 403
        assert reverse("load") not in worker.client.get(reverse("today")).content.decode()

    def test_a_guardian_who_leads_nothing_sees_nobodys(self, place: Office, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker))
        outside = builders.member(place, "Gwen Guardian", guardian=True)
        page = outside.client.get(reverse("load")).content.decode()
        assert "You lead no team" in page
        assert "Lowri Worker" not in page
