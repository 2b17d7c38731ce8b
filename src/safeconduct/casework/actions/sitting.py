"""A new matter in one sitting: the person, the case, its first letter, and what was asked before acting.

All of it is one transaction: where a part of it is refused, nothing of it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.people.actions import add_person
from safeconduct.people.actions.change import change_needs
from safeconduct.people.actions.complete import Said, complete_person
from safeconduct.people.facets import CaseHead, Concerns, EnquiryHead, Intake, Needs
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord
from safeconduct.people.records import NEVER_WRITTEN

from ..models import Case, Event
from .calls import promise_to_ring
from .cases import open_case
from .events import log_event
from .tasks import add_task


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Matter:
    """A case before it is opened, with its first letter; ``sent_on`` is None for one that is still to be sent."""

    kind: str
    route: str
    came_in_on: date
    exact_kind: str = ""
    our_reference: str = ""
    worker: Member | None = None
    intake: Intake = field(default_factory=Intake)
    letter: EnquiryHead = field(default_factory=EnquiryHead)
    sent_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Promise:
    """Something promised to a person by a day. ``kind`` is a kind of task; a call is logged as promised, too."""

    kind: str
    on: date
    what: str = ""


def begin(*, by: Actor, team: Team, who: Said | tuple[PersonRecord, Said], needs: Needs, matter: Matter) -> Case:
    """Add somebody, or write to a record that is here what it lacks, and open their case with its first letter.

    Args:
        who: what was said of somebody new; or the record of somebody who is here, as it was opened, and what was said.
        needs: kept for somebody new only; what another record says of needs stands.

    Raises:
        Refused, NotHeld: policy. NoName, NotYet, NotAWorkerHere, Changed, BeyondCalendar. Nothing is there then.
    """
    with transaction.atomic():
        if isinstance(who, Said):
            person = add_person(by=by, team=team, identity=who.identity, contact=who.contact, status=who.status)
            if needs != Needs():
                change_needs(by=by, person=person, needs=needs, read=NEVER_WRITTEN)
        else:
            record, said = who
            complete_person(by=by, record=record, said=said)
            person = record.subject
        return open_matter(by=by, team=team, person=person, matter=matter)


def promise(*, by: Actor, case: Case, on: date, promises: Sequence[Promise]) -> None:
    """Make what was promised to the person on a day due on its own. Raises as `add_task` does."""
    with transaction.atomic():
        for one in promises:
            if one.kind == "ring_back":
                promise_to_ring(by=by, case=case, on=on, until=one.on, what=one.what)
            else:
                add_task(by=by, case=case, kind=one.kind, on=one.on, what=one.what)


def open_matter(*, by: Actor, team: Team, person: Subject, matter: Matter) -> Case:
    """Open a case for somebody on record, and log its first letter where that went. Raises as `begin` does."""
    with transaction.atomic():
        case = open_case(
            by=by,
            team=team,
            person=person,
            head=CaseHead(
                our_reference=matter.our_reference,
                exact_kind=matter.exact_kind,
                concerns=(Concerns(person=person.handle.hex),),
                enquiries={"": matter.letter},
                intake=matter.intake,
            ),
            kind=matter.kind,
            worker=matter.worker,
            came_in_on=matter.came_in_on,
            route=matter.route,
        )
        if matter.sent_on is not None:
            letter = case.enquiries.get()
            log_event(by=by, case=case, enquiry=letter, kind=Event.Kind.SENT, on=matter.sent_on)
        return case
