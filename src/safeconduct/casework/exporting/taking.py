"""Taking everything a team holds out of the desk, sealed to a passphrase: a piece at a time, nothing on a disk.

What leaves is read in three steps: `count` says how much it would be, `begin` decides and records, and the bytes come
one after the other out of `Taking.pieces`. Stopped before its end, what was written does not open.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import passphrase_cost
from safeconduct.accounts.models import Member, Team
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing.passphrase import check_strength
from safeconduct.journal.models import Entry
from safeconduct.people import journaling, leaving
from safeconduct.people.facets import VERSIONS
from safeconduct.people.keys import Keyed, held
from safeconduct.people.leaving import Part
from safeconduct.people.models import Envelope, PaperFile, Subject, Wrap
from safeconduct.people.opening import Part as Opening
from safeconduct.people.opening import content_of
from safeconduct.people.records import PutBack, open_all, open_facets

from .. import policies
from ..faults import CaseworkFault
from . import read_me
from .archive import FORMAT, Manifest, Writer
from .lines import line_of

MEMBERS: Final = "members"
_AT_ONCE: Final = 200
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
    passphrase: str
    leaves: dict[int, Entry]

    def pieces(self, progress: Progress = lambda _step, _done, _of: None) -> Iterator[bytes]:
        """The file, piece by piece. Raises `PutBack`, `CannotOpen`, `JournalUnavailable`: then it has no end."""
        out: list[bytes] = []
        writer = Writer(out.append, self.passphrase, cost=passphrase_cost())
        writer.read_me(read_me.TEXT)
        staff = {one.hex: name for one, name in self._members()}
        named: set[str] = set()
        for part in leaving.parts():
            with writer.part(part.name) as lines:
                for raw in self._lines(part, progress):
                    named.update(one for found in _HANDLE.findall(raw) if (one := found.decode()) in staff)
                    lines.line(raw)
                    yield from _taken(out)
        for handle, content in self._papers(progress):
            writer.paper(handle, content)
            yield from _taken(out)
        with writer.part(MEMBERS) as lines:
            for handle in sorted(named):
                lines.line(msgspec.json.encode(MemberSays(handle, staff[handle])))
        writer.finish(self._manifest(writer))
        yield from _taken(out)

    def _members(self) -> Iterator[tuple[UUID, str]]:
        yield from Member.objects.filter(organisation=self.by.organisation).values_list("handle", "name")

    def _lines(self, part: Part, progress: Progress) -> Iterator[bytes]:
        if not part.kind:
            for team in self.teams:
                yield from (msgspec.json.encode(says) for says in part.rows(team))
            return
        handles = sorted(_of_kind(self.teams, part.kind).values_list("handle", flat=True), key=lambda one: one.hex)
        for start in range(0, len(handles), _AT_ONCE):
            yield from self._some(part, handles[start : start + _AT_ONCE])
            progress(part.name, min(start + _AT_ONCE, len(handles)), len(handles))

    def _some(self, part: Part, handles: Sequence[UUID]) -> Iterator[bytes]:
        """Some records as lines. Each is in its own log before any of them is opened."""
        found = Subject.objects.filter(handle__in=handles, waiting=False).values_list("pk", flat=True)
        keyed = held(self.by, found)
        journaling.leaving(self.by, next(iter(self.leaves.values())), keyed.values())
        opened = _again(lambda: open_all(next(iter(self.leaves.values())), keyed))
        says = part.says(list(keyed))
        teams = self._teams_of(keyed)
        for number in sorted(keyed, key=lambda one: keyed[one].subject.handle.hex):
            if number in says:
                yield line_of(keyed[number], opened[number], says[number], teams.get(number, ()))

    def _teams_of(self, keyed: dict[int, Keyed]) -> dict[int, tuple[str, ...]]:
        """Where several teams leave in one file, which of them hold each record."""
        out: dict[int, tuple[str, ...]] = {}
        if len(self.teams) > 1:
            held_by = Wrap.objects.filter(subject__in=list(keyed), team__in=self.teams)
            for number, team in held_by.values_list("subject", "team__handle"):
                out[number] = tuple(sorted([*out.get(number, ()), team.hex]))
        return out

    def _papers(self, progress: Progress) -> Iterator[tuple[str, bytes]]:
        rows = PaperFile.objects.filter(subject__waiting=False, subject__wraps__team__in=self.teams)
        subjects = sorted({(handle.hex, number) for handle, number in rows.values_list("subject__handle", "subject")})
        leave = next(iter(self.leaves.values()))
        for at, (_, number) in enumerate(subjects, start=1):
            for keyed in held(self.by, [number]).values():
                opened = open_facets(leave, {number: keyed}, [Envelope.Facet.PAPERS])[number]
                part = Opening(keyed.subject, keyed, leave, opened)
                for paper in opened[Envelope.Facet.PAPERS].content.papers:
                    yield paper.handle, content_of(part, paper)
            progress("papers", at, len(subjects))

    def _manifest(self, writer: Writer) -> Manifest:
        counts = {name.removesuffix(".jsonl"): one.lines for name, one in writer.parts.items() if "/" not in name}
        counts["papers"] = sum("/" in name for name in writer.parts)
        return Manifest(
            format=FORMAT,
            program=metadata.version("safeconduct"),
            made_at=datetime.now(UTC).replace(microsecond=0),
            organisation=self.by.organisation.name,
            teams={team.handle.hex: team.name for team in self.teams},
            counts=counts,
            schemas={str(facet): version for facet, version in sorted(VERSIONS.items())},
            parts=writer.parts,
        )


def begin(*, by: Actor, teams: Sequence[Team], people: int, passphrase: str) -> Taking:
    """Decide and record an export of everything these teams hold. ``people``: how many they hold, as somebody typed it.

    Raises:
        Refused: policy. AnotherNumber, NothingChosen, WeakPassphrase: nothing was recorded and nothing leaves.
        ReadingHalted, JournalUnavailable: nothing was opened.
    """
    found = count(by=by, teams=teams)
    if people != found.people:
        raise AnotherNumber(found.people)
    check_strength(passphrase)
    leaves = {
        team.pk: journaling.exporting(
            by, team, count=max(1, found.in_all), detail={"export": found.records | {"papers": found.papers}}
        )
        for team in teams
    }
    return Taking(by, list(teams), found, passphrase, leaves)


def _require(by: Actor, teams: Sequence[Team]) -> None:
    if not teams:
        raise NothingChosen("Choose at least one team.")
    for team in teams:
        policies.require(by, Act.EXPORT_OFFICE, policies.of_team(team, by.organisation))


def _of_kind(teams: Sequence[Team], kind: str) -> QuerySet[Subject]:
    return Subject.objects.filter(kind=kind, waiting=False, wraps__team__in=teams).distinct()


def _taken(out: list[bytes]) -> Iterator[bytes]:
    yield from out
    out.clear()


def _again(act: Callable[[], T]) -> T:
    """Once more where a colleague saved between a row and what the log says of it; a second time is no chance."""
    try:
        return act()
    except PutBack:
        return act()
