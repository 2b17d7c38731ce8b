"""Bringing a sheet in: part by part to the end, what came of it, and taking it back."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from safeconduct.agenda.models import Item
from safeconduct.casework.models import Case, Event
from safeconduct.people.models import Subject
from safeconduct.web.desk.imports import import_run
from tests import builders
from tests.builders import Office
from tests.support import sheets
from tests.support.import_pages import bring_in, brought_in, figures, press, preview, previewed
from tests.support.sheets import BEREKET, NAMELESS, ZEHRA, ZEHRA_AGAIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def browser(place: Office) -> Client:
    return place.guardian.client


# Running


def test_a_part_at_a_time_until_it_is_done(place: Office, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_run, "_SECONDS", 0.0)
    arrival = previewed(browser, sheets.many(130))
    press(browser, arrival, "bring")
    run = reverse("import-run", args=[arrival.handle])
    page = browser.get(run)
    assert 'value="0"' in page.content.decode()
    assert 'hx-trigger="load' in page.content.decode()
    assert browser.post(run).headers["Location"] == run
    arrival.refresh_from_db()
    assert 0 < arrival.rows_done < 130
    page = browser.get(run).content.decode()
    assert f"{arrival.rows_done} of 130 rows" in page
    assert "<progress" in page
    assert "Continue" in page
    assert browser.post(run).headers["Location"] == run
    assert browser.post(run).headers["Location"] == reverse("import-done", args=[arrival.handle])


def test_with_htmx_only_the_progress_comes_back_and_then_a_redirect(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "_SECONDS", 0.0)
    arrival = previewed(browser, sheets.many(70))
    press(browser, arrival, "bring")
    run = reverse("import-run", args=[arrival.handle])
    part = browser.post(run, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert text.lstrip().startswith("<form")
    arrival.refresh_from_db()
    assert 0 < arrival.rows_done < 70
    assert f"{arrival.rows_done} of 70 rows" in text
    assert "<html" not in text
    assert "csrfmiddlewaretoken" in text
    last = browser.post(run, headers={"HX-Request": "true"})
    assert last.headers["HX-Redirect"] == reverse("import-done", args=[arrival.handle])


def test_nothing_shows_anywhere_before_the_last_row_is_in(
    place: Office, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "_SECONDS", 0.0)
    arrival = previewed(browser, sheets.many(70))
    press(browser, arrival, "bring")
    browser.post(reverse("import-run", args=[arrival.handle]))
    assert 0 < Case.objects.count() < 70
    assert "Manyfold" not in browser.get(reverse("cases"), {"state": "all"}).content.decode()
    assert "Manyfold" not in browser.get(reverse("today")).content.decode()
    found = browser.post(reverse("people-search"), {"q": "Manyfold"}, follow=True)
    assert found.context["results"] == []
    case, person = Case.objects.first(), Subject.objects.filter(kind="person").first()
    assert case is not None
    assert person is not None
    assert browser.get(reverse("case", args=[case.handle])).status_code == 404
    assert browser.get(reverse("person", args=[person.handle])).status_code == 404
    browser.post(reverse("import-run", args=[arrival.handle]))
    assert browser.post(reverse("people-search"), {"q": "Manyfold"}, follow=True).context["results"]
    assert browser.get(reverse("case", args=[case.handle])).status_code == 200
    assert Item.objects.count() == 70


def test_locked_in_the_middle_it_goes_on_after_the_passphrase(
    place: Office, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "_SECONDS", 0.0)
    arrival = previewed(browser, sheets.many(130))
    press(browser, arrival, "bring")
    run = reverse("import-run", args=[arrival.handle])
    browser.post(run)
    browser.post(reverse("lock"))
    asked = browser.post(run, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{run}"})
    unlock = asked.headers["HX-Redirect"]
    assert unlock.startswith(reverse("unlock"))
    arrival.refresh_from_db()
    so_far = arrival.rows_done
    assert 0 < so_far < 130
    form = browser.get(unlock).context["form"]
    fields = {bound.html_name: bound.value() or "" for bound in form}
    answer = browser.post(unlock, {**fields, "passphrase": builders.PASSPHRASE})
    assert answer.headers["Location"] == run
    assert f"{so_far} of 130 rows" in browser.get(run).content.decode()
    browser.post(run)
    assert browser.post(run).headers["Location"] == reverse("import-done", args=[arrival.handle])


def test_what_stops_it_is_said_and_it_goes_on_only_when_somebody_says_so(place: Office, browser: Client) -> None:
    first = brought_in(place.guardian, sheets.sheet(ZEHRA))
    arrival = previewed(browser, sheets.sheet(ZEHRA_AGAIN))
    [proposal] = preview(browser, arrival).context["proposals"]
    press(browser, arrival, "save", **{proposal["field"].name: "same"})
    press(browser, arrival, "bring")
    browser.post(reverse("import-undo", args=[first.handle]))
    run = reverse("import-run", args=[arrival.handle])
    part = browser.post(run, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "A record this sheet adds to was taken away" in part.content.decode()
    assert "hx-post" not in part.content.decode()
    whole = browser.post(run)
    assert whole.status_code == 409
    assert "A record this sheet adds to was taken away" in whole.content.decode()
    assert browser.post(reverse("import-cancel", args=[arrival.handle])).status_code == 302
    assert not Subject.objects.exists()


def test_an_import_begun_elsewhere_stops_a_second_of_the_team(place: Office, browser: Client) -> None:
    first = previewed(browser, sheets.sheet(ZEHRA))
    second = previewed(browser, sheets.sheet(ZEHRA))
    press(browser, first, "bring")
    answer = press(browser, second, "bring")
    assert answer.status_code == 409
    assert "Another import of this team is under way" in answer.content.decode()
    browser.post(reverse("import-run", args=[first.handle]))
    bring_in(browser, second)
    assert Case.objects.count() == 1


def test_a_running_import_cannot_be_decided_about_any_more(browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA))
    form = preview(browser, arrival).context["form"]
    press(browser, arrival, "bring")
    run = reverse("import-run", args=[arrival.handle])
    for name in ("import-columns", "import-preview"):
        assert browser.get(reverse(name, args=[arrival.handle])).headers["Location"] == run
    late = browser.post(
        reverse("import-preview", args=[arrival.handle]), {"revision": form["revision"].value(), "do": "bring"}
    )
    assert late.headers["Location"] == run


def test_throwing_it_away_leaves_nothing(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_run, "_SECONDS", 0.0)
    arrival = previewed(browser, sheets.many(70))
    press(browser, arrival, "bring")
    browser.post(reverse("import-run", args=[arrival.handle]))
    answer = browser.post(reverse("import-cancel", args=[arrival.handle]), follow=True)
    assert "The import was thrown away" in answer.content.decode()
    assert not Case.objects.exists()
    assert not Subject.objects.exists()
    assert browser.get(reverse("import-run", args=[arrival.handle])).headers["Location"] == reverse("imports")


def test_a_colleague_may_go_on_with_it_and_not_throw_it_away(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA))
    colleague = builders.member(place).client
    assert preview(colleague, arrival).context["cancel_action"] == ""
    assert colleague.post(reverse("import-cancel", args=[arrival.handle])).status_code == 404
    bring_in(colleague, arrival)
    assert Case.objects.count() == 1


# Done


def test_the_end_says_what_came_of_it_and_what_was_left_out(place: Office, browser: Client) -> None:
    arrival = previewed(browser, sheets.sheet(ZEHRA, BEREKET, NAMELESS))
    page = bring_in(browser, arrival)
    assert figures(page) == {"rows brought in": "2", "new people": "2", "new cases": "2"}
    assert [(one["number"], one["ref"]) for one in page.context["faults"]] == [(4, "T/0005")]
    assert reverse("today") in page.content.decode()
    text = browser.get(reverse("import-faults", args=[arrival.handle])).content.decode("utf-8-sig")
    assert "Constituent is empty" in text


def test_undo_says_what_goes_and_takes_it_back(place: Office) -> None:
    arrival = brought_in(place.guardian, sheets.sheet(ZEHRA, BEREKET))
    browser = place.guardian.client
    page = browser.get(reverse("import-done", args=[arrival.handle]))
    assert page.context["undo"]["text"].startswith("Undoing takes back 2 people and 2 cases")
    assert "nothing of it stays" in page.context["undo"]["text"]
    answer = browser.post(reverse("import-undo", args=[arrival.handle]), follow=True)
    assert "Everything it brought in was taken back" in answer.content.decode()
    assert answer.context["undo"] is None
    assert not Case.objects.exists()
    assert not Subject.objects.exists()
    assert not Item.objects.exists()
    assert browser.get(reverse("imports")).context["past"][0]["text"] == "2 rows, undone since"
    assert browser.post(reverse("import-undo", args=[arrival.handle])).status_code == 409


def test_undo_says_what_stays(place: Office) -> None:
    arrival = brought_in(place.guardian, sheets.sheet(ZEHRA, BEREKET))
    worked_on = Case.objects.order_by("opened_on")[0]
    builders.event(place.guardian, worked_on, "chased", date(2026, 10, 20))
    browser = place.guardian.client
    page = browser.get(reverse("import-done", args=[arrival.handle]))
    assert "1 case and 0 people were worked on since" in page.context["undo"]["text"]
    after = browser.post(reverse("import-undo", args=[arrival.handle]), follow=True)
    assert "1 person and 1 case stayed" in after.content.decode()
    assert list(Case.objects.all()) == [worked_on]


def test_no_address_title_or_header_names_anybody(place: Office, browser: Client) -> None:
    names = re.compile("Zehra|Testname|T/0001|1111-2222|casework", re.IGNORECASE)
    arrival = previewed(browser, sheets.sheet(ZEHRA, ZEHRA_AGAIN, NAMELESS), name="zehra testname.csv")
    answers = [
        browser.get(reverse("import-columns", args=[arrival.handle])),
        preview(browser, arrival),
        press(browser, arrival, "strong"),
        browser.get(reverse("import-faults", args=[arrival.handle])),
        bring_in(browser, arrival),
        browser.get(reverse("imports")),
    ]
    for answer in answers:
        title = re.search(r"<title>(.*?)</title>", answer.content.decode(errors="replace"), re.DOTALL)
        assert title is None or not names.search(title[1])
        assert not names.search(str(answer.headers))
        assert answer.headers["Cache-Control"] == "no-store"


# The samples


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_sample_sheet_comes_in_whole(place: Office, browser: Client, shared: Path, form: str) -> None:
    expected = json.loads((shared / "data" / "expected.json").read_text(encoding="utf-8"))
    data = (shared / "data" / f"office-export.{form}").read_bytes()
    arrival = previewed(browser, data, name=f"office-export.{form}")
    page = preview(browser, arrival)
    wanted = [(one["row"][form], one["fault"]) for one in expected["rows_with_faults"]]
    found = [(one["number"], one["fault"]) for one in page.context["faults"]]
    assert [number for number, _ in found] == [number for number, _ in wanted]
    assert all(said.startswith(fault) for (_, said), (_, fault) in zip(found, wanted, strict=True))
    assert page.context["counts"][0] == {"n": str(expected["rows"]), "text": "rows in the sheet"}
    press(browser, arrival, "strong")
    done = bring_in(browser, arrival)
    sound = expected["rows"] - len(wanted)
    assert Case.objects.count() == sound
    assert len(done.context["faults"]) == len(wanted)
    again = previewed(browser, data, name=f"office-export.{form}")
    assert figures(preview(browser, again))["cases already here"] == str(sound)
    bring_in(browser, again)
    assert Case.objects.count() == sound
    assert not Event.objects.filter(arrival=again).exists()
