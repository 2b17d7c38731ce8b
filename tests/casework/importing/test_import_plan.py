"""The whole sheet read: each fault by row and heading, no sound row refused, nothing lost, nothing guessed."""

from datetime import date

import pytest

from safeconduct.casework.importing.columns import propose
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.importing.plan import ImportPlan, NoNameColumn, plan
from safeconduct.casework.importing.rows import RowReading
from safeconduct.casework.importing.sheet import Cell, Sheet, SheetRow

AS_OF = date(2026, 11, 20)
HEADINGS = (
    "Our ref",
    "Constituent",
    "DOB",
    "Nationality",
    "Tel",
    "Postcode",
    "Case type",
    "HO ref / UAN",
    "Date sent",
    "Sent to",
    "Subject",
    "Last chased",
    "Reply rec'd",
    "What HO said",
    "Worker",
    "Notes",
)
SOUND: dict[str, Cell] = {
    "Our ref": "IM/0001",
    "Constituent": "Amina Osman",
    "Date sent": "1/10/2026",
    "Sent to": "MPAM",
    "Case type": "asylum claim",
}


def read(*rows: dict[str, Cell], headings: tuple[str, ...] = HEADINGS) -> ImportPlan:
    """Each row is SOUND with a reference of its own, changed as given."""
    body = tuple(
        SheetRow(n, tuple({**SOUND, "Our ref": f"IM/{n:04}", **row}.get(heading, "") for heading in headings))
        for n, row in enumerate(rows, start=2)
    )
    sheet = Sheet(headings, 1, body, "csv")
    return plan(sheet, propose(sheet), as_of=AS_OF)


def only(row: dict[str, Cell], headings: tuple[str, ...] = HEADINGS) -> RowReading:
    (reading,) = read(row, headings=headings).rows
    return reading


def faults(result: ImportPlan) -> list[tuple[int, str]]:
    return [(fault.row, fault.sentence) for fault in result.faults]


def remarks(row: dict[str, Cell]) -> list[str]:
    return [remark.code for remark in read(row).remarks]


def events(row: dict[str, Cell]) -> list[tuple[str, date]]:
    return [(event.kind, event.on) for event in only(row).events()]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"Constituent": ""}, "Constituent is empty"),
        ({"Constituent": " – "}, "Constituent is empty"),
        ({"Constituent": "tbc"}, "Constituent is empty"),
        ({"Constituent": "x" * 301}, "Constituent is too long"),
        ({"Date sent": "32 Nov 2026"}, "Date sent is not a date"),
        ({"Date sent": "last Tuesday??"}, "Date sent is not a date"),
        ({"Date sent": "11/20/2026"}, "Date sent is not a date"),
        ({"Date sent": "25/12/2027"}, "Date sent is in the future"),
        ({"Date sent": "46746"}, "Date sent is in the future"),
        ({"Date sent": date(2026, 11, 21)}, "Date sent is in the future"),
        ({"Date sent": "", "Last chased": "1/10/2026"}, "Date sent is empty"),
        ({"Notes": "x" * 40_001}, "Notes is too long"),
    ],
)
def test_a_faulty_row_is_named_with_the_offices_own_heading(row: dict[str, Cell], sentence: str) -> None:
    result = read({}, row, {})
    assert faults(result) == [(3, sentence)]
    assert [reading.number for reading in result.sound] == [2, 4]
    assert len(result.rows) == 3


def test_a_row_with_two_faults_shows_both() -> None:
    assert faults(read({"Constituent": "", "Date sent": "soon"})) == [
        (2, "Constituent is empty"),
        (2, "Date sent is not a date"),
    ]


def test_the_second_row_with_a_reference_is_the_duplicate_and_says_what_differs() -> None:
    result = read({"Our ref": "IM/7"}, {"Our ref": "im-7 "}, {"Our ref": "IM/7", "Notes": "changed"})
    assert faults(result) == [(3, "Duplicate of an earlier row"), (4, "Duplicate of an earlier row")]
    first, second = result.faults
    assert (first.other_row, first.differs) == (2, ("Our ref",))
    assert second.differs == ("Notes",)
    assert "Notes" in second.detail
    assert [reading.number for reading in result.sound] == [2]


def test_an_earlier_faulty_row_is_no_original() -> None:
    result = read({"Our ref": "IM/7", "Date sent": "soon"}, {"Our ref": "IM/7"})
    assert faults(result) == [(2, "Date sent is not a date")]
    assert [reading.number for reading in result.sound] == [3]


def test_rows_without_a_reference_are_duplicates_when_they_say_the_same() -> None:
    result = read({"Our ref": ""}, {"Our ref": ""}, {"Our ref": "", "Subject": "another letter"})
    assert faults(result) == [(3, "Duplicate of an earlier row")]


def test_faults_and_remarks_never_repeat_a_cell() -> None:
    result = read({"Constituent": "Zubaida", "Date sent": "Zubaida", "DOB": "Zubaida", "Tel": "Zubaida"})
    assert result.faults
    assert result.remarks
    for text in [*(f.sentence + f.detail + repr(f) for f in result.faults), *(r.sentence for r in result.remarks)]:
        assert "Zubaida" not in text
    assert "Zubaida" not in repr(result) + repr(result.rows[0]) + repr(result.rows[0].birth)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Last chased": "25/12/2027"}, "in_future"),
        ({"Last chased": "1/9/2026"}, "before_sent"),
        ({"Last chased": "soon"}, "not_a_day"),
        ({"Reply rec'd": "25/12/2027", "What HO said": "granted"}, "in_future"),
        ({"Reply rec'd": "1/9/2026", "What HO said": "granted"}, "before_sent"),
    ],
)
def test_a_chase_or_reply_that_cannot_be_is_a_remark_and_its_text_is_kept(row: dict[str, Cell], code: str) -> None:
    result = read(row)
    assert result.faults == ()
    assert code in [remark.code for remark in result.remarks]
    assert events(row) == [("sent", date(2026, 10, 1))]
    kept = {note.text for note in only(row).notes}
    assert set(map(str, row.values())) <= kept


def test_a_reply_before_the_last_chase_is_sound() -> None:
    row: dict[str, Cell] = {"Last chased": "1/11/2026", "Reply rec'd": "20/10/2026", "What HO said": "holding reply"}
    assert remarks(row) == []
    assert [kind for kind, _ in events(row)] == ["sent", "holding_reply", "chased"]


def test_a_reply_without_words_leaves_the_enquiry_open_and_says_so() -> None:
    row: dict[str, Cell] = {"Reply rec'd": "20/10/2026"}
    assert remarks(row) == ["reply_not_described"]
    assert [kind for kind, _ in events(row)] == ["sent", "holding_reply"]
    assert only(row).reply_shape == "not_described"


def test_words_without_a_reply_date_are_kept_as_a_note() -> None:
    row: dict[str, Cell] = {"What HO said": "granted!"}
    assert remarks(row) == ["reply_without_date"]
    assert events(row) == [("sent", date(2026, 10, 1))]
    assert [(note.label, note.text) for note in only(row).notes] == [("What HO said", "granted!")]


def test_events_carry_the_offices_words_and_their_shape() -> None:
    reading = only({"Reply rec'd": "20/10/2026", "What HO said": "refused, appeal rights"})
    decided = reading.events()[-1]
    assert (decided.kind, decided.note, decided.shape) == ("decided", "refused, appeal rights", "refused")


def test_several_chases_in_one_cell_are_several_events() -> None:
    assert events({"Last chased": "20/10/2026; 1/11/2026"})[1:] == [
        ("chased", date(2026, 10, 20)),
        ("chased", date(2026, 11, 1)),
    ]


def test_a_case_nothing_was_sent_for_has_no_enquiry() -> None:
    result = read({"Date sent": ""})
    assert result.faults == ()
    assert [remark.code for remark in result.remarks] == ["nothing_sent"]
    assert (result.enquiries, result.rows[0].events()) == (0, ())


def test_a_weekday_that_disagrees_is_said_and_the_date_stands() -> None:
    row: dict[str, Cell] = {"Date sent": "Monday 1 October 2026"}
    assert remarks(row) == ["weekday_disagrees"]
    assert only(row).sent_on == date(2026, 10, 1)


@pytest.mark.parametrize("nobody", ["", "unassigned", "N/A", "-", "tbc"])
def test_a_worker_who_is_nobody_is_none(nobody: str) -> None:
    assert only({"Worker": nobody}).worker == ""
    assert only({"Worker": "AB"}).worker == "AB"


@pytest.mark.parametrize("unsure", ["", "not sure", "?", "unknown"])
def test_a_nationality_nobody_is_sure_of_is_none(unsure: str) -> None:
    assert only({"Nationality": unsure}).nationality == ""
    assert only({"Nationality": "stateless"}).nationality == "stateless"


def test_a_name_in_any_script_is_a_name() -> None:
    for name in ("محمد", "ሙሉጌታ ሃይሌ", "শিরিন বেগম", "Оксана"):
        result = read({"Constituent": name})
        assert (result.rows[0].name, result.faults) == (name, ())


def test_safe_contact_is_recognised_and_the_note_kept() -> None:
    reading = only({"Notes": "do NOT write to address"})
    assert reading.safe_contact is not None
    assert reading.safe_contact.note == "do NOT write to address"
    assert [note.text for note in reading.notes] == ["do NOT write to address"]


def test_safe_contact_beside_a_number_is_seen() -> None:
    reading = only({"Tel": "07700 900001 (do not text)"})
    assert reading.safe_contact is not None
    assert reading.phones == ("07700 900001",)


def test_an_interpreter_is_noticed_and_the_note_kept() -> None:
    reading = only({"Notes": "interpreter needed"})
    assert reading.wants_interpreter
    assert [note.text for note in reading.notes] == ["interpreter needed"]


def test_two_references_in_a_cell_are_two() -> None:
    reading = only({"HO ref / UAN": "S7089061 / 7209-4056-1125-5762"})
    assert [(reference.kind, reference.normal) for reference in reading.references] == [
        ("ho_file", "S7089061"),
        ("uan", "7209-4056-1125-5762"),
    ]


def test_surname_and_forename_make_one_name() -> None:
    headings = ("Our ref", "Surname", "Forename")
    assert only({"Surname": "Osman", "Forename": "Amina"}, headings).name == "Amina Osman"
    body = (SheetRow(2, ("1", "", "")),)
    sheet = Sheet(headings, 1, body, "csv")
    assert [f.sentence for f in plan(sheet, propose(sheet), as_of=AS_OF).faults] == ["Surname is empty"]


def test_a_sheet_in_which_nobody_is_named_is_refused() -> None:
    sheet = Sheet(("Our ref", "Ward"), 1, (SheetRow(2, ("1", "2")),), "csv")
    with pytest.raises(NoNameColumn):
        plan(sheet, propose(sheet), as_of=AS_OF)


def test_columns_chosen_by_hand_are_what_is_read() -> None:
    sheet = Sheet(("Our ref", "Wer", "Wann"), 1, (SheetRow(2, ("1", "Amina", "1/10/2026")),), "csv")
    columns = propose(sheet).choose(1, Field.NAME).choose(2, Field.SENT_ON)
    (reading,) = plan(sheet, columns, as_of=AS_OF).sound
    assert (reading.name, reading.sent_on) == ("Amina", date(2026, 10, 1))


def test_columns_nobody_knows_are_in_the_notes_only_when_chosen() -> None:
    headings = ("Our ref", "Name", "Ward")
    sheet = Sheet(headings, 1, (SheetRow(2, ("1", "Amina", "Northside")),), "csv")
    columns = propose(sheet)
    assert plan(sheet, columns, as_of=AS_OF).rows[0].notes == ()
    (note,) = plan(sheet, columns.keep_unmapped_as_notes(), as_of=AS_OF).rows[0].notes
    assert (note.label, note.text) == ("Ward", "Northside")
