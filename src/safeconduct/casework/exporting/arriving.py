"""Bringing an export into a team: every record under a subject and keys of its own, its handle kept.

Records wait, as those of a spreadsheet do, under an `Arrival` that is at work; one transaction at the end shows them
all. Cut off before it, nothing shows, and `clear` takes away what was staged.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction

from safeconduct.accounts.actions.departed import departed
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Team
from safeconduct.agenda.actions import replace
from safeconduct.agenda.models import Item
from safeconduct.core.names.index import Delta
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write, record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import index, journaling, leaving
from safeconduct.people.keys import held
from safeconduct.people.leaving import Arrived, Arriving, Part
from safeconduct.people.models import PaperFile, Subject

from .. import policies
from ..actions.arrivals import cancel, written_of
from ..arrivals import staged as stages
from ..arrivals.staged import Staged
from ..faults import AnotherIsRunning, CaseworkFault
from ..models import Arrival, Case
from ..schedule import items_of, office_days
from .archive import BadExport, Reader
from .lines import Line, NotALine, read_line, says_of
from .sealing_anew import save, seal_anew
from .taking import MEMBERS, MemberSays

_AT_ONCE: Final = 100
_ASKED: Final = 500
T = TypeVar("T")
Progress = Callable[[str, int, int], None]


class HandleTaken(CaseworkFault):
    """A record of the export is on this desk already, in this team or in another."""


@dataclass
class _Work:
    """What is gathered on the way for the end: by what each record is found, by its subject's id."""

    found: dict[int, frozenset[int]] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    late: dict[str, dict[str, int]] = field(default_factory=dict)
    records: int = 0


def bring_back(
    *, by: Actor, team: Team, export: Reader, progress: Progress = lambda _step, _done, _of: None
) -> dict[str, int]:
    """Bring everything of an export into a team, shown all at once at the end. How many of each part there were.

    Raises:
        Refused: policy. HandleTaken, AnotherIsRunning: nothing was begun.
        BadExport, NotALine, WrongState: what had been staged is taken away again.
        JournalUnavailable: the same.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(team, by.organisation))
    known = {part.name for part in leaving.parts()} | {MEMBERS, "papers"}
    if strange := set(export.manifest.counts) - known:
        raise BadExport("unknown_part", f"This program does not know what to do with its part {min(strange)}.")
    clear(by=by, team=team)
    _require_free(export)
    staff = _Staff(by, export)
    arrival = _begin(by, team, sum(export.manifest.counts.values()))
    arriving = Arriving(by, team, arrival.handle, staff)
    work = _Work()
    try:
        for part in leaving.parts():
            if part.kind:
                _stage(arriving, part, export, work, progress)
        with transaction.atomic():
            _show(arriving, arrival, export, work)
    except BaseException:
        clear(by=by, team=team)
        raise
    return {name: many for name, many in export.manifest.counts.items() if name != MEMBERS}


def clear(*, by: Actor, team: Team) -> bool:
    """Take away what an import of an export left that was cut off. Whether there was one. Raises `Refused`."""
    there = False
    for arrival in Arrival.objects.filter(team=team, state=Arrival.State.RUNNING):
        if stages.open_staged(by, arrival).export:
            cancel(by=by, arrival=arrival)
            there = True
    return there


def _require_free(export: Reader) -> None:
    """Raises `HandleTaken` where a record or a paper of the export is here already; `NotALine`, `BadExport`."""
    for part in leaving.parts():
        if not part.kind:
            continue
        for lines in _in_parts(_lines(export, part), _ASKED):
            handles = [UUID(hex=line.handle) for _, line in lines]
            if Subject.objects.filter(handle__in=handles).exists():
                raise HandleTaken(
                    f"A record of its {part.name} is on this desk already, in a team of yours or another's. An export"
                    " is brought in once, into a desk that holds none of its records."
                )
    for papers in _in_parts(iter(export.papers), _ASKED):
        if PaperFile.objects.filter(handle__in=[UUID(hex=one) for one in papers]).exists():
            raise HandleTaken("A paper of the export is on this desk already.")


def _begin(by: Actor, team: Team, records: int) -> Arrival:
    arrival = Arrival(
        organisation=by.organisation,
        team=team,
        member=by.member,
        state=Arrival.State.RUNNING,
        at=datetime.now(UTC),
        as_of=today(),
        rows_in_all=records,
    )
    arrival.staged = stages.seal(by, arrival, Staged(name="", data=b"", export=True))
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        if Arrival.objects.filter(team=team, state=Arrival.State.RUNNING).exists():
            raise AnotherIsRunning("Another import of this team is under way. Let it end or throw it away first.")
        arrival.save(force_insert=True)
        _record(by, arrival, Entered.IMPORT_STAGED)
    return arrival


def _stage(arriving: Arriving, part: Part, export: Reader, work: _Work, progress: Progress) -> None:
    in_all = export.manifest.counts.get(part.name, 0)
    for lines in _in_parts(_lines(export, part), _AT_ONCE):
        anew = [seal_anew(arriving, part, number, line, export.paper) for number, line in lines]
        with transaction.atomic():
            save(arriving, part, anew)
        for (number, line), one in zip(lines, anew, strict=True):
            work.records += 1
            pk = one.keyed.subject.pk
            if part.found_by is not None:
                work.found[pk], kept = part.found_by(one.facets)
                if kept is not None:
                    work.kept[pk] = kept
            if part.late:
                work.late.setdefault(part.name, {})[line.handle] = pk
            if number == in_all or not number % _ASKED:
                progress(part.name, number, in_all)


def _show(arriving: Arriving, arrival: Arrival, export: Reader, work: _Work) -> None:
    by, team = arriving.by, arriving.team
    index.hold(team)
    for part in leaving.parts():
        if part.kind and part.late:
            _late(arriving, part, export, work.late.get(part.name, {}))
        elif not part.kind:
            rows = (msgspec.json.decode(raw, type=part.type) for raw in export.lines(part.name))
            for some in _in_parts(rows, _AT_ONCE):
                part.arrive_rows(arriving, some)
    index.add(by, team, Delta(add=work.found, kept=work.kept))
    _due(by, arrival)
    Case.objects.filter(arrival=arrival).update(arrival=None)
    Subject.objects.filter(batch=arrival.handle).update(waiting=False, batch=None)
    _record(by, arrival, Entered.IMPORT_DONE)
    arrival.delete()


def _late(arriving: Arriving, part: Part, export: Reader, pks: Mapping[str, int]) -> None:
    for lines in _in_parts(_lines(export, part), _AT_ONCE):
        keyed = held(arriving.by, [pks[line.handle] for _, line in lines])
        records = [Arrived(keyed[pks[line.handle]], says_of(line, part, number)) for number, line in lines]
        written = part.arrive(arriving, records)
        assert part.entered is not None
        record_writes(
            [journaling.wrote(arriving.by, keyed[pk], part.entered, more) for pk, more in written.items() if more]
        )


def _due(by: Actor, arrival: Arrival) -> None:
    office, last = office_days(by.organisation), 0
    rows = Case.objects.filter(arrival=arrival).order_by("pk")
    rows = rows.prefetch_related("enquiries", "deadlines", "events__said", "tasks")
    while chunk := list(rows.filter(pk__gt=last)[:_ASKED]):
        items: list[Item] = []
        for case in chunk:
            parts = (case.enquiries.all(), case.deadlines.all(), case.events.all())
            items += items_of(case, *parts, office, tasks=case.tasks.all())
        replace(handles=[], items=items)
        last = chunk[-1].pk


def _record(by: Actor, arrival: Arrival, act: Entered) -> None:
    record_write(
        organisation=by.organisation.handle,
        act=act,
        member=by.member.handle,
        team=arrival.team.handle,
        count=arrival.rows_in_all,
        written=written_of(arrival) if act == Entered.IMPORT_STAGED else (),
    )


class _Staff:
    """Whom handles of members mean: those who are here, and for the others somebody who is not on the staff."""

    def __init__(self, by: Actor, export: Reader) -> None:
        self._by = by
        self._known: dict[str, Member] = {}
        for number, raw in enumerate(export.lines(MEMBERS), start=1):
            try:
                said = msgspec.json.decode(raw, type=MemberSays)
                self._known[said.handle] = departed(by=by, handle=UUID(hex=said.handle), name=said.name)
            except (msgspec.MsgspecError, ValueError):
                raise NotALine(MEMBERS, number) from None

    def __call__(self, handle: str) -> Member:
        """The member; whoever brings the export in, where it does not say who that is."""
        return self._known.get(handle, self._by.member)


def _lines(export: Reader, part: Part) -> Iterator[tuple[int, Line]]:
    for number, raw in enumerate(export.lines(part.name), start=1):
        yield number, read_line(raw, part.name, number)


def _in_parts(values: Iterable[T], most: int) -> Iterator[list[T]]:
    some: list[T] = []
    for one in values:
        some.append(one)
        if len(some) == most:
            yield some
            some = []
    if some:
        yield some
