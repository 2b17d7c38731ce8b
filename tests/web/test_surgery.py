"""A surgery: what is set once, a sheet for each, and who was seen that day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.casework import queries
from safeconduct.casework.models import Case, Event, Task
from safeconduct.people import queries as people
from safeconduct.people.actions import change_contact
from safeconduct.people.facets import CaseHead, Contact, Rules
from safeconduct.people.models import Envelope, Subject
from safeconduct.web.cookies import SURGERY as COOKIE
from tests import builders
from tests.attacks import dumps
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, followed, text

pytestmark = pytest.mark.django_db
PLACE = "The Octagon hall"


def begun(by: Colleague, **typed: str) -> Client:
    """A browser in which a surgery was set."""
    browser = by.client
    form = {
        "team": by.actor.teams[0].handle.hex,
        "on": "today",
        "place": PLACE,
        "kind": "asylum",
        "route": "ho_mp",
        "worker": by.member.handle.hex,
        **typed,
    }
    answer = browser.post(reverse("surgery"), form)
    assert answer.status_code == 302, answer.content.decode()
    return browser


def fill(browser: Client, **typed: str) -> str:
    """The page after a sheet was sent."""
    form = {
        "who": "",
        "name": "Zehra Testname",
        "asks": "When is the interview?\nWho pays the rent?",
        "kind": "asylum",
        "route": "ho_mp",
        "constituent": "yes",
        "authority": "seen",
        "agrees": "yes",
        "interpreter": "tr",
        **typed,
    }
    answer = browser.post(reverse("surgery-next"), form)
    return followed(browser, answer) if answer.status_code == 302 else answer.content.decode()


def note_of(by: Colleague, event: Event) -> str:
    return queries.open_case_record(by=by.actor, case=event.case).notes.get(event.handle, "")


class TestSetting:
    def test_the_place_is_kept_sealed_in_the_browser_and_in_no_column(self, worker: Colleague) -> None:
        browser = begun(worker)
        assert "Octagon" not in str(dumps.dump())
        assert "Octagon" not in browser.cookies[COOKIE].value
        page = browser.get(reverse("surgery-next")).content.decode()
        assert PLACE in page
        assert "Octagon" not in page[: page.index("<body")]

    def test_a_sheet_without_a_setting_asks_for_it(self, worker: Colleague) -> None:
        assert worker.client.get(reverse("surgery-next"))["Location"] == reverse("surgery")

    def test_what_another_member_set_does_not_open(self, place: Office, worker: Colleague) -> None:
        theirs = begun(worker).cookies[COOKIE].value
        other = builders.member(place, "Mair Other").client
        other.cookies[COOKIE] = theirs
        assert other.get(reverse("surgery-next"))["Location"] == reverse("surgery")

    @pytest.mark.parametrize("value", ["", "nonsense", "a.b.c", "%s.AAAA"])
    def test_a_made_up_setting_asks_again(self, worker: Colleague, value: str) -> None:
        browser = worker.client
        browser.cookies[COOKIE] = value.replace("%s", worker.actor.teams[0].handle.hex)
        assert browser.get(reverse("surgery-next"))["Location"] == reverse("surgery")

    def test_a_day_to_come_is_refused(self, worker: Colleague) -> None:
        answer = worker.client.post(reverse("surgery"), {"on": "tomorrow", "team": "", "place": PLACE})
        assert "That day has not come yet." in answer.content.decode()
        assert PLACE in answer.content.decode()

    def test_when_it_is_over_the_browser_forgets(self, worker: Colleague) -> None:
        browser = begun(worker)
        answer = browser.post(reverse("surgery-end"))
        assert answer["Location"].startswith(reverse("surgery-list"))
        assert browser.cookies[COOKIE].value == ""


class TestSheets:
    def test_somebody_new_has_a_case_and_was_seen(self, worker: Colleague) -> None:
        page = fill(begun(worker))
        assert "Saved. The next person." in page
        assert 'value="Zehra Testname"' not in page
        case = Case.objects.get()
        assert list(case.events.order_by("id").values_list("kind", flat=True)) == ["came_in", "seen"]
        note = note_of(worker, Event.objects.get(kind="seen"))
        assert "Who pays the rent?" in note
        assert PLACE in note
        head: CaseHead = queries.open_case_record(by=worker.actor, case=case).head.content
        assert next(iter(head.enquiries.values())).questions == ("When is the interview?", "Who pays the rent?")
        assert head.intake.authorities[0].seen
        assert (head.intake.agrees, head.intake.agreed_on) == ("yes", Event.objects.get(kind="seen").on)
        assert not any(b"Octagon" in bytes(row.body) for row in Envelope.objects.all())

    def test_they_stand_in_the_list_of_the_day(self, worker: Colleague) -> None:
        browser = begun(worker)
        fill(browser)
        page = fill(browser, name="Hagos Mehari")
        said = text(page[page.index('id="h-seen"') :])
        assert said.index("Zehra T.") < said.index("Hagos M.")
        printed = browser.get(reverse("surgery-list"), {"on": today().isoformat()}).content.decode()
        assert "Zehra T." in printed
        assert "Zehra Testname" not in printed
        assert "Zehra" not in browser.get(reverse("surgery-list"), {"on": "-1d"}).content.decode()

    def test_a_promise_is_due_on_its_day(self, worker: Colleague) -> None:
        fill(begun(worker), promised="send", promised_what="The form", promised_by="+3d")
        task = Task.objects.get()
        assert (task.kind, task.on) == ("send", today() + timedelta(days=3))

    def test_a_call_that_was_promised_is_logged_as_promised(self, worker: Colleague) -> None:
        fill(begun(worker), promised="ring_back", promised_what="News", promised_by="+3d")
        assert Event.objects.filter(kind="will_ring_back", until=today() + timedelta(days=3)).exists()

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            ({"asks": ""}, "Write what they ask"),
            ({"kind": ""}, "Choose the kind that is nearest."),
            ({"promised": "send"}, "Give the day by which it was promised"),
            ({"promised_by": "+3d"}, "Choose what was promised"),
            ({"promised": "send", "promised_by": "-1d"}, "That day is past."),
            (
                {"promised": "ring_back", "promised_by": "+1d", "phone": "01632 960102", "may_ring": "no"},
                "They said that they must not be rung.",
            ),
        ],
    )
    def test_what_is_wrong_is_told_and_the_rest_kept(
        self, worker: Colleague, typed: dict[str, str], problem: str
    ) -> None:
        page = fill(begun(worker), safe_note="Text before six", **typed)
        assert problem in page
        assert "Text before six" in page
        assert not Subject.objects.exists()


class TestSomebodyHere:
    def test_a_search_offers_their_cases_and_keeps_what_was_typed(self, worker: Colleague, case: Case) -> None:
        browser = begun(worker)
        form = {"find": "1", "name": "raheemi", "asks": "Half written", "kind": "family", "route": "ho_mp"}
        page = browser.post(reverse("surgery-next"), form).content.decode()
        assert f'value="case:{case.handle.hex}"' in page
        assert "Half written" in page
        assert not Event.objects.filter(kind="seen").exists()

    def test_a_search_that_finds_nobody_says_so(self, worker: Colleague) -> None:
        answer = begun(worker).post(reverse("surgery-next"), {"find": "1", "name": "Nobody Known"})
        assert "Nobody like that is on record" in answer.content.decode()

    def test_they_are_seen_on_their_case(self, worker: Colleague, case: Case) -> None:
        page = fill(begun(worker), name="محمد رحیمی", who=f"case:{case.handle.hex}", kind="", route="")
        assert "Saved. The next person." in page
        assert Event.objects.get(kind="seen").case == case
        assert Case.objects.count() == 1
        head: CaseHead = queries.open_case_record(by=worker.actor, case=case).head.content
        assert head.intake.constituent == "yes"

    def test_who_is_alike_is_offered_before_anything_is_saved(self, worker: Colleague, case: Case) -> None:
        page = fill(begun(worker), name="محمد رحیمی", safe_note="Text before six")
        assert "Somebody like them is here already" in page
        assert f'value="case:{case.handle.hex}"' in page
        assert "Text before six" in page
        assert not Event.objects.filter(kind="seen").exists()

    def test_a_new_case_for_somebody_here(self, worker: Colleague, case: Case) -> None:
        person = Subject.objects.get(kind="person")
        fill(begun(worker), name="محمد رحیمی", who=f"person:{person.handle.hex}")
        assert len(builders.cases_of(worker, person)) == 2

    def test_a_settled_intake_stays_where_it_was_not_asked(self, worker: Colleague, case: Case) -> None:
        browser = begun(worker)
        fill(browser, name="محمد رحیمی", who=f"case:{case.handle.hex}")
        fill(browser, name="محمد رحیمی", who=f"case:{case.handle.hex}", constituent="", authority="", interpreter="")
        intake = queries.open_case_record(by=worker.actor, case=case).head.content.intake
        assert (intake.constituent, len(intake.authorities), intake.interpreter) == ("yes", 1, "tr")

    def test_who_must_not_be_rung_is_promised_no_call(self, worker: Colleague, case: Case) -> None:
        person = Subject.objects.get(kind="person")
        record = people.open_person(by=worker.actor, person=person)
        ruled = Contact(rules=Rules(phone="no"))
        change_contact(by=worker.actor, person=person, contact=ruled, read=record.contact.revision)
        for who in (f"case:{case.handle.hex}", f"person:{person.handle.hex}"):
            page = fill(
                begun(worker), name="محمد رحیمی", who=who, promised="ring_back", promised_what="", promised_by="+1d"
            )
            assert "They said that they must not be rung." in page
        assert not Event.objects.filter(kind="seen").exists()

    def test_a_case_of_another_team_is_not_there(self, place: Office, worker: Colleague, case: Case) -> None:
        other = builders.member(place, "Mair Other", team=builders.team(place))
        page = fill(begun(other), who=f"case:{case.handle.hex}", asks="Kept as typed")
        assert "There is a problem" in page
        assert "Kept as typed" in page
        assert not Event.objects.filter(kind="seen").exists()


def test_an_empty_sheet_asks_what_the_desk_asks_and_names_nobody(worker: Colleague, case: Case) -> None:
    page = text(worker.client.get(reverse("surgery-blank")).content)
    for asked in ("Name, as they give it", "Safe contact", "Authority to act", "What they ask", "By when"):
        assert asked in page
    assert "IM/0214" not in page


def test_an_earlier_day_is_kept_with_each_entry(worker: Colleague) -> None:
    fill(begun(worker, on="-2d"))
    assert set(Event.objects.values_list("on", flat=True)) == {days_ago(2)}


def test_nobody_need_work_on_the_cases_yet(worker: Colleague) -> None:
    fill(begun(worker, worker=""))
    assert Case.objects.get().worker is None
