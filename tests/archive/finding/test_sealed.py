"""What came in confidence is found by who holds it, after the log has it, and in the database by nobody."""

from __future__ import annotations

from typing import Any

import pytest

from safeconduct.archive import checks
from safeconduct.archive.actions.cite import cite_words
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.masking import mask_word
from safeconduct.archive.actions.remove import remove
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.citing.checks import not_as_logged
from safeconduct.archive.finding.answers import find, texts
from safeconduct.archive.finding.sealed import IndexPutBack
from safeconduct.archive.finding.search import Wanted
from safeconduct.archive.models import Findable, SealedFindable
from safeconduct.journal.models import Act, Entry
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = (
    "A page that others published.\n\nThe Harbour\u00a0hotel closes, it says, and Quillan Featherby agrees.\n".encode()
)
HANDED = b"A letter that somebody handed over.\n\nIt says that the Harbour hotel closes on 4 December 2020.\n"


@pytest.fixture
def office() -> Any:
    return builders.office()


@pytest.fixture
def both(office: Any) -> Any:
    """The office, with a public source and one in confidence of its team."""
    by = office.guardian.actor
    take_in(by=by, data=PUBLIC)
    take_in_confidence(by=by, team=by.teams[0], data=HANDED)
    return office


def said(by: Any, asked: str, **narrowed: Any) -> list[str]:
    answers = find(by=by, wanted=Wanted(asked, **narrowed))
    assert answers.total == len(answers.shown)
    return sorted(one.source.plane for one in answers.shown)


def test_both_are_found_together_and_shown_where_they_say_it(both: Any) -> None:
    answers = find(by=both.guardian.actor, wanted=Wanted('"harbour hotel"'))
    assert {one.source.plane for one in answers.shown} == {"public", "sealed"}
    assert [[text for text, hit in texts(one) if hit] for one in answers.shown] == sorted(
        [["Harbour\u00a0hotel"], ["Harbour hotel"]], key=lambda one: one[0] != answers.shown[0].snippet.pieces[1].text
    )


def test_the_database_is_told_nothing_of_it_and_the_log_that_it_was_searched(both: Any) -> None:
    assert Findable.objects.count() == 1
    before = Entry.objects.count()
    assert said(both.guardian.actor, "handed") == ["sealed"]
    acts = list(Entry.objects.order_by("pk").values_list("act", "count")[before:])
    assert acts == [(Act.SEARCHED, 0), (Act.LISTED, 1)]
    assert said(both.guardian.actor, "nowhere") == []
    assert Entry.objects.order_by("pk").last().act == Act.SEARCHED


def test_a_colleague_of_another_team_finds_only_what_is_public(both: Any) -> None:
    other = builders.member(both, team=builders.team(both, "Another"))
    before = Entry.objects.count()
    assert said(other.actor, "harbour") == ["public"]
    assert said(other.actor, "handed") == []
    assert Entry.objects.count() == before


def test_a_site_is_asked_of_both(both: Any) -> None:
    by = both.guardian.actor
    data, address = HANDED + b"Twice.\n", "https://www.Campaign.example/2020/letter"
    source = take_in_confidence(by=by, team=by.teams[0], data=data, address=address).source
    take_in(by=by, data=PUBLIC + b"Twice.\n", address=address)
    before = Entry.objects.count()
    assert said(by, "harbour", site="campaign.example") == ["public", "sealed"]
    acts = list(Entry.objects.order_by("pk").values_list("act", "count")[before:])
    assert acts == [(Act.SEARCHED, 0), (Act.LISTED, 2), (Act.LISTED, 1)], "two are opened to ask, and one is shown"
    assert said(by, "", site="campaign.example") == ["public", "sealed"]
    assert said(by, "harbour", site="paign.example") == []
    mask_word(by=by, source=source, word="campaign", whole=False)
    assert said(by, "harbour", site="campaign.example") == ["public"]
    assert said(builders.member(both, team=builders.team(both, "Another")).actor, "", site="campaign.example") == [
        "public"
    ]


def test_answers_are_narrowed_alike(both: Any) -> None:
    by = both.guardian.actor
    assert said(by, "harbour", kinds=frozenset({"text"})) == ["public", "sealed"]
    assert said(by, "harbour", kinds=frozenset({"pdf"})) == []
    assert said(by, "harbour", author="nobody") == []
    assert said(by, "harbour", cited=False) == ["public", "sealed"]
    source = find(by=by, wanted=Wanted("handed")).shown[0].source
    cite_words(by=by, source=source, quote="somebody handed over")
    assert said(by, "harbour", cited=True) == ["sealed"]
    assert said(by, "harbour", source=source.handle) == ["sealed"]


@pytest.mark.parametrize(("plane", "word"), [("public", "Featherby"), ("sealed", "Harbour")])
def test_what_is_masked_is_found_no_more(both: Any, plane: str, word: str) -> None:
    by = both.guardian.actor
    [answer] = [one for one in find(by=by, wanted=Wanted(word)).shown if one.source.plane == plane]
    mask_word(by=by, source=answer.source, word=word)
    assert plane not in said(by, word)
    assert plane in said(by, "hotel")
    assert not list(checks.sources_not_as_logged(both.organisation))


def test_an_index_that_was_put_back_is_not_searched(both: Any) -> None:
    by = both.guardian.actor
    old = SealedFindable.objects.get()
    mask_word(by=by, source=old.source, word="Harbour")
    SealedFindable.objects.update(body=old.body, revision=old.revision)
    with pytest.raises(IndexPutBack):
        find(by=by, wanted=Wanted("harbour"))
    assert list(not_as_logged(both.organisation)) == [old.source.handle.hex]
    SealedFindable.objects.all().delete()
    assert list(not_as_logged(both.organisation)) == [old.source.handle.hex]


def test_it_goes_with_its_source(both: Any) -> None:
    by = both.guardian.actor
    [answer] = find(by=by, wanted=Wanted("handed")).shown
    remove(by=by, source=answer.source)
    assert said(by, "handed") == []
    assert not SealedFindable.objects.exists()
