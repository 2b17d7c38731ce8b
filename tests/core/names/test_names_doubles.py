"""Possible doubles: reasons for and against, never a verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.core.names import Birth, Code, Kind, Known, Reference, Strength, compare, recognise
from safeconduct.core.names.doubles import Screen
from safeconduct.core.names.kept import keep
from safeconduct.core.names.match import Comparison


def known(name: str = "", refs: str = "", **others: object) -> Known:
    return Known((name,) if name else (), references=recognise(refs), **others)  # type: ignore[arg-type]


def codes(first: Known, second: Known) -> set[str]:
    return {reason.code.value for reason in compare(first, second).reasons}


def test_reference_and_name_are_strong() -> None:
    found = compare(known("BEGAM, Shireen", "S2424708"), known("Shirin Begum", "S2424708 / 6447-2421-7485-8588"))
    assert [(reason.code, reason.params) for reason in found.reasons] == [
        (Code.SAME_REFERENCE, ("ho_file",)),
        (Code.SIMILAR_NAME, ()),
    ]
    assert found.strength is Strength.STRONG


def test_one_reference_under_two_names_is_weak_and_says_both() -> None:
    found = compare(known("Hagos Tekle", "S2424708"), known("Shirin Begum", "S2424708"))
    assert [reason.code for reason in found.reasons] == [Code.SAME_REFERENCE, Code.DIFFERENT_NAME]
    assert found.reasons[1].code.against
    assert found.strength is Strength.WEAK


def test_another_script_is_said() -> None:
    assert codes(known("mohamad raheemi"), known("محمد رحیمی")) == {"similar_name", "other_script"}
    assert codes(known("Oxana Kovalenko"), known("Оксана Коваленко")) == {"similar_name", "other_script"}


def test_word_order_makes_no_difference() -> None:
    assert codes(known("Lan Nguyen Thi"), known("Nguyen Thi Lan")) == {"same_name"}


def test_the_first_of_january_is_weak() -> None:
    day, january = Birth(1987, 5, 2), Birth(1987, 1, 1)
    rahimi = "Mohammad Rahimi"
    exact = compare(known(rahimi, births=(day,)), known(rahimi, births=(day,)))
    first = compare(known(rahimi, births=(january,)), known(rahimi, births=(january,)))
    assert [reason.code for reason in exact.reasons] == [Code.SAME_NAME, Code.SAME_BIRTH]
    assert [reason.code for reason in first.reasons] == [Code.SAME_NAME, Code.BIRTH_FIRST_OF_JANUARY]
    assert exact.strength is Strength.LIKELY
    assert first.strength is Strength.WEAK


@pytest.mark.parametrize(
    ("one", "two", "code"),
    [
        (Birth(1987, 5, 2), Birth(1987, 1, 1), "same_birth_year"),
        (Birth(1987, 5, 2), Birth(1987), "same_birth_year"),
        (Birth(1987, 5, 2), Birth(1987, 5, 2, about=True), "same_birth_year"),
        (Birth(1987, 11, 12), Birth(1987, 12, 11), "birth_day_and_month_exchanged"),
        (Birth(1987, 5, 2), Birth(1987, 5, 3), "different_birth"),
        (Birth(1987, 5, 2), Birth(1986, 5, 2), "different_birth"),
        (Birth(1987), Birth(1999), "different_birth"),
    ],
)
def test_births(one: Birth, two: Birth, code: str) -> None:
    assert codes(Known(births=(one,)), Known(births=(two,))) == {code}
    assert codes(Known(births=(two,)), Known(births=(one,))) == {code}


def test_an_estimated_year_a_little_out_says_nothing() -> None:
    assert codes(Known(births=(Birth(2001, about=True),)), Known(births=(Birth(1999, 3, 4),))) == set()


def test_a_difference_counts_only_where_no_two_assertions_agree() -> None:
    """One birth as claimed and another as an authority assigned it: the one that agrees decides."""
    both = Known(births=(Birth(2007, 3, 9), Birth(2004, 1, 1)))
    assert codes(both, Known(births=(Birth(2007, 3, 9),))) == {"same_birth"}


def test_a_phone_and_a_postcode_however_they_are_written() -> None:
    one = Known(phones=("07700 900123",), postcode="ZZ3 3AX")
    two = Known(phones=("+44 7700 900123",), postcode="zz33ax")
    assert codes(one, two) == {"same_phone", "same_postcode"}
    assert codes(Known(phones=("123", "")), Known(phones=("123", ""))) == set()


def test_a_household_is_not_a_double() -> None:
    """Telephone, postcode and family file in common, names unlike."""
    shared = {"phones": ("07700 900123",), "postcode": "ZZ3 3AX"}
    found = compare(known("Amina Osman", "S2424708", **shared), known("Hagos Tekle", "S2424708/2", **shared))
    assert {reason.code for reason in found.reasons} >= {Code.SAME_FAMILY_REFERENCE, Code.DIFFERENT_NAME}
    assert found.strength is Strength.NONE


def test_relations_by_a_shared_second_name_are_not_offered() -> None:
    assert compare(known("Zehra Rahimi"), known("Zehra Karimi")).strength is Strength.NONE


def test_one_name_alone_is_little() -> None:
    found = compare(known("Gulalai"), known("Gulalai"))
    assert {reason.code for reason in found.reasons} == {Code.SAME_NAME, Code.ONE_NAME_ONLY}
    assert found.strength is Strength.WEAK
    assert compare(known("Fatima"), known("Fatima Rahimi")).strength is Strength.NONE


def test_a_full_date_of_birth_against_outweighs_a_common_name() -> None:
    one = known("Mohamed Osman", births=(Birth(1956, 3, 20),))
    two = known("Mohamed Osman", births=(Birth(1990, 7, 8),))
    assert compare(one, two).strength is Strength.NONE


def test_nationality_speaks_only_against() -> None:
    assert codes(Known(nationality="Sudan"), Known(nationality="sudan ")) == set()
    assert codes(Known(nationality="Sudan"), Known(nationality="Syria")) == {"different_nationality"}
    assert codes(Known(nationality="Sudan"), Known()) == set()


def test_the_office_s_own_reference_is_no_evidence() -> None:
    own = (Reference(Kind.OWN, "IM/0001", "IM/0001", "unconfirmed"),)
    assert codes(Known(references=own), Known(references=own)) == set()


def test_likeness_is_the_same_both_ways_and_carries_no_names() -> None:
    one = known("محمد رحیمی", "S7089061 / 7209-4056-1125-5762", births=(Birth(1987, 1, 1),), nationality="Iran")
    two = known("Mohamad Raheemi", "S7089061", births=(Birth(1987, 5, 6),), nationality="Afghanistan")
    there, back = compare(one, two), compare(two, one)
    assert there == back
    assert "7089061" not in repr(there)
    assert "raheemi" not in repr(there).lower()


def test_nothing_known_is_no_likeness() -> None:
    assert compare(Known(), Known()).reasons == ()
    assert compare(Known(), Known()).strength is Strength.NONE


def some_people() -> some.SearchStrategy[Known]:
    parts = some.sampled_from(
        ["Mohammad", "Muhammed", "Rahimi", "Raheemi", "رحیمی", "Zehra", "Zahra", "Abdul", "Karim"]
    )
    births = some.builds(Birth, some.integers(1986, 1988), some.integers(1, 2), some.integers(1, 2), some.booleans())
    return some.builds(
        Known,
        names=some.lists(some.lists(parts, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=2).map(tuple),
        births=some.lists(births, max_size=2).map(tuple),
        references=some.sampled_from(["", "S2424708/2", "S2424708/3"]).map(lambda text: tuple(recognise(text))),
        phones=some.sampled_from([(), ("07700 900123",)]),
        postcode=some.sampled_from(["", "CF10 1AA"]),
    )


@given(asked=some_people(), other=some_people())
def test_nobody_is_left_out_unopened_who_would_be_like_enough(asked: Known, other: Known) -> None:
    likeness = compare(asked, other)
    most = Screen(asked, Comparison()).most(keep(other.names, other.births))
    if Code.SAME_REFERENCE not in {reason.code for reason in likeness.reasons}:
        assert most >= likeness.strength


def test_somebody_of_another_name_or_year_is_not_worth_opening() -> None:
    screen = Screen(known("Zehra Rahimi", births=(Birth(1987, 5, 2),)), Comparison())
    assert screen.most(keep(["Zehra Rahimi"], [Birth(1987, 3, 4)])) is Strength.LIKELY
    assert screen.most(keep(["Zehra Rahimi"], [Birth(1990, 5, 2)])) is Strength.WEAK
    assert screen.most(keep(["Daniel Okafor"], [Birth(1987, 5, 2)])) is Strength.NONE
