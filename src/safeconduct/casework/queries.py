"""Reading casework. What is sealed is opened only after its entry is committed; the rest is open facts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.accounts.queries import own_of
from safeconduct.agenda.queries import Wanted
from safeconduct.core.calendar.limits import Limit
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.concerned import Concerned, open_concerned
from safeconduct.people.facets import CaseEntry, CaseHead
from safeconduct.people.facets import Task as TaskSaid
from safeconduct.people.keys import Keyed, NotHeld, held, hold
from safeconduct.people.models import Envelope, Wrap
from safeconduct.people.records import Opened, PutBack, open_facets, open_whole

from . import policies
from .clocks import Clock
from .models import Case, Deadline, Enquiry, Event, Task
from .schedule import clock_of, limit_of, office_days, standing


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case, opened: its head with the revision to name when saving, its events with what was written of them.

    ``concerned`` is everybody the head names, with how to reach them safely. ``tasks`` come with what they say, the
    earliest first and those that are done last.
    """

    case: Case
    keyed: Keyed
    leave: Entry
    head: Opened
    concerned: tuple[Concerned, ...]
    enquiries: Sequence[Enquiry]
    clocks: Mapping[int, Clock]
    deadlines: Sequence[tuple[Deadline, Limit]]
    events: Sequence[Event]
    notes: Mapping[UUID, str]
    entries: Mapping[UUID, CaseEntry]
    stands: frozenset[int]
    tasks: Sequence[tuple[Task, TaskSaid]] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list: its open facts, its head, and whom it concerns."""

    case: Case
    head: CaseHead
    concerned: tuple[Concerned, ...]


def visible(by: Actor) -> QuerySet[Case]:
    """Cases of the actor's teams. Those of an import that is not done are not there yet."""
    return Case.objects.filter(subject__waiting=False, organisation=by.organisation, team__in=list(by.memberships))


def among(by: Actor, handles: Collection[UUID]) -> list[Case]:
    """Those of these cases that are the actor's teams', with what opening them takes: for the rows of a page.

    They are found by their handles and nothing else. SQLite keeps no statistics here, takes "of this team" for the
    narrower question, and would read every case of the team.
    """
    rows = Case.objects.alias(of_team=F("team_id") + 0, of=F("organisation_id") + 0).filter(
        handle__in=handles, subject__waiting=False, of=by.organisation.pk, of_team__in=list(by.memberships)
    )
    cases: list[Case] = list(rows.select_related("subject", "worker").defer(*own_of("worker")))
    for case in cases:
        case.team = by.memberships[case.team_id].team
    return cases


def find_case(by: Actor, handle: UUID) -> Case:
    """One case of the actor's teams. Raises `NotHeld`."""
    held_by = Prefetch("subject__wraps", Wrap.objects.select_related("team"))
    rows = visible(by).select_related("subject", "team", "worker").prefetch_related(held_by)
    case = rows.filter(handle=handle).first()
    if case is None:
        raise NotHeld("There is no such record, or your teams do not hold it.")
    return case


def open_cases_of(*, by: Actor, people: Sequence[str], earlier: Sequence[str] = ()) -> list[Listed]:
    """The cases that concern one of these people (handles, hex) and that the actor may see, newest first.

    Only the sealed indexes of the actor's teams say which those are; whoever calls this has recorded that these people
    are looked at. ``earlier`` are cases that links of an older version name.

    Raises:
        Refused: policy. JournalUnavailable: no case was opened. IndexBusy: try again.
    """
    wanted = tokens.of_concerned(people)
    subjects: set[int] = set()
    for team in by.teams:
        subjects |= index.opened(by, team).having(wanted)
    theirs = Q(subject__in=subjects) | Q(handle__in=[UUID(handle) for handle in earlier])
    rows = visible(by).filter(theirs).select_related("subject", "team", "worker").order_by("-opened_on", "-id")
    concerned = frozenset(people)
    return [
        one
        for one in open_listed(by=by, cases=list(rows), named=False)
        # The index said so; a token of 32 bits may mean somebody else.
        if concerned.intersection(about.person for about in one.head.concerns)
    ]


def open_case_record(*, by: Actor, case: Case) -> CaseRecord:
    """Open a case: head, timeline, notes, clocks.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    _require_own(case)
    keyed = hold(by, case.subject)
    policies.require(by, Act.OPEN_CASE, policies.of_subject(by, case.subject))
    # Read first: what a task says is written with its row, so it is there by the time the envelopes are read.
    tasks = list(case.tasks.select_related("worker", "by").order_by(F("done_on").asc(nulls_first=True), "on", "id"))
    leave = journaling.opening(by, keyed, Entered.OPENED_CASE)
    opened = open_whole(leave, keyed)
    [concerned] = open_concerned(by=by, heads=[opened["head"].content], with_contact=True)
    enquiries = list(case.enquiries.order_by("id"))
    events = list(case.events.select_related("by", "enquiry").prefetch_related("said").order_by("-on", "-id"))
    entries = {
        UUID(name.removeprefix("entry/")): _entry(one) for name, one in opened.items() if name.startswith("entry/")
    }
    office = office_days(by.organisation)
    return CaseRecord(
        case=case,
        keyed=keyed,
        leave=leave,
        head=opened["head"],
        concerned=concerned,
        enquiries=enquiries,
        clocks={enquiry.pk: clock_of(enquiry, case, events, office) for enquiry in enquiries},
        deadlines=[(one, limit_of(one)) for one in case.deadlines.order_by("id")],
        events=events,
        notes={handle: entry.note for handle, entry in entries.items()},
        entries=entries,
        stands=frozenset(event.pk for event in standing(events)),
        tasks=_with_words(tasks, opened),
    )


def open_listed(*, by: Actor, cases: Sequence[Case], named: bool = True) -> list[Listed]:
    """Cases of one page with their heads and, unless ``named`` is false, whom they concern; in the order given.

    Raises as `open_heads` does.
    """
    heads, leaves = open_heads_under(by, cases)
    there = [case for case in cases if case.pk in heads]
    if not named:
        return [Listed(case, heads[case.pk], ()) for case in there]
    concerned = open_concerned(by=by, heads=[heads[case.pk] for case in there], under=leaves)
    return [Listed(case, heads[case.pk], people) for case, people in zip(there, concerned, strict=True)]


def open_heads(*, by: Actor, cases: Sequence[Case]) -> dict[int, CaseHead]:
    """The heads of cases on one page, by case id: one "listed" entry for each team on it.

    Raises:
        Refused: policy. JournalUnavailable: nothing was opened.
    """
    heads, _ = open_heads_under(by, cases)
    return heads


def open_heads_under(by: Actor, cases: Sequence[Case]) -> tuple[dict[int, CaseHead], dict[Team, Entry]]:
    """Heads by case id, and the entry of each team under which they were opened."""
    for case in cases:
        _require_own(case)
    keys = held(by, [case.subject_id for case in cases])
    for team in {keyed.team for keyed in keys.values()}:
        policies.require(by, Act.LIST_AGENDA, policies.of_team(team, by.organisation))
    leaves = journaling.listing_of(by, Entered.LISTED, keys.values())
    opened = open_facets(leaves, keys, [Envelope.Facet.HEAD])
    heads = {case.pk: opened[case.subject_id]["head"].content for case in cases if case.subject_id in opened}
    return heads, leaves


def open_head(*, by: Actor, case: Case, shown: bool = True) -> Opened:
    """The head of one case alone, with the revision to name when saving: for the pages of its forms.

    Not ``shown``: an act writes into it and nobody reads it, so it is recorded as a row of a list.

    Raises:
        NotHeld, Refused: not theirs to open. JournalUnavailable: nothing was opened. PutBack, CannotOpen: damaged.
    """
    _require_own(case)
    keyed = hold(by, case.subject)
    policies.require(by, Act.OPEN_CASE, policies.of_subject(by, case.subject))
    if shown:
        leave = journaling.opening(by, keyed, Entered.OPENED_CASE)
    else:
        detail = {"subjects": [case.subject.handle.hex]}
        leave = journaling.listing(by, keyed.team, Entered.LISTED, count=1, detail=detail)
    return open_facets(leave, {case.subject_id: keyed}, [Envelope.Facet.HEAD])[case.subject_id]["head"]


def open_named(*, by: Actor, case: Case) -> tuple[Opened, tuple[Concerned, ...]]:
    """The head of one case and whom it concerns, with how to reach them safely. Recorded and raises as `open_head`."""
    opened = open_head(by=by, case=case)
    [concerned] = open_concerned(by=by, heads=[opened.content], with_contact=True)
    return opened, concerned


def to_review(by: Actor, *, on: date) -> QuerySet[Case]:
    """Closed cases of which it is to be asked by a day whether they must still be kept, the longest waiting first.

    Raises `Refused`.
    """
    require_listing(by)
    rows = visible(by).filter(state=Case.State.CLOSED, review_on__lte=on)
    return rows.select_related("subject", "team", "worker").order_by("review_on", "id")


def list_cases(by: Actor, wanted: Wanted, *, state: str = Case.State.OPEN, outcome: str = "") -> QuerySet[Case]:
    """Cases by open facts, newest first; ``outcome``: those that ended so. Raises `Refused`."""
    require_listing(by)
    rows = visible(by).select_related("subject", "team", "worker")
    if state:
        rows = rows.filter(state=state)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if wanted.team is not None:
        rows = rows.filter(team=wanted.team)
    if wanted.worker is not None:
        rows = rows.filter(worker__in=[wanted.worker, *wanted.besides]) if wanted.worker else rows.filter(worker=None)
    if wanted.topic:
        rows = rows.filter(kind=wanted.topic)
    return rows.order_by("-opened_on", "-id")


def _require_own(case: Case) -> None:
    """Raises `PutBack` where the row of a case leads to another's sealed record: a case and its subject share a handle.

    Nothing seals the row itself, so whoever writes to the database could show one case's head over another's clocks.
    """
    if case.subject.handle != case.handle:
        raise PutBack("a case does not lead to its own sealed record; nothing was opened")


def require_listing(by: Actor) -> None:
    """Raises `Refused` unless the actor may list what is due in each of their teams."""
    for team in by.teams:
        policies.require(by, Act.LIST_AGENDA, policies.of_team(team, by.organisation))


def _with_words(tasks: Sequence[Task], opened: Mapping[str, Opened]) -> list[tuple[Task, TaskSaid]]:
    """Tasks with what they say. Raises `PutBack` where what one says was taken away."""
    try:
        return [(row, opened[f"{Envelope.Facet.TASK}/{row.handle.hex}"].content) for row in tasks]
    except KeyError:
        raise PutBack("a part of this record is not there any more; nothing was opened") from None


def _entry(opened: Opened) -> CaseEntry:
    assert isinstance(opened.content, CaseEntry)
    return opened.content
