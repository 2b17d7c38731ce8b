"""Undoing an import that was done: what nobody has touched since goes; what somebody worked on stays."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from safeconduct.accounts.actor import Actor
from safeconduct.agenda.actions import replace
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write, record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling
from safeconduct.people.facets import Links
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Opened, open_facets, write_facet

from .. import policies
from ..faults import WrongState
from ..models import Arrival, Case, Deadline, Enquiry, Event
from ..schedule import office_days, reschedule


@dataclass(frozen=True, slots=True)
class Undone:
    """What went and what stayed."""

    cases: int
    people: int
    events: int
    cases_kept: int


def undo(*, by: Actor, arrival: Arrival) -> Undone:
    """Take an import back.

    A case stays when something was logged or changed on it since, and so does the person it concerns; a person stays
    when their record was changed since, and so do their cases.

    Raises:
        Refused: policy. WrongState: it is not done. Changed: somebody saved in between. JournalUnavailable.
    """
    policies.require(by, Act.UNDO_BRING_IN, policies.of_arrival(arrival))
    if arrival.state != Arrival.State.DONE:
        raise WrongState("Only an import that is done can be undone.")
    cases = {case.handle.hex: case for case in Case.objects.filter(arrival=arrival).select_related("subject")}
    kept_cases, kept_people, concerned = _kept(by, arrival, cases)
    gone = [case for handle, case in cases.items() if handle not in kept_cases]
    gone_handles = {case.handle.hex for case in gone}
    people = Subject.objects.filter(batch=arrival.handle, kind=Subject.Kind.PERSON).exclude(
        handle__in=[UUID(handle) for handle in kept_people]
    )
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if locked.state != Arrival.State.DONE:
            raise WrongState("This import was undone in another window.")
        subjects = [case.subject_id for case in gone]
        removed = frozenset(subjects) | frozenset(people.values_list("pk", flat=True))
        enquiries = list(Enquiry.objects.filter(case__in=gone).values_list("handle", flat=True))
        replace(handles=enquiries, items=[])
        for keyed, links in concerned.values():
            if keyed.subject.pk not in removed:
                _unlink(by, keyed, links, gone_handles)
        Case.objects.filter(pk__in=[case.pk for case in gone]).delete()
        counted = people.count()
        Subject.objects.filter(pk__in=removed).delete()
        events = _take_back_events(by, arrival)
        index.add(by, arrival.team, Delta(remove=removed))
        locked.state = Arrival.State.UNDONE
        locked.save(update_fields=["state"])
        record_write(
            organisation=by.organisation.handle,
            act=Entered.IMPORT_UNDONE,
            member=by.member.handle,
            team=arrival.team.handle,
            count=len(gone),
        )
    arrival.state = Arrival.State.UNDONE
    return Undone(len(gone), counted, events, len(kept_cases))


def _kept(
    by: Actor, arrival: Arrival, cases: dict[str, Case]
) -> tuple[set[str], set[str], dict[str, tuple[Keyed, Opened]]]:
    """Handles of the cases and the people that stay, and the opened links of everybody the cases concern."""
    since = arrival.done_at
    touched = Case.objects.filter(arrival=arrival).filter(
        Exists(Event.objects.filter(case=OuterRef("pk"), at__gt=since))
        | Exists(Deadline.objects.filter(case=OuterRef("pk")))
        | Exists(Envelope.objects.filter(subject=OuterRef("subject"), revision__gt=1))
        | Q(state=Case.State.CLOSED)
    )
    kept_cases = {case.handle.hex for case in touched}
    changed = {
        subject.handle.hex
        for subject in Subject.objects.filter(batch=arrival.handle, kind=Subject.Kind.PERSON).filter(
            Exists(Envelope.objects.filter(subject=OuterRef("pk"), revision__gt=1))
        )
    }

    keyed = held(by, [case.subject_id for case in cases.values()])
    handles = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(by, arrival.team, Entered.LISTED, count=len(handles), detail={"subjects": handles})
    heads = open_facets(leave, keyed, [Envelope.Facet.HEAD])
    about = {
        handle: {one.person for one in heads[case.subject_id]["head"].content.concerns}
        for handle, case in cases.items()
        if case.subject_id in heads
    }
    kept_people = changed.union(*(about.get(handle, set()) for handle in kept_cases))
    kept_cases |= {handle for handle, people in about.items() if people & changed}

    everybody = {UUID(person) for people in about.values() for person in people}
    theirs = held(by, list(Subject.objects.filter(handle__in=everybody).values_list("pk", flat=True)))
    opened = open_facets(leave, theirs, [Envelope.Facet.LINKS])
    concerned = {one.subject.handle.hex: (one, opened[number]["links"]) for number, one in theirs.items()}
    return kept_cases, kept_people, concerned


def _unlink(by: Actor, keyed: Keyed, links: Opened, gone: set[str]) -> None:
    """Take the cases that go out of the links of somebody who stays."""
    before: Links = links.content
    left = tuple(handle for handle in before.cases if handle not in gone)
    if left == before.cases:
        return
    after = Links(cases=left, not_same_as=before.not_same_as)
    written = write_facet(keyed, Envelope.Facet.LINKS, after, read=links.revision)
    record_writes([journaling.wrote(by, keyed, Entered.CHANGED_PERSON, [written], {"facet": "links"})])


def _take_back_events(by: Actor, arrival: Arrival) -> int:
    """Take away the events this import added to cases that were here before."""
    events = list(Event.objects.filter(arrival=arrival, corrected_by=None).select_related("case__team"))
    Envelope.objects.filter(facet=Envelope.Facet.ENTRY, item__in=[event.handle for event in events]).delete()
    cases = {event.case_id: event.case for event in events}
    Event.objects.filter(pk__in=[event.pk for event in events]).delete()
    keyed = held(by, [case.subject_id for case in cases.values()])
    record_writes(
        [
            journaling.wrote(by, keyed[case.subject_id], Entered.CHANGED_CASE, [], {"import": arrival.handle.hex})
            for case in cases.values()
        ]
    )
    for case in cases.values():
        reschedule(case, office_days(by.organisation))
    return len(events)
