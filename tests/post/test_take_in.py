"""Taking mail in: whose letter it may be about, what is known already, what is kept, and what goes wrong."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from safeconduct.accounts.keys import today
from safeconduct.casework.actions import events
from safeconduct.casework.actions.cases import change_case
from safeconduct.casework.models import Case, Event
from safeconduct.casework.queries import open_head
from safeconduct.cli import check
from safeconduct.journal.models import Entry
from safeconduct.people import opening
from safeconduct.people import queries as people
from safeconduct.people.facets import EnquiryHead, Referenced
from safeconduct.people.models import Envelope, PaperFile, Subject
from safeconduct.people.papers import files as sealed_files
from safeconduct.people.policies import Refused
from safeconduct.post import queries
from safeconduct.post.actions import sealing
from safeconduct.post.actions.take_in import TakenIn, take_in
from safeconduct.post.checks import messages_not_as_logged, messages_without_rows
from safeconduct.post.models import Message
from tests import builders
from tests.builders import Colleague, Office
from tests.support.mails import WRITES, mail

pytestmark = pytest.mark.django_db(transaction=True)

SENT = date(2026, 10, 1)
REPLIED = date(2026, 11, 10)
UAN = "5142-1291-4290-1013"


@pytest.fixture
def office() -> Office:
    return builders.office()


@pytest.fixture
def by(office: Office) -> Colleague:
    return office.guardian


def taken(by: Colleague, *files: bytes) -> TakenIn:
    given = [(f"{at}.eml", one) for at, one in enumerate(files)]
    return take_in(by=by.actor, team=by.actor.teams[0], files=given)


def proposed(by: Colleague, says: str = "", **about: object) -> tuple[tuple[str, ...], str | None]:
    """What one more reply is proposed for: cases, and the one letter."""
    number = Message.objects.count() + 100
    [row] = taken(by, mail(says or WRITES["holding"], on=REPLIED, number=number, **about)).rows
    return row.candidates, row.our_reference


def lettered(
    by: Colleague, reference: str = "IM/0001", *, sent_on: date | None = SENT, person: Subject | None = None
) -> Case:
    return builders.case(
        by, person or builders.person(by), reference=reference, sent_on=sent_on, came_in_on=sent_on or SENT
    )


# Which letter.


def test_the_same_put_in_twice_at_one_moment_is_here_once(
    office: Office, by: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second press of the button: it is looked up before the first is kept, and kept after it."""
    data, before = mail(WRITES["holding"], on=REPLIED), on_disk()
    seal, second = sealing.seal, []

    def pressed_again(*args: object, **named: object) -> sealing.Sealed:
        monkeypatch.setattr("safeconduct.post.actions.take_in.seal", seal)
        second.append(taken(by, data))
        return seal(*args, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr("safeconduct.post.actions.take_in.seal", pressed_again)
    first = taken(by, data)
    assert (len(second[0].new), len(first.new), len(first.repeats)) == (1, 0, 1)
    assert Message.objects.count() == 1
    assert len(on_disk() - before) == PaperFile.objects.count()
    assert messages_not_as_logged(office.organisation) == 0


def test_our_reference_means_its_letter_wherever_it_stands(by: Colleague) -> None:
    lettered(by)
    lettered(by, "IM/0002")
    for about in (
        {"subject": "RE: IM/0001"},
        {"subject": "Your letter im/0001 of October"},
        {"reference": "IM 0001"},
        {"answers": "Our ref IM/0001\nplease could we have an update?"},
    ):
        assert proposed(by, **about) == (("IM/0001",), "IM/0001")


def test_a_reply_is_never_matched_to_a_later_letter(by: Colleague) -> None:
    lettered(by, sent_on=REPLIED + timedelta(days=1))
    assert proposed(by, subject="RE: IM/0001") == ((), None)


def test_a_letter_of_the_same_day_can_be_meant(by: Colleague) -> None:
    lettered(by, sent_on=REPLIED)
    assert proposed(by, subject="RE: IM/0001") == (("IM/0001",), "IM/0001")


def test_a_case_of_which_nothing_was_sent_is_not_meant(by: Colleague) -> None:
    lettered(by, sent_on=None)
    assert proposed(by, subject="RE: IM/0001") == ((), None)


def test_a_letter_whose_sending_was_struck_out_is_not_meant(by: Colleague) -> None:
    case = lettered(by)
    sent = Event.objects.get(case=case, kind="sent")
    events.correct_event(by=by.actor, case=case, event=sent, note="never went")
    assert proposed(by, subject="RE: IM/0001") == ((), None)


def test_a_person_s_reference_proposes_every_letter_about_them_and_matches_only_one(by: Colleague) -> None:
    person = builders.person(by, references=[Referenced(kind="uan", value=UAN)])
    lettered(by, "IM/0001", person=person)
    assert proposed(by, reference=UAN.replace("-", " ")) == (("IM/0001",), "IM/0001")
    lettered(by, "IM/0002", person=person)
    lettered(by, "IM/0003", person=person, sent_on=REPLIED + timedelta(days=3))
    candidates, one = proposed(by, reference=UAN)
    assert (set(candidates), one) == ({"IM/0001", "IM/0002"}, None)


def test_our_reference_tells_which_of_a_person_s_letters(by: Colleague) -> None:
    person = builders.person(by, references=[Referenced(kind="uan", value=UAN)])
    lettered(by, "IM/0001", person=person)
    lettered(by, "IM/0002", person=person)
    candidates, one = proposed(by, subject=f"RE: IM/0002 ({UAN})")
    assert (set(candidates), one) == ({"IM/0001", "IM/0002"}, "IM/0002")


def test_references_that_disagree_match_nothing(by: Colleague) -> None:
    lettered(by, "IM/0001")
    lettered(by, "IM/0002")
    candidates, one = proposed(by, subject="RE: IM/0001", reference="IM/0002")
    assert (set(candidates), one) == ({"IM/0001", "IM/0002"}, None)


def test_two_letters_of_one_case_propose_it_and_match_neither(by: Colleague) -> None:
    case = lettered(by)
    head = open_head(by=by.actor, case=case)
    events.add_enquiry(
        by=by.actor, case=case, head=head.content, read=head.revision, route="sar", about=EnquiryHead(), sent_on=SENT
    )
    assert proposed(by, subject="RE: IM/0001") == (("IM/0001",), None)


def test_what_an_authority_calls_a_letter_means_that_letter(by: Colleague) -> None:
    case = lettered(by)
    head = open_head(by=by.actor, case=case)
    [(enquiry, about)] = head.content.enquiries.items()
    known = EnquiryHead(subject=about.subject, their_reference="MPAM/0903139/26")
    changed = msgspec.structs.replace(head.content, enquiries={enquiry: known})
    change_case(by=by.actor, case=case, head=changed, read=head.revision, kind=case.kind, worker=None)
    assert proposed(by, subject="MP correspondence – MPAM/0903139/26") == (("IM/0001",), "IM/0001")
    hits = people.found(by=by.actor, handle=people.search(by=by.actor, text="MPAM/0903139/26").handle)[1]
    assert [hit.subject.pk for hit in hits] == [case.subject_id]


def test_a_name_alone_proposes_nothing(by: Colleague) -> None:
    lettered(by, person=builders.person(by, "Tesfay Haile"))
    assert proposed(by, f"{WRITES['holding']} Tesfay Haile's case", subject="Tesfay Haile") == ((), None)


def test_the_letters_of_another_team_are_not_looked_at(office: Office, by: Colleague) -> None:
    other = builders.team(office)
    person = builders.person(by, team=other)
    builders.case(by, person, reference="IM/0001", sent_on=SENT)
    first = office.team
    [row] = take_in(by=by.actor, team=first, files=[("a", mail("x", on=REPLIED, subject="RE: IM/0001"))]).rows
    assert row.candidates == ()


# What is kept, and what is known already.


def test_what_was_taken_in_opens_as_it_came(by: Colleague) -> None:
    lettered(by)
    data = mail(
        WRITES["no_timeframe"],
        on=REPLIED,
        subject="RE: IM/0001",
        html="<p>As it looked<img src=http://tracker.example/x.gif></p>",
        attached=[("letter.pdf", b"%PDF-1.4\n% no end"), ("list.txt", b"Nothing but text")],
    )
    [message] = taken(by, data).new
    record = queries.open_message(by=by.actor, message=queries.find_message(by.actor, message.handle))
    read = record.mail.content
    assert (read.sender, read.subject, read.labels) == ("mpenquiries@ho.example", "RE: IM/0001", ("no_timeframe",))
    assert "tracker" not in read.html
    assert "As it looked" in read.html
    assert [(one.name, bool(one.paper)) for one in read.attached] == [("letter.pdf", False), ("list.txt", True)]
    assert "not_kept" in read.faults
    _, original = opening.read_paper(by=by.actor, subject=message.subject, paper=UUID(hex=read.original))
    assert original == data
    assert record.proposal.enquiry == builders.enquiry(Case.objects.get())
    assert record.proposal.kind == "holding_reply"
    assert Message.objects.get().on == REPLIED


def test_nothing_of_a_message_lies_unsealed(by: Colleague) -> None:
    word = "Zyxwvut"
    taken(by, mail(f"{word} has no timeframe.", on=REPLIED, subject=word, attached=[(f"{word}.txt", word.encode())]))
    assert PaperFile.objects.count() == 2
    stored = [path.read_bytes() for path in on_disk()]
    stored += [bytes(body) for body in Envelope.objects.values_list("body", flat=True)]
    assert len(stored) >= 4
    assert not any(word.encode() in one for one in stored)


def test_the_same_message_again_is_known(by: Colleague) -> None:
    data = mail(WRITES["holding"], on=REPLIED)
    first = taken(by, data, data)
    assert (len(first.new), len(first.repeats)) == (1, 1)
    again = taken(by, data.replace(b"Content-Type", b"X-Seen: 1\r\nContent-Type"))
    assert (again.new, [one.message for one in again.repeats]) == ([], first.new)
    assert Message.objects.count() == 1


def test_a_message_without_an_id_is_known_by_its_bytes(by: Colleague) -> None:
    data = b"From: a@ho.example\r\nSubject: x\r\n\r\nOne."
    taken(by, data)
    assert len(taken(by, data).repeats) == 1
    assert len(taken(by, data.replace(b"One", b"Two")).new) == 1


def test_another_message_that_borrows_an_id_is_not_taken_for_it(by: Colleague) -> None:
    taken(by, mail(WRITES["holding"], on=REPLIED))
    other = mail("You will never see this.", on=REPLIED, sender="someone@elsewhere.example")
    assert len(taken(by, other).new) == 1


def test_a_file_that_is_no_mail_does_not_stop_the_others(by: Colleague) -> None:
    done = taken(by, b"PK\x03\x04", mail(WRITES["holding"], on=REPLIED), b"")
    assert ([name for name, _ in done.refused], len(done.new)) == (["0.eml", "2.eml"], 1)


def test_a_message_of_a_day_to_come_stands_under_today(by: Colleague) -> None:
    [message] = taken(by, mail("x", on=today() + timedelta(days=40))).new
    assert message.on == today()
    record = queries.open_message(by=by.actor, message=queries.find_message(by.actor, message.handle))
    assert "day_to_come" in record.mail.content.faults


def on_disk() -> set[Path]:
    return {path for path in sealed_files.folder().rglob("*") if path.is_file()}


def test_where_the_log_cannot_be_written_nothing_is_kept(by: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    before = on_disk()
    monkeypatch.setattr(sealing, "record_writes", refuse)
    with pytest.raises(RuntimeError):
        taken(by, mail("x", on=REPLIED))
    assert not Message.objects.exists()
    assert on_disk() == before


def test_who_is_not_in_the_team_takes_nothing_in_and_sees_nothing(office: Office, by: Colleague) -> None:
    [message] = taken(by, mail("x", on=REPLIED)).new
    elsewhere = builders.team(office)
    stranger = builders.member(office, "Owain Elsewhere", team=elsewhere)
    with pytest.raises(Refused):
        take_in(by=stranger.actor, team=office.team, files=[("a", mail("y", on=REPLIED, number=2))])
    assert not queries.waiting(stranger.actor).exists()
    with pytest.raises(queries.NotHeld):
        queries.find_message(stranger.actor, message.handle)


# Reading the tray.


def test_a_page_of_the_tray_is_one_entry(by: Colleague) -> None:
    lettered(by)
    taken(by, mail("a", on=REPLIED, subject="RE: IM/0001"), mail("b", on=SENT, number=2))
    before = Entry.objects.count()
    rows = queries.open_tray(by=by.actor, messages=list(queries.waiting(by.actor)))
    assert Entry.objects.count() == before + 1
    assert [row.mail.subject for row in rows] == ["Your letter", "RE: IM/0001"]
    assert [row.case and row.case.head.our_reference for row in rows] == [None, "IM/0001"]


def test_a_thread_is_told_by_ids_and_not_by_subjects(by: Colleague) -> None:
    def linked(number: int, answers: int | None, on: date) -> bytes:
        data = mail("x", on=on, number=number)
        return data if answers is None else b"In-Reply-To: <%d.invented@ho.example>\r\n" % answers + data

    taken(by, linked(1, None, SENT), linked(2, 1, REPLIED), linked(3, 2, REPLIED), linked(4, None, REPLIED))
    for number, length in ((1, 3), (3, 3), (4, 1)):
        message = Message.objects.order_by("pk")[number - 1]
        record = queries.open_message(by=by.actor, message=queries.find_message(by.actor, message.handle))
        assert len(record.thread) == length


def test_a_message_moved_under_another_record_is_refused(by: Colleague) -> None:
    one, other = taken(by, mail("a", on=REPLIED), mail("b", on=REPLIED, number=2)).new
    spare = other.subject_id
    Message.objects.filter(pk=other.pk).delete()
    Message.objects.filter(pk=one.pk).update(subject_id=spare)
    with pytest.raises(queries.PutBack):
        queries.open_message(by=by.actor, message=queries.find_message(by.actor, one.handle))


def test_what_was_changed_in_the_database_is_noticed(office: Office, by: Colleague) -> None:
    one, other = taken(by, mail("a", on=REPLIED), mail("b", on=REPLIED, number=2)).new
    assert (messages_not_as_logged(office.organisation), messages_without_rows(office.organisation)) == (0, 0)
    Message.objects.filter(pk=one.pk).update(state="aside")
    Message.objects.filter(pk=other.pk).delete()
    assert (messages_not_as_logged(office.organisation), messages_without_rows(office.organisation)) == (1, 1)
    assert [finding.code for finding in check._of_mail(office.organisation)] == [
        "messages_not_as_logged",
        "messages_gone",
    ]


def test_a_further_letter_is_known_by_what_they_call_it(by: Colleague) -> None:
    case = lettered(by)
    head = open_head(by=by.actor, case=case)
    further = events.add_enquiry(
        by=by.actor,
        case=case,
        head=head.content,
        read=head.revision,
        route="sar",
        about=EnquiryHead(their_reference="SAR/0001234/26"),
        sent_on=SENT,
    )
    [row] = taken(by, mail("x", on=REPLIED, subject="SAR/0001234/26")).rows
    assert (row.candidates, row.our_reference) == (("IM/0001",), "IM/0001")
    record = queries.open_message(by=by.actor, message=queries.find_message(by.actor, row.message.handle))
    assert record.proposal.enquiry == further
