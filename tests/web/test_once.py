"""A form sent twice is taken once: by two clicks, at one moment, and the same typed in two tabs."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.actions import members
from safeconduct.casework.actions import tasks
from safeconduct.casework.models import Case, Event, Task
from safeconduct.people.models import Subject
from safeconduct.web import held, once
from tests import builders
from tests.builders import Colleague

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker() -> Colleague:
    return builders.member(builders.office())


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(worker, builders.person(worker))


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    once._forms.clear()
    once._said.clear()


def number_on(browser: Client, address: str) -> str:
    """The number of the page's last form, which is the one somebody fills in."""
    return re.findall(r'name="once" value="([^"]+)"', browser.get(address).content.decode())[-1]


def task(**more: str) -> dict[str, str]:
    return {"kind": "other", "on": "tomorrow", "what": "Ring the school", **more}


def test_two_clicks_are_one_task_and_both_lead_to_it(worker: Colleague, case: Case) -> None:
    browser, address = worker.client, reverse("task-new", args=[case.handle])
    sent = task(once=number_on(browser, address))
    first, second = browser.post(address, sent), browser.post(address, sent)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert first.status_code == 302
    assert Task.objects.count() == 1
    # Something else typed into the same page, as after going back, is another form.
    assert browser.post(address, {**sent, "what": "Write to the school"}).status_code == 302
    assert Task.objects.count() == 2


@pytest.mark.parametrize("name", ["case", "decision-new", "case-new", "person-new"])
def test_two_clicks_make_one_of_whatever_it_is(worker: Colleague, case: Case, name: str) -> None:
    browser, person = worker.client, builders.person(worker, "Dilovan Barzani")
    about = {"case-new": [person.handle], "person-new": []}.get(name, [case.handle])
    address = reverse(name, args=about)
    counts = {f"{part}-{kind}_FORMS": "0" for part in ("births", "ways", "references", "nationalities")
              for kind in ("TOTAL", "INITIAL")}  # fmt: skip
    team = worker.actor.teams[0].handle.hex
    sent: dict[str, Any] = {
        "case": {"kind": "phoned", "on": "today", "note": "Nobody there"},
        "decision-new": {"decision": "asylum_refused", "how": "post", "sent_on": "-3d", "where": "england-and-wales"},
        "case-new": {"kind": "asylum", "came_in_on": "today", "route": "ho_mp"},
        "person-new": {
            **counts, "names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "names-0-text": "Quillfeather Marsh",
            "team": team, "safe_note": "",
        },
    }[name]  # fmt: skip
    sent["once"] = number_on(browser, address)
    answers = [browser.post(address, sent) for _ in range(2)]
    if name == "decision-new":
        shown = answers[0].content.decode()
        sent["counted"] = re.search(r'name="counted" value="([^"]+)"', shown)[1]  # type: ignore[index]  # it is there
        sent["once"] = re.findall(r'name="once" value="([^"]+)"', shown)[-1]
        answers = [browser.post(address, sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    made = {
        "case": Event.objects.filter(kind="phoned"),
        "decision-new": Event.objects.filter(kind="decided"),
        "case-new": Case.objects.exclude(pk=case.pk),
        "person-new": Subject.objects.filter(kind="person").exclude(pk__lte=person.pk),
    }[name]
    assert made.count() == 1


def test_two_at_one_moment_are_one_and_the_second_waits_for_the_first(
    worker: Colleague, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, address = worker.client, reverse("task-new", args=[case.handle])
    sent = task(once=number_on(browser, address))
    inside, go_on, real = threading.Event(), threading.Event(), tasks.add_task

    def slowly(**named: Any) -> Task:
        inside.set()
        go_on.wait(60)
        return real(**named)

    monkeypatch.setattr(tasks, "add_task", slowly)

    def post() -> tuple[int, str]:
        try:
            answer = browser.post(address, sent)
            return answer.status_code, answer.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        first = both.submit(post)
        inside.wait(60)
        second = both.submit(post)
        while not any(one.waiting for one in once._forms.values()):
            pass
        go_on.set()
        assert first.result() == second.result()
    assert Task.objects.count() == 1


def test_who_clicked_twice_sees_the_page_that_is_shown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two clicks a browser shows the second answer: a first passphrase in the first one would be lost."""
    place = builders.office()
    browser, address = place.guardian.client, reverse("member-new")
    sent = {"name": "New Worker", "sign_in": "new", "role": "caseworker", "teams": [place.team.handle.hex]}
    sent["once"] = number_on(browser, address)
    inside, go_on, real = threading.Event(), threading.Event(), members.add_member

    def slowly(**named: Any) -> members.Added:
        inside.set()
        go_on.wait(60)
        return real(**named)

    monkeypatch.setattr(members, "add_member", slowly)

    def post() -> list[str]:
        try:
            return re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){4}\b", browser.post(address, sent).content.decode())[:1]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        first = both.submit(post)
        inside.wait(60)
        second = both.submit(post)
        while not any(one.waiting for one in once._forms.values()):
            pass
        go_on.set()
        assert len(first.result()) == 1
        assert first.result() == second.result()
    assert all(one.page is None for one in once._forms.values())


def test_who_waits_too_long_is_told_to_look_first(
    worker: Colleague, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, address = worker.client, reverse("task-new", args=[case.handle])
    monkeypatch.setattr(once, "WAIT_SECONDS", 0)
    monkeypatch.setattr(once, "settle", lambda *_: None)  # the first never ends
    sent = task(once=number_on(browser, address))
    assert browser.post(address, sent).status_code == 302
    told = browser.post(address, sent)
    assert told.status_code == 409
    assert "It is still being saved" in told.content.decode()
    assert held.FIELD in told.content.decode()


def test_the_same_from_another_tab_is_asked_about_and_kept_for_a_second_time(worker: Colleague, case: Case) -> None:
    browser, address = worker.client, reverse("task-new", args=[case.handle])
    one, other = number_on(browser, address), number_on(browser, address)
    assert one != other
    made = browser.post(address, task(once=one))
    told = browser.post(address, task(once=other))
    page = told.content.decode()
    assert told.status_code == 409
    assert "You sent just this a moment ago" in page
    assert f'href="{made["Location"]}"'.replace("&", "&amp;") in page
    assert Task.objects.count() == 1
    form = rf'action="([^"]+{once.AGAIN}=1)".*?name="{held.FIELD}" value="([^"]+)"'
    [(action, sealed)] = re.findall(form, page, re.DOTALL)
    for _ in range(2):  # and that is taken once as well
        assert browser.post(action, {held.FIELD: sealed}).status_code == 302
    assert Task.objects.count() == 2


def test_a_form_with_a_mistake_comes_back_each_time(worker: Colleague, case: Case) -> None:
    browser, address = worker.client, reverse("task-new", args=[case.handle])
    sent = task(once=number_on(browser, address), on="no day")
    assert [browser.post(address, sent).status_code for _ in range(2)] == [200, 200]
    assert browser.post(address, {**sent, "on": "tomorrow"}).status_code == 302


def test_it_is_bounded_and_forgotten_and_says_nothing_of_what_was_sent(
    worker: Colleague, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "MOST", 2)
    browser, address = worker.client, reverse("task-new", args=[case.handle])
    for at in range(5):
        browser.post(address, task(once=f"number-{at}", what=f"Thing {at}"))
    assert len(once._forms) <= 3
    assert all(len(key) == 32 for key in (*once._forms, *once._said))
    monkeypatch.setattr(once, "KEPT_SECONDS", -1)
    assert browser.post(address, task(once="number-4", what="Thing 4")).status_code == 302
    assert Task.objects.count() == 6


def test_nobody_outside_gets_a_number() -> None:
    builders.office()
    assert 'name="once"' not in Client().get(reverse("sign-in")).content.decode()
