"""Rows that look like one person are offered with reasons; a rule joins only what agrees; births never conflict."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from safeconduct.casework.importing.births import read_birth
from safeconduct.casework.importing.repeats import propose_repeats, same_person
from safeconduct.casework.importing.rows import RowReading
from safeconduct.core.names.doubles import Code, Strength
from safeconduct.core.names.references import recognise

TODAY = date(2026, 11, 20)
BLANK = RowReading(
    number=0,
    our_ref="",
    name="",
    birth=read_birth("", today=TODAY),
    nationality="",
    phones=(),
    emails=(),
    address="",
    postcode="",
    safe_contact=None,
    kind="other",
    kind_written="",
    references=(),
    came_in_on=None,
    sent_on=None,
    route="other",
    sent_to="",
    subject="",
    chased_on=(),
    replied_on=None,
    reply_shape="",
    reply_said="",
    worker="",
    notes=(),
    wants_interpreter=False,
)


def row(number: int, name: str, birth: str = "", ref: str = "", postcode: str = "", phone: str = "") -> RowReading:
    return replace(
        BLANK,
        number=number,
        name=name,
        birth=read_birth(birth, today=TODAY),
        references=recognise(ref),
        postcode=postcode,
        phones=(phone,) if phone else (),
    )


UAN = "7209-4056-1125-5762"


def test_one_reference_and_one_name_in_two_scripts_are_one_person() -> None:
    rows = [row(2, "Oxana Kovalenko", ref=UAN), row(3, "Оксана Коваленко", ref=f"A1234567 / {UAN}"), row(4, "Oxana")]
    grouping = same_person(rows, "reference")
    (group,) = grouping.groups
    assert group.rows == (2, 3)
    assert Code.SAME_REFERENCE in group.reasons
    assert grouping.people(rows) == 2


def test_by_the_rule_never_nobody_is_joined() -> None:
    rows = [row(2, "Amina Osman", ref=UAN), row(3, "Amina Osman", ref=UAN)]
    assert same_person(rows, "never").groups == ()
    assert same_person(rows, "never").people(rows) == 2


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        # A mother and her daughter under one family reference.
        (row(2, "Mariam Osman", ref=UAN), row(3, "Drita Hoxha", ref=UAN), Code.DIFFERENT_NAME),
        # Two of one name with two full births.
        (
            row(2, "Shirin Begum", "14/3/2016", UAN),
            row(3, "Shirin Begum", "1/3/1988", UAN),
            Code.DIFFERENT_BIRTH,
        ),
    ],
)
def test_a_shared_reference_with_disagreeing_names_or_births_is_held_apart_and_said(
    first: RowReading, second: RowReading, why: Code
) -> None:
    grouping = same_person([first, second], "reference")
    assert grouping.groups == ()
    (apart,) = grouping.held_apart
    assert apart.rows == (2, 3)
    assert {why, Code.SAME_REFERENCE} <= set(apart.reasons)


def test_an_estimated_year_does_not_hold_one_person_apart() -> None:
    rows = [row(2, "Shirin Begum", "14/3/2016", UAN), row(3, "Shirin Begum", "abt 2001", UAN)]
    assert [group.rows for group in same_person(rows, "reference").groups] == [(2, 3)]


def test_a_chain_never_ends_in_two_births() -> None:
    rows = [
        row(2, "Shirin Begum", "14/3/2016", UAN),
        row(3, "Shirin Begum", "", UAN),
        row(4, "Shirin Begum", "1/3/1988", UAN),
    ]
    grouping = same_person(rows, "reference")
    assert [len(group.rows) for group in grouping.groups] == [2]
    assert grouping.people(rows) == 2


def test_own_references_join_nobody() -> None:
    rows = [replace(row(2, "Amina Osman"), our_ref="IM/1"), replace(row(3, "Amina Osman"), our_ref="IM/1")]
    assert same_person(rows, "reference").groups == ()


def test_rows_are_offered_by_name_birth_and_place_without_any_reference() -> None:
    rows = [
        row(2, "Mohamad Rahimi", "3/5/1990", postcode="ZZ1 1AA"),
        row(3, "RAHEEMI, Mohammad", "1990-05-03", postcode="ZZ1 1AA"),
        row(4, "Mohamad Rahimi", "9/9/1971", postcode="ZZ1 1AA"),
        row(5, "Drita Hoxha", "3/5/1990", postcode="ZZ1 1AA"),
    ]
    (offer,) = propose_repeats(rows)
    assert offer.rows == (2, 3)
    assert {Code.SIMILAR_NAME, Code.SAME_BIRTH, Code.SAME_POSTCODE} <= set(offer.reasons)
    assert offer.strength >= Strength.LIKELY


def test_a_household_is_not_offered_as_one_person() -> None:
    rows = [
        row(2, "Amina Osman", postcode="ZZ1 1AA", phone="07700 900001"),
        row(3, "Drita Hoxha", postcode="ZZ1 1AA", phone="07700 900001"),
        row(4, "Tesfay Haile", postcode="ZZ1 1AA", phone="07700 900001"),
    ]
    assert propose_repeats(rows) == ()


def test_a_common_name_in_a_large_hostel_is_compared_in_bounded_work() -> None:
    rows = [row(n, "Mohammed Ali", f"{2 + n % 27}/{1 + n % 12}/1990", postcode="ZZ1 1AA") for n in range(2, 602)]
    offers = propose_repeats(rows)
    assert offers
    births = {r.number: r.birth.full for r in rows}
    assert all(len({births[number] for number in offer.rows}) == 1 for offer in offers)


def test_weak_likenesses_are_offered_only_when_asked_for() -> None:
    rows = [row(2, "Tesfai Tecle", postcode="ZZ1 1AA"), row(3, "Tesfay Tekle", postcode="ZZ1 1AA")]
    assert propose_repeats(rows) == ()
    (offer,) = propose_repeats(rows, Strength.WEAK)
    assert offer.strength is Strength.WEAK


people = st.builds(
    row,
    st.integers(),
    st.sampled_from(["Amina Osman", "OSMAN, Amina", "Aamina Uthman", "Drita Hoxha", "محمد رحیمی", "Mohamad Rahimi"]),
    st.sampled_from(["", "3/5/1990", "1990-05-03", "1/1/1990", "1/1/1980", "abt 2001", "9/9/1971"]),
    st.sampled_from(["", UAN, "A1234567", f"A1234567 / {UAN}"]),
    st.sampled_from(["", "ZZ1 1AA", "ZZ2 2BB"]),
    st.sampled_from(["", "07700 900001"]),
)


@given(st.lists(people, max_size=12))
def test_groups_are_apart_from_one_another_and_hold_one_full_birth_each(drawn: list[RowReading]) -> None:
    rows = [replace(each, number=at) for at, each in enumerate(drawn, start=2)]
    births = {each.number: each.birth.full for each in rows}
    for groups in (same_person(rows, "reference").groups, propose_repeats(rows, Strength.WEAK)):
        numbers = [number for group in groups for number in group.rows]
        assert len(numbers) == len(set(numbers))
        for group in groups:
            assert len(group.rows) >= 2
            years = {b.year for n in group.rows if (b := births[n])}
            days = {b for n in group.rows if (b := births[n]) and (b.month, b.day) != (1, 1)}
            assert len(years) <= 1
            assert len(days) <= 1
