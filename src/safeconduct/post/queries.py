"""Reading mail. What is sealed is opened only after its entry is committed; the rest is open facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.casework import queries as casework
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.casework.queries import Listed
from safeconduct.casework.schedule import standing
from safeconduct.core.calendar.days import Nation
from safeconduct.core.names import mentions
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, policies, tokens
from safeconduct.people.concerned import open_concerned
from safeconduct.people.facets import Mail, Paper, Papers
from safeconduct.people.keys import Keyed, NotHeld, held, hold
from safeconduct.people.models import Envelope, Subject, Wrap
from safeconduct.people.records import Opened, PutBack, open_facets

from . import labels
from .models import Incident, Message
from .reading import folding, promises
from .reading.folding import Passage
from .reading.promises import Promise

_MOST_IN_THREAD = 100
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a case that a message may answer: its enquiry, when it went, and whether it was answered since."""

    enquiry: Enquiry
    sent_on: date | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case a message may be about, with whom it concerns, and its letters in the order they went.

    ``letters`` are those sent on or before the day of the message; of our own message every one.
    """

    listed: Listed
    letters: Sequence[Letter]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What filing is proposed as: nothing of it is done before somebody confirms it.

    ``enquiry`` is None where more than one letter, or none, can be meant. ``kind`` is the kind of event ("" where no
    label applies). ``promises`` are days the text names, ``unit`` who wrote, ``reference`` what they call it.
    """

    case: Case | None
    enquiry: Enquiry | None
    labels: Sequence[str]
    kind: str
    promises: Sequence[Promise]
    unit: str
    reference: str


@dataclass(frozen=True, slots=True)
class InThread:
    """A message of the same exchange."""

    message: Message
    mail: Mail


@dataclass(frozen=True, slots=True)
class TrayRow:
    """A message in a list: its open facts, what it says of itself, and the cases it may be about.

    ``candidates`` are those that are still there; of a filed message the case it was filed on.
    """

    message: Message
    mail: Mail
    candidates: Sequence[Listed]

    @property
    def case(self) -> Listed | None:
        """The case of the one letter that can be meant, or of the only case it may be about."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message, opened. ``mail`` comes with the revision to name when filing. ``text`` is its text, folded.

    ``papers`` are what came with it, by handle (hex); the bytes it came in are ``mail.content.original``.
    """

    message: Message
    keyed: Keyed
    leave: Entry
    mail: Opened
    papers: Mapping[str, Paper]
    text: Sequence[Passage]
    thread: Sequence[InThread]
    candidates: Sequence[Candidate]
    proposal: Proposal


def visible(by: Actor) -> QuerySet[Message]:
    """Messages of the actor's teams. Those of an import that is not done are not there yet."""
    teams = list(by.memberships)
    rows = Message.objects.filter(subject__waiting=False, organisation=by.organisation, team__in=teams)
    return rows.select_related("subject", "team", "by", "case", "event")


def listed(by: Actor, state: str = Message.State.WAITING) -> QuerySet[Message]:
    """Messages of the actor's teams in a state."""
    return visible(by).filter(state=state)


def waiting(by: Actor) -> QuerySet[Message]:
    """What is in the tray, oldest first."""
    return listed(by).order_by("on", "id")


def find_message(by: Actor, handle: UUID) -> Message:
    """One message of the actor's teams. Raises `NotHeld`."""
    held_by = Prefetch("subject__wraps", Wrap.objects.select_related("team"))
    found = visible(by).prefetch_related(held_by).filter(handle=handle).first()
    if found is None:
        raise NotHeld("There is no such record, or your teams do not hold it.")
    return found


def incidents_of(by: Actor) -> QuerySet[Incident]:
    """Incidents of the actor's teams."""
    rows = Incident.objects.filter(organisation=by.organisation, team__in=list(by.memberships))
    return rows.select_related("message__subject", "team", "organisation", "case", "worker").prefetch_related("steps")


def find_incident(by: Actor, handle: UUID) -> Incident:
    """One incident of the actor's teams. Raises `NotHeld`."""
    found = incidents_of(by).filter(handle=handle).first()
    if found is None:
        raise NotHeld("There is no such record, or your teams do not hold it.")
    return found


def open_tray(*, by: Actor, messages: Sequence[Message]) -> list[TrayRow]:
    """One page of the tray, in the order given: one entry for each team says that it was listed.

    Raises:
        Refused: policy. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    mails, leaves = _open_mails(by, messages)
    wanted = {UUID(hex=one) for mail in mails.values() for one in mail.candidates}
    wanted |= {message.case.handle for message in messages if message.case is not None}
    cases = _list_under(by, casework.among(by, wanted), leaves)
    rows = []
    for message in messages:
        mail = mails.get(message.pk)
        if mail is None:
            continue
        about = [message.case.handle.hex] if message.case is not None else mail.candidates
        rows.append(TrayRow(message, mail, [cases[one] for one in about if one in cases]))
    return rows


def open_message(*, by: Actor, message: Message, also: Sequence[Case] = ()) -> MessageRecord:
    """Open a message with its thread and the cases it may be about; ``also`` are cases somebody looked for besides.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    _require_own(message)
    keyed = hold(by, message.subject)
    policies.require(by, Act.OPEN_MESSAGE, policies.of_subject(by, message.subject))
    leave = journaling.opening(by, keyed, Entered.OPENED_MESSAGE)
    facets = [Envelope.Facet.MAIL, Envelope.Facet.PAPERS]
    opened = open_facets(leave, {message.subject_id: keyed}, facets)[message.subject_id]
    mail: Mail = opened[Envelope.Facet.MAIL].content
    papers: Papers = opened[Envelope.Facet.PAPERS].content
    proposed = _candidates(by, message, mail, also)
    return MessageRecord(
        message=message,
        keyed=keyed,
        leave=leave,
        mail=opened[Envelope.Facet.MAIL],
        papers={one.handle: one for one in papers.papers},
        text=folding.fold(mail.plain),
        thread=_thread(by, message, mail),
        candidates=proposed,
        proposal=_proposal(by, message, mail, proposed),
    )


def _candidates(by: Actor, message: Message, mail: Mail, also: Sequence[Case]) -> list[Candidate]:
    handles = [UUID(hex=one) for one in mail.candidates]
    cases = {case.handle: case for case in casework.among(by, handles)} | {case.handle: case for case in also}
    order = [*(cases[one] for one in handles if one in cases), *(one for one in also if one.handle not in handles)]
    ours = message.direction == Message.Direction.OUT
    return [
        Candidate(one, _letters(one.case, None if ours else message.on))
        for one in casework.open_listed(by=by, cases=order)
    ]


def _letters(case: Case, by_day: date | None) -> list[Letter]:
    """The letters of a case that a message of a day may answer, the one sent first first."""
    events = standing(case.events.all())
    out = []
    for enquiry in case.enquiries.order_by("pk"):
        of_it = [event for event in events if event.enquiry_id == enquiry.pk]
        sent = min((event.on for event in of_it if event.kind == Event.Kind.SENT), default=None)
        answered = [event.on for event in of_it if event.kind in (Event.Kind.ANSWERED, Event.Kind.DECIDED)]
        if by_day is None or (sent is not None and sent <= by_day):
            out.append(Letter(enquiry, sent, max(answered, default=None)))
    return sorted(out, key=lambda one: (one.sent_on is None, one.sent_on or date.max))


def _proposal(by: Actor, message: Message, mail: Mail, candidates: Sequence[Candidate]) -> Proposal:
    meant = [
        (one.listed.case, letter.enquiry)
        for one in candidates
        for letter in one.letters
        if letter.enquiry.handle.hex == mail.enquiry
    ]
    case, enquiry = meant[0] if meant else (None, None)
    if case is None and len(mail.candidates) == 1 and candidates:
        case = candidates[0].listed.case
    new = folding.said(mail.plain, mail.subject)
    said = labels.meaning(mail.labels)
    theirs = mentions.theirs(f"{mail.subject}\n{new}")
    nation = Nation(by.organisation.nation)
    return Proposal(
        case=case,
        enquiry=enquiry,
        labels=mail.labels,
        kind=said.kind if said else "",
        promises=()
        if message.direction == Message.Direction.OUT
        else promises.promises(new, on=message.on, nation=nation),
        unit=labels.unit_of(new),
        reference=theirs[0].normal if theirs else "",
    )


def _thread(by: Actor, message: Message, mail: Mail) -> list[InThread]:
    """Every message of the same exchange, this one too, the oldest first."""
    found: dict[int, Mail] = {message.subject_id: mail}
    asked: set[str] = set()
    for _ in range(_ROUNDS):
        ids = {one for each in found.values() for one in (each.message_id, *each.answers) if one}
        new = ids - asked
        if not new or len(found) >= _MOST_IN_THREAD:
            break
        asked |= new
        numbers = index.opened(by, message.team).having(tokens.of_thread(new)) - found.keys()
        rows = Message.objects.filter(subject__in=sorted(numbers)[:_MOST_IN_THREAD], team=message.team)
        more, _ = _open_mails(by, list(rows.select_related("subject", "team")))
        by_pk = {row.pk: row.subject_id for row in rows}
        # The index said so; a token of 32 bits may mean another message.
        found |= {by_pk[pk]: one for pk, one in more.items() if not asked.isdisjoint((one.message_id, *one.answers))}
    rows = visible(by).filter(subject__in=found)
    return [InThread(row, found[row.subject_id]) for row in rows.order_by("on", "id")]


def _open_mails(by: Actor, messages: Sequence[Message]) -> tuple[dict[int, Mail], dict[Team, Entry]]:
    """What messages say, by the message's row, under one entry for each team."""
    for message in messages:
        _require_own(message)
    keys = held(by, [message.subject_id for message in messages])
    for team in {keyed.team for keyed in keys.values()}:
        policies.require(by, Act.TAKE_IN_MAIL, policies.of_team(team, by.organisation))
    leaves = journaling.listing_of(by, Entered.LISTED, keys.values())
    opened = open_facets(leaves, keys, [Envelope.Facet.MAIL])
    mails = {one.pk: opened[one.subject_id]["mail"].content for one in messages if one.subject_id in opened}
    return mails, leaves


def _list_under(by: Actor, cases: Sequence[Case], leaves: Mapping[Team, Entry]) -> dict[str, Listed]:
    """Cases with whom they concern, by handle (hex), under the entries of the page that shows the messages."""
    for team in leaves:
        policies.require(by, Act.LIST_AGENDA, policies.of_team(team, by.organisation))
    keyed = {number: one for number, one in held(by, [case.subject_id for case in cases]).items() if one.team in leaves}
    heads = {number: one["head"].content for number, one in open_facets(leaves, keyed, ["head"]).items()}
    shown = [case for case in cases if case.subject_id in heads]
    concerned = open_concerned(by=by, heads=[heads[case.subject_id] for case in shown], under=leaves)
    return {
        case.handle.hex: Listed(case, heads[case.subject_id], people)
        for case, people in zip(shown, concerned, strict=True)
    }


def _require_own(message: Message) -> None:
    """Raises `PutBack` where the row of a message leads to another's sealed record: they share a handle."""
    if message.subject.handle != message.handle or message.subject.kind != Subject.Kind.MESSAGE:
        raise PutBack("a message does not lead to its own sealed record; nothing was opened")
