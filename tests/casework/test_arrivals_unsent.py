"""A row for which nothing was sent yet is a case with a clock: the office has a letter to write."""

from datetime import date

import pytest

from safeconduct.agenda.models import Item
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.models import Event
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "Our ref,Name,Date received,Date sent,Sent to\nIM/1,Nasrin Karimi,16/11/2026,,MPAM\nIM/2,Hagos Tecle,,,MPAM\n"


def test_what_came_in_and_was_never_sent_on_waits_for_the_office():
    by = builders.office().guardian.actor
    staged = arrivals.stage(
        by=by, team=by.teams[0], name="cases.csv", data=SHEET.encode(), as_of=date(2026, 11, 20), rule="never"
    )
    bring_in.start(by=by, arrival=staged)
    assert bring_in.go_on(by=by, arrival=staged, seconds=60).finished
    due = Item.objects.get(kind="answer")
    assert due.day == date(2026, 11, 18)
    assert Item.objects.exclude(kind="silence").count() == 1
    assert Event.objects.get().enquiry.handle == due.handle
