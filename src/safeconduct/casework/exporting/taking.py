"""Taking everything a team holds out of the desk, sealed: a piece at a time, nothing on a disk.

What leaves is read in three steps: `count` says how much it would be, `begin` decides and records, and the bytes come
one after the other out of `Taking.pieces`. Stopped before its end, what was written does not open.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing.agefiles import LockedKey
from safeconduct.journal.models import Entry
from safeconduct.people import journaling, leaving
from safeconduct.people.facets import VERSIONS
from safeconduct.people.keys import Keyed, held
from safeconduct.people.leaving import Part
from safeconduct.people.models import Envelope, PaperFile, Subject, Wrap
from safeconduct.people.opening import Part as Opening
from safeconduct.people.opening import content_of
from safeconduct.people.records import PutBack, open_all

from .. import policies
from ..faults import CaseworkFault
from . import read_me
from .archive import FORMAT, About, Writer
from .lines import line_of
from .package import packaged

MEMBERS: Final = "members"
_AT_ONCE: Final = 100
_LONG: Final = 8 * 1024 * 1024
_HANDLE: Final = re.compile(rb"[0-9a-f]{32}")
T = TypeVar("T")
Progress = Callable[[str, int, int], None]


class AnotherNumber(CaseworkFault):
    """The number typed is not how many there are, so nothing leaves. ``there`` is how many there are."""

    def __init__(self, there: int) -> None:
        super().__init__("That is not how many there are. Nothing was made.")
        self.there = there


class NothingChosen(CaseworkFault):
    """No team was chosen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of each part teams hold, by the part's name, and how many papers."""

    records: dict[str, int]
    papers: int

    @property
    def people(self) -> int:
        return self.records[leaving.PEOPLE.name]

    @property
    def in_all(self) -> int:
        return sum(self.records.values())


class MemberSays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of `members.jsonl`: somebody on the staff whom a record names."""

    handle: str
    name: str


def count(*, by: Actor, teams: Sequence[Team]) -> Counts:
    """How much an export of these teams would be: open facts alone. Raises `Refused`, `NothingChosen`."""
    _require(by, teams)
    parts = [part for part in leaving.parts() if part.kind]
    records = {part.name: _of_kind(teams, part.kind).count() for part in parts}
    papers = PaperFile.objects.filter(subject__waiting=False, subject__wraps__team__in=teams)
    return Counts(records, papers.distinct().count())


@dataclass(frozen=True, repr=False)
class Taking:
    """An export that was decided and recorded. Its bytes are made while `pieces` is read, by the same actor."""

    by: Actor
    teams: Sequence[Team]
    counts: Counts
    key: LockedKey
    leaves: dict[int, Entry]

    def pieces(self, progress: Progress = lambda _step, _done, _of: None) -> Iterator[bytes]:
        """The file, piece by piece.

        Raises `PutBack`, `CannotOpen`, `JournalUnavailable`, and `Refused` where the member was shut out, or lost their
        part, meanwhile: then it has no end.
        """
        return packaged(self.key, self._records(progress))

    def _records(self, progress: Progress) -> Iterator[bytes]:
        writer = Writer(read_me.TEXT)
        yield writer.about(self._about())
        staff = {one.hex: name for one, name in self._members()}
        named: set[str] = set()
        for part in leaving.parts():
            for lines in self._pieces(part, progress):
                for line in lines:
                    named.update(one for found in _HANDLE.findall(line.raw) if (one := found.decode()) in staff)
                yield writer.lines(part.name, [line.raw for line in lines])
                for line in lines:
                    for handle, content in line.papers():
                        yield writer.paper(handle, content)
        members = [msgspec.json.encode(MemberSays(handle, staff[handle])) for handle in sorted(named)]
        for start in range(0, len(members), _AT_ONCE):
            yield writer.lines(MEMBERS, members[start : start + _AT_ONCE])
        yield writer.end([part.name for part in leaving.parts()])

    def _members(self) -> Iterator[tuple[UUID, str]]:
        yield from Member.objects.filter(organisation=self.by.organisation).values_list("handle", "name")

    def _pieces(self, part: Part, progress: Progress) -> Iterator[list["_Line"]]:
        """The lines of a part, as many at a time as are written together; none is empty."""
        some: list[_Line] = []
        for line in self._lines(part, progress):
            some.append(line)
            if len(some) == _AT_ONCE or sum(len(one.raw) for one in some) >= _LONG:
                yield some
                some = []
        if some:
            yield some

    def _lines(self, part: Part, progress: Progress) -> Iterator["_Line"]:
        if not part.kind:
            for team in self.teams:
                yield from (_Line(msgspec.json.encode(says)) for says in part.rows(team))
            return
        handles = sorted(_of_kind(self.teams, part.kind).values_list("handle", flat=True), key=lambda one: one.hex)
        for start in range(0, len(handles), _AT_ONCE):
            yield from self._some(part, handles[start : start + _AT_ONCE])
            progress(part.name, min(start + _AT_ONCE, len(handles)), len(handles))

    def _some(self, part: Part, handles: Sequence[UUID]) -> Iterator["_Line"]:
        """Some records as lines. Each is in its own log before any of them is opened."""
        # Guardians are told as it begins, and it lasts minutes: whom they shut out then takes no more with them.
        for team in self.teams:
            policies.require_now(self.by, Act.EXPORT_OFFICE, policies.of_team(team, self.by.organisation))
        found = Subject.objects.filter(handle__in=handles, waiting=False).values_list("pk", flat=True)
        keyed, leave = held(self.by, found), next(iter(self.leaves.values()))
        journaling.leaving(self.by, leave, keyed.values())
        opened = _again(lambda: open_all(leave, keyed))
        says = part.says(list(keyed))
        teams = self._teams_of(keyed)
        for number in sorted(keyed, key=lambda one: keyed[one].subject.handle.hex):
            if number in says:
                one = keyed[number]
                line = line_of(one, opened[number], says[number], teams.get(number, ()))
                yield _Line(line, Opening(one.subject, one, leave, opened[number]))

    def _teams_of(self, keyed: dict[int, Keyed]) -> dict[int, tuple[str, ...]]:
        """Where several teams leave in one file, which of them hold each record."""
        out: dict[int, tuple[str, ...]] = {}
        if len(self.teams) > 1:
            held_by = Wrap.objects.filter(subject__in=list(keyed), team__in=self.teams)
            for number, team in held_by.values_list("subject", "team__handle"):
                out[number] = tuple(sorted([*out.get(number, ()), team.hex]))
        return out

    def _about(self) -> About:
        return About(
            format=FORMAT,
            program=metadata.version("safeconduct"),
            made_at=datetime.now(UTC).replace(microsecond=0),
            organisation=self.by.organisation.name,
            teams={team.handle.hex: team.name for team in self.teams},
            schemas={str(facet): version for facet, version in sorted(VERSIONS.items())},
        )


class _Line(NamedTuple):
    """A line, and where it is a record's, its parts, opened."""

    raw: bytes
    record: Opening | None = None

    def papers(self) -> Iterator[tuple[str, bytes]]:
        """The papers of the record, in the order in which its line names them: handle (hex) and content."""
        if self.record is None or Envelope.Facet.PAPERS not in self.record.facets:
            return
        for paper in self.record.facets[Envelope.Facet.PAPERS].content.papers:
            yield paper.handle, content_of(self.record, paper)


def begin(*, by: Actor, teams: Sequence[Team], people: int, key: Callable[[], LockedKey]) -> Taking:
    """Decide and record an export of everything these teams hold. ``people``: how many they hold, as somebody typed it.

    ``key`` makes what the file opens with, which under a passphrase is a second's work: only once the number is right.

    Raises:
        Refused: policy. AnotherNumber, NothingChosen, and what ``key`` raises: nothing was recorded, nothing leaves.
        ReadingHalted, JournalUnavailable: nothing was opened.
    """
    found = count(by=by, teams=teams)
    if people != found.people:
        raise AnotherNumber(found.people)
    locked = key()
    leaves = {
        team.pk: journaling.exporting(
            by, team, count=max(1, found.in_all), detail={"export": found.records | {"papers": found.papers}}
        )
        for team in teams
    }
    return Taking(by, list(teams), found, locked, leaves)


def _require(by: Actor, teams: Sequence[Team]) -> None:
    if not teams:
        raise NothingChosen("Choose at least one team.")
    for team in teams:
        policies.require(by, Act.EXPORT_OFFICE, policies.of_team(team, by.organisation))


def _of_kind(teams: Sequence[Team], kind: str) -> QuerySet[Subject]:
    return Subject.objects.filter(kind=kind, waiting=False, wraps__team__in=teams).distinct()


def _again(act: Callable[[], T]) -> T:
    """Once more where a colleague saved between a row and what the log says of it; a second time is no chance."""
    try:
        return act()
    except PutBack:
        return act()
