"""What somebody on the telephone is answered from: who a search found, how they may be reached, and their cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.agenda.models import Item
from safeconduct.people import queries
from safeconduct.people.concerned import open_concerned
from safeconduct.people.facets import CaseHead, Concerns, Contact
from safeconduct.people.links import linked
from safeconduct.people.queries import Hit

from .due import next_items
from .models import Case, Event
from .queries import Listed, open_cases_of, open_listed, visible

# Each brings their cases with them: whoever is not among these is found by typing more of the name.
PEOPLE_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class OnCase:
    """A case as a caller asks about it: what happened on it last, and what is due first."""

    case: Case
    head: CaseHead
    last: Event | None
    due: Item | None


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """Somebody a search found: how they may be reached, by every record of theirs, and their cases, newest first.

    What one of the ``contacts`` forbids holds for all; the first is of the record that was found.
    """

    hit: Hit
    contacts: tuple[Contact, ...]
    cases: tuple[OnCase, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Answers:
    """What was typed, who was found by it, and whether there were more than are shown."""

    text: str
    known: tuple[Known, ...]
    more: bool


def answers(*, by: Actor, handle: UUID) -> Answers:
    """What a search of this actor's found, with what is needed to answer "any news?".

    Raises:
        NotHeld: no such search of theirs. Refused: policy. JournalUnavailable: nothing was opened. IndexBusy.
    """
    text, hits = queries.found(by=by, handle=handle)
    shown = [hit for hit in hits if hit.identity is not None or hit.head is not None][:PEOPLE_SHOWN]
    people = [hit for hit in shown if hit.identity is not None]
    beside = _contacts_beside(by, shown)
    theirs = _cases_of(by, people)
    by_reference = _cases_found(by, [hit for hit in shown if hit.identity is None])
    rows = [one for cases in (*theirs, *by_reference.values()) for one in cases]
    last, due = last_events([one.case for one in rows]), next_items([one.case for one in rows])

    def on_cases(listed: Iterable[Listed]) -> tuple[OnCase, ...]:
        return tuple(OnCase(one.case, one.head, last.get(one.case.pk), due.get(one.case.handle)) for one in listed)

    told = {hit.subject.pk: on_cases(cases) for hit, cases in zip(people, theirs, strict=True)}
    told |= {number: on_cases(cases) for number, cases in by_reference.items()}
    known = tuple(Known(hit, beside.get(hit.subject.pk, ()), told.get(hit.subject.pk, ())) for hit in shown)
    return Answers(text, known, len(hits) > len(shown))


def last_events(cases: Sequence[Case]) -> dict[int, Event]:
    """The last thing that happened on each of some cases and still stands, by the case's row id. Open facts."""
    rows = Event.objects.filter(case__in=cases, corrected_by=None).exclude(kind=Event.Kind.CORRECTED)
    last: dict[int, Event] = {}
    for event in rows.order_by("case", "-on", "-id"):
        last.setdefault(event.case_id, event)
    return last


def seen_on(*, by: Actor, on: date) -> list[tuple[Event, Listed]]:
    """Who was seen on a day in the actor's teams, in the order in which they were written down, with their cases.

    Raises `Refused`, `JournalUnavailable`.
    """
    rows = Event.objects.filter(case__in=visible(by), kind=Event.Kind.SEEN, on=on, corrected_by=None)
    events = list(rows.select_related("by").order_by("id"))
    wanted = {event.case_id for event in events}
    cases = visible(by).filter(pk__in=wanted).select_related("subject", "team", "worker")
    listed = {one.case.pk: one for one in open_listed(by=by, cases=list(cases))}
    return [(event, listed[event.case_id]) for event in events if event.case_id in listed]


def _contacts_beside(by: Actor, hits: Sequence[Hit]) -> dict[int, tuple[Contact, ...]]:
    """How each person may be reached, by this record and by every other that is said to be of them."""
    out: dict[int, tuple[Contact, ...]] = {hit.subject.pk: (hit.contact,) for hit in hits if hit.contact is not None}
    heads = {hit.subject.pk: head for hit in hits if (head := _to_open(hit)) is not None}
    for number, concerned in zip(heads, open_concerned(by=by, heads=[*heads.values()], with_contact=True), strict=True):
        first = next(iter(concerned), None)
        if first is not None and first.contact is not None:
            out[number] = (first.contact, *first.merged)
    return out


def _to_open(hit: Hit) -> CaseHead | None:
    """Whom to open for the ways to reach them, where the search itself did not open all of them."""
    if hit.head is not None:
        return hit.head
    several = hit.links is not None and linked(hit.links)
    return CaseHead(concerns=(Concerns(person=hit.subject.handle.hex),)) if several else None


def _cases_of(by: Actor, people: Sequence[Hit]) -> list[list[Listed]]:
    """The cases of each of some people, by any record of theirs."""
    records = [{hit.subject.handle.hex, *(linked(hit.links) if hit.links else ())} for hit in people]
    earlier = [one for hit in people if hit.links for one in hit.links.earlier_cases]
    everybody = sorted({handle for record in records for handle in record})
    cases = open_cases_of(by=by, people=everybody, earlier=earlier) if everybody else []
    return [[one for one in cases if record & {about.person for about in one.head.concerns}] for record in records]


def _cases_found(by: Actor, hits: Sequence[Hit]) -> dict[int, list[Listed]]:
    """Cases that a search found by the reference that was typed, by their subject's row id."""
    rows = visible(by).filter(subject__in=[hit.subject.pk for hit in hits]).select_related("subject", "team", "worker")
    cases = {case.subject_id: case for case in rows}
    return {
        hit.subject.pk: [Listed(cases[hit.subject.pk], hit.head, hit.concerned)]
        for hit in hits
        if hit.head is not None and hit.subject.pk in cases
    }
