"""Bringing a sheet in: choosing the file, and what each of its columns is."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.casework.models import Arrival
from tests import builders
from tests.builders import Office
from tests.support import sheets
from tests.support.import_pages import brought_in, figures, preview, previewed, say_columns, upload
from tests.support.sheets import BEREKET, ZEHRA

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def browser(place: Office) -> Client:
    return place.guardian.client


# Choosing the file


def test_a_sheet_leads_to_its_columns(browser: Client) -> None:
    answer = upload(browser, sheets.sheet(ZEHRA))
    arrival = Arrival.objects.get()
    assert answer.headers["Location"] == reverse("import-columns", args=[arrival.handle])
    assert arrival.state == "staged"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 nothing of a sheet", "This is no spreadsheet"),
        (b"Name,Ref\r\n", "There are no rows in this file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600,
            "older kind of Excel file",
        ),
        (b"PK\x03\x04 broken", "This workbook is damaged"),
    ],
    ids=["pdf", "headings-only", "xls", "damaged"],
)
def test_a_file_that_is_no_sheet_says_what_to_do_and_nothing_is_kept(browser: Client, data: bytes, says: str) -> None:
    answer = upload(browser, data)
    page = answer.content.decode()
    assert says in page
    assert "There is a problem" in page
    assert "<title>Error:" in page
    assert not Arrival.objects.exists()


def test_no_file_says_so(browser: Client) -> None:
    answer = browser.post(reverse("imports"), {"team": browser.get(reverse("imports")).context["form"]["team"].initial})
    assert "Choose the file to read." in answer.content.decode()


def test_a_file_over_the_limit_is_refused_with_the_limit(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.config.uploads.MAX_UPLOAD_BYTES", 1000)
    answer = upload(browser, sheets.many(100))
    assert answer.status_code == 200
    assert "A file may be at most" in answer.content.decode()
    assert not Arrival.objects.exists()


def test_a_member_of_several_teams_chooses_one(place: Office) -> None:
    other = builders.team(place, "Housing")
    browser = place.guardian.client
    upload(browser, sheets.sheet(ZEHRA), team=other.handle.hex)
    assert Arrival.objects.get().team == other


def test_with_several_teams_none_is_presumed(place: Office) -> None:
    builders.team(place, "Housing")
    answer = upload(place.guardian.client, sheets.sheet(ZEHRA))
    assert "Choose the team it is for." in answer.content.decode()
    assert not Arrival.objects.exists()


def test_a_member_of_no_team_is_told_why_there_is_no_form(place: Office) -> None:
    lonely = builders.member(place, team=None)
    lonely.member.memberships.all().delete()
    answer = lonely.client.get(reverse("imports"))
    assert answer.status_code == 403
    assert "You are in no team yet" in answer.content.decode()


def test_a_waiting_import_of_the_team_can_be_gone_on_with_by_a_colleague(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA))
    colleague = builders.member(place)
    waiting = colleague.client.get(reverse("imports")).context["waiting"]
    assert [one["url"] for one in waiting] == [reverse("import-preview", args=[arrival.handle])]
    assert place.guardian.member.name in waiting[0]["text"]


def test_earlier_imports_are_listed(place: Office) -> None:
    arrival = brought_in(place.guardian, sheets.sheet(ZEHRA, BEREKET))
    past = place.guardian.client.get(reverse("imports")).context["past"]
    assert [(one["url"], one["text"]) for one in past] == [(reverse("import-done", args=[arrival.handle]), "2 rows")]


@pytest.mark.parametrize("name", ["import-columns", "import-preview", "import-run", "import-done", "import-faults"])
def test_another_teams_import_is_not_there(place: Office, browser: Client, name: str) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA))
    stranger = builders.member(place, "Dilys Elsewhere", team=builders.team(place, "Housing"))
    assert stranger.client.get(reverse(name, args=[arrival.handle])).status_code == 404


# Columns


def test_each_column_shows_what_it_was_taken_for_with_examples(browser: Client) -> None:
    upload(browser, sheets.sheet(ZEHRA, BEREKET))
    answer = browser.get(reverse("import-columns", args=[Arrival.objects.get().handle]))
    columns = {one["heading"]: one for one in answer.context["columns"]}
    assert columns["Constituent"]["samples"] == ["Zehra Testname", "Bereket Invented"]
    assert columns["Constituent"]["field"].value() == "name"
    assert columns["Constituent"]["guessed"]
    assert columns["Reply rec'd"]["samples"] == []


def test_a_column_nobody_recognised_is_said_and_can_be_kept_as_notes(browser: Client) -> None:
    odd = {**ZEHRA, "Colour": "teal"}
    upload(browser, sheets.sheet(odd, headings=(*sheets.HEADINGS, "Colour")))
    arrival = Arrival.objects.get()
    page = browser.get(reverse("import-columns", args=[arrival.handle])).content.decode()
    assert "1 column was not recognised and is left out unless you say what it is: Colour." in page
    say_columns(browser, arrival, keep="on")
    row = preview(browser, arrival).context["rows"][0]
    assert ("Colour", "teal") in [(one["label"], one["value"]["text"]) for one in row["read"]]


def test_a_column_can_be_said_to_be_something_else(browser: Client) -> None:
    upload(browser, sheets.sheet(ZEHRA))
    arrival = Arrival.objects.get()
    say_columns(browser, arrival, **{f"column_{sheets.HEADINGS.index('Tel')}": "notes"})
    columns = browser.get(reverse("import-columns", args=[arrival.handle])).context["columns"]
    assert columns[sheets.HEADINGS.index("Tel")]["field"].value() == "notes"


def test_one_field_cannot_be_two_columns_and_what_was_chosen_is_kept(browser: Client) -> None:
    upload(browser, sheets.sheet(ZEHRA))
    arrival = Arrival.objects.get()
    subject = sheets.HEADINGS.index("Subject")
    answer = say_columns(browser, arrival, **{f"column_{subject}": "nationality"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Column D is “Nationality” already" in page
    assert "There is a problem" in page
    assert answer.context["columns"][subject]["field"].value() == "nationality"


def test_somebody_has_to_say_which_column_holds_the_names(browser: Client) -> None:
    upload(browser, b"Ref,Code\r\n1,abc\r\n2,def\r\n")
    arrival = Arrival.objects.get()
    answer = say_columns(browser, arrival)
    assert "No column says who the people are" in answer.content.decode()
    say_columns(browser, arrival, column_1="name")
    assert figures(preview(browser, arrival))["new people"] == "2"


def test_a_preview_nobody_said_columns_for_leads_to_the_columns(browser: Client) -> None:
    upload(browser, sheets.sheet(ZEHRA))
    arrival = Arrival.objects.get()
    answer = browser.get(reverse("import-preview", args=[arrival.handle]))
    assert answer.headers["Location"] == reverse("import-columns", args=[arrival.handle])


def test_another_sheet_of_the_workbook_can_be_read_instead(browser: Client) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "2026"
    for at, row in enumerate([["Ref", "Name", "Date sent"], ["A/1", "Zehra Testname", "01/10/2026"]], start=1):
        for column, text in enumerate(row, start=1):
            first.cell(at, column, text)
    other = book.create_sheet("Zehra's own")
    for at, row in enumerate([["Ref", "Name"], ["B/1", "Bereket Invented"], ["B/2", "Leila Invented"]], start=1):
        for column, text in enumerate(row, start=1):
            other.cell(at, column, text)
    out = io.BytesIO()
    book.save(out)
    upload(browser, out.getvalue(), name="two.xlsx")
    arrival = Arrival.objects.get()
    address = reverse("import-columns", args=[arrival.handle])
    page = browser.get(address)
    assert [(one["name"], one["current"]) for one in page.context["sheets"]] == [("2026", True), ("Zehra's own", False)]
    answer = browser.post(address, {"sheet": "1"})
    assert answer.headers["Location"] == address
    page = browser.get(address)
    assert page.context["sheet"]["text"] == "2 rows below the headings in row 1"
    assert [one["samples"] for one in page.context["columns"]][1] == ["Bereket Invented", "Leila Invented"]
    assert "no visible sheet of that name" in browser.post(address, {"sheet": "7"}).content.decode()
