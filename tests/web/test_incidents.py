"""A reply about somebody else: opened from the tray, worked through step by step, closed; nothing of it is repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.casework.models import Case
from safeconduct.post.actions.take_in import take_in
from safeconduct.post.models import Incident, IncidentStep, Message
from safeconduct.web.words import incidents as words
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import text
from tests.support.mails import WRITES, mail

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def message(place: Office, worker: Colleague, case: Case) -> Message:
    """A reply that says itself that it is about somebody else."""
    sent = mail(
        f"{WRITES['wrong_person']} Strangersword.", on=YESTERDAY, reference="IM/0214", subject="Strangerssubject"
    )
    (taken,) = take_in(by=worker.actor, team=place.team, files=[("1.eml", sent)]).new
    return taken


@pytest.fixture
def incident(worker: Colleague, message: Message) -> Incident:
    form = {"kind": "about_somebody_else", "case": "", "on": "today", "then": "stay"}
    worker.client.post(reverse("message-incident", args=[message.handle]), form)
    return Incident.objects.get()


def test_one_key_leads_to_it_and_the_message_leaves_the_tray(worker: Colleague, message: Message, case: Case) -> None:
    browser = worker.client
    page = browser.get(reverse("message", args=[message.handle])).content.decode()
    first = page.split('id="h-file"')[1].split("<button", 2)[1]
    assert 'value="incident"' in first
    assert "data-default" in first
    sent = browser.post(reverse("message", args=[message.handle]), {"do": "incident"})
    assert sent["Location"] == reverse("message-incident", args=[message.handle])
    asked = text(browser.get(sent["Location"]).content)
    assert "IM/0214" in asked
    assert "the breach is the sender's" in asked
    form = {"kind": "about_somebody_else", "case": case.handle.hex, "on": "today", "then": "next"}
    done = browser.post(sent["Location"], form, follow=True).content.decode()
    assert "An incident was opened" in done
    assert "The tray is empty" in done
    message.refresh_from_db()
    assert message.state == Message.State.ASIDE
    assert Incident.objects.get().case == case
    again = browser.post(sent["Location"], form)
    assert again.status_code == 409


def test_steps_are_explained_noted_and_closed(worker: Colleague, incident: Incident) -> None:
    browser, here = worker.client, reverse("incident", args=[incident.handle])
    page = text(browser.get(here).content)
    assert "Strangers" not in page
    for said in ("The breach is theirs", "Information Commissioner", "within 72 hours"):
        assert said in page
    assert "Close the incident" not in page
    refused = browser.post(here, {"do": "close"})
    assert "Some steps are not done yet." in text(refused.content)
    future = browser.post(here, {"do": "set_apart", "on": (today() + timedelta(days=3)).isoformat()})
    assert "That day has not come yet" in text(future.content) or "future" in text(future.content)
    wrong = browser.post(here, {"do": "set_apart", "on": "soonish"}).content.decode()
    assert 'value="soonish"' in wrong
    assert wrong.count("Error:") >= 2
    assert not IncidentStep.objects.exists()
    codes = ("set_apart", "tell_lead", "tell_sender", "destroy_copies", "ask_for_ours", "consider_complaint")
    for code in codes:
        assert browser.post(here, {"do": code, "on": "today"}).status_code == 302
    assert browser.post(here, {"do": "no_such_step", "on": "today"}).status_code == 200
    ready = browser.get(here).content.decode()
    assert "Close the incident" in ready
    assert worker.member.name in ready
    browser.post(here, {"do": "close"})
    incident.refresh_from_db()
    assert incident.closed_on == today()
    assert "Closed on" in browser.get(here).content.decode()


def test_the_list_says_what_comes_next_and_names_nobody(place: Office, worker: Colleague, incident: Incident) -> None:
    browser = worker.client
    page = browser.get(reverse("incidents")).content.decode()
    assert "0 of 6 steps done" in page
    assert "Next: Set it apart" in page
    assert "Strangers" not in page
    assert "Incidents" in browser.get(reverse("tray")).content.decode()
    neighbour = builders.member(place, "Nona Neighbour", team=builders.team(place)).client
    assert reverse("incident", args=[incident.handle]) not in neighbour.get(reverse("incidents")).content.decode()
    assert neighbour.get(reverse("incident", args=[incident.handle])).status_code == 404
    assert neighbour.post(reverse("incident", args=[incident.handle]), {"do": "close"}).status_code == 404


def test_the_message_says_that_it_is_an_incident_and_is_not_put_back(worker: Colleague, incident: Incident) -> None:
    assert incident.message is not None
    page = worker.client.get(reverse("message", args=[incident.message.handle])).content.decode()
    assert reverse("incident", args=[incident.handle]) in page
    assert "Back to the tray" not in page
    back = reverse("message-back", args=[incident.message.handle])
    assert worker.client.post(back).status_code == 409
    incident.message.refresh_from_db()
    assert incident.message.state == "aside"
    Incident.objects.update(closed_on=today())
    assert "Back to the tray" in worker.client.get(reverse("message", args=[incident.message.handle])).content.decode()
    assert worker.client.post(back).status_code == 302


def test_every_step_and_kind_has_words() -> None:
    steps = {code for code, _label in IncidentStep._meta.get_field("step").flatchoices}
    assert set(words.STEPS) == set(words.HOW) == steps
    assert set(words.KINDS) == set(Incident.Kind.values)
    assert all(words.how(kind, step).strip() for kind in Incident.Kind.values for step in steps)
