"""One message: what its page shows, filing it, setting it aside, putting it back, and finding its case."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import cases
from safeconduct.casework.actions.closing import close_case
from safeconduct.casework.models import Case, Event
from safeconduct.journal.models import Act, Entry
from safeconduct.post import labels
from safeconduct.post.actions.take_in import take_in
from safeconduct.post.models import Message
from safeconduct.post.reading.letter import Fault, Unread
from safeconduct.web.words import mail as words
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, text
from tests.support.mails import WRITES, mail

pytestmark = pytest.mark.django_db

YESTERDAY = today() - timedelta(days=1)
HTML = "<p>Shown <b>as it looked</b></p><script>alert(1)</script><img src='https://tracker.example/x.gif'>"


def taken(by: Colleague, place: Office, *mails: bytes) -> list[Message]:
    """Messages in the tray."""
    named = [(f"{at}.eml", one) for at, one in enumerate(mails)]
    return list(take_in(by=by.actor, team=place.team, files=named).new)


def look(browser: Client, message: Message, **query: str) -> str:
    answer = browser.get(reverse("message", args=[message.handle]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def chosen(page: str) -> dict[str, object]:
    """What a browser would send: the fields of the form as they are filled in."""
    out: dict[str, object] = {"promises-TOTAL_FORMS": "0", "promises-INITIAL_FORMS": "0", "do": "file"}
    for tag in re.findall(r"<input[^>]+>", page.split('id="h-file"')[1]):
        attributes = dict(re.findall(r'([a-zA-Z-]+)="([^"]*)"', tag))
        name, kind = attributes.get("name", ""), attributes.get("type", "")
        if kind in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if kind == "checkbox" and not name.endswith("DELETE"):
            out[name] = [*out.get(name, ()), attributes["value"]]  # type: ignore[misc]  # a list so far
        elif name and name != "csrfmiddlewaretoken":
            out[name] = attributes.get("value", "")
    return out


def send(browser: Client, message: Message, **changed: object) -> HttpResponse:
    """Send the form as it is proposed, with these fields changed."""
    form = chosen(look(browser, message)) | changed
    answer = browser.post(reverse("message", args=[message.handle]), form)
    assert isinstance(answer, HttpResponse)
    return answer


def test_what_is_proposed_is_filed_and_the_next_one_opens(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    first, second = taken(
        worker,
        place,
        mail(WRITES["no_timeframe"], on=YESTERDAY, reference="IM/0214", subject="One", number=1),
        mail(WRITES["holding"], on=YESTERDAY, subject="Two", number=2),
    )
    answer = send(browser, first)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("message", args=[second.handle]))
    first.refresh_from_db()
    assert (first.state, first.case) == (Message.State.FILED, case)
    event = Event.objects.get(pk=first.event_id)
    assert (event.kind, event.shape, event.on) == ("holding_reply", "no_timeframe", YESTERDAY)
    assert event.enquiry == builders.enquiry(case)
    after = browser.get(answer["Location"]).content.decode()
    assert "Filed." in after
    assert reverse("message", args=[first.handle]) in after
    assert "Filed: Holding reply: in progress, no timeframe" in text(look(browser, first))
    timeline = browser.get(reverse("case", args=[case.handle])).content.decode()
    assert f'href="{reverse("message", args=[first.handle])}"' in timeline


def test_what_was_changed_is_what_is_filed(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    says = f"{WRITES['holding']} We will write to you within 8 weeks."
    (message,) = taken(worker, place, mail(says, on=YESTERDAY, reference="IM/0214"))
    page = look(browser, message)
    until = YESTERDAY + timedelta(weeks=8)
    assert f'value="{until:%d/%m/%Y}"' in page
    assert "1 promise becomes due." in page
    send(
        browser,
        message,
        said=["transferred", "consent_required"],
        on=days_ago(2).isoformat(),
        unit="Sheffield",
        reference="MPAM/0123456/26",
        note="The second page is missing",
    )
    record = casework.open_case_record(by=worker.actor, case=case)
    event = next(one for one in record.events if one.kind == "holding_reply")
    assert (event.shape, [one.shape for one in event.said.all()]) == ("consent_required", ["transferred"])
    assert event.on == days_ago(2)
    promised = next(one for one in record.events if one.kind == "promised")
    assert promised.until == until
    entry = record.entries[event.handle]
    assert (entry.unit, entry.reference, entry.message) == ("Sheffield", "MPAM/0123456/26", message.handle.hex)
    assert entry.note.startswith("The second page is missing")


def test_questions_of_the_letter_are_asked_about_and_kept(place: Office, worker: Colleague) -> None:
    subject = builders.person(worker, "Amina Osman")
    case = builders.case(worker, subject, reference="IM/0300", sent_on=days_ago(30))
    record = casework.open_case_record(by=worker.actor, case=case)
    letter = record.enquiries[0].handle.hex
    head = record.head.content
    asked = msgspec.structs.replace(head.enquiries[letter], questions=("When is the interview?", "Is the file lost?"))
    changed = msgspec.structs.replace(head, enquiries={letter: asked})
    cases.change_case(by=worker.actor, case=case, head=changed, read=record.head.revision, kind=case.kind, worker=None)
    (message,) = taken(worker, place, mail(WRITES["substantive"], on=YESTERDAY, reference="IM/0300"))
    browser = worker.client
    assert "Is the file lost?" in look(browser, message)
    answer = send(browser, message, answered=[f"{letter}.1", "0" * 32 + ".0"])
    assert answer.status_code == 302
    entries = casework.open_case_record(by=worker.actor, case=case).entries
    assert [entry.answered for entry in entries.values() if entry.message] == [(1,)]


def test_a_message_without_a_reference_is_found_its_case(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    (message,) = taken(worker, place, mail(WRITES["holding"], on=YESTERDAY))
    page = look(browser, message)
    assert "No case fits by itself" in page
    found = send(browser, message, find="IM/0214")  # Enter in the field means find
    assert found.status_code == 200
    said = found.content.decode()
    assert "You found it." in said
    message.refresh_from_db()
    assert message.state == Message.State.WAITING
    filed = browser.post(reverse("message", args=[message.handle]), chosen(said))
    assert filed.status_code == 302
    message.refresh_from_db()
    assert message.case == case
    (other,) = taken(worker, place, mail(WRITES["holding"], on=YESTERDAY, number=2))
    nothing = send(browser, other, find="Nobody Ofthatname", do="find").content.decode()
    assert "Nothing like that is on record" in nothing
    assert 'value="Nobody Ofthatname"' in nothing


def test_nothing_is_filed_unless_somebody_chose(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    (message,) = taken(worker, place, mail("Something else altogether.", on=YESTERDAY))
    said = text(send(browser, message, note="Kept as typed").content)
    assert "Choose what it is about, find the case, or set it aside." in said
    assert "Say what it says: choose at least one." in said
    assert "Kept as typed" in said
    message.refresh_from_db()
    assert message.state == Message.State.WAITING
    neighbour = builders.member(place, "Nona Neighbour", team=builders.team(place))
    theirs = builders.case(neighbour, builders.person(neighbour, "Theirs Only"), sent_on=days_ago(9))
    letter = builders.enquiry(theirs)
    for about in (f"{theirs.handle.hex}.{letter.handle.hex}", f"{case.handle.hex}.{letter.handle.hex}", "x.y", "."):
        assert send(browser, message, about=about, said=["holding"]).status_code == 200
    assert not Event.objects.filter(kind="holding_reply").exists()


def test_a_closed_case_is_not_proposed_and_takes_nothing(place: Office, worker: Colleague, case: Case) -> None:
    close_case(by=worker.actor, case=case, outcome="got_it", on=today(), review_on=today() + timedelta(days=90))
    browser = worker.client
    (message,) = taken(worker, place, mail(WRITES["holding"], on=YESTERDAY, reference="IM/0214"))
    page = look(browser, message)
    assert "This case is closed" in page
    assert not re.search(r'name="about"[^>]+ checked', page)
    about = f"{case.handle.hex}.{builders.enquiry(case).handle.hex}"
    refused = send(browser, message, about=about)
    assert refused.status_code == 200
    assert "This case is closed." in text(refused.content)


def test_set_aside_and_back_again(place: Office, worker: Colleague, case: Case) -> None:
    browser = worker.client
    (message,) = taken(worker, place, mail("An invitation.", on=YESTERDAY))
    assert send(browser, message, do="aside", note="A newsletter").status_code == 302
    message.refresh_from_db()
    assert message.state == Message.State.ASIDE
    assert "Set aside" in look(browser, message)
    browser.post(reverse("message-back", args=[message.handle]))
    message.refresh_from_db()
    assert message.state == Message.State.WAITING
    again = browser.post(reverse("message-back", args=[message.handle]))
    assert again.status_code == 409


def test_what_was_filed_wrongly_comes_back_and_its_entry_is_struck_out(
    place: Office, worker: Colleague, case: Case
) -> None:
    browser = worker.client
    says = f"{WRITES['holding']} We will write to you within 8 weeks."
    (message,) = taken(worker, place, mail(says, on=YESTERDAY, reference="IM/0214"))
    send(browser, message)
    message.refresh_from_db()
    event = message.event
    browser.post(reverse("message-back", args=[message.handle]))
    message.refresh_from_db()
    assert (message.state, message.case) == (Message.State.WAITING, None)
    assert Event.objects.filter(corrects=event, kind="corrected").exists()
    [promise] = case.events.filter(kind="promised")
    assert Event.objects.filter(corrects=promise).exists()


def test_two_colleagues_file_one_message_once(place: Office, worker: Colleague, case: Case) -> None:
    (message,) = taken(worker, place, mail(WRITES["holding"], on=YESTERDAY, reference="IM/0214"))
    browser = worker.client
    form = chosen(look(browser, message))
    assert browser.post(reverse("message", args=[message.handle]), form).status_code == 302
    late = browser.post(reverse("message", args=[message.handle]), {**form, "once": "another page's"})
    assert late.status_code == 409
    assert "Somebody has filed this message or set it aside meanwhile." in text(late.content)
    assert Event.objects.filter(case=case, kind="holding_reply").count() == 1


def test_quotes_are_folded_and_the_html_stands_behind_two_walls(place: Office, worker: Colleague) -> None:
    files = [("note.txt", b"What came with it")]
    sent = mail("New words.", on=YESTERDAY, answers="Old words of ours", html=HTML, attached=files)
    (message,) = taken(worker, place, sent)
    browser = worker.client
    page = look(browser, message)
    shown, folded = page.split('<details class="quoted"', 1)
    assert "New words." in shown
    assert "Old words of ours" not in shown
    assert "Old words of ours" in folded
    assert (
        "frame-src 'self'" in browser.get(reverse("message", args=[message.handle])).headers["Content-Security-Policy"]
    )
    assert 'sandbox=""' in page
    answer = browser.get(reverse("message-html", args=[message.handle]))
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    shown = answer.content.decode()
    assert "<b>as it looked</b>" in shown
    assert not re.search(r"<script|<img|tracker\.example|alert", shown)
    paper = re.search(r"/records/[0-9a-f-]+/papers/[0-9a-f-]+(?=\")", page)
    assert paper
    kept = browser.get(paper[0]).content.decode()
    assert "What came with it" in kept
    assert "Remove this paper" not in kept
    assert reverse("message", args=[message.handle]) in kept
    out = browser.post(f"{paper[0]}/original")
    assert out.headers["Content-Disposition"].startswith("attachment")


def test_what_a_message_holds_is_opened_under_entries_and_by_who_may(place: Office, worker: Colleague) -> None:
    files = [("note.txt", b"What came with it")]
    (message,) = taken(worker, place, mail("Words.", on=YESTERDAY, html=HTML, attached=files))
    browser = worker.client
    paper = re.search(r"/records/[0-9a-f-]+/papers/[0-9a-f-]+(?=\")", look(browser, message))
    assert paper
    assert Entry.objects.filter(act=Act.OPENED_MESSAGE).count() == 1
    browser.get(reverse("message-html", args=[message.handle]))
    assert Entry.objects.filter(act=Act.OPENED_MESSAGE).count() == 2
    neighbour = builders.member(place, "Nona Neighbour", team=builders.team(place)).client
    assert neighbour.get(paper[0]).status_code == 404
    assert neighbour.post(f"{paper[0]}/original").status_code == 404
    assert browser.get(reverse("papers", args=[message.handle])).status_code == 404


def test_the_place_in_the_tray_is_kept_with_its_filters(place: Office, worker: Colleague) -> None:
    mails = [mail(WRITES["holding"], on=days_ago(9 - at), subject=f"n{at}", number=at) for at in range(3)]
    first, second, third = taken(worker, place, *mails)
    browser = worker.client
    page = look(browser, second, direction="in")
    assert "2 of 3" in page
    for neighbour in (first, third):
        assert f"{reverse('message', args=[neighbour.handle])}?direction=in" in page
    answer = browser.post(reverse("message-aside", args=[third.handle]) + "?direction=in", {"revision": "1"})
    assert answer["Location"].startswith(f"{reverse('tray')}?direction=in&done=aside")


@pytest.mark.parametrize(
    ("codes", "said"),
    [(Unread, words.UNREAD), (Fault, words.FAULTS), (Message.State.values, words.STATES), (None, words.LABELS)],
    ids=["unread", "faults", "states", "labels"],
)
def test_every_code_has_words(codes: object, said: dict[str, object]) -> None:
    known = labels.known() if codes is None else codes
    assert set(said) == set(known)  # type: ignore[call-overload]  # each is a set of codes
    grouped = [code for _, some in words.LABEL_GROUPS for code in some]
    assert sorted(grouped) == sorted(words.LABELS)
