"""A case as its page shows it: whom it concerns, what is running, what comes next, what happened, the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.casework.clocks import Clock, Due, Why
from safeconduct.casework.models import Case, Enquiry, Event
from safeconduct.casework.queries import CaseRecord, open_named
from safeconduct.core.calendar.limits import Limit
from safeconduct.people.concerned import Concerned
from safeconduct.people.facets import CaseHead, EnquiryHead

from ...words import cases as words
from ...words import dates
from ...words import events as event_words
from ..day.filters import address
from ..people import present_contact
from .present_clock import ClockShown, Link, clock_of_enquiry, clock_of_limit
from .present_event import EventShown, timeline
from .present_why import why

Kind = Event.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The bar at the top: the shape of `case` in desk/case.html."""

    ref: str
    name: str
    person_url: str
    kind: str
    exact: str
    state: str
    safe: str
    worker: str
    team: str
    edit_url: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """An act that comes next, and why."""

    verb: str
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a fact, as the templates draw it."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of facts: the shape of `components/summary.html`."""

    label: str
    values: Sequence[Value] = field(default_factory=tuple)
    change_url: str = ""


class Page:
    """What one case's page needs, made from its record. ``carried`` says where it stands in a list."""

    def __init__(self, record: CaseRecord, *, carried: Mapping[str, str], today: date, advises: bool = False) -> None:
        self.record = record
        self.case = record.case
        self.head: CaseHead = record.head.content
        self._carried = carried
        self._today = today
        self._advises = advises
        self._open = record.case.state == Case.State.OPEN

    def to(self, name: str, *args: object, **query: str) -> str:
        """The address of another page of this case, with its place in the list carried on."""
        return address(reverse(name, args=[self.case.handle, *args]), {**query, **self._carried})

    def identity(self) -> Identity:
        """Who it concerns and how to reach them safely, first of all."""
        case, first = self.case, next(iter(self.record.concerned), None)
        on = dates.plain(case.opened_on)
        return Identity(
            ref=self.head.our_reference,
            name=name_of(first),
            person_url=reverse("person", args=[UUID(first.person)]) if first and first.identity else "",
            kind=str(words.TOPICS[case.kind]),
            exact=self.head.exact_kind,
            state=_("Open since %(day)s") % {"day": on} if self._open else _("Closed; opened %(day)s") % {"day": on},
            safe=safe_of(first),
            worker=case.worker.name if case.worker else _("Nobody works on it yet"),
            team=case.team.name,
            edit_url=self.to("case-edit"),
        )

    def clocks(self) -> list[ClockShown]:
        """Limits of the law that run, then letters that run, each by its day; then what has stopped."""
        limits: list[ClockShown] = []
        for deadline, limit in self.record.deadlines:
            acts = [Link(_("Say when it was done"), self.to("deadline-met", deadline.handle))] if self._open else []
            limits.append(self._limit(limit, deadline.met_on, acts))
        letters = [self.clock(one) for one in self.record.enquiries]
        stopped = [one for one in (*limits, *letters) if one.due is None]
        return [*_by_day(limits), *_by_day(letters), *stopped]

    def _limit(self, limit: Limit, met_on: date | None, acts: Sequence[Link]) -> ClockShown:
        return clock_of_limit(limit, met_on=met_on, today=self._today, acts=acts, advises=self._advises)

    def clock(self, enquiry: Enquiry, *, here: bool = False) -> ClockShown:
        """One letter's, with the way to say what happened to it, unless that is ``here``."""
        clock = self.record.clocks[enquiry.pk]
        to_say = Link(_("Pauses, promises, longer"), self.to("enquiry-clock", enquiry.handle))
        runs = clock.started_on is not None and clock.stopped_on is None
        acts = [to_say] if self._open and runs and not here else []
        return clock_of_enquiry(clock, about="" if here else self.letter(enquiry), today=self._today, acts=acts)

    def proposed(self) -> list[Proposed]:
        """What comes next: what the clocks make due, a limit where a decision was logged, and the way out."""
        if not self._open:
            return [Proposed(_("Open it again"), _("Nothing of a closed case is due."), self.to("case-reopen"))]
        acts = [self._due_act(enquiry, clock, due) for due, enquiry, clock in self._dues()]
        decided = self._decision_without_limit()
        if decided is not None:
            because = _("A decision was logged for %(day)s: a limit of the law may run from it.")
            acts.append(
                Proposed(
                    _("Add a time limit"),
                    because % {"day": dates.plain(decided.on)},
                    self.to("deadline-new", on=decided.on.isoformat()),
                )
            )
        else:
            acts.append(
                Proposed(
                    _("Log a decision that came"),
                    _("Refused, granted, stopped: its time limits are counted from how and when it came."),
                    self.to("decision-new"),
                )
            )
            acts.append(Proposed(_("Add a time limit"), _("One alone, by its name."), self.to("deadline-new")))
        if self.record.enquiries:
            acts.append(Proposed(_("Add a letter"), _("Each letter has a clock of its own."), self.to("enquiry-new")))
        else:
            acts.insert(
                0, Proposed(_("Add the letter"), _("Its clock starts the day it goes."), self.to("enquiry-new"))
            )
        if self._all_done():
            acts.insert(0, Proposed(_("Close the case"), _("Nothing is running."), self.to("case-close")))
        return acts

    def events(self) -> list[EventShown]:
        """What happened, newest first."""
        return timeline(self.record, change_url=lambda event: self.to("event-correct", event.handle))

    def questions(self) -> list[tuple[str, str]]:
        """What the letters ask, as a form offers it to be ticked: `<the letter's handle>-<place>`, and the question."""
        many = len(self.record.enquiries) > 1
        found = []
        for one in self.record.enquiries:
            about, route = self.head.enquiries.get(one.handle.hex, EnquiryHead()), words.ROUTES[one.route]
            for at, text in enumerate(about.questions):
                found.append((f"{one.handle.hex}-{at}", f"{route}: {text}" if many else text))
        return found

    def facts(self) -> list[Fact]:
        """Everything the case says of itself."""
        case, head, edit = self.case, self.head, self.to("case-edit")
        rows = [
            Fact(_("Our reference"), _values(head.our_reference, "ref"), edit),
            Fact(_("Kind of case"), _values(str(words.TOPICS[case.kind])), edit),
            Fact(_("More exactly"), _values(head.exact_kind), edit),
            Fact(_("Who works on it"), _values(case.worker.name if case.worker else _("Nobody yet")), edit),
            Fact(
                _("State"),
                _values(str(words.STATES[case.state])),
                self.to("case-close" if self._open else "case-reopen"),
            ),
            Fact(_("Opened"), _values(dates.plain(case.opened_on))),
        ]
        for number, enquiry in enumerate(self.record.enquiries, start=1):
            about = head.enquiries.get(enquiry.handle.hex, EnquiryHead())
            values = [Value(str(words.ROUTES[enquiry.route])), *_values(about.sent_to), *_values(about.subject)]
            values += _values(about.their_reference, "ref")
            values += [Value(_("Asks: %(question)s") % {"question": one}) for one in about.questions]
            rows.append(Fact(_("Letter %(number)d") % {"number": number}, values, edit))
        if head.note:
            rows.append(Fact(_("Notes"), _values(head.note), edit))
        return rows

    def letter(self, enquiry: Enquiry) -> str:
        """`Home Office, MPs' enquiries · Delay`."""
        about = self.head.enquiries.get(enquiry.handle.hex, EnquiryHead())
        return " · ".join(part for part in (str(words.ROUTES[enquiry.route]), about.subject) if part)

    def _dues(self) -> list[tuple[Due, Enquiry, Clock]]:
        clocks = ((enquiry, self.record.clocks[enquiry.pk]) for enquiry in self.record.enquiries)
        dues = [(clock.due, enquiry, clock) for enquiry, clock in clocks if clock.due is not None]
        return sorted(dues, key=lambda one: one[0].day)

    def _due_act(self, enquiry: Enquiry, clock: Clock, due: Due) -> Proposed:
        late = due.why is Why.STANDARD_ENDS and due.day < self._today
        next_act = Why.CHASED_SINCE if late else due.why
        said = why(clock, due, self._today)
        if len(self.record.enquiries) > 1:
            said = f"{words.ROUTES[enquiry.route]}: {said}"
        logged = _LOGGED[next_act]
        if logged in event_words.OF_A_CLOCK:
            url = self.to("enquiry-clock", enquiry.handle, log=logged.value)
        else:
            url = f"{self.to('case', log=logged.value, enquiry=enquiry.handle.hex)}#log-event"
        return Proposed(str(words.PROPOSED[next_act]), said, url)

    def _decision_without_limit(self) -> Event | None:
        """The latest standing decision from whose day on no limit was added."""
        decided = [one for one in self.record.events if one.kind == Kind.DECIDED and one.pk in self.record.stands]
        if not decided:
            return None
        latest = max(decided, key=lambda one: one.on)
        return None if any(deadline.on >= latest.on for deadline, _limit in self.record.deadlines) else latest

    def _all_done(self) -> bool:
        clocks = self.record.clocks.values()
        return (
            bool(clocks)
            and all(clock.due is None for clock in clocks)
            and not any(deadline.met_on is None for deadline, _limit in self.record.deadlines)
        )


# What is logged when a thing due was done.
_LOGGED: Final[Mapping[Why, Event.Kind]] = {
    Why.LETTER_TO_SEND: Kind.SENT,
    Why.CONSENT_ASKED: Kind.SENT,
    Why.SENT_TO_WRONG_PERSON: Kind.SENT,
    Why.ABOUT_SOMEBODY_ELSE: Kind.SENT,
    Why.REPLY_NOT_DESCRIBED: Kind.ANSWERED,
    Why.PERSON_AWAITED: Kind.SENT,
    Why.CONSTITUENCY_DOUBTED: Kind.SENT,
    Why.SAID_ANSWERED: Kind.ANSWERED,
    Why.CLARIFICATION_ASKED: Kind.CLARIFIED,
    Why.PAUSED_FOR_US: Kind.SENT,
    Why.PAUSED: Kind.PHONED,
    Why.STANDARD_ENDS: Kind.ANSWERED,
    Why.CHASED_SINCE: Kind.CHASED,
    Why.OFFICE_FOLLOW_UP: Kind.CHASED,
    Why.PERSON_TO_TELL: Kind.TOLD_PERSON,
}


def _by_day(clocks: Sequence[ClockShown]) -> list[ClockShown]:
    """Those that run, the earliest first."""
    return sorted((one for one in clocks if one.due), key=lambda one: one.due.iso if one.due else "")


def _values(text: str, kind: str = "text") -> list[Value]:
    return [Value(text, kind)] if text else []


@dataclass(frozen=True, slots=True)
class About:
    """Whom a form is about: the shape of `about` in desk/form.html."""

    name: str
    ref: str
    safe: str


def about(head: CaseHead, concerned: Sequence[Concerned]) -> About:
    """Whom the forms of a case are about, with the rule for reaching them."""
    first = next(iter(concerned), None)
    return About(name_of(first), head.our_reference, safe_of(first))


def about_case(by: Actor, case: Case) -> About:
    """The same, opened after the entry that says so."""
    opened, concerned = open_named(by=by, case=case)
    return about(opened.content, concerned)


def safe_of(one: Concerned | None) -> str:
    """What has to be read before anybody reaches them."""
    contacts = [one.contact, *one.merged] if one and one.contact else []
    return "\n".join(dict.fromkeys(said for contact in contacts if (said := present_contact.safe(contact))))


def name_of(one: Concerned | None) -> str:
    """How somebody a case concerns is called, or that nobody can be named: no team of the reader's may hold them."""
    return (one.name if one else "") or _("Nobody named")
