"""Everything a team can hold, each word of it marked: see world.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID, uuid4

import msgspec

from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.agenda.actions.feed import SECRET_BYTES, make_feed
from safeconduct.agenda.actions.saved import keep_filter
from safeconduct.archive.citing.addresses import short
from safeconduct.casework import queries as casework
from safeconduct.casework.actions import arrivals, bring_in, calls, deadlines, undo
from safeconduct.casework.actions.around import change_around
from safeconduct.casework.actions.directory import save_directory
from safeconduct.casework.actions.intake import set_intake
from safeconduct.casework.models import Arrival, Case, Task
from safeconduct.journal.models import Alarm
from safeconduct.people import opening, queries
from safeconduct.people.actions import change_contact, change_needs, make_household
from safeconduct.people.actions.account import add_narrative, change_narrative
from safeconduct.people.actions.merge import merge
from safeconduct.people.actions.papers import Sent, keep_papers
from safeconduct.people.facets import (
    Authority,
    Birth,
    Contact,
    Intake,
    Narrative,
    Needs,
    Never,
    Outside,
    Reached,
    Referenced,
    Way,
)
from safeconduct.people.history import Why, item_of
from safeconduct.people.keys import hold as hold_key
from safeconduct.people.models import Subject
from safeconduct.people.records import NEVER_WRITTEN
from tests import builders
from tests.attacks import held_mail, held_sources
from tests.builders import Colleague
from tests.support import papers

SENT = timedelta(days=40)


@dataclass(frozen=True)
class Held:
    """What one team holds, by handle. ``undone`` and ``gone`` were here and were taken back."""

    owner: Colleague
    team: Team
    words: tuple[str, ...]
    person: UUID
    twin: UUID
    case: UUID
    event: UUID
    deadline: UUID
    found: UUID
    arrivals: Mapping[str, UUID]
    alarm: UUID = field(default_factory=uuid4)
    paper: UUID = field(default_factory=uuid4)
    narrative: UUID = field(default_factory=uuid4)
    household: UUID = field(default_factory=uuid4)
    step: UUID = field(default_factory=uuid4)
    drawn: UUID = field(default_factory=uuid4)
    task: UUID = field(default_factory=uuid4)
    closed: UUID = field(default_factory=uuid4)
    removal: UUID = field(default_factory=uuid4)
    message: UUID = field(default_factory=uuid4)
    aside: UUID = field(default_factory=uuid4)
    incident: UUID = field(default_factory=uuid4)
    merged: tuple[UUID, UUID] = field(default_factory=lambda: (uuid4(), uuid4()))
    gone: Mapping[str, UUID] = field(default_factory=dict)
    # Of its owner: the secret of their calendar, and a filter they keep.
    feed: str = field(default_factory=lambda: token_urlsafe(SECRET_BYTES))
    saved: UUID = field(default_factory=uuid4)
    # In the archive: a source in confidence, and what the team wrote about it.
    source: UUID = field(default_factory=uuid4)
    passage: str = field(default_factory=lambda: short(uuid4()))
    note: UUID = field(default_factory=uuid4)
    tag: UUID = field(default_factory=uuid4)
    collection: UUID = field(default_factory=uuid4)
    item: int = 0
    refused: UUID = field(default_factory=uuid4)


def words_of(tag: str) -> tuple[str, ...]:
    """The words of one team's records: letters only, so that no escaping changes them."""
    parts = (
        "given family alias note history kind subject whom report correction sheet cell postcode street nation"
        " letter heading told before because access never codeword checked solicitor together same"
        " flight duty errand posted enclosed"
        " confided cited noted tagged gathered"
    )
    return tuple(f"{tag}{part}" for part in parts.split())


def sheet(words: tuple[str, ...], *refs: str) -> bytes:
    rows = [f"{ref},{words[10]}{chr(97 + at)} {words[1]},{words[11]},2026-11-02" for at, ref in enumerate(refs)]
    return "\r\n".join(["Our ref,Name,Notes,Date sent", *rows, "", ",,,"]).encode() + b"\r\nBAD/1,,fault,nonsense\r\n"


def hold(by: Colleague, team: Team, tag: str) -> Held:
    """Everything a team can hold."""
    words = words_of(tag)
    given, family, alias, note, history, kind, subject, _, report, correction, _, _, postcode, street, nation = words[
        :15
    ]
    reference = Referenced(kind="uan", value=f"{len(tag):04}-5678-9012-{sum(map(ord, tag)):04}")
    person, twin = (
        builders.person(
            by,
            f"{given} {family}",
            alias,
            team=team,
            births=[Birth(year=1988, month=2, day=3)],
            references=[reference],
            ways=[Way(kind="address", value=street), Way(kind="postcode", value=postcode)],
            safe_note=note,
            nationality=nation,
            history=history,
        )
        for _ in range(2)
    )
    case = builders.case(by, person, exact_kind=kind, subject=subject, sent_on=today() - SENT, reference=f"{tag}/1")
    event = builders.event(by, case, "phoned", today(), note=report)
    builders.event(by, case, "chased", today() - timedelta(days=9), note=correction)
    _around(by, case, words)
    deadline = deadlines.set_deadline(
        by=by.actor, case=case, rule="ftt.iac.appeal.in", on=today() - timedelta(days=5), nation="england-and-wales"
    )
    made = {state: bring(by, team, words, tag, state) for state in ("done", "undone", "staged", "running")}
    gone = {"found": uuid4()}
    gone["person"], gone["case"] = _taken_back(by, made.pop("undone"))
    return Held(
        owner=by,
        team=team,
        words=words,
        person=person.handle,
        twin=twin.handle,
        case=case.handle,
        event=event.handle,
        deadline=deadline.handle,
        found=queries.search(by=by.actor, text=f"{given} {family}").handle,
        **_kept_with(by, person, words),
        household=_household(by, twin, words).handle,
        merged=_merged(by, team, words),
        closed=_closed(by, twin).handle,
        removal=_removal(by, team, twin, words).handle,
        arrivals={state: arrival.handle for state, arrival in made.items()},
        alarm=_alarm_about(by).handle,
        task=_to_do(by, case, words).handle,
        **held_mail.put_in(by, team, tag, words[30], words[31]),
        **held_sources.put_in(by, team, words[32:37]),
        gone=gone,
        feed=make_feed(by=by.actor),
        saved=keep_filter(by=by.actor, topic="family").handle,
    )


def _to_do(by: Colleague, case: Case, words: tuple[str, ...]) -> Task:
    """A call that was promised, with what it is about."""
    return calls.promise_to_ring(by=by.actor, case=case, on=today(), until=today() + timedelta(days=2), what=words[29])


def _alarm_about(by: Colleague) -> Alarm:
    """What guardians of this office were told of a colleague, as the tripwire says it."""
    office = by.member.organisation
    told_of = office.members.exclude(pk=by.member.pk).order_by("id").first() or by.member
    return Alarm.objects.create(
        organisation=office.handle, member=told_of.handle, kind="told", at=datetime.now(UTC), count=1600
    )


def _kept_with(by: Colleague, person: Subject, words: tuple[str, ...]) -> dict[str, UUID]:
    """Papers, needs, rules of reaching, something they told that was corrected since, and so a step of a history."""
    actor = by.actor
    letter, heading, told, before, because, access, never, codeword = words[15:23]
    sent = [
        Sent(f"A letter about {letter}".encode(), "letter", title=heading, note=words[3]),
        Sent(papers.png(), "photo", title=heading),
    ]
    keep_papers(by=actor, subject=person, sent=sent)
    record = queries.open_person(by=actor, person=person)
    change_needs(by=actor, person=person, needs=Needs(speaks=("ckb",), access=access), read=record.needs.revision)
    contact: Contact = record.contact.content
    ruled = msgspec.structs.replace(contact, never=(Never(kind="person", who=never),), code_word=codeword)
    change_contact(by=actor, person=person, contact=ruled, read=record.contact.revision)
    empty = opening.open_part(by=actor, subject=person, facet="account").facets["account"]
    first = Narrative(handle="", title=words[2], text=before)
    add_narrative(by=actor, person=person, account=empty, narrative=first)
    account = opening.open_part(by=actor, subject=person, facet="account").facets["account"]
    (kept,) = account.content.narratives
    later = Narrative(handle=kept.handle, title=words[2], text=told)
    change_narrative(by=actor, person=person, account=account, narrative=later, why=Why("mistake", because))
    found = opening.open_part(by=actor, subject=person, facet="papers").facets["papers"].content.papers
    by_kind = {one.kind: UUID(hex=one.handle) for one in found}
    return {
        "paper": by_kind["letter"],
        "drawn": by_kind["photo"],
        "narrative": UUID(hex=kept.handle),
        "step": item_of(hold_key(actor, person), "account", 1),
    }


def _around(by: Colleague, case: Case, words: tuple[str, ...]) -> None:
    """What an office checked before it acted, and who acts for them elsewhere."""
    opened = casework.open_case_record(by=by.actor, case=case)
    intake = Intake(constituent="yes", authorities=(Authority(names=words[23]),))
    set_intake(by=by.actor, case=case, head=opened.head.content, read=opened.head.revision, intake=intake)
    opened = casework.open_case_record(by=by.actor, case=case)
    head, outside = opened.head, [Outside(role="solicitor", name=words[24])]
    change_around(
        by=by.actor, case=case, head=head, concerns=head.content.concerns, outside=outside, read=head.revision
    )


def _household(by: Colleague, person: Subject, words: tuple[str, ...]) -> Subject:
    record = queries.open_person(by=by.actor, person=person)
    return make_household(by=by.actor, person=record, role="parent", note=words[25])


def _closed(by: Colleague, person: Subject) -> Case:
    """A case that has ended."""
    case = builders.case(by, person, sent_on=today() - SENT)
    builders.closed(by.actor, case, ahead=0)
    return case


def _removal(by: Colleague, team: Team, person: Subject, words: tuple[str, ...]) -> Case:
    """A case on which a removal stands, and whom the team would ring."""
    case = builders.case(by, person, sent_on=today() - SENT)
    builders.removal(by, case, flight=words[27])
    save_directory(by=by.actor, team=team, contacts=[Reached(rung="solicitor", name=words[28])], read=NEVER_WRITTEN)
    return case


def _merged(by: Colleague, team: Team, words: tuple[str, ...]) -> tuple[UUID, UUID]:
    """Two records that were said to be of one person."""
    one, other = (builders.person(by, f"{words[0]}{end} Onlyone", team=team) for end in ("a", "b"))
    record, second = (queries.open_person(by=by.actor, person=subject) for subject in (one, other))
    merge(by=by.actor, record=record, other=second, reason=words[26])
    return one.handle, other.handle


def bring(by: Colleague, team: Team, words: tuple[str, ...], tag: str, state: str) -> Arrival:
    """An import at one of its steps."""
    actor = by.actor
    data = sheet(words, f"{tag}/{state}1", f"{tag}/{state}2")
    arrival = arrivals.stage(by=actor, team=team, name="cases.csv", data=data, as_of=date(2026, 11, 20))
    staged, reading = arrivals.open_arrival(by=actor, arrival=arrival)
    chosen = {column.index: column.field for column in reading.columns.columns}
    arrivals.choose_columns(by=actor, arrival=arrival, staged=staged, columns=chosen)
    if state != "staged":
        bring_in.start(by=actor, arrival=arrival)
    if state in {"done", "undone"}:
        assert bring_in.go_on(by=actor, arrival=arrival, seconds=600).finished
    return arrival


def _taken_back(by: Colleague, arrival: Arrival) -> tuple[UUID, UUID]:
    person = Subject.objects.filter(batch=arrival.handle, kind="person")[0].handle
    case = Case.objects.filter(arrival=arrival)[0].handle
    undo.undo(by=by.actor, arrival=arrival)
    return person, case
