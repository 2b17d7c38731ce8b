"""Posts that say the same are found, strangers are not, and differences read back as either text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.archive.likeness import LEAST, Change, Changed, Index, compare, differences, samples, shingles

WORDS = [
    a + b for a in ("ka", "lo", "mi", "tu", "re", "so", "ni", "ba") for b in ("ran", "del", "tis", "mon", "ver", "lu")
]


def written(seed: int, count: int) -> str:
    dice = random.Random(seed)
    return " ".join(dice.choice(WORDS) for _ in range(count))


def test_an_excerpt_is_in_its_post_whole_and_is_little_of_it() -> None:
    whole = written(1, 400)
    excerpt = " ".join(whole.split()[:150]) + " Read on"
    how = compare(shingles(excerpt), shingles(whole))
    assert how.containment > 0.97
    assert how.jaccard < 0.4
    assert compare(shingles(whole), shingles(written(2, 400))).containment < 0.05


def test_case_marks_and_spaces_make_no_other_text() -> None:
    assert shingles("The Rooms  were\xa0cold, again") == shingles("the rooms were cold again")
    assert shingles("مُحَمَّد رحيمي كتب إلى الوزير") == shingles("محمد رحیمی کتب إلی الوزیر")
    assert len(shingles("人人生而自由")) == 4, "signs are words where there are no spaces"
    assert shingles("") == frozenset()


@pytest.fixture
def index() -> Index:
    made = Index()
    for number in range(300):
        made.add(number, written(number, 150))
    return made


def test_an_index_finds_copies_edits_and_excerpts_and_no_stranger(index: Index) -> None:
    words = written(7, 150).split()
    edited = " ".join([*words[:70], "StatusNow", "logo", *words[70:]])
    for text in (" ".join(words), edited, " ".join(words[30:90])):
        assert [match.key for match in index.alike(text)] == [7]
    assert index.alike(written(9000, 150)) == ()
    index.close()


def test_a_few_words_are_no_likeness_and_what_everybody_repeats_is_bounded(index: Index) -> None:
    index.add("short", "Thank you all very much")
    assert index.alike("Thank you all very much") == ()
    assert len(shingles(written(7, 150).rsplit(" ", 141)[0])) < LEAST
    for number in range(1001):
        index.add(f"again {number}", "please sign and share this petition with everybody you know today " + str(number))
    assert len(index.alike("please sign and share this petition with everybody you know today")) <= 200
    index.close()


@given(st.sets(st.integers(0, 2**64 - 1), max_size=200))
def test_samples_are_the_same_part_of_every_set_and_fit_a_database(those: set[int]) -> None:
    kept = samples(frozenset(those))
    assert all(-(2**63) <= one < 2**63 for one in kept)
    assert {one % 2**64 for one in kept} <= those
    assert len(kept) >= min(8, len(those))


def test_differences_are_words_and_nothing_else() -> None:
    assert differences("The cat sat on a mat.", "The dog sat on the big mat.") == (
        Change(Changed.SAME, "The "), Change(Changed.REMOVED, "cat"), Change(Changed.ADDED, "dog"),
        Change(Changed.SAME, " sat on "), Change(Changed.REMOVED, "a"), Change(Changed.ADDED, "the big"),
        Change(Changed.SAME, " mat."),
    )  # fmt: skip
    assert differences("same", "same") == (Change(Changed.SAME, "same"),)
    assert differences("", "") == ()


@given(st.text(alphabet="ab \nسé", max_size=60), st.text(alphabet="ab \nسé", max_size=60))
def test_differences_put_together_are_either_text(first: str, second: str) -> None:
    changes = differences(first, second)
    assert "".join(one.text for one in changes if one.what is not Changed.ADDED) == first
    assert "".join(one.text for one in changes if one.what is not Changed.REMOVED) == second


def test_texts_beyond_all_bounds_are_replaced_whole() -> None:
    first, second = "\n".join("a" * 30_000), "\n".join("b" * 30_000)
    assert [one.what for one in differences(first, second)] == [Changed.REMOVED, Changed.ADDED]
