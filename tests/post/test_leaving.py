"""Mail and incidents in an export: out of one desk, into an empty one, and out again the same."""

from __future__ import annotations

from datetime import date

import pytest

from safeconduct.people import opening
from safeconduct.people.models import PaperFile
from safeconduct.post import leaving, queries
from safeconduct.post.actions import incidents
from safeconduct.post.actions.filing import file_message, set_aside
from safeconduct.post.actions.take_in import take_in
from safeconduct.post.checks import messages_not_as_logged, messages_without_rows
from safeconduct.post.models import Incident, Message
from tests import builders
from tests.builders import Office
from tests.support.mails import WRITES, mail
from tests.support.whole_office import contents, exported, moved

pytestmark = pytest.mark.django_db(transaction=True)

ON = date(2026, 11, 10)


def office_with_mail() -> Office:
    place = builders.office()
    by = place.guardian
    case = builders.case(by, builders.person(by), sent_on=date(2026, 10, 1))
    given = [
        ("a.eml", mail(WRITES["no_timeframe"], on=ON, subject="RE: IM/0001", attached=[("a.txt", b"words\n")])),
        ("b.eml", mail(WRITES["wrong_person"], on=ON, number=2)),
        ("c.eml", mail("The bulletin.", on=ON, number=3)),
        ("d.eml", mail("Waits.", on=ON, number=4)),
        (
            "e.eml",
            mail("Any news?", on=ON, number=5, subject="IM/0001", to="mp@homeoffice.gov.uk", sender="o@mp.example"),
        ),
    ]
    answer, wrong, bulletin, *_ = take_in(by=by.actor, team=place.team, files=given).new
    file_message(
        by=by.actor, message=answer, read=1, case=case, enquiry=builders.enquiry(case), shapes=["no_timeframe"], on=ON,
        note="Nothing.", promises=[(date(2027, 1, 5), "by then")],
    )  # fmt: skip
    incident = incidents.open_incident(by=by.actor, message=wrong, case=case, on=ON)
    incidents.do_step(by=by.actor, incident=incident, step="set_apart", on=ON)
    set_aside(by=by.actor, message=bulletin, read=1, note="a bulletin")
    return place


def test_mail_comes_back_as_it_left_and_is_known_there() -> None:
    before = exported(office_with_mail())
    assert before
    place = moved(before)
    by = place.guardian
    assert contents(exported(place)) == contents(before)
    assert (messages_not_as_logged(place.organisation), messages_without_rows(place.organisation)) == (0, 0)
    assert sorted(Message.objects.values_list("state", flat=True)) == ["aside", "aside", "filed", "filed", "waiting"]
    [incident] = Incident.objects.all()
    assert (incident.message is not None, incident.steps.count()) == (True, 1)
    filed = Message.objects.get(state="filed", direction="in")
    record = queries.open_message(by=by.actor, message=queries.find_message(by.actor, filed.handle))
    assert record.candidates[0].listed.head.our_reference == "IM/0001"
    assert filed.event.kind == "holding_reply"
    papers = record.mail.content
    paper, content = opening.read_paper(by=by.actor, subject=filed.subject, paper=opening.UUID(hex=papers.original))
    assert (paper.media, content[:6]) == ("eml", b"From: ")
    # The same message given to the other desk is known there.
    again = take_in(by=by.actor, team=place.team, files=[("a.eml", content)])
    assert [one.message for one in again.repeats] == [filed]
    assert PaperFile.objects.count() == 6


def test_every_column_of_a_message_and_an_incident_leaves_or_says_why_not() -> None:
    said = {
        Message: {*leaving.MessageSays.__struct_fields__, "handle"},
        Incident: {*leaving.IncidentSays.__struct_fields__},
    }
    for model, names in said.items():
        columns = {field.name for field in model._meta.local_concrete_fields}
        assert columns - leaving.NOT_SAID <= names
