"""Columns are recognised by their headings and content, never silently dropped, and a person has the last word."""

import pytest

from safeconduct.casework.importing.columns import Column, ColumnMap, propose
from safeconduct.casework.importing.fields import BY_PHRASE, Field, from_heading, normal_heading
from safeconduct.casework.importing.sheet import Sheet, SheetRow


def sheet(headings: list[str], *rows: list[str]) -> Sheet:
    return Sheet(tuple(headings), 1, tuple(SheetRow(n, tuple(cells)) for n, cells in enumerate(rows, start=2)), "csv")


def read_as(headings: list[str], *rows: list[str]) -> dict[str, Field]:
    return {column.heading: column.field for column in propose(sheet(headings, *rows)).columns}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Our ref", Field.OUR_REF),
        ("CASE REF.", Field.OUR_REF),
        ("Constituent's name", Field.NAME),
        ("Surname", Field.FAMILY_NAME),
        ("Forename(s)", Field.GIVEN_NAME),
        ("D.O.B.", Field.BIRTH),
        ("Country of origin", Field.NATIONALITY),
        ("Mobile no", Field.PHONE),
        ("Tel (home)", Field.PHONE),
        ("E-mail", Field.EMAIL),
        ("Post code", Field.POSTCODE),
        ("Type of case", Field.KIND),
        ("HO ref / UAN", Field.REFERENCES),
        ("MPAM ref", Field.REFERENCES),
        ("Date received", Field.CAME_IN_ON),
        ("Date sent", Field.SENT_ON),
        ("Date sent to HO", Field.SENT_ON),
        ("Written to", Field.SENT_TO),
        ("Re:", Field.SUBJECT),
        ("Last chased", Field.CHASED_ON),
        ("Chaser 2", Field.CHASED_ON),
        ("Reply rec'd", Field.REPLIED_ON),
        ("What HO said", Field.REPLY_SAID),
        ("Caseworker", Field.WORKER),
        ("Notes (private)", Field.NOTES),
    ],
)
def test_headings_offices_use_are_recognised(heading: str, field: Field) -> None:
    found = from_heading(heading)
    assert found is not None
    assert found[0] is field


@pytest.mark.parametrize("heading", ["", "Date of no importance", "Ward", "Zebra", "Party member", "??"])
def test_headings_that_say_nothing_known_are_not_guessed(heading: str) -> None:
    assert from_heading(heading) is None


def test_every_phrase_of_the_table_is_in_the_form_headings_are_reduced_to() -> None:
    assert [phrase for phrase in BY_PHRASE if normal_heading(phrase) != phrase] == []


def test_a_column_nobody_knows_is_reported_and_can_be_kept_as_notes() -> None:
    columns = propose(sheet(["Name", "Ward", "Empty"], ["A", "Northside", ""], ["B", "Southside", ""]))
    assert [column.label for column in columns.unmapped] == ["Ward"]
    kept = columns.keep_unmapped_as_notes()
    assert kept.unmapped == ()
    assert kept.indexes(Field.NOTES) == (1,)


def test_a_column_without_heading_is_told_by_its_letter_or_content() -> None:
    rows = [[str(n), f"a{n}@example.org", "some words"] for n in range(5)]
    columns = propose(sheet(["Name", "", ""], *rows)).columns
    assert (columns[1].field, columns[1].confidence, columns[1].why) == (Field.EMAIL, "guess", "content")
    assert (columns[2].field, columns[2].label) == (Field.NOT_MAPPED, "Column C")


def test_a_column_of_days_is_never_guessed() -> None:
    rows = [[str(n), f"0{n}/10/2026"] for n in range(1, 6)]
    assert read_as(["Name", "Deadline"], *rows)["Deadline"] is Field.NOT_MAPPED


def test_content_settles_a_heading_that_means_two_things() -> None:
    rows = [[f"A123456{n}", f"Name {n}", "We are sorry for the delay", "1/10/2026"] for n in range(5)]
    found = read_as(["Ref", "Name", "Response", "Outcome"], *rows)
    assert found == {
        "Ref": Field.REFERENCES,
        "Name": Field.NAME,
        "Response": Field.REPLY_SAID,
        "Outcome": Field.REPLIED_ON,
    }


def test_a_date_heading_keeps_its_column_whatever_was_typed_there() -> None:
    assert read_as(["Name", "Date sent"], ["A", "last week"], ["B", "??"])["Date sent"] is Field.SENT_ON


def test_of_two_columns_for_one_field_the_surer_keeps_it_and_the_other_is_reported() -> None:
    columns = propose(sheet(["Constituent", "Constituent (second)"], ["A", "B"], ["C", "D"]))
    first, second = columns.columns
    assert first.field is Field.NAME
    assert (second.field, second.why, second.looked_like) == (Field.NOT_MAPPED, "taken", Field.NAME)
    assert columns.unmapped == (second,)


def test_several_columns_may_feed_telephones_references_and_notes() -> None:
    columns = propose(sheet(["Name", "Home tel", "Mobile", "HO ref", "UAN"], ["A", "1", "2", "3", "4"]))
    assert columns.indexes(Field.PHONE) == (1, 2)
    assert columns.indexes(Field.REFERENCES) == (3, 4)


def test_surname_and_forename_are_used_where_no_whole_name_is() -> None:
    apart = propose(sheet(["Surname", "Forename"], ["Osman", "Amina"]))
    assert (apart.indexes(Field.FAMILY_NAME), apart.indexes(Field.GIVEN_NAME)) == ((0,), (1,))
    beside = propose(sheet(["Full name", "Surname"], ["Amina Osman", "Osman"]))
    assert beside.indexes(Field.FAMILY_NAME) == ()


def test_a_person_can_change_any_column() -> None:
    columns = propose(sheet(["Name", "Ward", "Constituent address name"], ["A", "B", "C"]))
    changed = columns.choose(1, Field.NAME)
    assert changed.indexes(Field.NAME) == (1,)
    assert changed.columns[0].looked_like is Field.NAME
    assert changed.columns[1].confidence == "chosen"
    ignored = columns.choose(0, Field.IGNORE)
    assert ignored.missing == (Field.NAME,)
    with pytest.raises(IndexError):
        columns.choose(9, Field.NOTES)


def test_next_weeks_sheet_is_read_as_this_one_was_even_with_columns_moved() -> None:
    chosen = propose(sheet(["Name", "Ward"], ["A", "B"])).choose(1, Field.SUBJECT)
    again = propose(sheet(["WARD", "Extra", "Name"], ["B", "x", "A"]), chosen.to_remember())
    assert [column.field for column in again.columns] == [Field.SUBJECT, Field.NOT_MAPPED, Field.NAME]
    assert again.columns[0].why == "remembered"


def test_a_remembered_field_that_no_longer_exists_is_ignored() -> None:
    again = propose(sheet(["Name"], ["A"]), {"name": "gone"})
    assert again.columns[0].field is Field.NAME


def test_labels_fall_back_to_a_plain_name() -> None:
    assert ColumnMap((Column(0, "Who", Field.NAME, "chosen", "chosen", 1),)).label(Field.SENT_ON) == "Sent on"
