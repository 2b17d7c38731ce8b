"""A passage is where its words are, exactly, or it is nowhere."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.archive.citing import anchors
from safeconduct.archive.citing.addresses import NoAddress, handles, short
from safeconduct.archive.citing.anchors import AROUND, Anchor, NoQuotation, anchor, place, places
from safeconduct.archive.finding.normal import quoted

RAW = (
    "An open letter.\n\nThe Home\u00a0Office said that the case is “complex and falls out of our normal\u00a0service "
    "standards”.\n\nقالت إنّ المُهاجرين في فندق.\n\nIt said so again: the case is complex. "
    "Forty people were moved at night."
)


def stretch(words: str) -> tuple[int, int]:
    at = RAW.index(words)
    return at, at + len(words)


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("The Home Office said", "The Home\u00a0Office said"),
        (
            '"complex and falls out of our normal service standards"',
            "“complex and falls out of our normal\u00a0service standards”",
        ),
        ("standards”. قالت", "standards”.\n\nقالت"),
        ("المهاجرین", "المُهاجرين"),
        ("إن المهاجرين", "إنّ المُهاجرين"),
        ("  moved\u200b at\nnight. ", "moved at night."),
    ],
)
def test_a_quotation_with_other_spaces_and_marks_is_found_as_published(typed: str, published: str) -> None:
    assert [RAW[start:end] for start, end in places(RAW, typed)] == [published]


@pytest.mark.parametrize("typed", ["the home office", "Home Office, said", "Home Offices", "case was complex"])
def test_a_quotation_of_other_words_is_not_found(typed: str) -> None:
    assert places(RAW, typed) == []


def test_every_place_of_a_quotation_is_told_and_within_a_post_only_its_own() -> None:
    found = places(RAW, "the case is")
    assert len(found) == 2
    second = RAW.index("It said so")
    assert places(RAW, "the case is", start=second) == found[1:]
    assert places(RAW, "the case is", end=second) == found[:1]


@pytest.mark.parametrize("quote", ["", "  ", "…”", "x" * 6000])
def test_what_is_no_quotation_is_refused(quote: str) -> None:
    with pytest.raises(NoQuotation):
        places(RAW, quote)


def test_a_passage_stands_where_it_stood() -> None:
    kept = anchor(RAW, *stretch("the case is “complex"))
    assert place(RAW, kept) == (kept.start, kept.end)
    assert (len(kept.prefix), len(kept.suffix)) == (43, AROUND)


def test_a_passage_goes_along_when_all_of_it_moved() -> None:
    kept = anchor(RAW, *stretch("falls out"))
    moved = "A new heading. " + RAW.replace("\u00a0", " ")
    at = place("Menu\n" + RAW, anchor(RAW, *stretch("Forty people")))
    assert at is not None
    assert ("Menu\n" + RAW)[slice(*at)] == "Forty people"
    at = place(moved, kept)
    assert at is not None
    assert moved[slice(*at)] == "falls out"


@pytest.mark.parametrize(
    "now",
    [
        RAW.replace("falls out", "falls  outside"),
        RAW.replace("falls out", "Falls out"),
        RAW.replace("complex and falls", "complex, and falls"),
        RAW.replace("falls out of our", "falls out of their"),
        RAW.replace("is “complex and falls out", "was “complex and it falls out"),
        "falls out",
        "",
    ],
)
def test_what_changed_in_a_letter_or_beside_the_passage_is_an_orphan(now: str) -> None:
    assert now != RAW
    assert place(now, anchor(RAW, *stretch("falls out"))) is None


def test_a_passage_that_could_be_one_of_two_is_an_orphan() -> None:
    kept = anchor(RAW, *stretch("falls out"))
    assert place("New. " + RAW + " " + RAW, kept) is None
    assert place(RAW + " " + RAW, kept) == (kept.start, kept.end), "where it stood nothing changed"


def test_a_lookalike_at_the_same_place_is_not_it() -> None:
    raw = "He did not say that. He left."
    kept = anchor(raw, raw.index("say that"), raw.index("say that") + 8)
    assert place("He did now say that. He left.", kept) is None


def test_a_passage_begins_and_ends_with_its_words_and_takes_their_marks() -> None:
    start, end = stretch(" moved at night.")
    assert anchor(RAW, start, end).quote == "moved at night."
    decomposed = "cafe\u0301 open"
    assert anchor(decomposed, 0, 4).quote == "cafe\u0301"
    assert places("cafe\u0301", "cafe") == []
    assert places("cafe\u0301", "café") == [(0, 5)]


@pytest.mark.parametrize("span", [(5, 5), (-1, 4), (0, len(RAW) + 1), (9, 3)])
def test_a_stretch_that_is_none_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(NoQuotation):
        anchor(RAW, *span)


@given(
    st.text(st.sampled_from('abA .,\u00a0\n\u200d\u0301يیكً“"庇'), max_size=30), st.integers(0, 30), st.integers(0, 30)
)
def test_whatever_is_cited_stands_and_is_found_again(raw: str, start: int, end: int) -> None:
    try:
        kept = anchor(raw, start, end)
    except NoQuotation:
        return
    assert place(raw, kept) == (kept.start, kept.end)
    found = [raw[left:right] for left, right in places(raw, kept.quote) if left < kept.end and right > kept.start]
    assert quoted(kept.quote) in map(quoted, found)


@given(st.uuids())
def test_a_short_address_leads_to_its_handle(handle: UUID) -> None:
    first, last = handles(short(handle))
    assert first <= handle <= last
    assert handles(short(handle).lower().replace("1", "l").replace("0", "o")) == (first, last)


@pytest.mark.parametrize("typed", ["", "FJF6CYBM4N0", "FJF6CYBM4N0U", "FJF6CYBM4N0D0", "ФJF6CYBM8N0D"])
def test_what_is_no_short_address_is_said(typed: str) -> None:
    with pytest.raises(NoAddress):
        handles(typed)


def test_a_short_address_is_the_one_in_its_description() -> None:
    assert short(UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7")) in str(short.__doc__)


def test_a_strangers_anchor_makes_no_work_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    monkeypatch.setattr(anchors, "quoted", lambda raw: written.append(len(raw)) or quoted(raw))
    raw = "ab " * 3000
    assert place(raw, Anchor("ab", "cd", "", 1, 3)) is None
    assert place("cd " * 900 + "ab " * 90 + "x" * 900, Anchor("ab", "cd", "", 1, 3)) is None
    assert max(written) < 10
    assert len(written) < 10
    assert place("cd  ab", Anchor("ab", "cd ", "", 1, 3)) == (4, 6)
