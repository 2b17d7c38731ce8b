"""Bringing an export into a team: every record under a subject and keys of its own, its handle kept.

Records wait, as those of a spreadsheet do, under an `Arrival` that is at work; one transaction at the end shows them
all. Cut off before it, nothing shows, and `clear` takes away what was staged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
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
from .archive import PAPERS, Export, Piece
from .lines import Line, NotALine, read_line
from .package import BadExport
from .sealing_anew import save, seal_anew
from .taking import MEMBERS, MemberSays

_AT_ONCE: Final = 100
_ASKED: Final = 500
_HANDLE: Final = re.compile("[0-9a-f]{32}")
T = TypeVar("T")
L = TypeVar("L", Line, MemberSays)
Progress = Callable[[str, int, int], None]


class HandleTaken(CaseworkFault):
    """A record of the export is on this desk already, in this team or in another."""


@dataclass
class _Work:
    """What is gathered on the way for the end: by what each record is found, by its subject's id; what arrives late."""

    found: dict[int, frozenset[int]] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    late: dict[str, list[tuple[int, Any]]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))


def bring_back(
    *, by: Actor, team: Team, export: Export, progress: Progress = lambda _step, _done, _of: None
) -> dict[str, int]:
    """Bring everything of an export into a team, shown all at once at the end. How many of each part there were.

    The export is read to its end before anything is begun: one that is not whole, or does not fit, changes nothing.

    Raises:
        Refused: policy. HandleTaken, AnotherIsRunning: nothing was begun.
        BadExport, NotALine, WrongState: what had been staged is taken away again.
        JournalUnavailable: the same.
    """
    policies.require(by, Act.BRING_IN, policies.of_team(team, by.organisation))
    clear(by=by, team=team)
    look = _Look()
    _, manifest = export.verify(look)
    look.require_free(name.removeprefix(PAPERS) for name in manifest.parts if name.startswith(PAPERS))
    staff = _Staff(by, look.members)
    arrival = _begin(by, team, sum(manifest.counts.values()))
    arriving = Arriving(by, team, arrival.handle, staff)
    work = _Work()
    try:
        with export.read(manifest) as reading:
            for piece in reading:
                if piece.part != MEMBERS:
                    _stage(arriving, _parts()[piece.part], piece, reading.paper, work)
                    progress(piece.part, piece.first + len(piece.lines) - 1, manifest.counts[piece.part])
        with transaction.atomic():
            _show(arriving, arrival, work)
    except BaseException:
        clear(by=by, team=team)
        raise
    return {name: many for name, many in manifest.counts.items() if name != MEMBERS}


def clear(*, by: Actor, team: Team) -> bool:
    """Take away what an import of an export left that was cut off. Whether there was one. Raises `Refused`."""
    there = False
    for arrival in Arrival.objects.filter(team=team, state=Arrival.State.RUNNING):
        if stages.open_staged(by, arrival).export:
            cancel(by=by, arrival=arrival)
            there = True
    return there


class _Look:
    """The first reading: whether everything is of a part that this program knows, in order, and not here already."""

    def __init__(self) -> None:
        self._order = [*_parts(), MEMBERS]
        self._at, self._last = 0, ""
        self.members: list[MemberSays] = []

    def __call__(self, piece: Piece) -> None:
        """Raises `HandleTaken`, `NotALine`, `BadExport`."""
        if piece.part not in self._order[self._at :]:
            raise BadExport("unknown_part", f"This program does not know what to do with its part {piece.part} here.")
        if self._order[self._at] != piece.part:
            self._at, self._last = self._order.index(piece.part), ""
        if piece.part == MEMBERS:
            self.members += [
                self._next(_decoded(raw, MemberSays, MEMBERS, at), MEMBERS, at) for at, raw in _numbered(piece)
            ]
        elif _parts()[piece.part].kind:
            lines = [self._next(read_line(raw, piece.part, at), piece.part, at) for at, raw in _numbered(piece)]
            if Subject.objects.filter(handle__in=[UUID(hex=line.handle) for line in lines]).exists():
                raise HandleTaken(
                    f"A record of its {piece.part} is on this desk already, in a team of yours or another's. An export"
                    " is brought in once, into a desk that holds none of its records."
                )

    def _next(self, line: L, part: str, number: int) -> L:
        """The line, where its handle comes after the one before it, as all do: so none is there twice."""
        if not _HANDLE.fullmatch(line.handle) or line.handle <= self._last:
            raise NotALine(part, number)
        self._last = line.handle
        return line

    def require_free(self, papers: Iterable[str]) -> None:
        """Raises `HandleTaken` where a paper of these handles (hex) is here already."""
        for some in _in_parts(papers, _ASKED):
            if PaperFile.objects.filter(handle__in=[UUID(hex=one) for one in some]).exists():
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


def _stage(arriving: Arriving, part: Part, piece: Piece, paper: Callable[[str], bytes], work: _Work) -> None:
    if not part.kind:
        work.rows[part.name] += [_decoded(raw, part.type, part.name, number) for number, raw in _numbered(piece)]
        return
    lines = ((number, read_line(raw, part.name, number)) for number, raw in _numbered(piece))
    anew = [seal_anew(arriving, part, number, line, paper) for number, line in lines]
    with transaction.atomic():
        save(arriving, part, anew)
    for one in anew:
        pk = one.keyed.subject.pk
        if part.found_by is not None:
            work.found[pk], kept = part.found_by(one.facets)
            if kept is not None:
                work.kept[pk] = kept
        if part.late:
            work.late[part.name].append((pk, one.says))


def _show(arriving: Arriving, arrival: Arrival, work: _Work) -> None:
    by, team = arriving.by, arriving.team
    index.hold(team)
    for part in leaving.parts():
        for late in _in_parts(work.late[part.name], _AT_ONCE):
            _late(arriving, part, late)
        for rows in _in_parts(work.rows[part.name], _AT_ONCE):
            part.arrive_rows(arriving, rows)
    index.add(by, team, Delta(add=work.found, kept=work.kept))
    _due(by, arrival)
    Case.objects.filter(arrival=arrival).update(arrival=None)
    Subject.objects.filter(batch=arrival.handle).update(waiting=False, batch=None)
    _record(by, arrival, Entered.IMPORT_DONE)
    arrival.delete()


def _late(arriving: Arriving, part: Part, late: Sequence[tuple[int, Any]]) -> None:
    keyed = held(arriving.by, [pk for pk, _ in late])
    written = part.arrive(arriving, [Arrived(keyed[pk], says) for pk, says in late])
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

    def __init__(self, by: Actor, members: Iterable[MemberSays]) -> None:
        self._by = by
        self._known = {one.handle: departed(by=by, handle=UUID(hex=one.handle), name=one.name) for one in members}

    def __call__(self, handle: str) -> Member:
        """The member; whoever brings the export in, where it does not say who that is."""
        return self._known.get(handle, self._by.member)


def _numbered(piece: Piece) -> Iterator[tuple[int, bytes]]:
    return enumerate(piece.lines, start=piece.first)


def _decoded(raw: bytes, type_: type[T], part: str, number: int) -> T:
    try:
        return msgspec.json.decode(raw, type=type_)
    except msgspec.MsgspecError:
        raise NotALine(part, number) from None


def _parts() -> dict[str, Part]:
    return {part.name: part for part in leaving.parts()}


def _in_parts(values: Iterable[T], most: int) -> Iterator[list[T]]:
    some: list[T] = []
    for one in values:
        some.append(one)
        if len(some) == most:
            yield some
            some = []
    if some:
        yield some
