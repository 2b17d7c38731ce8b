"""Filing mail on a case, our own by itself, setting aside, putting back; incidents; and what erasing reaches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from safeconduct.accounts.keys import today
from safeconduct.casework.actions.cases import change_case
from safeconduct.casework.actions.events import log_event
from safeconduct.casework.checks import agenda_disagreements
from safeconduct.casework.faults import NotYet
from safeconduct.casework.models import Case, Event
from safeconduct.casework.queries import open_case_record, open_head
from safeconduct.journal.models import Act, Entry
from safeconduct.people.actions import erase
from safeconduct.people.facets import Referenced
from safeconduct.people.holdings import OutOfReach
from safeconduct.people.models import PaperFile, Subject
from safeconduct.people.policies import Refused
from safeconduct.people.records import Changed
from safeconduct.post import queries
from safeconduct.post.actions import filing, incidents
from safeconduct.post.actions.filing import file_message, put_back, set_aside
from safeconduct.post.actions.take_in import take_in
from safeconduct.post.checks import messages_not_as_logged, messages_without_rows
from safeconduct.post.faults import ClosedAlready, IncidentThere, NotAside, NotWaiting, SaysNothing, StepsLeft
from safeconduct.post.models import Incident, Message
from safeconduct.post.queries import MessageRecord
from tests import builders
from tests.builders import Colleague, Office
from tests.support.mails import WRITES, mail

pytestmark = pytest.mark.django_db(transaction=True)

SENT = date(2026, 10, 1)
REPLIED = date(2026, 11, 10)
PROMISED = date(2027, 1, 15)
UAN = "5142-1291-4290-1013"
OURS = {"sender": "office@mp.example", "to": "mpenquiries@homeoffice.gov.uk"}


@pytest.fixture(autouse=True)
def _own_epoch_file(tmp_path, settings):
    settings.EPOCH_FILE = tmp_path / "epoch.json"
    settings.EPOCH_COPY = ""


@pytest.fixture
def office() -> Office:
    return builders.office()


@pytest.fixture
def by(office: Office) -> Colleague:
    return builders.member(office)


@pytest.fixture
def case(by: Colleague) -> Case:
    person = builders.person(by, references=[Referenced(kind="uan", value=UAN)])
    return builders.case(by, person, sent_on=SENT)


def taken(by: Colleague, says: str = WRITES["no_timeframe"], **about: object) -> Message:
    number = Message.objects.count() + 1
    data = mail(says, **({"on": REPLIED, "subject": "RE: IM/0001", "number": number} | about))
    [message] = take_in(by=by.actor, team=by.actor.teams[0], files=[("a.eml", data)]).new
    return queries.find_message(by.actor, message.handle)


def opened(by: Colleague, message: Message) -> MessageRecord:
    return queries.open_message(by=by.actor, message=queries.find_message(by.actor, message.handle))


def filed(by: Colleague, message: Message, case: Case, **more: object) -> Event:
    said = {"shapes": ["no_timeframe"], "on": REPLIED, "note": "", "read": 1} | more
    return file_message(by=by.actor, message=message, case=case, enquiry=builders.enquiry(case), **said)


def consistent(office: Office) -> None:
    assert (messages_not_as_logged(office.organisation), messages_without_rows(office.organisation)) == (0, 0)


# Filing.


def test_filing_logs_what_it_said_answered_and_promised(office: Office, by: Colleague, case: Case) -> None:
    message = taken(by)
    event = filed(
        by,
        message,
        case,
        shapes=["outside_standards", "no_timeframe"],
        note="Nothing new.",
        answered=[1, 0, 1],
        promises=[(date(2027, 1, 15), "It will be served within 8 weeks.")],
        unit="MP Account Management",
        reference="MPAM/0903139/26",
    )
    assert (event.kind, event.shape) == ("holding_reply", "outside_standards")
    assert [one.shape for one in event.said.all()] == ["no_timeframe"]
    [promise] = Event.objects.filter(case=case, kind="promised")
    assert promise.until == date(2027, 1, 15)
    record = open_case_record(by=by.actor, case=case)
    assert record.notes[event.handle] == "Nothing new.\nIt will be served within 8 weeks."
    [about] = record.head.content.enquiries.values()
    assert (about.unit, about.their_reference) == ("MP Account Management", "MPAM/0903139/26")
    row = Message.objects.get()
    assert (row.state, row.case, row.event) == ("filed", case, event)
    assert Entry.objects.filter(act=Act.FILED_MESSAGE).count() == 1
    consistent(office)


def test_a_reference_that_ends_like_another_is_kept_beside_it(by: Colleague, case: Case) -> None:
    for reference in ("MPAM/0903139/26", "AM/0903139/26", "mpam/0903139/26"):
        filed(by, taken(by), case, reference=reference)
    [about] = open_case_record(by=by.actor, case=case).head.content.enquiries.values()
    assert about.their_reference == "MPAM/0903139/26, AM/0903139/26"


def test_the_next_reply_is_known_by_the_reference_of_the_last(by: Colleague, case: Case) -> None:
    filed(by, taken(by), case, reference="MPAM/0903139/26")
    record = opened(by, taken(by, subject="Re: MPAM/0903139/26", reference=""))
    assert record.proposal.enquiry == builders.enquiry(case)


def test_a_reply_in_a_thread_that_was_filed_is_known_without_a_reference(by: Colleague, case: Case) -> None:
    filed(by, taken(by), case)
    data = b"In-Reply-To: <1.invented@ho.example>\r\n" + mail("x", on=REPLIED, subject="Your letter", number=9)
    [row] = take_in(by=by.actor, team=by.actor.teams[0], files=[("a.eml", data)]).rows
    assert row.our_reference == "IM/0001"


def test_promises_are_proposed_and_never_set_by_themselves(by: Colleague, case: Case) -> None:
    message = taken(by, "The decision will be served within 8 weeks. There is no timescale for the rest.")
    assert [one.until for one in opened(by, message).proposal.promises] == [REPLIED + timedelta(weeks=8)]
    filed(by, message, case)
    assert not Event.objects.filter(kind="promised").exists()


def test_a_message_is_filed_once(by: Colleague, case: Case) -> None:
    message = taken(by)
    filed(by, message, case)
    with pytest.raises(NotWaiting):
        filed(by, message, case)
    assert Event.objects.filter(kind="holding_reply").count() == 1


def test_filing_what_somebody_changed_meanwhile_is_refused_and_logs_nothing(by: Colleague, case: Case) -> None:
    with pytest.raises(Changed):
        filed(by, taken(by), case, read=2)
    assert not Event.objects.filter(kind="holding_reply").exists()
    assert Message.objects.get().state == "waiting"


def test_without_a_label_there_is_nothing_to_log(by: Colleague, case: Case) -> None:
    with pytest.raises(SaysNothing):
        filed(by, taken(by), case, shapes=[])


def test_a_day_to_come_is_refused(by: Colleague, case: Case) -> None:
    with pytest.raises(NotYet):
        filed(by, taken(by), case, on=today() + timedelta(days=1))
    assert Message.objects.get().state == "waiting"


def test_a_case_saved_meanwhile_keeps_its_letter_and_the_message_waits(
    by: Colleague, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, real = taken(by), filing.casework.open_head

    def overtaken(**about: object) -> object:
        head = real(**about)
        change_case(by=by.actor, case=case, head=head.content, read=head.revision, kind=case.kind, worker=None)
        return head

    monkeypatch.setattr(filing.casework, "open_head", overtaken)
    with pytest.raises(Changed):
        filed(by, message, case, reference="MPAM/0903139/26")
    assert Message.objects.get().state == "waiting"
    assert not Event.objects.filter(kind="holding_reply").exists()


def test_who_is_not_in_the_team_files_nothing(office: Office, by: Colleague, case: Case) -> None:
    message = taken(by)
    stranger = builders.member(office, "Owain Elsewhere", team=builders.team(office))
    for act in (
        lambda: filed(stranger, message, case),
        lambda: set_aside(by=stranger.actor, message=message, read=1),
        lambda: put_back(by=stranger.actor, message=message),
        lambda: incidents.open_incident(by=stranger.actor, message=message, on=REPLIED),
    ):
        with pytest.raises(Refused):
            act()
    assert Message.objects.get().state == "waiting"


def test_set_aside_and_put_back(office: Office, by: Colleague) -> None:
    message = taken(by, subject="Newsletter")
    set_aside(by=by.actor, message=message, read=1, note="a newsletter")
    assert opened(by, message).mail.content.note == "a newsletter"
    assert not queries.waiting(by.actor).exists()
    put_back(by=by.actor, message=message)
    assert queries.waiting(by.actor).count() == 1
    with pytest.raises(NotAside):
        put_back(by=by.actor, message=message)
    consistent(office)


def test_putting_back_what_was_filed_strikes_out_its_entries(office: Office, by: Colleague, case: Case) -> None:
    message = taken(by)
    filed(by, message, case, promises=[(PROMISED, "served by then")])
    # The same was promised on the telephone, and that stays.
    log_event(by=by.actor, case=case, enquiry=builders.enquiry(case), kind="promised", on=REPLIED, until=PROMISED)
    put_back(by=by.actor, message=message, note="another case")
    standing = open_case_record(by=by.actor, case=Case.objects.get()).stands
    kinds = Event.objects.filter(pk__in=standing).values_list("kind", flat=True)
    assert sorted(kinds) == ["came_in", "promised", "sent"]
    assert Message.objects.get().case is None
    consistent(office)


# Our own.


def test_our_own_mail_files_itself_as_a_chase_where_one_letter_can_be_meant(
    office: Office, by: Colleague, case: Case
) -> None:
    message = taken(by, "Please could we have an update?", **OURS)
    assert (message.direction, message.state) == ("out", "filed")
    assert (message.event.kind, message.event.on) == ("chased", REPLIED)
    assert agenda_disagreements(office.organisation) == 0
    consistent(office)


def test_our_letter_is_the_event_that_was_logged_already(by: Colleague, case: Case) -> None:
    message = taken(by, "I write about my constituent.", on=SENT, **OURS)
    assert message.event == Event.objects.get(kind="sent")
    put_back(by=by.actor, message=message)
    assert Event.objects.filter(kind="corrected").count() == 0


def test_our_own_first_letter_starts_the_clock(by: Colleague) -> None:
    case = builders.case(by, builders.person(by), came_in_on=SENT)
    message = taken(by, "I write about my constituent.", on=REPLIED, **OURS)
    assert (message.event.kind, message.event.case) == ("sent", case)


def test_our_own_mail_waits_where_more_than_one_case_can_be_meant(by: Colleague, case: Case) -> None:
    person = Subject.objects.get(kind="person")
    builders.case(by, person, reference="IM/0002", sent_on=SENT)
    message = taken(by, "Any news?", subject=f"UAN {UAN}", **OURS)
    assert (message.direction, message.state) == ("out", "waiting")
    assert {one.listed.head.our_reference for one in opened(by, message).candidates} == {"IM/0001", "IM/0002"}


def test_our_own_mail_on_a_closed_case_waits(by: Colleague, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert taken(by, "Any news?", **OURS).state == "waiting"


def test_our_addresses_are_learnt_from_mail_that_came_to_them(by: Colleague, case: Case) -> None:
    unknown = {"sender": "office@mp.example", "to": "desk@charity.example"}
    assert taken(by, "Hello", **unknown).direction == "in"
    taken(by, "Hello", sender="desk@charity.example", to="office@mp.example")
    assert taken(by, "Hello again", **unknown).direction == "out"


# A reply about somebody else.


def test_an_incident_takes_the_message_out_of_the_tray_and_ends_with_its_last_step(
    office: Office, by: Colleague, case: Case
) -> None:
    message = taken(by, WRITES["wrong_person"])
    incident = incidents.open_incident(by=by.actor, message=message, case=case, on=REPLIED)
    assert message.state == "aside"
    with pytest.raises(IncidentThere):
        incidents.open_incident(by=by.actor, message=message, on=REPLIED)
    steps = incidents.steps_of(incident)
    with pytest.raises(StepsLeft):
        incidents.close_incident(by=by.actor, incident=incident, on=REPLIED)
    for step in (*steps, steps[0]):
        incidents.do_step(by=by.actor, incident=incident, step=step, on=REPLIED)
    incidents.close_incident(by=by.actor, incident=incident, on=REPLIED)
    with pytest.raises(ClosedAlready):
        incidents.do_step(by=by.actor, incident=incident, step=steps[0], on=REPLIED)
    assert Incident.objects.get().steps.count() == len(steps)
    consistent(office)


def test_an_incident_outlives_the_message_that_was_destroyed(office: Office, by: Colleague, case: Case) -> None:
    message = taken(by, WRITES["wrong_person"], subject="no reference")
    incident = incidents.open_incident(by=by.actor, message=message, case=case, on=REPLIED)
    erase.ask(by=by.actor, subject=message.subject)
    erase.erase(by=office.guardian.actor, subject=message.subject)
    assert (Message.objects.count(), PaperFile.objects.count()) == (0, 0)
    left = queries.find_incident(by.actor, incident.handle)
    incidents.do_step(by=by.actor, incident=left, step="destroy_copies", on=REPLIED)
    assert left.message is None
    consistent(office)


# Erasing.


def erased(office: Office, by: Colleague, subject: Subject) -> None:
    erase.ask(by=by.actor, subject=subject)
    erase.erase(by=office.guardian.actor, subject=subject)


def test_erasing_a_person_takes_their_mail_filed_or_not(office: Office, by: Colleague, case: Case) -> None:
    filed(by, taken(by), case)
    taken(by)
    early = taken(by, reference=UAN, subject="x", on=SENT - timedelta(days=9))
    assert not opened(by, early).candidates
    other = taken(by, subject="Newsletter")
    planned = erase.plan(by=by.actor, subject=Subject.objects.get(kind="person"))
    assert planned.goes["messages"] == 3
    erased(office, by, Subject.objects.get(kind="person"))
    assert list(Message.objects.all()) == [other]
    assert Subject.objects.filter(kind="message").count() == 1
    assert PaperFile.objects.count() == 1
    consistent(office)


def test_erasing_a_case_waits_until_it_is_said_which_case_a_message_is_about(
    office: Office, by: Colleague, case: Case
) -> None:
    builders.case(by, Subject.objects.get(kind="person"), reference="IM/0002", sent_on=SENT)
    message = taken(by, reference=UAN, subject="x")
    erase.ask(by=by.actor, subject=case.subject)
    with pytest.raises(OutOfReach):
        erase.erase(by=office.guardian.actor, subject=case.subject)
    set_aside(by=by.actor, message=message, read=1)
    erase.erase(by=office.guardian.actor, subject=case.subject)
    record = opened(by, message)
    assert [one.listed.head.our_reference for one in record.candidates] == ["IM/0002"]
    assert len(record.mail.content.candidates) == 1
    consistent(office)


def test_the_head_of_a_case_is_opened_only_where_something_of_it_is_to_be_kept(by: Colleague, case: Case) -> None:
    before = Entry.objects.filter(act=Act.OPENED_CASE).count()
    filed(by, taken(by), case)
    assert Entry.objects.filter(act=Act.OPENED_CASE).count() == before
    assert open_head(by=by.actor, case=case).revision == 1


def test_our_letter_and_the_reply_to_it_can_come_together(by: Colleague) -> None:
    builders.case(by, builders.person(by), came_in_on=SENT)
    given = [
        ("1.eml", mail(WRITES["holding"], on=REPLIED, subject="RE: IM/0001", number=1)),
        ("2.eml", mail("I write about my constituent.", on=SENT, subject="IM/0001", number=2, **OURS)),
        ("3.eml", mail("Any news?", on=REPLIED, subject="IM/0001", number=3, **OURS)),
    ]
    rows = take_in(by=by.actor, team=by.actor.teams[0], files=given).rows
    assert [row.name for row in rows] == ["1.eml", "2.eml", "3.eml"]
    assert rows[0].our_reference == "IM/0001"
    assert [row.message.event.kind for row in rows[1:]] == ["sent", "chased"]
