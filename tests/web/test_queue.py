"""A case opened from Today knows its place there, and saving goes on to the next row."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from safeconduct.casework.models import Case
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.builders import Colleague
from tests.support.case_pages import days_ago, followed, log, look, text

pytestmark = pytest.mark.django_db


class TestQueue:
    @pytest.fixture
    def row_of_cases(self, worker: Colleague) -> list[Case]:
        """Three late letters in the order in which Today shows them."""
        return [
            builders.case(worker, builders.person(worker, name), sent_on=days_ago(ago), reference=reference)
            for name, ago, reference in [
                ("Abebe Haile", 90, "IM/1"),
                ("Bereket Tesfay", 80, "IM/2"),
                ("Chia Hasan", 70, "IM/3"),
            ]
        ]

    def test_a_case_opened_from_today_knows_its_place(self, worker: Colleague, row_of_cases: list[Case]) -> None:
        page = look(worker.client, row_of_cases[1], queue="today", at="1")
        said = text(page)
        assert "2 of 3" in said
        assert "Abebe H." in said
        assert "Chia H." in said
        assert 'aria-current="true"' in page
        assert re.search(rf'rel="prev" href="/cases/{row_of_cases[0].handle}\?queue=today&amp;at=0"', page)
        assert re.search(rf'rel="next" href="/cases/{row_of_cases[2].handle}\?queue=today&amp;at=2"', page)

    def test_without_a_place_nobody_else_is_opened(self, worker: Colleague, row_of_cases: list[Case]) -> None:
        browser, before = worker.client, Entry.objects.filter(act=Act.LISTED).count()
        page = look(browser, row_of_cases[1])
        assert "Abebe" not in page
        [whom_it_concerns] = Entry.objects.filter(act=Act.LISTED).order_by("pk")[before:]
        assert whom_it_concerns.count == 1

    def test_save_and_next_goes_on(self, worker: Colleague, row_of_cases: list[Case]) -> None:
        browser = worker.client
        page = look(browser, row_of_cases[0], queue="today", at="0")
        [after] = re.findall(r'name="next" value="([^"]+)"', page)
        after = after.replace("&amp;", "&")
        answer = log(browser, row_of_cases[0], "?queue=today&at=0", then="next", next=after)
        assert urlsplit(answer["Location"]).path == reverse("case", args=[row_of_cases[1].handle])
        said = text(followed(browser, answer))
        assert "Saved." in said
        assert "1 of 2" in said  # the first is chased and gone; this one moved up
        [after] = re.findall(r'name="next" value="([^"]+)"', browser.get(answer["Location"]).content.decode())
        assert str(row_of_cases[2].handle) in after

    def test_the_last_goes_back_to_the_list(self, worker: Colleague, row_of_cases: list[Case]) -> None:
        page = look(worker.client, row_of_cases[2], queue="today", at="2", worker="nobody")
        [after] = re.findall(r'name="next" value="([^"]+)"', page)
        assert after == "/?worker=nobody"

    def test_staying_keeps_the_place_of_what_left_the_list(self, worker: Colleague, row_of_cases: list[Case]) -> None:
        browser = worker.client
        answer = log(browser, row_of_cases[0], "?queue=today&at=0", then="stay")
        query = parse_qs(urlsplit(answer["Location"]).query)
        assert (query["queue"], query["at"], query["done"]) == (["today"], ["0"], ["logged"])
        page = followed(browser, answer)
        [after] = re.findall(r'name="next" value="([^"]+)"', page)
        assert str(row_of_cases[1].handle) in after

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://example.org/cases/x",
            "//example.org/",
            "/sign-out",
            "javascript:alert(1)",
            "/\\example.org",
            "",
            "x",
        ],
    )
    def test_a_form_sends_nobody_elsewhere(self, worker: Colleague, case: Case, elsewhere: str) -> None:
        answer = log(worker.client, case, then="next", next=elsewhere)
        assert urlsplit(answer["Location"]).path == reverse("case", args=[case.handle])
        assert urlsplit(answer["Location"]).netloc == ""

    @pytest.mark.parametrize("at", ["", "-1", "x", "²", "99999999999999"])
    def test_a_place_that_is_none_is_left_out(self, worker: Colleague, case: Case, at: str) -> None:
        assert "Place in the list" not in look(worker.client, case, queue="today", at=at)

    def test_far_beyond_the_list_the_way_back_remains(self, worker: Colleague, case: Case) -> None:
        assert "1 in the list" in text(look(worker.client, case, queue="today", at="500"))
