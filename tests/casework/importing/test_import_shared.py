"""The office's export kept beside the project: every faulty row found, no sound row refused, in both formats."""

import json
from datetime import date
from pathlib import Path

import pytest

from safeconduct.casework.importing.columns import propose
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.importing.plan import ImportPlan, plan
from safeconduct.casework.importing.read import read_sheet
from safeconduct.casework.importing.repeats import propose_repeats, same_person
from safeconduct.core.names.doubles import Strength

pytestmark = pytest.mark.shared
AS_OF = date(2026, 11, 20)
FORMATS = ["csv", "xlsx"]


def planned(shared: Path, kind: str) -> ImportPlan:
    sheet = read_sheet(f"office-export.{kind}", (shared / "data" / f"office-export.{kind}").read_bytes())
    return plan(sheet, propose(sheet), as_of=AS_OF)


@pytest.mark.parametrize("kind", FORMATS)
def test_exactly_the_faulty_rows_are_found(shared: Path, kind: str) -> None:
    expected = json.loads((shared / "data" / "expected.json").read_text(encoding="utf-8"))
    result = planned(shared, kind)
    assert len(result.rows) == expected["rows"]
    assert [(fault.row, fault.sentence) for fault in result.faults] == [
        (row["row"][kind], row["fault"]) for row in expected["rows_with_faults"]
    ]
    assert len(result.sound) == expected["rows"] - len(expected["rows_with_faults"])


@pytest.mark.parametrize("kind", FORMATS)
def test_every_column_is_known_for_certain(shared: Path, kind: str) -> None:
    sheet = read_sheet("x", (shared / "data" / f"office-export.{kind}").read_bytes())
    columns = propose(sheet)
    assert {column.confidence for column in columns.columns} == {"certain"}
    assert columns.indexes(Field.NOT_MAPPED) == ()


def test_both_formats_say_the_same(shared: Path) -> None:
    def said(row: object) -> tuple[object, ...]:
        fields = ("our_ref", "name", "phones", "kind", "references", "sent_on", "route", "chased_on", "replied_on")
        more = ("reply_shape", "worker", "wants_interpreter", "nationality", "postcode", "safe_contact")
        return tuple(getattr(row, field) for field in (*fields, *more))

    one, two = (planned(shared, kind) for kind in FORMATS)
    assert [said(row) for row in one.rows] == [said(row) for row in two.rows]
    notes = [[[note.text for note in row.notes] for row in each.rows] for each in (one, two)]
    assert notes[0] == notes[1]


def test_every_kind_route_and_reply_is_recognised(shared: Path) -> None:
    result = planned(shared, "csv")
    unsure = {remark.code for remark in result.remarks if remark.code.endswith(("_recognised", "_not_sure"))}
    assert unsure == set()
    assert {row.route for row in result.rows} == {
        "ho_mp",
        "ho_mp_urgent",
        "ho_minister",
        "hmpo_hotline",
        "migrant_help",
    }


def test_offers_come_near_the_number_of_people_and_never_join_two_births(shared: Path) -> None:
    expected = json.loads((shared / "data" / "expected.json").read_text(encoding="utf-8"))
    rows = planned(shared, "csv").sound
    births = {row.number: row.birth.full for row in rows}
    left = {}
    for strength in (Strength.STRONG, Strength.LIKELY):
        offers = propose_repeats(rows, strength)
        left[strength] = len(rows) - sum(len(offer.rows) - 1 for offer in offers)
        assert all(len({births[number] for number in offer.rows} - {None}) <= 1 for offer in offers)
    # People from the sound rows can be fewer than those of all rows, never by more than the refused rows.
    assert expected["people_at_most"] - 13 <= left[Strength.LIKELY] <= expected["people_at_most"] + 20
    assert left[Strength.STRONG] <= expected["people_at_most"] + 40


def test_the_rule_by_reference_joins_less_than_a_person_would(shared: Path) -> None:
    expected = json.loads((shared / "data" / "expected.json").read_text(encoding="utf-8"))
    rows = planned(shared, "csv").sound
    people = same_person(rows, "reference").people(rows)
    assert expected["people_at_most"] <= people < len(rows)
