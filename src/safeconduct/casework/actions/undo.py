"""Undoing an import that was done: what nobody has touched since goes; what somebody worked on stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.agenda.actions import replace
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, tokens
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope, Subject, Wrap
from safeconduct.people.records import ALWAYS_THERE, Changed, open_facets

from .. import policies
from ..faults import WrongState
from ..models import Arrival, Case, Deadline, Enquiry, Event, Task
from . import take_back
from .arrivals import open_outcome
from .cases import lock_all

T = TypeVar("T")
WorkedOn = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Undone:
    """What went and what stayed."""

    cases: int
    people: int
    events: int
    cases_kept: int
    people_restored: int


def would_stay(arrival: Arrival) -> tuple[int, int]:
    """How many of an import's cases and how many of its people were worked on since, so that undoing leaves them.

    These are open facts, so nothing is opened; the cases of such people, and the people of such cases, stay as well,
    and so do people for whom somebody has opened a case since.
    """
    return _touched(arrival).count(), _changed_people(arrival).count()


def undo(*, by: Actor, arrival: Arrival) -> Undone:
    """Take an import back.

    A case stays when something was logged or changed on it since, and so does the person it concerns; a person stays
    when their record was changed since, or another case concerns them, and so do their cases. What was added to people
    and cases that were here before goes as well, unless they were worked on since.

    Raises:
        Refused: policy. WrongState: it is not done. Changed: somebody saved in between. JournalUnavailable.
    """
    policies.require(by, Act.UNDO_BRING_IN, policies.of_arrival(arrival))
    if arrival.state != Arrival.State.DONE:
        raise WrongState("Only an import that is done can be undone.")
    cases = {case.handle.hex: case for case in Case.objects.filter(arrival=arrival).select_related("subject")}
    worked_on = _worked_on(arrival)
    stood = index.state(arrival.team)
    kept_cases, kept_people = _kept(by, arrival, cases, worked_on)
    gone = [case for handle, case in cases.items() if handle not in kept_cases]
    outcome = open_outcome(by=by, arrival=arrival)
    added_to = take_back.open_added_to(by, arrival, outcome, stays=kept_people)
    letters = take_back.open_letters(by, arrival, outcome)
    changed = take_back.open_changed_cases(by, arrival, outcome)
    people = Subject.objects.filter(batch=arrival.handle, kind=Subject.Kind.PERSON).exclude(
        handle__in=[UUID(handle) for handle in kept_people]
    )
    with transaction.atomic():
        locked = Arrival.objects.select_for_update().get(pk=arrival.pk)
        if locked.state != Arrival.State.DONE:
            raise WrongState("This import was undone in another window.")
        added = Event.objects.filter(arrival=arrival).values_list("case__subject", flat=True)
        touched = (one.case.subject_id for one in changed)
        lock_all([*(case.subject_id for case in cases.values()), *added, *touched])
        index.hold(arrival.team)
        if _worked_on(arrival) != worked_on or index.state(arrival.team) != stood:
            raise Changed("Somebody has just worked on a record of this import. Nothing was taken back: try again.")
        subjects = [case.subject_id for case in gone]
        removed = frozenset(subjects) | frozenset(people.values_list("pk", flat=True))
        # Of a case with a limit or a task nothing goes.
        due = [case.handle for case in gone]
        for some in _in_parts([case.pk for case in gone]):
            due += Enquiry.objects.filter(case__in=some).values_list("handle", flat=True)
        replace(handles=due, items=[])
        for some in _in_parts([case.pk for case in gone]):
            Case.objects.filter(pk__in=some).delete()
        counted = people.count()
        for some in _in_parts(sorted(removed)):
            Subject.objects.filter(pk__in=some).delete()
        take_back.restore_cases(by, changed)
        events = take_back.take_back_events(by, arrival, letters)
        index.add(by, arrival.team, Delta(remove=removed))
        restored = take_back.restore(by, arrival, added_to)
        locked.state, locked.staged = Arrival.State.UNDONE, None
        locked.save(update_fields=["state", "staged"])
        record_write(
            organisation=by.organisation.handle,
            act=Entered.IMPORT_UNDONE,
            member=by.member.handle,
            team=arrival.team.handle,
            count=len(gone),
        )
    arrival.state, arrival.staged = Arrival.State.UNDONE, None
    return Undone(len(gone), counted, events, len(kept_cases), restored)


def _kept(by: Actor, arrival: Arrival, cases: dict[str, Case], worked_on: WorkedOn) -> tuple[set[str], set[str]]:
    """Handles of the cases and of the people that stay."""
    kept_cases, changed = set(worked_on[0]), worked_on[1] | _with_other_cases(by, arrival)
    keyed = held(by, [case.subject_id for case in cases.values()])
    handles = [one.subject.handle.hex for one in keyed.values()]
    leave = journaling.listing(
        by, arrival.team, Entered.IMPORT_OPENED, count=len(handles), detail={"subjects": handles}
    )
    opened_heads = open_facets(leave, keyed, [Envelope.Facet.HEAD])
    about = {
        handle: {one.person for one in opened_heads[case.subject_id]["head"].content.concerns}
        for handle, case in cases.items()
        if case.subject_id in opened_heads
    }
    kept_people = set(changed).union(*(about.get(handle, set()) for handle in kept_cases))
    kept_cases |= {handle for handle, people in about.items() if people & changed}
    return kept_cases, kept_people


def _with_other_cases(by: Actor, arrival: Arrival) -> frozenset[str]:
    """People of the import (handles, hex) whom another case concerns by now, as far as the indexes say.

    A token may be somebody else's: then a person stays without need, which harms nobody.
    """
    handles = Subject.objects.filter(batch=arrival.handle, kind=Subject.Kind.PERSON).values_list("handle", flat=True)
    subjects = {handle.hex: tokens.of_concerned([handle.hex]) for handle in handles}
    found: dict[str, set[int]] = {handle: set() for handle in subjects}
    for team in by.teams:
        opened = index.opened(by, team)
        for handle, theirs in subjects.items():
            found[handle] |= opened.having(theirs)
    own = frozenset(Case.objects.filter(arrival=arrival).values_list("subject", flat=True))
    return frozenset(handle for handle, cases in found.items() if cases - own)


def _worked_on(arrival: Arrival) -> WorkedOn:
    """Handles (hex) of the import's cases and people that somebody worked on since."""
    return (
        frozenset(case.handle.hex for case in _touched(arrival)),
        frozenset(subject.handle.hex for subject in _changed_people(arrival)),
    )


def _touched(arrival: Arrival) -> QuerySet[Case]:
    """The import's cases on which something was logged, changed or closed since."""
    return Case.objects.filter(arrival=arrival).filter(
        Exists(Event.objects.filter(case=OuterRef("pk"), at__gt=arrival.done_at))
        | Exists(Deadline.objects.filter(case=OuterRef("pk")))
        | Exists(Task.objects.filter(case=OuterRef("pk")))
        | Exists(Envelope.objects.filter(subject=OuterRef("subject"), revision__gt=1))
        | Exists(Envelope.objects.filter(subject=OuterRef("subject"), facet=Envelope.Facet.PAPERS))
        | Q(state=Case.State.CLOSED)
    )


def _changed_people(arrival: Arrival) -> QuerySet[Subject]:
    """The import's people whose record was saved since, by somebody or by another import, or that others hold too."""
    return Subject.objects.filter(batch=arrival.handle, kind=Subject.Kind.PERSON).filter(
        Exists(Envelope.objects.filter(subject=OuterRef("pk"), revision__gt=1))
        # A part no import makes: somebody keeps papers, what was told, or a household with it.
        | Exists(Envelope.objects.filter(subject=OuterRef("pk")).exclude(facet__in=ALWAYS_THERE[Subject.Kind.PERSON]))
        | Exists(Wrap.objects.filter(subject=OuterRef("pk")).exclude(team=arrival.team))
    )


def _in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """A database takes only so many values in one question."""
    for start in range(0, len(values), 500):
        yield values[start : start + 500]
