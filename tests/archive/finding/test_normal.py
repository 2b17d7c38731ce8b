"""Text written one way, and back to where it stands in what was published."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.archive.finding.normal import Form, fold, mapped, quoted

# Letters and marks of every script the archive meets, and what hides between them.
AWKWARD = st.text(
    st.sampled_from(
        "aZéßﬁİıłØ’“…-'\"\u00a0\u2009\u200b\u200c\u200d\u00ad\u202e\ufeff\t\n"
        "\u0301\u0323\u0302كکيیىئأةهەھۀـًُّ٢۲ټډښېڕێﷺﻻ"
        "ሀሐኀሠሰዐአኣጸፀ፡።፩庇护請あ゙กิকিড়্ি஻தி한글नि"
        "йёґΣς½²Ａ🧡\U0001f1ec" + chr(0x1E9E)
    ),
    max_size=24,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("The Home\u00a0Office’s  ‘reply’", " the home office s reply "),
        ("DEPORTATION, deportation", " deportation deportation "),
        ("مُهاجِرون", " مهاجرون "),
        ("علي كريم", " علی کریم "),
        ("علی کریم", " علی کریم "),
        ("الـهـجـرة", " الهجره "),
        ("می\u200cروم", " میروم "),
        ("أحمد إلى آخر", " احمد الی اخر "),
        ("۲۰۲۰ ٢٠٢٠ 2020", " 2020 2020 2020 "),
        ("ھەولێر هەولێر", " ههولێر ههولێر "),
        ("ሐገር ሀገር", " ሀገር ሀገር "),
        ("ሰላም፡ዓለም።", " ሰላም አለም "),
        ("庇护申请", " 庇 护 申 请 "),
        ("Đặng Thị Mai", " dang thi mai "),
        ("Đặng".encode().decode(), " dang "),
        ("IŞIK ışık Işık", " isik isik isik "),
        ("শরণার্থী", " শরণার্থী "),
        ("ﬁrst Ｆｕｌｌ", " first full "),
        ("hyphen-\nated", " hyphen ated "),
        ("soft\u00adhyphen", " softhyphen "),
        ("@stand_for_all 🧡 #asylum", " stand for all asylum "),
        ("🧡 …", ""),
        ("", ""),
    ],
)
def test_what_people_type_in_several_ways_is_folded_to_one(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_vowels_of_indic_scripts_are_kept_apart() -> None:
    assert fold("দিন") != fold("দান")
    assert fold("கடல்") != fold("கடலை")


@given(AWKWARD)
def test_the_fast_way_and_the_way_with_a_map_agree(text: str) -> None:
    normal = mapped(text)
    assert normal.text == fold(text)
    assert len(normal.starts) == len(normal.ends) == len(normal.text)


@given(AWKWARD)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(AWKWARD, st.sampled_from(Form))
def test_the_map_never_goes_back_and_stays_within(text: str, form: Form) -> None:
    normal = mapped(text, form)
    assert list(normal.starts) == sorted(normal.starts)
    assert all(0 <= start <= end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))


@given(AWKWARD)
def test_composed_and_taken_apart_are_one_quotation(text: str) -> None:
    assert quoted(unicodedata.normalize("NFC", text)) == quoted(unicodedata.normalize("NFD", text))


def test_a_span_leads_back_to_the_letters_as_published_with_their_marks() -> None:
    raw = "On 3\u00a0September, «مُهاجِرون»\u00a0said"
    normal = mapped(raw)
    for word, published in (("مهاجرون", "مُهاجِرون"), ("3 september", "3\u00a0September"), ("said", "said")):
        at = normal.text.index(word)
        start, end = normal.span(at, at + len(word))
        assert raw[start:end] == published


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the “normal” service", 'the "normal" service'),
        ("a\u00a0b\n\n c", "a b c"),
        ("1990–2020 — so", "1990-2020 - so"),
        ("علي", "علی"),
        ("مُهاجر", "مهاجر"),
        ("wait…", "wait..."),
    ],
)
def test_what_no_reader_calls_a_difference_is_none(one: str, other: str) -> None:
    assert quoted(one) == quoted(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Office", "office"), ("wait, no", "wait no"), ("café", "cafe"), ("10²", "102"), ("ሀገር", "ሐገር"), ("a-b", "ab")],
)
def test_a_letter_a_comma_or_a_case_is_a_difference(one: str, other: str) -> None:
    assert quoted(one) != quoted(other)
