"""Calls: who it may be with what to tell them, a small form that is filled in, and the next call."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.casework.models import Case, Event, Task
from safeconduct.journal.models import Act, Entry
from safeconduct.people import queries
from safeconduct.people.actions import change_contact
from safeconduct.people.facets import Contact, Never, Rules, Way
from safeconduct.people.models import Subject
from safeconduct.web.words import calls as words
from safeconduct.web.words import dates
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import days_ago, followed, look, text

pytestmark = pytest.mark.django_db
NUMBER = Way(kind="phone", value="01632 960188")


def search(browser: Client, typed: str) -> tuple[str, str]:
    answer = browser.post(reverse("calls"), {"q": typed})
    assert answer.status_code == 302
    return answer.headers["Location"], browser.get(answer.headers["Location"]).content.decode()


def call(browser: Client, case: Case, place: str = "", **typed: str) -> str:
    """The page after a call was noted down."""
    form = {"who": "person", "on": "today", "note": "", **typed}
    answer = browser.post(reverse("case-call", args=[case.handle]) + place, form)
    return followed(browser, answer) if answer.status_code == 302 else answer.content.decode()


def somebody(by: Colleague, contact: Contact) -> Case:
    """A case of somebody who may be reached so."""
    person = builders.person(by, "Fatima Rahimi")
    record = queries.open_person(by=by.actor, person=person)
    change_contact(by=by.actor, person=person, contact=contact, read=record.contact.revision)
    return builders.case(by, person, sent_on=days_ago(40), reference="IM/0188")


class TestSearching:
    def test_who_it_may_be_comes_with_what_to_tell_them(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "holding_reply", days_ago(3), shape="no_timeframe")
        address, page = search(worker.client, "mohamad raheemi")
        said = text(page)
        assert "محمد ر." in said
        assert "Never ring; text Wadad first" in said
        assert f"Holding reply: in progress, no timeframe, {dates.short(days_ago(3), today())}" in said
        assert "IM/0214" in said
        assert reverse("case-call", args=[case.handle]) in page
        assert "raheemi" not in address

    def test_the_rule_stands_before_the_way_to_log(self, worker: Colleague, case: Case) -> None:
        page = search(worker.client, "raheemi")[1]
        assert page.index("Never ring; text Wadad first") < page.index(reverse("case-call", args=[case.handle]))

    def test_what_to_say_to_a_stranger_is_the_same_whoever_is_known(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        pages = (search(browser, "raheemi")[1], search(browser, "Nobody Of That Name")[1])
        for page in (*pages, browser.get(reverse("calls")).content.decode()):
            assert str(words.TO_A_STRANGER) in text(page)
        assert "Say to the caller what you would say of anybody" in text(pages[1])

    def test_a_closed_case_leads_to_itself(self, worker: Colleague, case: Case) -> None:
        Case.objects.filter(pk=case.pk).update(state="closed")
        page = search(worker.client, "raheemi")[1]
        assert reverse("case-call", args=[case.handle]) not in page
        assert "Open the closed case" in page
        assert worker.client.get(reverse("case-call", args=[case.handle])).status_code == 302

    def test_somebody_without_a_case_gets_one(self, worker: Colleague) -> None:
        person = builders.person(worker, "Tesfay Haile")
        assert reverse("case-new", args=[person.handle]) in search(worker.client, "Tesfay")[1]

    def test_an_empty_search_asks_again(self, worker: Colleague) -> None:
        assert worker.client.post(reverse("calls"), {"q": "  "}).status_code == 200

    def test_who_is_in_no_team_is_told(self, place: builders.Office) -> None:
        alone = builders.member(place, "Ann Alone")
        alone.member.memberships.all().delete()
        assert worker_told(alone.client) == 403

    def test_a_search_of_a_colleague_is_not_there(self, place: builders.Office, worker: Colleague, case: Case) -> None:
        address, _page = search(worker.client, "raheemi")
        assert builders.member(place, "Mair Other").client.get(address).status_code == 404

    def test_another_team_finds_nobody(self, place: builders.Office, worker: Colleague, case: Case) -> None:
        other = builders.member(place, "Mair Other", team=builders.team(place))
        page = search(other.client, "raheemi")[1]
        assert "Nobody of that name is here" in page
        assert case.handle.hex not in page.replace("-", "")

    def test_a_case_of_another_team_is_not_found(self, place: builders.Office, case: Case) -> None:
        other = builders.member(place, "Mair Other", team=builders.team(place))
        real, made_up = (other.client.get(reverse("case-call", args=[handle])) for handle in (case.handle, uuid4()))
        assert (real.status_code, made_up.status_code) == (404, 404)


def worker_told(browser: Client) -> int:
    return browser.post(reverse("calls"), {"q": "anybody"}).status_code


class TestTheForm:
    def test_it_is_filled_in_and_shows_what_to_tell(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(2), note="They will decide by March")
        page = worker.client.get(reverse("case-call", args=[case.handle])).content.decode()
        [chosen] = [one for one in page.split("<input ") if 'name="who"' in one and " checked" in one.split(">")[0]]
        assert 'value="person"' in chosen
        assert 'value="today"' in page
        said = text(page)
        assert "Never ring; text Wadad first" in said
        assert "They will decide by March" in said
        assert "To tell them Home Office, MPs' enquiries · Delay".replace("'", "&#x27;") in said

    def test_saving_goes_back_to_the_empty_search(self, worker: Colleague, case: Case) -> None:
        page = call(worker.client, case, note="Any news?")
        assert "The call is logged." in page
        assert "Who is it about?" in page
        assert reverse("case", args=[case.handle]) in page
        assert Event.objects.latest("pk").kind == "called"
        assert "Any news?" in look(worker.client, case)

    def test_nothing_has_to_be_written(self, worker: Colleague, case: Case) -> None:
        assert "The call is logged." in call(worker.client, case)

    def test_from_the_case_it_leads_back_there(self, worker: Colleague, case: Case) -> None:
        page = call(worker.client, case, "?from=case", who="authority", caller="Dan", unit="Complex", reference="X/9")
        assert "Log what happened" in page
        assert Event.objects.latest("pk").kind == "phoned"

    def test_the_person_is_told(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(2))
        call(worker.client, case, told="on")
        assert Event.objects.latest("pk").kind == "told_person"

    def test_somebody_for_them_has_a_name(self, worker: Colleague, case: Case) -> None:
        page = call(worker.client, case, who="for_them", note="Half a page of what was said")
        assert "There is a problem" in page
        assert "Write who rang for them" in page
        assert "Half a page of what was said" in page
        assert not Event.objects.filter(kind="called").exists()

    def test_a_day_that_has_not_come_is_refused_and_the_note_is_kept(self, worker: Colleague, case: Case) -> None:
        page = call(worker.client, case, on="tomorrow", note="Kept as typed")
        assert "That day has not come yet." in page
        assert "Kept as typed" in page

    def test_what_it_opens_is_in_the_log(self, worker: Colleague, case: Case) -> None:
        before = Entry.objects.filter(act=Act.OPENED_CASE).count()
        worker.client.get(reverse("case-call", args=[case.handle]))
        assert Entry.objects.filter(act=Act.OPENED_CASE).count() == before + 1


class TestRingingBack:
    def test_a_promise_is_a_task_on_its_day(self, worker: Colleague) -> None:
        case = somebody(worker, Contact(ways=(NUMBER,), rules=Rules(phone="yes")))
        page = call(worker.client, case, ring_back_on="+2d", note="News?")
        assert "ringing back is due in Today" in page
        assert Task.objects.get().on == today() + timedelta(days=2)
        assert "Ring back" in look(worker.client, case)

    def test_who_must_not_be_rung_is_not_promised_a_call(self, worker: Colleague) -> None:
        case = somebody(worker, Contact(ways=(NUMBER,), rules=Rules(phone="no")))
        assert "They must not be rung." in worker.client.get(reverse("case-call", args=[case.handle])).content.decode()
        page = call(worker.client, case, ring_back_on="+2d", agreed="on", note="News?")
        assert "They said that they must not be rung." in page
        assert not Task.objects.exists()
        assert not Event.objects.filter(kind="called").exists()

    def test_who_was_never_asked_is_asked_now(self, worker: Colleague) -> None:
        case = somebody(worker, Contact(ways=(NUMBER,)))
        assert "Ask whether ringing is safe this time" in call(worker.client, case, ring_back_on="+2d")
        call(worker.client, case, ring_back_on="+2d", agreed="on")
        assert Task.objects.exists()

    def test_a_note_on_safe_contact_is_read_first(self, worker: Colleague) -> None:
        contact = Contact(ways=(NUMBER,), rules=Rules(phone="yes"), safe_note="Not while he is at home")
        case = somebody(worker, contact)
        assert "read how they may be reached" in call(worker.client, case, ring_back_on="+2d")
        assert not Task.objects.exists()

    def test_who_must_hear_nothing_is_promised_nothing(self, worker: Colleague) -> None:
        contact = Contact(ways=(NUMBER,), rules=Rules(phone="yes"), never=(Never(kind="person", who="Karim Rahimi"),))
        case = somebody(worker, contact)
        page = call(worker.client, case, who="for_them", caller="Kareem Raheemi", told="on")
        assert "those who must hear nothing" in page
        assert not Event.objects.filter(kind="called").exists()
        assert "The call is logged." in call(worker.client, case, who="for_them", caller="Kareem Raheemi")

    def test_the_number_and_what_is_said_of_it_stand_before_the_promise(self, worker: Colleague) -> None:
        way = Way(kind="phone", value="01632 960188", rules=Rules(phone="yes", when="after 6"))
        case = somebody(worker, Contact(ways=(way,), code_word="Aldebaran"))
        page = worker.client.get(reverse("case-call", args=[case.handle])).content.decode()
        assert page.index("01632 960188") < page.index('name="ring_back_on"')
        assert "after 6" in page
        assert "Aldebaran" in page


class TestTasks:
    def test_one_is_written_down_changed_done_and_put_back(self, worker: Colleague, case: Case) -> None:
        browser = worker.client
        new = reverse("task-new", args=[case.handle])
        assert new in look(browser, case)
        fields = {"kind": "send", "what": "The consent form", "on": "+3d", "worker": ""}
        assert "due in Today" in followed(browser, browser.post(new, fields))
        task = Task.objects.get()
        change = reverse("task-change", args=[case.handle, task.handle])
        assert "The consent form" in browser.get(change).content.decode()
        fields = {"what": "Both consent forms", "on": "+5d", "worker": worker.member.handle.hex}
        page = followed(browser, browser.post(change, fields))
        assert "Both consent forms" in page
        done = reverse("task-done", args=[case.handle, task.handle])
        assert "Both consent forms" in browser.get(done).content.decode()
        page = followed(browser, browser.post(done, {"on": "today", "note": "By hand"}))
        assert "By hand" in page
        back = reverse("task-put-back", args=[case.handle, task.handle])
        assert back in page
        followed(browser, browser.post(back))
        assert Task.objects.get().done_on is None

    def test_a_call_that_was_promised_was_made(self, worker: Colleague) -> None:
        case = somebody(worker, Contact(ways=(NUMBER,), rules=Rules(phone="yes")))
        call(worker.client, case, ring_back_on="+2d")
        task = Task.objects.get()
        browser = worker.client
        followed(browser, browser.post(reverse("task-done", args=[case.handle, task.handle]), {"on": "today"}))
        assert Event.objects.latest("pk").kind == "rang_back"

    def test_a_day_that_is_past_is_refused_with_what_was_typed(self, worker: Colleague, case: Case) -> None:
        fields = {"kind": "send", "what": "The consent form", "on": "-1d", "worker": ""}
        page = worker.client.post(reverse("task-new", args=[case.handle]), fields).content.decode()
        assert "That day is past." in page
        assert "The consent form" in page

    def test_of_another_case_it_is_not_there(self, worker: Colleague, case: Case) -> None:
        other = builders.case(worker, builders.person(worker, "Tesfay Haile"), reference="IM/0002")
        worker.client.post(reverse("task-new", args=[other.handle]), {"kind": "send", "on": "+1d"})
        for name in ("task-change", "task-done", "task-put-back"):
            url = reverse(name, args=[case.handle, Task.objects.get().handle])
            assert worker.client.post(url, {"on": "today"}).status_code == 404


def test_what_is_one_key_away_on_a_case(worker: Colleague, case: Case) -> None:
    page = look(worker.client, case)
    for key, leads in (("l", "/call?from=case"), ("o", "log=told_person#log-event"), ("b", "#ring-back")):
        [link] = [line for line in page.split("<a ") if f'data-key="{key}"' in line]
        assert leads in link.replace("&amp;", "&")
    assert '<option value="told_person" selected>' in look(worker.client, case, log="told_person")


def test_a_closed_case_offers_none_of_it(worker: Colleague, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(state="closed")
    page = look(worker.client, case)
    assert 'data-key="l"' not in page
    assert reverse("task-new", args=[case.handle]) not in page


def test_nobody_is_named_in_an_address_a_title_or_a_task(worker: Colleague, case: Case) -> None:
    call(worker.client, case, who="for_them", caller="Wadad Quiet")
    assert Subject.objects.count() == 2
    page = worker.client.get(reverse("case-call", args=[case.handle])).content.decode()
    head = page[page.index("<title>") : page.index("</title>")]
    assert "محمد" not in head
    assert "IM/0214" not in head


def test_a_task_is_done_from_its_row_of_today_and_the_next_row_follows(worker: Colleague, case: Case) -> None:
    browser = worker.client
    fields = {"kind": "send", "what": "The form", "on": "today", "worker": ""}
    followed(browser, browser.post(reverse("task-new", args=[case.handle]), fields))
    done = reverse("task-done", args=[case.handle, Task.objects.get().handle])
    page = browser.get(reverse("today")).content.decode()
    [link] = [one for one in page.split("<a ") if 'data-own-key="d"' in one]
    address = link.split('"')[1].replace("&amp;", "&")
    assert address.startswith(f"{done}?queue=today&at=")
    form = browser.get(address).content.decode()
    [after] = [one.split('value="')[1].split('"')[0] for one in form.split("<input ") if 'name="next"' in one]
    answer = browser.post(address, {"on": "today", "note": "", "then": "next", "next": after.replace("&amp;", "&")})
    assert answer.headers["Location"].endswith("done=saved")
    assert Task.objects.get().done_on == today()


def test_a_row_says_of_its_own_case_that_they_were_told(worker: Colleague, case: Case) -> None:
    builders.event(worker, case, "answered", days_ago(9))
    page = worker.client.get(reverse("today")).content.decode()
    [told] = [one for one in page.split("<a ") if 'data-own-key="o"' in one]
    letter = builders.enquiry(case).handle.hex
    assert f"log=told_person&enquiry={letter}&queue=today" in told.replace("&amp;", "&")
    assert reverse("case", args=[case.handle]) in told
