"""What a person said of a heading holds for next week's sheet of the team."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.models import Arrival
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "Zzz,Name,Date sent\nIM/{0},Nasrin Karimi,16/11/2026\n"


def stage(by: builders.Colleague, number: int) -> Arrival:
    data = SHEET.format(number).encode()
    team = by.actor.teams[0]
    return arrivals.stage(by=by.actor, team=team, name="cases.csv", data=data, as_of=date(2026, 11, 20), rule="never")


def test_a_heading_is_explained_once() -> None:
    by = builders.office().guardian
    first = stage(by, 1)
    kept, reading = arrivals.open_arrival(by=by.actor, arrival=first)
    assert reading.columns.columns[0].field is not Field.OUR_REF
    columns = {column.index: column.field for column in reading.columns.columns} | {0: Field.OUR_REF}
    arrivals.choose_columns(by=by.actor, arrival=first, staged=kept, columns=columns)
    bring_in.start(by=by.actor, arrival=first)
    assert bring_in.go_on(by=by.actor, arrival=first, seconds=60).finished
    _, reading = arrivals.open_arrival(by=by.actor, arrival=stage(by, 2))
    assert reading.columns.columns[0].field is Field.OUR_REF
