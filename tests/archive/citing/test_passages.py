"""Citing a passage, and what becomes of it when masks come and go or its source is read anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from safeconduct.archive import checks, copies, masking, queries, sealed
from safeconduct.archive.actions import read_anew as again
from safeconduct.archive.actions.cite import NotThere, SeveralPlaces, cite, cite_words, uncite
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.masking import mask_word, unmask
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.citing import around
from safeconduct.archive.citing.checks import not_as_logged
from safeconduct.archive.citing.keeping import PassagePutBack, open_kept
from safeconduct.archive.faults import Changed
from safeconduct.archive.finding import answers
from safeconduct.archive.finding.search import Wanted
from safeconduct.archive.models import Mask, Passage, Source
from safeconduct.journal.models import Act, Commitment, Entry
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "A page that others published.\n\nThe Harbour\u00a0hotel closes, it says, and Quillan Featherby agrees.\n"
    "Forty people were moved. Forty people were moved.\n"
).encode()


@pytest.fixture
def by() -> Any:
    return builders.office().guardian.actor


@pytest.fixture(params=["public", "sealed"])
def source(request: pytest.FixtureRequest, by: Any) -> Source:
    """The same text, published or in confidence."""
    if request.param == "public":
        return take_in(by=by, data=TEXT).source
    return take_in_confidence(by=by, team=by.teams[0], data=TEXT).source


def unmasked(by: Any, source: Source) -> Any:
    if source.plane == "public":
        return queries.reading_of(source)
    return copies.unpack(1, queries.open_sealed(by, source).known.reading)


def kept(by: Any, source: Source) -> list[tuple[str, str]]:
    keys = {source.pk: sealed.hold(by, source)} if source.plane == "sealed" else {}
    rows = Passage.objects.filter(source=source).order_by("pk")
    return [(one.anchor.quote, str(one.row.state)) for one in open_kept(rows, keys)]


@pytest.fixture
def anew(by: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., again.Anew]:
    """Read a source anew by readers that find this in its bytes."""

    def read(source: Source, raw: str, *, may_fall: bool = False) -> again.Anew:
        source = Source.objects.get(pk=source.pk)
        was = unmasked(by, source)
        post = replace(was.posts[0], text=raw, start=0, end=len(raw))
        monkeypatch.setattr(again, "look", lambda *_, **__: replace(was, raw=raw, posts=(post,)))
        return again.read_anew(by=by, source=source, may_fall=may_fall)

    return read


def test_words_typed_with_other_spaces_are_cited_as_published(by: Any, source: Source) -> None:
    row = cite_words(by=by, source=source, quote="Harbour hotel  closes,")
    assert kept(by, source) == [("Harbour\u00a0hotel closes,", "standing")]
    entry = Entry.objects.order_by("pk").last()
    assert entry.act == Act.CITED_SOURCE
    assert Commitment.objects.filter(entry=entry).count() == 1
    assert (row.quote is None) == (source.plane == "sealed") == (row.body is not None)


@pytest.mark.parametrize("quote", ["harbour hotel", "Harbour hotels", "closed", "…", ""])
def test_words_that_do_not_stand_there_are_not_cited(by: Any, source: Source, quote: str) -> None:
    with pytest.raises(NotThere):
        cite_words(by=by, source=source, quote=quote)
    assert kept(by, source) == []


def test_words_that_stand_there_twice_ask_which_is_meant(by: Any, source: Source) -> None:
    with pytest.raises(SeveralPlaces) as raised:
        cite_words(by=by, source=source, quote="Forty people were moved")
    (_, start, end), _ = raised.value.places
    cite(by=by, source=source, start=start, end=end)
    assert kept(by, source) == [("Forty people were moved", "standing")]


def test_a_mask_covers_the_passage_and_comes_off_again(by: Any, source: Source) -> None:
    cite_words(by=by, source=source, quote="Quillan Featherby agrees")
    mask_word(by=by, source=source, word="Featherby")
    assert not list(not_as_logged(by.organisation))
    assert kept(by, source) == [("Quillan █████████ agrees", "standing")]
    with pytest.raises(NotThere):
        cite_words(by=by, source=source, quote="Featherby")
    unmask(by=by, source=source, masks=list(Mask.objects.all()))
    assert kept(by, source) == [("Quillan Featherby agrees", "standing")]


def test_read_anew_it_goes_along_or_is_an_orphan_and_never_a_lookalike(by: Any, source: Source, anew: Any) -> None:
    cite_words(by=by, source=source, quote="Quillan Featherby agrees")
    raw = TEXT.decode()
    assert not again.read_anew(by=by, source=source).changed, "it reads as it did"
    stale = queries.open_sealed(by, source).source if source.plane == "sealed" else source
    assert anew(source, "Menu\n" + raw) == again.Anew(changed=True)
    assert kept(by, source) == [("Quillan Featherby agrees", "standing")]
    assert answers.find(by=by, wanted=Wanted("menu")).total == 1
    assert anew(source, "Menu\n" + raw.replace("it says", "they say")).orphans == 1
    assert kept(by, source) == [("Quillan Featherby agrees", "orphan")]
    assert not list(not_as_logged(by.organisation))
    with pytest.raises(Changed):
        mask_word(by=by, source=stale, word="Featherby")  # read before it was read anew
    source = Source.objects.get(pk=source.pk)
    mask_word(by=by, source=source, word="Featherby")
    assert kept(by, source) == [("Quillan █████████ agrees", "orphan")]


def test_masks_go_along_where_their_words_stand_and_never_fall_unasked(by: Any, source: Source, anew: Any) -> None:
    cite_words(by=by, source=source, quote="Quillan Featherby agrees")
    mask_word(by=by, source=source, word="Featherby")
    mask_word(by=by, source=source, word="Forty people")
    set_by = Mask.objects.earliest("at").at
    raw = TEXT.decode()
    assert anew(source, "A word of Featherby\n" + raw) == again.Anew(changed=True)
    assert kept(by, source) == [("Quillan █████████ agrees", "standing")]
    assert Mask.objects.count() == 4
    assert Mask.objects.earliest("at").at == set_by
    assert answers.find(by=by, wanted=Wanted("Featherby")).total == 0
    assert answers.find(by=by, wanted=Wanted("word")).total == 1
    assert not list(not_as_logged(by.organisation))
    assert not list(checks.sources_not_as_logged(by.organisation))
    otherwise = raw.replace("Featherby", "Feather\u00adby")
    with pytest.raises(again.MasksFall) as raised:
        anew(source, otherwise)
    assert raised.value.count == 2
    assert kept(by, source) == [("Quillan █████████ agrees", "standing")]
    assert anew(source, otherwise, may_fall=True) == again.Anew(changed=True, orphans=1, fallen=2)
    assert kept(by, source) == [("Quillan █████████ agrees", "orphan")]
    assert Mask.objects.count() == 2


def test_a_name_that_a_reader_glues_to_another_word_stays_masked(by: Any, anew: Any) -> None:
    source = take_in(by=by, data=b"Amina Hassan\nPosted today. Amina Hassan said so, and Amina Hassan left.").source
    mask_word(by=by, source=source, word="Amina Hassan")
    anew(source, "Amina HassanPosted today. Amina Hassan said so, and Amina Hassan left.")
    source = Source.objects.get(pk=source.pk)
    assert "Amina" not in queries.shown(by, source).raw
    with pytest.raises(again.MasksFall) as raised:  # two of three stand there still
        anew(source, "Amina-Hassan. Posted today. Amina Hassan said so, and Amina Hassan left.")
    assert raised.value.count == 1


def test_no_mask_is_put_over_a_reading_that_went_meanwhile(
    by: Any, source: Source, anew: Any, monkeypatch: Any
) -> None:
    mask_word(by=by, source=source, word="Featherby")
    opened = sealed.open_record if source.plane == "sealed" else queries.reading_of

    def then_anew(*given: Any) -> Any:
        monkeypatch.undo()
        read = opened(*given)
        assert anew(source, "Menu\n" + TEXT.decode()).changed
        return read

    for ask in (
        lambda: around.read(by, Source.objects.filter(pk=source.pk)),
        lambda: answers.find(by=by, wanted=Wanted("published")),
    ):
        monkeypatch.setattr(sealed if source.plane == "sealed" else queries, opened.__name__, then_anew)
        with pytest.raises(Changed):
            ask()
        assert anew(source, TEXT.decode()).changed


def test_a_passage_that_was_changed_on_the_disk_is_not_shown(by: Any, source: Source) -> None:
    row = cite_words(by=by, source=source, quote="Harbour hotel")
    other = cite_words(by=by, source=source, quote="Quillan Featherby agrees")
    if source.plane == "public":
        Passage.objects.filter(pk=row.pk).update(quote="Harbour hostel")
    else:
        Passage.objects.filter(pk=row.pk).update(body=other.body)
    with pytest.raises(PassagePutBack):
        kept(by, source)
    assert list(not_as_logged(by.organisation)) == [row.handle.hex]


def test_a_passage_is_taken_away_once(by: Any, source: Source) -> None:
    row = cite_words(by=by, source=source, quote="Harbour hotel")
    uncite(by=by, passage=row)
    assert kept(by, source) == []
    with pytest.raises(Changed):
        uncite(by=by, passage=row)


def test_another_organisation_cites_nothing_of_it(by: Any, source: Source) -> None:
    stranger = builders.other_office().guardian.actor
    row = cite_words(by=by, source=source, quote="Harbour hotel")
    with pytest.raises(Exception, match="no such source"):
        uncite(by=stranger, passage=row)
    assert masking.FILLER not in kept(by, source)[0][0]
