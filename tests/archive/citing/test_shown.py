"""A passage is reached by its short address and cited with what its source says of itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from safeconduct.archive import queries
from safeconduct.archive.actions.cite import cite_words
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.citing.addresses import NoAddress
from safeconduct.archive.citing.lines import Style, line
from safeconduct.archive.citing.shown import find, of_source, work_of
from safeconduct.archive.faults import NoSource
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = b"""<!doctype html><html lang="en"><head><title>Open letter on the Harbour hotel</title>
<meta name="author" content="Campaign of Made-Up Town"></head><body><article><h1>Open letter on the Harbour hotel</h1>
<p>18th September 2020</p><p>Forty people were moved from the Harbour&nbsp;hotel at night, and nobody told them why.</p>
</article></body></html>"""


@pytest.fixture
def office() -> Any:
    return builders.office()


def test_a_passage_is_found_by_its_address_and_cited(office: Any) -> None:
    by = office.guardian.actor
    source = take_in(by=by, data=PAGE, address="https://campaign.example/letter").source
    row = cite_words(by=by, source=source, quote="the Harbour hotel at night")
    [shown] = of_source(by, source)
    assert (shown.row, shown.is_orphan, shown.anchor.quote) == (row, False, "the Harbour\u00a0hotel at night")
    assert find(by, shown.address.lower()).row == row
    written = line(shown.work, Style.OSCOLA)
    captured = source.captured_on
    assert written.startswith(
        "Campaign of Made-Up Town, ‘Open letter on the Harbour hotel’ (18 September 2020) <https://"
    )
    assert written.endswith(f" accessed {captured.day} {captured:%B} {captured.year}")
    assert work_of(source, queries.shown(by, source)).sha256 == bytes(source.sha256).hex()


def test_an_address_of_another_organisation_or_of_another_team_leads_nowhere(office: Any) -> None:
    by = office.guardian.actor
    source = take_in_confidence(by=by, team=office.team, data=b"It says that the Harbour hotel closes.\n").source
    cite_words(by=by, source=source, quote="Harbour hotel")
    [shown] = of_source(by, source)
    assert find(by, shown.address).anchor.quote == "Harbour hotel"
    for other in (
        builders.other_office().guardian.actor,
        builders.member(office, team=builders.team(office, "Another")).actor,
    ):
        with pytest.raises(NoSource):
            find(other, shown.address)
    with pytest.raises(NoAddress):
        find(by, "nothing")


def test_a_post_of_several_is_cited_on_the_page_it_stands_on() -> None:
    from safeconduct.archive.models import Source
    from safeconduct.archive.reading.shape import Found, Kind, Post, Reading

    posts = tuple(
        Post(number, title, None, "2020-09", Found.INFERRED, text, 0, len(text))
        for number, title, text in ((1, "First", "Some words"), (2, None, "Other words"))
    )
    reading = Reading(Kind.HTML, "The page", "Somebody", "2021", Found.METADATA, "", posts)
    source = Source(kind="html", captured_on=date(2026, 11, 22))
    first, second, whole = (work_of(source, reading, number) for number in (1, 2, None))
    assert (first.title, first.container, first.author) == ("First", "The page", "Somebody")
    assert first.said is not None
    assert (first.said.iso, first.said.inferred) == ("2020-09", True)
    assert (second.title, second.opening, second.container) == (None, "Other words", "The page")
    assert whole.said is not None
    assert (whole.title, whole.container, whole.said.iso) == ("The page", None, "2021")
