"""Bringing a sheet in: what it would do, and what a person decides before anything is kept."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.casework.models import Case
from safeconduct.people.models import Subject
from tests import builders
from tests.builders import Office
from tests.support import sheets
from tests.support.import_pages import bring_in, brought_in, figures, press, preview, previewed
from tests.support.sheets import BEREKET, DAYLESS, LEILA, NAMELESS, ZEHRA, ZEHRA_AGAIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def browser(place: Office) -> Client:
    return place.guardian.client


def test_counts_faults_and_rows_are_shown_before_anything_is_kept(browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN, NAMELESS, BEREKET, DAYLESS))
    answer = preview(browser, arrival)
    assert figures(answer) == {
        "rows in the sheet": "5",
        "new people": "3",
        "new cases": "3",
        "rows left out": "2",
    }
    assert [(one["number"], one["fault"]) for one in answer.context["faults"]] == [
        (4, "Constituent is empty. Fill it in, or delete the row."),
        (6, "Date sent is not a date. Write it as 20/11/2026 or 20 November 2026."),
    ]
    assert not Subject.objects.exists()
    assert not Case.objects.exists()


def test_each_row_says_how_its_cells_were_read(browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, {**BEREKET, "Last chased": "46316"}))
    rows = preview(browser, arrival).context["rows"]
    read = {one["label"]: one for one in rows[0]["read"]}
    assert (read["Date sent"]["value"]["text"], read["Date sent"]["cell"]) == ("1 October 2026", "01/10/2026")
    assert read["Date sent"]["changed"]
    assert not read["Constituent"]["changed"]
    assert read["Sent to"]["value"]["text"] == "Home Office, MPs' urgent enquiries"
    chased = {one["label"]: one for one in rows[1]["read"]}["Last chased"]
    assert (chased["value"]["text"], chased["cell"]) == ("21 October 2026", "46316")
    assert rows[0]["state"] == "A new person and a new case."


def test_faults_come_as_csv_without_anybodys_name(browser: Client) -> None:
    sound_and_not = (ZEHRA, NAMELESS, DAYLESS)
    formula = "=Constituent"
    headings = tuple(formula if one == "Constituent" else one for one in sheets.HEADINGS)
    rows = [{formula if key == "Constituent" else key: cell for key, cell in row.items()} for row in sound_and_not]
    arrival = previewed(browser, sheets.sheet(*rows, headings=headings))
    answer = browser.get(reverse("import-faults", args=[arrival.handle]))
    text = answer.content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[:2] == [
        ["Row", "Column", "What is wrong", "What to do"],
        ["3", "'=Constituent", "'=Constituent is empty", "Fill it in, or delete the row."],
    ]
    assert "Somebody Else" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rows-to-put-right.csv"'


def test_nobody_is_joined_until_a_person_says_so(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN))
    [proposal] = preview(browser, arrival).context["proposals"]
    assert "The same reference" in proposal["reasons"]
    assert proposal["field"].value() is None
    assert "checked" not in str(proposal["field"])
    bring_in(browser, arrival)
    assert Subject.objects.filter(kind="person").count() == 2


def test_an_answer_is_kept_and_joins_the_rows(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN))
    [proposal] = preview(browser, arrival).context["proposals"]
    answer = press(browser, arrival, "save", **{proposal["field"].name: "same"})
    assert answer.status_code == 302
    page = preview(browser, arrival)
    assert page.context["proposals"][0]["field"].value() == "same"
    assert figures(page)["new person"] == "1"
    assert page.context["rows"][0]["state"] == "A new case; the same new person as row 3."
    bring_in(browser, arrival)
    assert Subject.objects.filter(kind="person").count() == 1
    assert Case.objects.count() == 2


def test_what_speaks_against_stands_beside_what_speaks_for(browser: Client) -> None:
    other_birth = {**ZEHRA_AGAIN, "DOB": "1987", "Nationality": "Iraq"}
    arrival = previewed(browser, sheets.sheet(ZEHRA, other_birth))
    [proposal] = preview(browser, arrival).context["proposals"]
    assert proposal["against"] == ["Different nationalities"]
    assert "Different nationalities" not in proposal["reasons"]


def test_one_press_joins_those_with_strong_reasons_and_no_others(browser: Client) -> None:
    doubtful = {
        **BEREKET,
        "Our ref": "T/0009",
        "DOB": "",
        "HO ref / UAN": "5555-6666-7777-8888",
        "Nationality": "Eritrea",
    }
    against = {**doubtful, "Our ref": "T/0010", "Nationality": "Ethiopia"}
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN, doubtful, against))
    first = preview(browser, arrival)
    assert len(first.context["proposals"]) == 2
    assert first.context["strong_text"] == "Same person for the 1 with strong reasons"
    press(browser, arrival, "strong")
    page = preview(browser, arrival)
    assert sorted(str(one["field"].value()) for one in page.context["proposals"]) == ["None", "same"]
    assert page.context["strong_text"] == ""


def test_two_people_is_an_answer_that_the_press_for_all_respects(browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN))
    [proposal] = preview(browser, arrival).context["proposals"]
    press(browser, arrival, "strong", **{proposal["field"].name: "apart"})
    assert preview(browser, arrival).context["proposals"][0]["field"].value() == "apart"


def test_somebody_on_record_is_offered_and_gets_the_case(place: Office, browser: Client) -> None:
    brought_in(place.guardian, sheets.sheet(ZEHRA))
    person = Subject.objects.get(kind="person")
    arrival = previewed(browser, sheets.sheet(ZEHRA_AGAIN))
    page = preview(browser, arrival)
    [proposal] = page.context["proposals"]
    assert proposal["sides"][1]["url"] == reverse("person", args=[person.handle])
    press(browser, arrival, "save", **{proposal["field"].name: "same"})
    assert preview(browser, arrival).context["rows"][0]["state"] == "A new case for somebody on record."
    bring_in(browser, arrival)
    shown = browser.get(reverse("person", args=[person.handle])).content.decode()
    assert "TESTNAME, Zehra" in shown
    assert "T/0002" in shown


def test_next_weeks_sheet_says_what_it_adds_to_a_known_case(place: Office, browser: Client) -> None:
    brought_in(place.guardian, sheets.sheet(ZEHRA, BEREKET))
    answered = {**ZEHRA, "Reply rec'd": "10/11/2026", "What HO said": "granted"}
    arrival = previewed(browser, sheets.sheet(answered, BEREKET, LEILA))
    page = preview(browser, arrival)
    assert [one["state"] for one in page.context["rows"]] == [
        "Already here. Adds: Decision made, 10 November 2026.",
        "Already here, and nothing is new.",
        "A new person and a new case.",
    ]
    assert figures(page)["cases already here"] == "2"
    assert figures(page)["event added to those"] == "1"


def test_the_worker_column_is_matched_and_can_be_said(place: Office) -> None:
    lowri = builders.member(place, "Lowri Worker")
    browser = place.guardian.client
    arrival = previewed(browser, sheets.sheet(ZEHRA, BEREKET))
    workers = {str(bound.label): bound for bound in preview(browser, arrival).context["workers"]}
    assert workers["“Lowri” is"].value() == lowri.member.handle.hex
    assert workers["“nobody we know” is"].value() == ""
    name = workers["“nobody we know” is"].html_name
    press(browser, arrival, "save", **{name: place.guardian.member.handle.hex})
    bring_in(browser, arrival)
    assert {case.worker for case in Case.objects.all()} == {lowri.member, place.guardian.member}


def test_only_members_of_the_team_can_be_chosen_for_its_cases(place: Office, browser: Client) -> None:
    builders.member(place, "Lowri Elsewhere", team=builders.team(place, "Housing"))
    arrival = previewed(browser, sheets.sheet(ZEHRA), team=place.team.handle.hex)
    [lowri] = preview(browser, arrival).context["workers"]
    assert lowri.value() == ""
    assert "Elsewhere" not in str(lowri)


def test_an_answer_made_while_a_colleague_decided_is_kept_on_the_page(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN))
    form = preview(browser, arrival).context["form"]
    key = next(name for name in form.fields if name.startswith("rows-"))
    colleague = builders.member(place).client
    press(colleague, arrival, "save", **{key: "apart"})
    sent = {"revision": form["revision"].value(), key: "same", "do": "save"}
    answer = browser.post(reverse("import-preview", args=[arrival.handle]), sent)
    assert answer.status_code == 409
    assert "Somebody else has decided about this import meanwhile" in answer.content.decode()
    assert answer.context["proposals"][0]["field"].value() == "same"
    assert preview(browser, arrival).context["proposals"][0]["field"].value() == "apart"
    # Pressed again, now in the knowledge of it, the answer counts.
    again = {**sent, "revision": answer.context["form"]["revision"].value()}
    assert browser.post(reverse("import-preview", args=[arrival.handle]), again).status_code == 302
    assert preview(browser, arrival).context["proposals"][0]["field"].value() == "same"


def test_rows_come_fifty_to_a_page(browser: Client) -> None:
    arrival = previewed(browser, sheets.many(60))
    assert len(preview(browser, arrival).context["rows"]) == 50
    last = preview(browser, arrival, "?page=2").context
    assert [one["number"] for one in last["rows"]] == list(range(52, 62))


def test_proposals_come_in_pages_and_answers_keep_their_page(browser: Client) -> None:
    pairs = []
    for at in range(25):
        one = {
            "Our ref": f"P/{at}/1",
            "Constituent": f"Zehra Num{chr(97 + at)}",
            "DOB": f"1987-02-{at + 1:02}",
            "HO ref / UAN": f"1111-2222-3333-{at:04}",
        }
        pairs += [one, {**one, "Our ref": f"P/{at}/2"}]
    arrival = previewed(browser, sheets.sheet(*pairs))
    address = reverse("import-preview", args=[arrival.handle])
    assert len(preview(browser, arrival).context["proposals"]) == 20
    second = preview(browser, arrival, "?decide=2").context
    assert len(second["proposals"]) == 5
    key = second["proposals"][0]["field"].name
    sent = {"revision": second["form"]["revision"].value(), key: "same", "do": "save"}
    answer = browser.post(f"{address}?decide=2", sent)
    assert answer.headers["Location"] == f"{address}?decide=2&done=saved"
    assert preview(browser, arrival, "?decide=2").context["proposals"][0]["field"].value() == "same"


def test_a_sheet_without_a_sound_row_offers_nothing_to_bring_in(browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(NAMELESS, DAYLESS))
    page = preview(browser, arrival)
    assert page.context["bring_text"] == ""
    assert "No row can be brought in as it stands." in page.content.decode()


def test_a_preview_says_when_the_records_changed_since_and_compares_again(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA_AGAIN))
    assert not preview(browser, arrival).context["may_be_old"]
    brought_in(place.guardian, sheets.sheet(ZEHRA))
    page = preview(browser, arrival)
    assert page.context["may_be_old"]
    assert page.context["proposals"] == []
    press(browser, arrival, "again")
    page = preview(browser, arrival)
    assert not page.context["may_be_old"]
    assert len(page.context["proposals"]) == 1


def test_formulas_stay_text_on_every_page(place: Office, browser: Client) -> None:
    formula = '=HYPERLINK("http://example.org","click")'
    arrival = previewed(browser, sheets.sheet({**ZEHRA, "Notes": formula}))
    row = preview(browser, arrival).context["rows"][0]
    assert "A cell begins like a formula: kept as plain text, never worked out." in row["notes"]
    bring_in(browser, arrival)
    case = Case.objects.get()
    page = browser.get(reverse("case", args=[case.handle])).content.decode()
    assert "=HYPERLINK(&quot;http://example.org&quot;,&quot;click&quot;)" in page
    assert 'href="http://example.org' not in page


def test_markup_in_a_cell_is_shown_as_text(browser: Client) -> None:
    arrival = previewed(
        browser, sheets.sheet({**ZEHRA, "Constituent": "<script>alert(1)</script>", "Worker": "<b>x</b>"})
    )
    page = preview(browser, arrival).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page
