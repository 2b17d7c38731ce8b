"""Acts on a case besides logging: taking an entry back, limits of the law, closing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import deadlines
from safeconduct.casework.models import Case, Deadline, Event
from safeconduct.web.words import dates
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import days_ago, followed, look, text

pytestmark = pytest.mark.django_db


class TestTakingBack:
    def test_it_is_struck_out_with_its_reason(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "answered", days_ago(2))
        browser = worker.client
        url = reverse("event-correct", args=[case.handle, wrong.handle])
        assert url in look(browser, case)
        asked = text(browser.get(url).content.decode())
        assert f"Answered, {dates.full(days_ago(2))}." in asked
        page = followed(browser, browser.post(url, {"note": "It was a holding reply"}))
        assert "The entry was taken back." in page
        struck = page[page.index('<li class="corrected"') :].split("</li>")[0]
        assert "Answered" in struck
        assert "Taken back by Lowri Worker" in struck
        assert "It was a holding reply" in struck
        assert url not in page
        assert Item.objects.get(case=case.handle).kind == "reply_due"

    def test_twice_is_told(self, worker: Colleague, case: Case) -> None:
        wrong = builders.event(worker, case, "answered", days_ago(2))
        url = reverse("event-correct", args=[case.handle, wrong.handle])
        worker.client.post(url, {"note": ""})
        assert "was corrected already" in worker.client.post(url, {"note": "again"}).content.decode()

    def test_another_cases_event_is_not_there(self, worker: Colleague, case: Case) -> None:
        other = builders.case(worker, builders.person(worker), sent_on=days_ago(3))
        wrong = Event.objects.get(case=other, kind="sent")
        url = reverse("event-correct", args=[case.handle, wrong.handle])
        assert worker.client.post(url, {"note": ""}).status_code == 404
        assert not Event.objects.filter(kind="corrected").exists()


class TestLimits:
    def test_one_is_added_counted_and_explained(self, worker: Colleague, case: Case) -> None:
        browser, url = worker.client, reverse("deadline-new", args=[case.handle])
        form = browser.get(url).content.decode()
        assert '<optgroup label="Appeals and reviews">' in form
        assert "counts from the day the decision was sent" in form
        answer = browser.post(url, {"rule": "ftt.iac.appeal.in", "on": "-3d", "nation": "england-and-wales"})
        page = followed(browser, answer)
        said = text(page)
        deadline = Deadline.objects.get(case=case)
        row = Item.objects.get(handle=deadline.handle)
        assert "The time limit was added." in said
        assert f"from inside the United Kingdom: act by {dates.full(row.day)}" in said
        assert "Check with the solicitor: this office gives no legal advice." in said
        assert f"Sent {dates.full(days_ago(3))} (day 0). 14 days, weekends included." in said

    def test_it_is_done_when_somebody_says_so(self, worker: Colleague, case: Case) -> None:
        deadline = deadlines.set_deadline(
            by=worker.actor, case=case, rule="ast.appeal", on=days_ago(1), nation="england-and-wales"
        )
        browser, url = worker.client, reverse("deadline-met", args=[case.handle, deadline.handle])
        assert url in look(browser, case)
        assert "Asylum Support Tribunal" in browser.get(url).content.decode()
        assert "That day has not come yet." in browser.post(url, {"on": "tomorrow"}).content.decode()
        said = text(followed(browser, browser.post(url, {"on": "today"})))
        assert f"Done on {dates.full(today())}" in said
        assert not Item.objects.filter(handle=deadline.handle).exists()

    def test_one_that_counts_from_a_wrong_day_is_taken_away(self, worker: Colleague, case: Case) -> None:
        deadline = deadlines.set_deadline(
            by=worker.actor, case=case, rule="ast.appeal", on=days_ago(1), nation="england-and-wales"
        )
        decided = builders.event(worker, case, "decided", days_ago(1))
        wrong = worker.client.get(reverse("event-correct", args=[case.handle, decided.handle]))
        assert "take away what counts from a wrong day" in wrong.content.decode()
        url = reverse("deadline-met", args=[case.handle, deadline.handle])
        answer = worker.client.post(url, {"on": "today", "mistake": "on"})
        assert "The time limit was taken away." in text(followed(worker.client, answer))
        assert not Deadline.objects.filter(case=case).exists()

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"rule": "", "on": "-3d"}, "Choose which limit runs."),
            ({"rule": "ho.mp.written", "on": "-3d"}, "Select a valid choice."),
            ({"rule": "ast.appeal", "on": "tomorrow"}, "That day has not come yet."),
            ({"rule": "moveon.42", "on": "1 mar 2026"}, "moveon.42 is known from 9 March 2026"),
            ({"rule": "ast.appeal", "on": "-3d", "letter_on": "-2d"}, "has one clock only"),
        ],
    )
    def test_what_cannot_be_counted_says_why(
        self, worker: Colleague, case: Case, fields: dict[str, str], problem: str
    ) -> None:
        answer = worker.client.post(
            reverse("deadline-new", args=[case.handle]), {"nation": "england-and-wales", **fields}
        )
        assert problem in answer.content.decode()
        assert not Deadline.objects.exists()

    def test_an_ending_is_no_act_and_tells_nobody_to_act(self, worker: Colleague, case: Case) -> None:
        deadlines.set_deadline(by=worker.actor, case=case, rule="neg.21", on=days_ago(1), nation="england-and-wales")
        page = look(worker.client, case)
        [block] = [part for part in page.split('<div class="clock') if "21 days" in part and "<h3>" in part]
        assert "act by" not in block.split("</div>")[0].lower()
        assert "Nothing done by then changes it." in block


class TestClosing:
    def test_closing_empties_the_agenda_and_opening_fills_it(self, worker: Colleague, case: Case) -> None:
        browser, url = worker.client, reverse("case-close", args=[case.handle])
        assert "Close the case" in browser.get(url).content.decode()
        page = followed(browser, browser.post(url, {"outcome": "got_it", "on": "today", "review_on": "+400d"}))
        assert "Nothing of it is due any more." in page
        assert "Open it again" in page
        assert 'id="log-event"' not in page
        assert not Item.objects.filter(case=case.handle).exists()
        url = reverse("case-reopen", args=[case.handle])
        assert "Open the case again" in browser.get(url).content.decode()
        followed(browser, browser.post(url, {"why": "They wrote again"}))
        assert Item.objects.filter(case=case.handle).exists()

    def test_it_is_offered_once_nothing_runs(self, worker: Colleague, case: Case) -> None:
        builders.event(worker, case, "answered", days_ago(2))
        assert "Nothing is running." not in look(worker.client, case)
        builders.event(worker, case, "told_person", days_ago(1))
        assert "Nothing is running." in look(worker.client, case)
