"""The tray: putting mail in, the list, its filters, and what may not be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Membership
from safeconduct.casework.models import Case
from safeconduct.journal.models import Act, Entry
from safeconduct.post.models import Message
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import text
from tests.support.mails import WRITES, mail

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)


def files(*mails: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{at}.eml", one, "message/rfc822") for at, one in enumerate(mails)]


def put(browser: Client, office: Office, *mails: bytes) -> str:
    """Put mail in by the page's own form, and return the page it leads to."""
    form = {"team": office.team.handle.hex, "file": files(*mails)}
    return browser.post(reverse("tray"), form, follow=True).content.decode()


def test_mail_is_put_in_listed_oldest_first_and_counted(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    newer = mail(WRITES["holding"], on=YESTERDAY, subject="The newer one", reference="IM/0214", number=1)
    older = mail(WRITES["decided"], on=YESTERDAY - timedelta(days=3), subject="The older one", number=2)
    said = text(put(browser, place, newer, older))
    assert "2 messages were put in the tray." in said
    assert said.index("The older one") < said.index("The newer one")
    assert "2 wait, the oldest first" in said
    assert "IM/0214" in said
    assert "They will reply later" in said
    assert "No case proposed" in said
    assert "data-tray-count>2<" in browser.get(reverse("people")).content.decode()
    again = text(put(browser, place, older))
    assert "1 was here already." in again


def test_a_page_of_the_tray_is_one_entry_in_the_log(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    put(browser, place, *(mail(WRITES["holding"], on=YESTERDAY, subject=f"n {at}", number=at) for at in range(5)))
    before = Entry.objects.filter(act=Act.LISTED).count()
    browser.get(reverse("tray"))
    assert Entry.objects.filter(act=Act.LISTED).count() - before <= 2  # the messages, and whom their cases concern
    assert not Entry.objects.filter(act=Act.OPENED_MESSAGE).exists()


def test_what_is_no_mail_is_told_by_its_place(place: Office, worker: Colleague) -> None:
    browser = worker.client
    one = mail(WRITES["holding"], on=YESTERDAY)
    sent = [*files(one), SimpleUploadedFile("Fatima Invented.pdf", b"%PDF-1.4")]
    said = browser.post(reverse("tray"), {"team": place.team.handle.hex, "file": sent}).content.decode()
    assert "1 message was put in the tray." in text(said)
    assert "File 2: It is no mail." in text(said)
    assert "Fatima Invented" not in said


def test_files_dropped_on_a_page_are_answered_in_short(place: Office, worker: Colleague) -> None:
    form = {"team": place.team.handle.hex, "file": [*files(mail(WRITES["holding"], on=YESTERDAY)), *files(b"no")]}
    answer = worker.client.post(reverse("tray"), form, headers={"accept": "application/json"})
    assert answer.json()["said"] == "1 message was put in the tray."
    assert answer.json()["waiting"] == 1
    assert [line.partition(":")[0] for line in answer.json()["refused"]] == ["File 2"]
    empty = worker.client.post(reverse("tray"), {"team": form["team"]}, headers={"accept": "application/json"})
    assert empty.json()["refused"] == ["Choose the mail to put in the tray."]


def test_filters_are_open_facts_and_the_list_says_what_they_hold(place: Office, worker: Colleague) -> None:
    browser = worker.client
    put(browser, place, mail(WRITES["holding"], on=YESTERDAY, subject="Kept here"))
    message = Message.objects.get()
    browser.post(reverse("message-aside", args=[message.handle]))
    assert "The tray is empty" in browser.get(reverse("tray")).content.decode()
    aside = browser.get(reverse("tray"), {"state": "aside"}).content.decode()
    assert "Kept here" in aside
    assert "Set aside" in aside
    assert "No message fits" in browser.get(reverse("tray"), {"state": "filed"}).content.decode()
    assert browser.get(reverse("tray"), {"state": "nonsense", "team": "x"}).status_code == 200


def test_another_team_sees_nothing_of_it(place: Office, worker: Colleague) -> None:
    put(worker.client, place, mail(WRITES["holding"], on=YESTERDAY, subject="Wordofthisteam"))
    neighbour = builders.member(place, "Nona Neighbour", team=builders.team(place))
    browser = neighbour.client
    assert "Wordofthisteam" not in browser.get(reverse("tray")).content.decode()
    message = Message.objects.get()
    unknown = builders.other_office().team.handle
    for name in ("message", "message-html"):
        assert browser.get(reverse(name, args=[message.handle])).status_code == 404
        assert browser.get(reverse(name, args=[unknown])).status_code == 404
    for name in ("message-aside", "message-back"):
        assert browser.post(reverse(name, args=[message.handle])).status_code == 404
    message.refresh_from_db()
    assert message.state == Message.State.WAITING


def test_whoever_is_in_no_team_is_told(place: Office) -> None:
    nobody = builders.member(place, "Newt Nobody")
    Membership.objects.filter(member=nobody.member).delete()
    answer = nobody.client.get(reverse("tray"))
    assert answer.status_code == 403
    assert "You are in no team yet" in answer.content.decode()
