"""Opening, changing and closing cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Team
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal import bulk
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import CaseHead, EnquiryHead
from safeconduct.people.history import NOT_SAID, Why
from safeconduct.people.keys import Keyed, NotHeld, hold, new_subject
from safeconduct.people.models import Envelope, Subject, Wrap
from safeconduct.people.records import new_envelope, write_facet

from .. import facts, policies
from ..faults import CaseClosed, NotAWorkerHere, NotYet
from ..models import Arrival, Case, Enquiry, Event
from ..schedule import office_days, reschedule


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case's rows, not yet saved."""

    case: Case
    keyed: Keyed
    wrap: Wrap


def shape_case(
    *,
    by: Actor,
    team: Team,
    kind: str,
    worker: Member | None,
    opened_on: date,
    handle: UUID | None = None,
    arrival: Arrival | None = None,
) -> NewCase:
    """A case with a subject and a key of its own, both of one handle: rows not yet saved."""
    keyed, wrap = new_subject(by, team, Subject.Kind.CASE, handle=handle, batch=arrival.handle if arrival else None)
    case = bulk.make(
        Case,
        handle=keyed.subject.handle,
        arrival=arrival,
        organisation=by.organisation,
        team=team,
        subject=keyed.subject,
        kind=kind,
        worker=worker,
        opened_on=opened_on,
    )
    return NewCase(case, keyed, wrap)


def open_case(
    *,
    by: Actor,
    team: Team,
    person: Subject,
    head: CaseHead,
    kind: str,
    worker: Member | None,
    came_in_on: date,
    route: str,
) -> Case:
    """Open a case for a person with its first enquiry. Nothing of the person's own record is written or touched.

    Args:
        head: the sealed head, whom it concerns included. Its enquiries are filled in here.

    Raises:
        Refused, NotHeld: policy, or the person is not there any more. NotYet, NotAWorkerHere.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(team, by.organisation))
    policies.require(by, Act.CHANGE_PERSON, policies.of_subject(by, person))
    require_past(came_in_on)
    require_worker(worker, team)
    hold(by, person)
    new = shape_case(by=by, team=team, kind=kind, worker=worker, opened_on=came_in_on)
    with transaction.atomic():
        index.hold(team)
        if not Subject.objects.filter(pk=person.pk).exists():
            raise NotHeld("There is no such record, or your teams do not hold it.")
        new.keyed.subject.save()
        new.wrap.subject = new.case.subject = new.keyed.subject
        new.wrap.save()
        new.case.save()
        enquiry = Enquiry.objects.create(case=new.case, route=route, nation=by.organisation.nation)
        Event.objects.create(
            case=new.case, enquiry=enquiry, kind=Event.Kind.CAME_IN, on=came_in_on, at=datetime.now(UTC), by=by.member
        )
        about = next(iter(head.enquiries.values()), EnquiryHead())
        sealed = msgspec.structs.replace(head, enquiries={enquiry.handle.hex: about})
        row, written = new_envelope(new.keyed, Envelope.Facet.HEAD, sealed)
        row.save(force_insert=True)
        index.add(by, team, Delta(add={new.keyed.subject.pk: tokens.of_case(head)}))
        record_writes([journaling.wrote(by, new.keyed, Entered.ADDED_CASE, [written, facts.committed(new.case)])])
        reschedule(new.case, office_days(by.organisation))
    return new.case


def change_case(
    *,
    by: Actor,
    case: Case,
    head: CaseHead,
    read: int,
    kind: str,
    worker: Member | None,
    why: Why = NOT_SAID,
) -> None:
    """Change the sealed head over revision ``read``, the broad kind and who works on it.

    Raises:
        Refused, NotHeld: policy. Changed: somebody saved in between. NotAWorkerHere.
    """
    policies.require(by, Act.CHANGE_CASE, policies.of_subject(by, case.subject))
    require_worker(worker, case.team)
    keyed = hold(by, case.subject)
    with transaction.atomic():
        lock(case)
        case.kind, case.worker = kind, worker
        case.save(update_fields=["kind", "worker"])
        written = write_facet(keyed, Envelope.Facet.HEAD, head, read=read, why=why)
        index_case(by, case, head)
        record_writes(
            [journaling.wrote(by, keyed, Entered.CHANGED_CASE, [*written, facts.committed(case)], {"facet": "head"})]
        )
        reschedule(case, office_days(by.organisation))


def index_case(by: Actor, case: Case, head: CaseHead) -> None:
    """Let a case be found by what its head says now. Inside the transaction of the change."""
    found_by = tokens.of_case(head)
    if not head.our_reference:
        # What the case is found by stays: an import knows it again next week by what its row said.
        found_by |= index.opened(by, case.team).tokens_of(case.subject_id)
    index.add(by, case.team, Delta(add={case.subject_id: found_by}))


def lock(case: Case) -> None:
    """Hold a case's row until the transaction ends, and take from it what others may have changed meanwhile.

    Every act that moves a clock begins with it, so that none makes the agenda from what another is about to change.
    """
    fields = ["state", "kind", "worker", "closed_on", "outcome", "review_on", "removal_on"]
    case.refresh_from_db(fields=fields, from_queryset=Case.objects.select_for_update())


def lock_all(subjects: Iterable[int]) -> None:
    """Hold the rows of cases, by their subject's id, before any of their sealed parts, as every act on a case does."""
    wanted = sorted(set(subjects))
    for start in range(0, len(wanted), 500):
        list(Case.objects.select_for_update().filter(subject__in=wanted[start : start + 500]).order_by("subject"))


def require_open(case: Case) -> None:
    """Raises `CaseClosed`."""
    if case.state != Case.State.OPEN:
        raise CaseClosed("This case is closed. Open it again first; what you wrote is kept on this page.")


def require_past(*days: date) -> None:
    """Raises `NotYet` for a day after today in London."""
    if any(day > today() for day in days):
        raise NotYet("That day has not come yet. Log what has happened; what is to come shows by itself.")


def require_worker(worker: Member | None, team: Team) -> None:
    """Raises `NotAWorkerHere` unless the member is in the team."""
    if worker is not None and not team.memberships.filter(member=worker, member__state="active").exists():
        raise NotAWorkerHere("That member is not in the case's team. Choose somebody who is, or nobody.")
