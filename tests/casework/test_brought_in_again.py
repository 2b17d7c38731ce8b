"""The same sheet brought in again: what is known by its reference, or by what its row said, comes once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from safeconduct.accounts.keys import today
from safeconduct.casework import queries
from safeconduct.casework.actions import arrivals, bring_in, cases, events, finish
from safeconduct.casework.models import Case
from safeconduct.people import queries as people
from tests import builders
from tests.builders import Office

pytestmark = pytest.mark.django_db(transaction=True)


def bring(place: Office, text: str) -> None:
    by = place.guardian.actor
    arrival = arrivals.stage(by=by, team=place.team, name="a.csv", data=text.encode(), as_of=today(), rule="reference")
    bring_in.start(by=by, arrival=arrival)
    while not bring_in.go_on(by=by, arrival=arrival, seconds=5).finished:
        pass


@pytest.mark.parametrize("reference", ["", "IM/0001"])
def test_a_case_somebody_changed_since_is_still_known(reference: str) -> None:
    place = builders.office()
    by = place.guardian.actor
    sent = (today() - timedelta(days=9)).isoformat()
    sheet = f"Our ref,Name,Date sent,Sent to\n{reference},Hagos Invented,{sent},MPAM\n"
    bring(place, sheet)
    case = Case.objects.select_related("subject", "team", "organisation").get()
    head = queries.open_head(by=by, case=case)
    cases.change_case(
        by=by, case=case, head=head.content, read=head.revision, kind="family", worker=place.guardian.member
    )
    bring(place, sheet)
    assert list(Case.objects.all()) == [case]


@pytest.mark.parametrize(
    ("first", "again"), [("0012", "12"), ("IM/0001", "im - 0001"), ("IM/0001", "IM 0001"), ("IM_7", "IM.7")]
)
def test_a_reference_that_a_spreadsheet_wrote_otherwise_is_the_same_one(first: str, again: str) -> None:
    place = builders.office()
    sent = (today() - timedelta(days=9)).isoformat()
    for reference in (first, again):
        bring(place, f"Our ref,Name,Date sent,Sent to\n{reference},Hagos Invented,{sent},MPAM\n")
    assert Case.objects.count() == 1
    search = people.search(by=place.guardian.actor, text=again)
    assert len(people.found(by=place.guardian.actor, handle=search.handle)[1]) == 1


@pytest.mark.parametrize("meanwhile", ["logged", "closed"])
def test_what_a_colleague_did_while_it_ran_is_not_done_again(monkeypatch: pytest.MonkeyPatch, meanwhile: str) -> None:
    place = builders.office()
    by = place.guardian.actor
    sent, chased = ((today() - timedelta(days=days)) for days in (20, 3))
    headings = "Our ref,Name,Date sent,Sent to,Chased"
    bring(place, f"{headings}\nIM/0001,Hagos Invented,{sent.isoformat()},MPAM,\n")
    case = Case.objects.select_related("subject", "team", "organisation").get()
    compared = finish.open_known_cases

    def then_a_colleague(*args: Any) -> Any:
        known = compared(*args)
        if meanwhile == "logged":
            events.log_event(by=by, case=case, enquiry=builders.enquiry(case), kind="chased", on=chased)
        else:
            builders.closed(by, case)
        return known

    monkeypatch.setattr(finish, "open_known_cases", then_a_colleague)
    bring(place, f"{headings}\nIM/0001,Hagos Invented,{sent.isoformat()},MPAM,{chased.isoformat()}\n")
    assert case.events.filter(kind="chased").count() == (1 if meanwhile == "logged" else 0)
