"""Names for lists: a given name and an initial, in the person's own script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.names import display_parts, listed

SHOWN = [
    ("Fatima Rahimi", "Fatima R."),
    ("BEGAM, Shireen", "Shireen B."),
    ("BEGAM, Shireen Akhter", "Shireen B."),
    ("RAHIMI Fatima", "Fatima R."),
    ("Fatima RAHIMI", "Fatima R."),
    ("Mohammad Ali Rahimi", "Mohammad R."),
    ("Yousef Al-Hassan", "Yousef H."),
    ("Fatima el Hassan", "Fatima H."),
    ("AL-HASSAN, Yousef", "Yousef H."),
    ("Gulalai", "Gulalai"),
    ("FNU Gulalai", "Gulalai"),
    ("Mrs Amina Osman", "Amina O."),
    ("محمد رحیمی", "محمد ر."),
    ("يوسف الحسن", "يوسف ح."),
    ("الحسن، يوسف", "يوسف ح."),
    ("ተስፋይ ተክለ", "ተስፋይ ተ."),
    ("Оксана Коваленко", "Оксана К."),
    ("শিরিন শ্রীমতি", "শিরিন শ্রী."),
    ("தர்ஷன் செல்வராஜா", "தர்ஷன் செ."),
    ("S. Tharshan", "Tharshan S."),
    ("S Tharshan", "Tharshan S."),
    ("Nguyen Thi Lan", "Lan N."),
    ("Nguyễn Minh Anh", "Anh N."),
    ("Lan Nguyen", "Lan N."),
    ("李小明", "小明 李."),
    ("Zola E\u0301mile", "Zola É."),
    ("Mohammad (known as Ali) Rahimi", "Mohammad R."),
    ("  Fatima   Rahimi ", "Fatima R."),
    ("\u202bFatima\u202c Rahimi", "Fatima R."),
    (", Fatima", "Fatima"),
    ("Rahimi,", "Rahimi"),
    ("Dr", "Dr"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "shown"), SHOWN, ids=[name or "empty" for name, _ in SHOWN])
def test_listed(name: str, shown: str) -> None:
    assert listed(name) == shown


def test_one_name_has_no_initial() -> None:
    assert display_parts("Gulalai") == ("Gulalai", "")
    assert display_parts("Fatima Rahimi") == ("Fatima", "R")


# What a reader takes for one character, some of them several code points.
CHARACTERS = st.sampled_from(["F", "É", "Ạ\u0302", "ر", "ተ", "শ্রী", "ক্ষি", "செ", "ਗੁ", "О", "김", "เก"])


@given(st.lists(CHARACTERS, min_size=5, max_size=8), st.lists(CHARACTERS, min_size=5, max_size=8))
def test_an_initial_is_a_whole_character(one: list[str], two: list[str]) -> None:
    given_name, initial = display_parts(f"{''.join(one)}a {''.join(two)}a")
    assert given_name == f"{''.join(one)}a"
    assert initial == unicodedata.normalize("NFC", two[0])


@given(st.text(max_size=40))
def test_any_text_is_shown_in_one_line(name: str) -> None:
    given_name, initial = display_parts(name)
    assert bool(given_name) or not initial
    assert len((given_name + initial).split()) <= 1
