"""Removals: the page one key leads to, what is known, who was told on which rung, the sheet, and what became of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework import queries
from safeconduct.casework.actions import urgent
from safeconduct.casework.actions.directory import save_directory
from safeconduct.casework.models import Case, Event
from safeconduct.journal.models import Act, Entry
from safeconduct.people.facets import CaseHead, Reached
from safeconduct.people.records import NEVER_WRITTEN
from safeconduct.web.desk.cases.urgent_edit import UrgentForm
from safeconduct.web.words import dates
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import followed, look, text

pytestmark = pytest.mark.django_db
DAY = today() + timedelta(days=2)


def head_of(by: Colleague, case: Case) -> CaseHead:
    content: CaseHead = queries.open_head(by=by.actor, case=case).content
    return content


def typed(by: Colleague, case: Case, **fields: str) -> dict[str, str]:
    """What a browser sends to the form of what is known."""
    revision = queries.open_head(by=by.actor, case=case).revision
    blank = dict.fromkeys((*UrgentForm.base_fields, "consent-home_office", "consent-family"), "")
    return {**blank, "revision": str(revision), "removal_on": DAY.isoformat(), **fields}


def at(case: Case, name: str = "case-urgent") -> str:
    return reverse(name, args=[case.handle])


class TestTheList:
    def test_the_soonest_first_with_what_is_known_and_the_key_that_leads_there(
        self, worker: Colleague, case: Case
    ) -> None:
        later = builders.case(worker, builders.person(worker, "Zehra Karimi"), sent_on=today())
        builders.removal(worker, later, ahead=9)
        builders.removal(worker, case, ahead=2, flight="ZZ 4711", time="18:40")
        browser = worker.client
        page = browser.get(reverse("urgent")).content.decode()
        rows = page.split("data-row")[1:]
        assert [at(case) in rows[0], at(later) in rows[1]] == [True, True]
        assert "ZZ 4711" in rows[0]
        assert dates.short(DAY, today()) in rows[0]
        for other in (reverse("today"), reverse("people"), reverse("log")):
            shown = browser.get(other).content.decode()
            assert re.search(rf'<a href="{reverse("urgent")}"[^>]*data-key="u"', shown) or other == reverse("log")

    def test_it_is_one_entry_of_the_log(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        browser = worker.client
        before = Entry.objects.filter(act=Act.LISTED).count()
        browser.get(reverse("urgent"))
        assert Entry.objects.filter(act=Act.LISTED).count() == before + 1

    def test_one_whose_day_has_passed_says_so(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, ahead=0)
        Case.objects.filter(pk=case.pk).update(removal_on=today() - timedelta(days=1))
        assert "Passed" in text(worker.client.get(reverse("urgent")).content)
        assert "Say what became of it" in text(worker.client.get(at(case)).content)

    def test_somebody_is_found_with_their_cases_and_a_case_can_be_begun(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = browser.post(reverse("urgent"), {"find": "rahimi"}).content.decode()
        assert reverse("case-urgent-edit", args=[case.handle]) in page
        person = head_of(worker, case).concerns[0].person
        begin = re.search(rf'action="({reverse("urgent")[:-6]}people/[0-9a-f-]+/urgent)"', page)
        assert begin
        answer = browser.post(begin[1])
        made = Case.objects.latest("id")
        assert answer["Location"] == reverse("case-urgent-edit", args=[made.handle])
        assert made.kind == "detention_removal"
        assert made.worker == worker.member
        assert builders.enquiry(made).route == "ho_mp_urgent"
        assert [one.person for one in head_of(worker, made).concerns] == [person]

    def test_a_case_is_found_by_its_reference_too(self, worker: Colleague, case: Case) -> None:
        page = worker.client.post(reverse("urgent"), {"find": "IM/0214"}).content.decode()
        assert reverse("case-urgent-edit", args=[case.handle]) in page

    def test_nobody_found_and_nothing_typed_are_told(self, worker: Colleague, case: Case) -> None:
        assert "Nobody like that is on record" in text(worker.client.post(reverse("urgent"), {"find": "qqq"}).content)
        assert "Type a name or a reference" in text(worker.client.post(reverse("urgent"), {"find": " "}).content)

    def test_another_teams_are_neither_listed_nor_found(self, place: Office, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, flight="ZZ 4711")
        browser = builders.member(place, "Other Team", team=builders.team(place)).client
        page = browser.post(reverse("urgent"), {"find": "IM/0214"}).content.decode()
        assert "ZZ 4711" not in page
        assert str(case.handle) not in page
        for name in ("case-urgent", "case-urgent-edit", "case-urgent-end", "case-urgent-sheet"):
            assert browser.get(at(case, name)).status_code == 404


class TestWhatIsKnown:
    def test_only_the_day_has_to_be_filled_in(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        page = followed(browser, browser.post(at(case, "case-urgent-edit"), typed(worker, case)))
        assert dates.full(DAY) in page
        assert Item.objects.filter(case=case.handle, kind="removal", day=DAY).exists()
        refused = browser.post(at(case, "case-urgent-edit"), typed(worker, case, removal_on="", flight="ZZ 1"))
        assert "Give the day." in text(refused.content)
        assert 'value="ZZ 1"' in refused.content.decode()

    def test_everything_comes_back_as_it_was_typed(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        sent = {
            "time": "18:40",
            "flight": "ZZ 4711",
            "held_at": "Brook House",
            "papers_served_on": "-1d",
            "solicitor_name": "Rhys Made-Up",
            "solicitor_reach": "01632 960001",
            "consent-home_office": "yes",
            "medical": "asthma",
        }
        browser.post(at(case, "case-urgent-edit"), typed(worker, case, **sent))
        form = browser.get(at(case, "case-urgent-edit")).content.decode()
        for value in ("18:40", "ZZ 4711", "Brook House", "Rhys Made-Up", "01632 960001"):
            assert f'value="{value}"' in form
        assert '<option value="yes" selected>' in form
        head = head_of(worker, case)
        assert [(one.to, one.answer, one.on) for one in head.urgent.consents] == [("home_office", "yes", today())]
        assert [one.name for one in head.outside] == ["Rhys Made-Up"]

    def test_a_past_day_is_refused_at_its_field(self, worker: Colleague, case: Case) -> None:
        answer = worker.client.post(at(case, "case-urgent-edit"), typed(worker, case, removal_on="-2d"))
        assert "That day is past." in text(answer.content)
        assert 'id="id_removal_on-error"' in answer.content.decode()

    def test_a_colleagues_change_is_not_overwritten(self, worker: Colleague, case: Case) -> None:
        sent = typed(worker, case, flight="mine")
        builders.removal(worker, case, flight="theirs")
        answer = worker.client.post(at(case, "case-urgent-edit"), sent)
        assert answer.status_code == 409
        assert 'value="mine"' in answer.content.decode()
        assert head_of(worker, case).urgent.flight == "theirs"

    def test_without_a_removal_its_page_leads_to_the_form(self, worker: Colleague, case: Case) -> None:
        assert worker.client.get(at(case))["Location"] == at(case, "case-urgent-edit")

    def test_the_cases_own_page_says_so_above_everything(self, worker: Colleague, case: Case) -> None:
        assert at(case, "case-urgent-edit") in look(worker.client, case)
        builders.removal(worker, case, flight="ZZ 4711")
        page = look(worker.client, case)
        assert page.index("ZZ 4711") < page.index('id="h-clocks"')
        assert at(case) in page
        assert at(case, "case-urgent-sheet") in page

    def test_an_unconfirmed_notice_is_never_given_as_settled(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, ahead=1, papers_served_on=today())
        said = text(worker.client.get(at(case)).content)
        assert "Notice of removal runs out" in said
        assert "The removal is before the notice runs out, if the rule is as the desk has it." in said
        assert "Unconfirmed" in said


class TestTelling:
    def test_one_press_logs_it_with_the_time_and_the_member(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        browser = worker.client
        answer = browser.post(at(case), {"rung": "mp_urgent", "who": "", "at": ""})
        assert answer["Location"].endswith("#rung-mp_urgent")
        page = browser.get(answer["Location"]).content.decode()
        [block] = [part for part in page.split("<li id=") if part.startswith('"rung-mp_urgent"')]
        assert re.search(r"Told at \d\d:\d\d", block)
        assert "Lowri Worker" in block
        assert Event.objects.get(kind="removal_told").by == worker.member
        assert "Told of the removal" in look(browser, case)

    @pytest.mark.parametrize("clock", ["21:40", "2140", "21.40"])
    def test_an_earlier_time_may_be_typed(self, worker: Colleague, case: Case, clock: str) -> None:
        builders.removal(worker, case)
        browser = worker.client
        page = followed(browser, browser.post(at(case), {"rung": "solicitor", "who": "Clerk", "at": clock}))
        assert "Told at 21:40" in text(page)
        [told] = head_of(worker, case).urgent.told
        day = date.fromisoformat(told.at[:10])
        assert day in {today(), today() - timedelta(days=1)}

    def test_what_cannot_be_is_told_at_its_rung_and_kept(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        page = worker.client.post(at(case), {"rung": "minister", "who": "Somebody", "at": "25:00"}).content.decode()
        assert "This is not a time." in text(page)
        [block] = [part for part in page.split("<li id=") if part.startswith('"rung-minister"')]
        assert 'value="Somebody"' in block
        assert 'id="id_minister_at-error"' in block
        empty = worker.client.post(at(case), {"rung": "", "who": "", "at": ""})
        assert "Say who was told." in text(empty.content)
        assert not Event.objects.filter(kind="removal_told").exists()

    def test_taken_back_in_the_timeline_it_leaves_the_rung(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        browser = worker.client
        browser.post(at(case), {"rung": "solicitor", "who": "Wrong office", "at": ""})
        assert "Wrong office" in browser.get(at(case)).content.decode()
        event = Event.objects.get(kind="removal_told")
        browser.post(reverse("event-correct", args=[case.handle, event.handle]), {"note": "wrong"})
        assert "Wrong office" not in browser.get(at(case)).content.decode()

    def test_the_teams_own_contacts_stand_on_their_rungs_with_how_sure_they_are(
        self, worker: Colleague, case: Case
    ) -> None:
        builders.removal(worker, case)
        contacts = [
            Reached(rung="solicitor", name="Duty line", phone="01632 960001"),
            Reached(rung="mp_phone", name="Helpline", checked_on=today() - timedelta(days=200), checked_by="Alys"),
        ]
        save_directory(by=worker.actor, team=case.team, contacts=contacts, read=NEVER_WRITTEN)
        browser = worker.client
        said = text(browser.get(at(case)).content)
        assert "Nobody has said that this is right." in said
        assert "200 days ago. That is long ago: it may have changed." in said
        assert "Check the published number first" in said
        sent = {"contact": "0", "revision": "1", "case": case.handle.hex}
        answer = browser.post(reverse("directory-checked", args=[case.team.handle]), sent)
        assert answer["Location"].startswith(at(case))
        assert "by Lowri Worker, today." in text(browser.get(at(case)).content)
        assert Entry.objects.filter(act=Act.OPENED_DIRECTORY).exists()


class TestTheSheet:
    def test_what_is_filled_in_and_lines_for_what_is_not(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case, flight="ZZ 4711", medical="asthma")
        page = worker.client.get(at(case, "case-urgent-sheet")).content.decode()
        for said in ("ZZ 4711", "asthma", "IM/0214", "محمد رحیمی", "Never ring; text Wadad first"):
            assert said in page
        assert re.search(r'<dt>Time</dt><dd>\s*<span class="vh">Not known</span></dd>', page)
        foot = page[page.index('class="print-line"') :]
        assert "IM/0214" in foot

    def test_it_is_recorded_as_opening_the_case(self, worker: Colleague, case: Case) -> None:
        builders.removal(worker, case)
        browser = worker.client
        before = Entry.objects.filter(act=Act.OPENED_CASE).count()
        browser.get(at(case, "case-urgent-sheet"))
        assert Entry.objects.filter(act=Act.OPENED_CASE).count() == before + 1


class TestItsEnd:
    @pytest.mark.parametrize("how", sorted(urgent.ENDINGS))
    def test_it_stands_in_the_timeline_and_leaves_today(self, worker: Colleague, case: Case, how: str) -> None:
        builders.removal(worker, case)
        browser = worker.client
        assert dates.full(DAY) in browser.get(at(case, "case-urgent-end")).content.decode()
        page = followed(
            browser, browser.post(at(case, "case-urgent-end"), {"how": how, "on": "today", "note": "by fax"})
        )
        assert "its day has left Today" in text(page)
        assert "by fax" in page
        assert f"its day was {dates.full(DAY)}" in page
        assert not Item.objects.filter(case=case.handle, kind="removal").exists()

    def test_one_that_does_not_stand_cannot_end(self, worker: Colleague, case: Case) -> None:
        answer = worker.client.post(at(case, "case-urgent-end"), {"how": "removed", "on": "today", "note": "kept text"})
        assert "No removal stands on this case." in text(answer.content)
        assert "kept text" in answer.content.decode()
