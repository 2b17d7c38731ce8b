"""The office's spreadsheet in, Today out, somebody found, a reply logged, and the import taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import sheets, steps
from tests.journeys.steps import expect
from tests.support.browser import Profiles
from tests.support.desk import LiveDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(page: Page, name: str, kind: str, data: bytes) -> None:
    """Choose a file on the page of imports and have it read."""
    page.get_by_label("Spreadsheet").set_input_files([{"name": name, "mimeType": kind, "buffer": data}])
    page.get_by_role("button", name="Read the sheet").click()
    steps.arrive(page, "Import: columns")


def figure(page: Page, words: str) -> int:
    """The number that stands over some words of the preview."""
    line = page.locator(".figures li").filter(has_text=words)
    return int(line.locator(".figure").inner_text().replace(",", ""))


def test_the_sheet_an_office_lives_by(live_desk: LiveDesk, page: Page) -> None:
    steps.begin(page, live_desk)
    page.get_by_role("link", name="Bring in the sheet you keep").click()
    send(page, "letters.xlsx", XLSX, sheets.workbook())

    # What each column holds, and the one nobody recognised.
    expect(page.get_by_text("hidden")).to_be_visible()
    columns = page.get_by_role("table", name="Columns of the sheet")
    row = columns.get_by_role("row").filter(has=page.get_by_text("Constituent", exact=True))
    expect(row.get_by_role("combobox")).to_have_value("name")
    shelf = columns.get_by_role("row").filter(has=page.get_by_text("Shelf", exact=True)).get_by_role("combobox")
    expect(shelf).to_have_value("not_mapped")
    shelf.select_option(label="Notes")
    page.get_by_role("button", name="See how the rows are read").click()

    # How the rows are read: the two that cannot be, by the numbers a spreadsheet program shows.
    steps.arrive(page, "Import: preview")
    assert figure(page, "rows in the sheet") == 8
    assert figure(page, "rows left out") == 2
    wrong = page.get_by_role("table", name="Rows that cannot be read")
    unnamed = wrong.get_by_role("row").filter(has=page.get_by_text("SO/0005"))
    expect(unnamed).to_contain_text(str(sheets.UNNAMED))
    expect(unnamed).to_contain_text("is empty")
    expect(wrong.get_by_role("row").filter(has=page.get_by_text("SO/0006"))).to_contain_text(str(sheets.NO_SUCH_DAY))
    expect(wrong.get_by_role("row")).to_have_count(3)

    # Two scripts, one person; one name and one telephone, two people.
    same = page.locator(".proposal").filter(has=page.get_by_text("Mohammad Rahimi"))
    expect(same).to_contain_text("محمد رحیمی")
    expect(same).to_contain_text("The same reference")
    same.get_by_label("The same person").check()
    page.locator(".proposal").filter(has=page.get_by_text("Gulalai")).get_by_label("Different people").check()
    page.get_by_role("button", name="Keep these answers").click()
    expect(page.get_by_role("status")).to_contain_text("Your answers are kept")
    assert figure(page, "new people") == 5
    assert figure(page, "new cases") == 6

    page.get_by_role("button", name="Bring 6 rows in").click()
    expect(page.get_by_role("heading", level=1, name="The sheet is in")).to_be_visible()
    page.get_by_role("link", name="Open Today").click()

    # What is due, and why.
    steps.arrive(page, "Today")
    late = (
        page.get_by_role("region")
        .or_(page.locator("main section"))
        .filter(has=page.get_by_role("heading", name="Late"))
    )
    first = late.locator("[data-row]").first
    expect(first).to_contain_text("Chase")
    expect(first).to_contain_text("SO/0001")
    expect(first).to_contain_text("past the standard")
    first.get_by_text("Why?").click()
    expect(first).to_contain_text("20 working days")

    # Somebody on the telephone: a name as it sounds.
    page.keyboard.press("/")
    page.keyboard.type("mohamad raheemi")
    page.keyboard.press("Enter")
    steps.arrive(page, "People")
    hit = page.locator("main [data-row]").first
    expect(hit).to_contain_text("محمد")
    expect(hit).to_contain_text("1994")
    hit.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name="محمد رحیمی")).to_be_visible()
    expect(page.get_by_text("Mohammad Rahimi").first).to_be_visible()

    # From the list: log what came, and go on to the next row.
    steps.go(page, live_desk, "/")
    page.locator("main [data-row]").filter(has_text="SO/0001").get_by_role("link").click()
    steps.arrive(page, "Case")
    expect(page.get_by_role("heading", level=1, name="محمد رحیمی")).to_be_visible()
    page.get_by_role("combobox", name="What happened").select_option("answered")
    page.get_by_label("Day", exact=True).fill("yesterday")
    page.get_by_label("Note").fill("They will decide in January")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.get_by_role("heading", level=1, name="محمد رحیمی")).to_have_count(0)
    expect(page.get_by_role("heading", name="Log what happened")).to_be_visible()
    steps.go(page, live_desk, "/")
    expect(page.locator("main [data-row]").filter(has_text="SO/0001").filter(has_text="Chase")).to_have_count(0)

    # Undo: what was worked on stays with the person it is about, the rest goes.
    steps.go(page, live_desk, "/imports")
    page.get_by_role("region", name="Earlier imports").get_by_role("link").first.click()
    page.get_by_text("Take this import back").click()
    expect(page.get_by_text("1 case").first).to_be_visible()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1, name="This import was undone")).to_be_visible()
    steps.search(page, "Оксана")
    expect(page.get_by_text("Nobody of that name is here")).to_be_visible()
    steps.search(page, "mohamad raheemi")
    expect(page.locator("main [data-row]").first).to_contain_text("محمد")


def test_next_weeks_sheet_adds_only_what_is_new(live_desk: LiveDesk, page: Page) -> None:
    steps.begin(page, live_desk)
    for expected in (6, 0):
        steps.go(page, live_desk, "/imports")
        send(page, "letters.csv", "text/csv", sheets.as_csv())
        page.get_by_role("button", name="See how the rows are read").click()
        steps.arrive(page, "Import: preview")
        new = page.locator(".figures li").filter(has_text="new cases")
        expect(new).to_have_count(1 if expected else 0)
        if expected:
            assert figure(page, "new cases") == expected
        else:
            assert figure(page, "cases already here") == 6
        page.get_by_role("button", name="Bring 6 rows in").click()
        expect(page.get_by_role("heading", level=1, name="The sheet is in")).to_be_visible()
    steps.go(page, live_desk, "/cases")
    expect(page.get_by_text("6 open cases")).to_be_visible()


def go_on(page: Page) -> None:
    """Press Continue and wait for the page that answers, which may look as the one before."""
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()


def test_without_a_script_a_press_of_continue_goes_on(live_desk: LiveDesk, profiles: Profiles) -> None:
    page = profiles.new(java_script_enabled=False).new_page()
    who = steps.begin(page, live_desk)
    steps.go(page, live_desk, "/imports")
    page.get_by_label("Spreadsheet").set_input_files(
        [{"name": "letters.csv", "mimeType": "text/csv", "buffer": sheets.as_csv(many=600)}]
    )
    page.get_by_role("button", name="Read the sheet").click()
    page.get_by_role("button", name="See how the rows are read").click()
    page.get_by_role("button", name="Bring 606 rows in").click()
    expect(page.get_by_role("heading", level=1, name="Bringing the rows in")).to_be_visible()
    go_on(page)

    # Locked half way, it waits and goes on where it stopped; until the end nothing of it shows.
    if page.get_by_role("heading", level=1, name="Bringing the rows in").is_visible():
        steps.go(page, live_desk, "/cases")
        expect(page.get_by_text("No case yet")).to_be_visible()
        page.get_by_role("button", name="Lock").click()
        steps.unlock(page, who)
        steps.go(page, live_desk, "/imports")
        page.get_by_role("link", name="Go on with it").click()
    done = page.get_by_role("heading", level=1, name="The sheet is in")
    while not done.is_visible():
        go_on(page)
    steps.go(page, live_desk, "/cases")
    expect(page.get_by_text("606 open cases")).to_be_visible()


def test_the_sample_sheet(live_desk: LiveDesk, page: Page, shared: Path) -> None:
    steps.begin(page, live_desk)
    steps.go(page, live_desk, "/imports")
    send(page, "office-export.xlsx", XLSX, (shared / "data" / "office-export.xlsx").read_bytes())
    page.get_by_role("button", name="See how the rows are read").click()
    steps.arrive(page, "Import: preview")
    expect(page.get_by_role("table", name="Rows that cannot be read").get_by_role("row")).to_have_count(
        1 + figure(page, "rows left out")
    )
    page.get_by_role("button", name="Same person for all").click()
    page.get_by_role("button", name="rows in").click()
    done = page.get_by_role("heading", level=1, name="The sheet is in")
    done.wait_for()
    page.get_by_role("link", name="Open Today").click()
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    steps.go(page, live_desk, "/?kind=chase")
    expect(page.get_by_role("heading", name="Late")).to_be_visible()
    steps.search(page, "mohamad raheemi")
    expect(page.locator("main [data-row]").filter(has_text="محمد").first).to_be_visible()
