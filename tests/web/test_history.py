"""What a record was before, why it was changed, what somebody told, and striking."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.casework.models import Case
from safeconduct.journal.models import Act, Entry
from safeconduct.people import opening, queries
from safeconduct.people.actions.households import make_household
from safeconduct.people.models import Envelope, Subject
from tests import builders
from tests.builders import Colleague, Office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def by(place: Office) -> Colleague:
    return builders.member(place)


@pytest.fixture
def person(by: Colleague) -> Subject:
    return builders.person(by, "Nasrin Karimi", history="Came in 2019")


def lines(prefix: str, *rows: dict[str, str]) -> dict[str, str]:
    out = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    return out | {f"{prefix}-{at}-{key}": value for at, row in enumerate(rows) for key, value in row.items()}


def rename(browser: Client, person: Subject, name: str, *, revision: int = 1, **why: str) -> str:
    sent = {"revision": str(revision), **lines("names", {"text": name}), **lines("births"), **why}
    return browser.post(reverse("person-edit", args=[person.handle, "identity"]), sent, follow=True).content.decode()


def history(browser: Client, about: Subject | Case) -> str:
    return browser.get(reverse("history", args=[about.handle])).content.decode()


def test_taking_away_a_name_asks_why_and_keeps_what_it_was(by: Colleague, person: Subject) -> None:
    page = rename(by.client, person, "Nasreen Karimi")
    assert "changed or taken away: say why" in page
    assert 'value="Nasreen Karimi"' in page
    assert Envelope.objects.get(subject=person, facet="identity").revision == 1
    rename(by.client, person, "Nasreen Karimi", reason="paper", said="Her passport")
    page = history(by.client, person)
    assert re.search(r"<del[^>]*>Nasrin Karimi", page)
    assert re.search(r"<ins[^>]*>Nasreen Karimi", page)
    assert "Seen on a paper: Her passport" in page
    assert by.member.name in page
    assert Entry.objects.filter(act=Act.OPENED_HISTORY).count() == 1


def test_another_reason_has_to_be_said(by: Colleague, person: Subject) -> None:
    assert "Say what the other reason is." in rename(by.client, person, "Nasreen Karimi", reason="other", said="")
    assert Envelope.objects.get(subject=person, facet="identity").revision == 1


def test_adding_a_spelling_asks_nothing(by: Colleague, person: Subject) -> None:
    sent = {"revision": "1", **lines("names", {"text": "Nasrin Karimi"}, {"text": "Karimi, N."}), **lines("births")}
    answer = by.client.post(reverse("person-edit", args=[person.handle, "identity"]), sent)
    assert answer.status_code == 302
    assert "Karimi, N." in history(by.client, person)


def test_changes_stand_newest_first_each_with_its_own_difference(by: Colleague, person: Subject) -> None:
    rename(by.client, person, "Second Name", reason="mistake")
    rename(by.client, person, "Third Name", revision=2, reason="changed")
    page = history(by.client, person)
    was = re.findall(r"<del[^>]*>([^<]*)</del>", page)
    became = re.findall(r"<ins[^>]*>([^<]*)</ins>", page)
    assert (was, became) == (["Second Name", "Nasrin Karimi (as they give it)"], ["Third Name", "Second Name"])


def test_a_case_keeps_its_own_and_asks_why_a_reference_goes(by: Colleague, person: Subject) -> None:
    case = builders.case(by, person, reference="IM/0001")
    there = reverse("case-edit", args=[case.handle])
    letter = builders.enquiry(case).handle.hex
    sent = {"kind": "asylum", "our_reference": "IM/0002", "revision": "1", "note": "New", f"subject-{letter}": "Delay"}
    assert "say why" in by.client.post(there, sent).content.decode()
    assert by.client.post(there, {**sent, "reason": "mistake", "said": ""}).status_code == 302
    page = history(by.client, case)
    assert "IM/0001" in page
    assert "It was written down wrongly" in page


def test_a_name_shown_by_cases_is_in_the_persons_history_only(by: Colleague, person: Subject) -> None:
    case = builders.case(by, person)
    rename(by.client, person, "Nasreen Karimi", reason="mistake")
    assert "Nothing was changed yet" in history(by.client, case)


def test_a_household_has_a_history_and_no_papers(by: Colleague, person: Subject) -> None:
    record = queries.open_person(by=by.actor, person=person)
    household = make_household(by=by.actor, person=record, note="Two rooms")
    page = by.client.get(reverse("household", args=[household.handle])).content.decode()
    assert reverse("history", args=[household.handle]) in page
    assert "Nothing was changed yet" in history(by.client, household)
    assert by.client.get(reverse("papers", args=[household.handle])).status_code == 404


def test_a_record_from_before_there_was_a_history_opens(by: Colleague, person: Subject) -> None:
    Envelope.objects.filter(subject=person, facet="history").delete()
    assert "Nothing was changed yet" in history(by.client, person)


def test_a_step_that_was_taken_away_is_noticed(by: Colleague, person: Subject) -> None:
    rename(by.client, person, "Nasreen Karimi", reason="mistake")
    Envelope.objects.filter(subject=person, facet="history").delete()
    answer = by.client.get(reverse("history", args=[person.handle]))
    assert answer.status_code == 409


def test_only_a_lead_strikes_and_what_remains_says_so(place: Office, by: Colleague, person: Subject) -> None:
    rename(by.client, person, "Nasreen Karimi", reason="mistake", said="It was her sister")
    lead = builders.member(place, "Lena Lead", role="lead")
    assert "Strike it" not in history(by.client, person)
    link = re.search(r'href="([^"]+/strike)"', history(lead.client, person))
    assert link is not None
    assert by.client.post(link[1], {"why": "x"}).status_code == 404
    assert "Say why" in lead.client.post(link[1], {"why": ""}).content.decode()
    assert lead.client.post(link[1], {"why": "Never hers"}).status_code == 302
    page = history(by.client, person)
    for gone in ("Nasrin Karimi", "her sister"):
        assert gone not in page
    for stays in ("Names and birth", by.member.name, "Lena Lead struck", "Never hers", "It was written down wrongly"):
        assert stays in page
    assert lead.client.post(link[1], {"why": "again"}).status_code == 404


def test_what_came_before_a_struck_change_still_reads(place: Office, by: Colleague, person: Subject) -> None:
    rename(by.client, person, "Second Name", reason="mistake")
    rename(by.client, person, "Third Name", revision=2, reason="mistake")
    lead = builders.member(place, "Lena Lead", role="lead")
    newest = re.search(r'href="([^"]+/strike)"', history(lead.client, person))
    assert newest is not None
    lead.client.post(newest[1], {"why": "Never hers"})
    page = history(by.client, person)
    assert "Second Name" not in page
    assert "Nasrin Karimi" in page
    assert "struck from the history" in page


def tell(browser: Client, person: Subject, **said: str) -> str:
    sent = {
        "title": "The journey",
        "text": "They told of the boat at Tidewell",
        "told_by": "",
        "language": "Dari",
    } | said
    return browser.post(reverse("narrative-new", args=[person.handle]), sent, follow=True).content.decode()


def test_what_somebody_told_is_closed_until_it_is_opened(by: Colleague, person: Subject) -> None:
    assert "Nothing written down yet" in by.client.get(reverse("account", args=[person.handle])).content.decode()
    page = tell(by.client, person)
    assert re.search(r'<details class="narrative sheet">\s*<summary><bdi dir="auto">The journey', page)
    assert "This may be hard to read" in page
    assert "Dari" in page
    assert "boat at Tidewell" not in by.client.get(reverse("person", args=[person.handle])).content.decode()


def test_what_somebody_told_is_corrected_and_taken_out_with_its_history(by: Colleague, person: Subject) -> None:
    tell(by.client, person)
    link = re.search(
        r'href="([^"]+)">Change it', by.client.get(reverse("account", args=[person.handle])).content.decode()
    )
    assert link is not None
    sent = {"title": "The journey", "text": "They told of the lorry", "reason": "mistake", "said": "Misheard"}
    assert by.client.post(link[1], sent).status_code == 302
    assert by.client.post(link[1], {"gone": "on", "reason": "other", "said": "They asked for it"}).status_code == 302
    assert "Nothing written down yet" in by.client.get(reverse("account", args=[person.handle])).content.decode()
    page = history(by.client, person)
    assert re.search(r"<details><summary>What it was</summary><del[^>]*>They told of the boat at Tidewell", page)
    assert "Another reason: They asked for it" in page
    assert by.client.get(link[1]).status_code == 404


def test_whoever_saves_second_keeps_what_they_typed(
    by: Colleague, person: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = opening.open_part

    def beaten(**named: object) -> opening.Part:
        part = real(**named)  # type: ignore[arg-type]  # handed on as it came
        monkeypatch.setattr(opening, "open_part", real)
        tell(by.client, person, title="The other one's")
        return part

    monkeypatch.setattr(opening, "open_part", beaten)
    page = tell(by.client, person, text="Mine, typed for an hour")
    assert "Somebody else saved" in page
    assert "Mine, typed for an hour" in page
