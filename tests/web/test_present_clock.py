"""Words that are kept for later pages: they are those of the reader, and of the office, who asks."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from safeconduct.core.calendar.days import Nation
from safeconduct.core.calendar.limits import Limit, compute
from safeconduct.core.calendar.rules import get
from safeconduct.web.desk.cases import present_clock
from safeconduct.web.desk.cases.present_clock import explain_limit, explain_standard
from safeconduct.web.templatetags.desk import explain
from safeconduct.web.words import dates

ON = date(2026, 11, 7)


def limit(on: date = ON, *, abroad: bool = False) -> Limit:
    return compute(get("ftt.iac.appeal.in", on), on, Nation.ENGLAND_AND_WALES, abroad)


def test_a_day_is_in_the_language_of_who_reads_it() -> None:
    english = dates.full(ON)
    with translation.override("fr"):
        assert dates.full(ON) == "samedi 7 novembre 2026"
    assert dates.full(ON) == english == "Saturday 7 November 2026"


def test_an_explanation_is_that_of_its_day_its_office_and_its_reader() -> None:
    """Asked twice in every order, each is what it is without anything kept."""
    others = [limit(), limit(date(2026, 12, 14)), limit(abroad=True)]
    for _ in range(2):
        seen = {explain_limit(one, advises=advises) for one in others for advises in (True, False)}
        assert len(seen) == 6
        assert explain_standard(others[0]) not in seen
        assert {explain_limit(one).caution for one in others} == {
            "Check with the solicitor: this office gives no legal advice."
        }
    with translation.override("fr"):
        assert "novembre" in " ".join(explain_limit(others[0]).steps)
    assert "novembre" not in " ".join(explain_limit(others[0]).steps)


def test_what_is_drawn_is_drawn_anew_where_a_word_differs() -> None:
    shown = explain_limit(limit())
    assert explain(shown) == explain(shown)
    assert "Check with the solicitor" in explain(shown)
    assert explain({"steps": ["<one>"]}) != explain({"steps": ["two"]})
    assert "&lt;one&gt;" in explain({"steps": ["<one>"]})
    assert "Wed" in explain({"readings": [{"why": "", "last_day": "Wed", "status": ""}]})


def test_no_more_is_kept_than_pages_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present_clock, "_KEPT", 3)
    monkeypatch.setattr(present_clock, "_explanations", {})
    for number in range(1, 6):
        explain_limit(limit(date(2026, 11, number)))
    assert len(present_clock._explanations) <= 3
