"""Ranking: the person meant comes first, whatever the script, order or slip; dates of birth only nudge."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.names import Birth, Candidate, Generation, alike, query_tokens, rank, score, search, tokens
from safeconduct.core.names.kept import keep
from safeconduct.core.names.match import rank_kept
from safeconduct.core.names.parts import Bones, Row

# Invented people, several of them near each other.
PEOPLE: dict[int, tuple[str, ...]] = dict(
    enumerate(
        [
            ("محمد رحیمی",),
            ("Mahmoud Karimi",),
            ("Mohammed Osman",),
            ("ተስፋይ ተክለ",),
            ("Abebe Tecle",),
            ("Оксана Коваленко",),
            ("Nguyen Thi Lan",),
            ("Nguyen Van Minh",),
            ("يوسف الحسن",),
            ("Yousef Haidari",),
            ("Gulalai",),
            ("Gulnara Akhmetova",),
            ("Tharshan Selvarajah",),
            ("BEGUM, Shirin",),
            ("Shirin Ebadpour",),
            ("Gurpreet Kaur",),
            ("Gurpreet Singh", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
            ("Abdulrahman Wardak",),
            ("Zehra Rahimi",),
        ]
    )
)
GENERATION = Generation.build((number, tokens(names)) for number, names in PEOPLE.items())


def find(query: str) -> list[str]:
    found = search(GENERATION, (), query_tokens(query))
    return [PEOPLE[one.number][0] for one in rank(query, [Candidate(number, PEOPLE[number]) for number in found])]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("mohamad raheemi", "محمد رحیمی"),
        ("RAHEEMI, Mohammad", "محمد رحیمی"),
        ("Mohammed Rahimi", "محمد رحیمی"),
        ("رحيمي محمد", "محمد رحیمی"),
        ("M Rahimi", "محمد رحیمی"),
        ("Tesfai Tecle", "ተስፋይ ተክለ"),
        ("Oxana", "Оксана Коваленко"),
        ("kovalenko oksana", "Оксана Коваленко"),
        ("Lan Nguyen Thi", "Nguyen Thi Lan"),
        ("Nguyễn Thị Lan", "Nguyen Thi Lan"),
        ("Yousef Al-Hassan", "يوسف الحسن"),
        ("yusuf hasan", "يوسف الحسن"),
        ("Gulalai", "Gulalai"),
        ("Gulalai Ahmadi", "Gulalai"),
        ("گلالی", "Gulalai"),
        ("Tarshan Selvaraja", "Tharshan Selvarajah"),
        ("Shireen Begam", "BEGUM, Shirin"),
        ("শিরিন বেগম", "BEGUM, Shirin"),
        ("gurprit sing", "Gurpreet Singh"),
        ("Abdul Rahman Wardak", "Abdulrahman Wardak"),
        ("عبدالرحمن وردک", "Abdulrahman Wardak"),
        ("Rahman Wardak", "Abdulrahman Wardak"),
        ("Tahrshan Selvaraja", "Tharshan Selvarajah"),
    ],
)
def test_the_person_meant_comes_first(query: str, wanted: str) -> None:
    assert find(query)[0] == wanted


def test_a_name_nobody_has_finds_nobody_alike() -> None:
    asked = "Blessing Okafor"
    assert all(score(asked, names) < 0.6 for names in PEOPLE.values())


def test_the_best_of_several_spellings_counts() -> None:
    assert score("Gurpreet Singh", ["G. Kaur", "Gurpreet Singh"]) == 1.0


def test_a_year_of_birth_nudges_and_the_first_of_january_nudges_less() -> None:
    query, names = "Mohammed Rahimi 1987", ["Mohamed Raheemi"]
    plain = score(query, names)
    exact = score(query, names, [Birth(1987, 5, 2)])
    january = score(query, names, [Birth(1987, 1, 1)])
    about = score(query, names, [Birth(1987, about=True)])
    wrong = score(query, names, [Birth(1960, 5, 2)])
    assert wrong < plain < january == about < exact
    assert exact - plain < 0.05
    assert score(query, names, [1987]) == exact
    assert score(query, names, [Birth(1988, 5, 2)]) == plain  # one year out says nothing


def test_a_year_never_outweighs_a_name() -> None:
    assert score("Mohammed Rahimi 1987", ["Mohamed Rahimi"], [1960]) > score("Mohammed Rahimi 1987", ["Rahima"], [1987])


def test_a_query_without_letters_scores_nothing() -> None:
    assert score("1987", ["Fatima"], [1987]) == 0.0
    assert score("Fatima", []) == 0.0
    assert score("Fatima", ["…"]) == 0.0


def test_equal_scores_keep_the_order_of_numbers() -> None:
    same = [Candidate(number, ("Fatima Rahimi",)) for number in (9, 3, 7)]
    assert [one.number for one in rank("fatima", same)] == [3, 7, 9]
    assert [one.number for one in rank("fatima", same, limit=1)] == [3]


PART = st.text("abdeghiklmnorstuyz", min_size=1, max_size=9)
NAME = st.lists(PART, min_size=1, max_size=4).map(" ".join)


@given(NAME, NAME)
def test_likeness_is_between_nought_and_one_and_the_same_both_ways(one: str, two: str) -> None:
    assert 0.0 <= score(one, [two]) <= 1.0
    assert 0.0 <= alike(one, two) <= 1.0
    assert alike(one, two) == pytest.approx(alike(two, one))


@given(NAME, st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(name: str, random: object) -> None:
    words = name.split()
    random.shuffle(words)  # type: ignore[attr-defined]
    assert score(" ".join(words), [name]) == pytest.approx(1.0)


@given(PART, st.lists(PART, max_size=12, unique=True))
def test_parts_worked_out_together_are_as_alike_as_one_by_one(part: str, others: list[str]) -> None:
    bones = Bones()
    together, alone = Row(part, bones), Row(part, bones)
    together.fill(others)
    assert together == pytest.approx({other: alone[other] for other in others})


def test_who_shares_the_rare_name_comes_before_who_has_the_common_one() -> None:
    asked = "mohammad harrad"
    plain = [Candidate(0, ("Mohammad Hamdan",)), Candidate(1, ("Mehmet Khorrod",))]
    by_names = {one.number: one.score for one in rank(asked, plain)}
    assert list(by_names) == [0, 1]
    shares = {0: 0.3, 1: 0.9}
    ranked = rank(asked, [replace(one, share=shares[one.number]) for one in plain])
    assert [one.number for one in ranked] == [1, 0]
    assert {one.number: one.score for one in ranked} == by_names
    assert rank_kept(asked, [(one.number, keep(one.names)) for one in plain], shares=shares) == ranked
