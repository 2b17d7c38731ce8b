"""What is shown of an answer: words as they were published, and what was asked for marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.archive.finding.snippets import Snippet, snippet
from safeconduct.archive.finding.terms import Nothing, terms

LONG = "Before it all. " + "word " * 60 + "the Home\u00a0Office’s  reply came " + "after " * 60 + "deported at last"


def shown(found: Snippet) -> str:
    return "".join(f"[{one.text}]" if one.hit else one.text for one in found.pieces)


@pytest.mark.parametrize(
    ("raw", "asked", "marked"),
    [
        ("The Home\u00a0Office’s reply", '"home office"', "The [Home\u00a0Office]’s reply"),
        ("deported, deportation", "deport", "[deport]ed, [deport]ation"),
        ("port ports report", "port", "[port] ports report"),
        ("إلى المُهاجِرين هنا", "مهاجرين", "إلى ال[مُهاجِرين] هنا"),
        ("می\u200cروم به", "میروم", "[می\u200cروم] به"),
        ("ንሰብ", "ሰብ", "ን[ሰብ]"),
        ("申请庇护的人", "庇护", "申请[庇护]的人"),
        ("CAFE\u0301 cafe", "café", "[CAFE\u0301] [cafe]"),
        ("food and hotel", "hotel food", "[food] and [hotel]"),
        ("a a a", "a", "[a] [a] [a]"),
        ("only the title had it", "letter", "only the title had it"),
        ("", "letter", ""),
    ],
)
def test_what_was_asked_for_is_marked_as_it_was_published(raw: str, asked: str, marked: str) -> None:
    assert shown(snippet(raw, terms(asked))) == marked


def test_of_a_long_post_the_surroundings_are_shown_cut_at_words() -> None:
    found = snippet(LONG, terms('"home office"'), around=30)
    assert (found.before, found.after) == (True, True)
    text = shown(found)
    assert "[Home\u00a0Office]" in text
    assert LONG[found.at :].startswith(text.replace("[", "").replace("]", ""))
    assert text.startswith("word ")
    assert len(text) < 120
    start = snippet(LONG, terms("nowhere"), around=30)
    assert (start.before, start.after, start.at) == (False, True, 0)


@given(
    st.text(st.sampled_from("abcAÉé́ \u00a0\u200d\n.,ابيىَሰብሀ庇护হি"), max_size=60),
    st.text(st.sampled_from('abéابيሰብ庇护হি" '), max_size=6),
)
def test_a_snippet_is_always_a_stretch_of_the_post(raw: str, asked: str) -> None:
    try:
        wanted = terms(asked)
    except Nothing:
        return
    found = snippet(raw, wanted, around=8)
    text = "".join(one.text for one in found.pieces)
    assert raw[found.at : found.at + len(text)] == text
    assert all(one.text for one in found.pieces)
    assert found.before == (found.at > 0)
    assert found.after == (found.at + len(text) < len(raw))
