"""Building an office of many people quickly: each record is sealed by the same functions that an import calls.

Each person has one case with its letter and events, each record its entry in the log and its place in the index. The
office has teams of up to 10,000 people with six caseworkers each, a lead who is in every team, and one member of a
further team that holds everybody: search is measured there too, as one index of the whole.
"""

from __future__ import annotations

import gc
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from bench.people import Happening, Invented, invent
from bench.rows import Table
from safeconduct.accounts import keyring
from safeconduct.accounts.actions import first_use, members, sessions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Membership, Organisation, Team
from safeconduct.agenda.models import Item
from safeconduct.casework.actions.cases import shape_case
from safeconduct.casework.models import Case, Deadline, Enquiry, Event
from safeconduct.casework.schedule import items_of, office_days
from safeconduct.core.calendar.days import Nation
from safeconduct.core.names.index import Delta
from safeconduct.core.sealing import wraps
from safeconduct.journal import sequencer
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.actions.add import NewPerson, seal_person
from safeconduct.people.facets import CaseEntry, CaseHead, Concerns, EnquiryHead, Links
from safeconduct.people.models import Envelope, Subject, Wrap
from safeconduct.people.records import new_envelope

PASSPHRASE = "figures only, nobody here"
# A guess costs nothing: what stretching a passphrase costs is measured by itself.
CHEAP = (8, 1, 1)
TEAM_SIZE = 10_000
WORKERS = 6
EVERYBODY = "everybody"
_AT_ONCE = 500
_CAME_OF = "office.json"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A member the measurements act as."""

    sign_in: str
    passphrase: str
    team: str


@dataclass(frozen=True, slots=True)
class Built:
    """What the measurements need to know of a built office. `subjects`: people's row ids, in `names_data`'s order."""

    people: int
    seconds: float
    lead: SignIn
    workers: tuple[SignIn, ...]
    everybody: SignIn
    subjects: tuple[int, ...]

    @classmethod
    def read(cls, folder: Path) -> Built:
        """What `write` kept in this folder."""
        raw = json.loads((folder / _CAME_OF).read_text("utf-8"))
        lead, everybody = SignIn(**raw.pop("lead")), SignIn(**raw.pop("everybody"))
        workers, subjects = tuple(SignIn(**one) for one in raw.pop("workers")), tuple(raw.pop("subjects"))
        return cls(lead=lead, workers=workers, everybody=everybody, subjects=subjects, **raw)

    def write(self, folder: Path) -> None:
        """Keep it beside the records: a folder that has it is whole."""
        (folder / _CAME_OF).write_text(json.dumps(asdict(self)), "utf-8")


def is_built(folder: Path) -> bool:
    """Whether a build came to its end there."""
    return (folder / _CAME_OF).exists()


def staff(teams: int) -> tuple[SignIn, list[SignIn], SignIn]:
    """The members: a lead who is in every team, the teams' caseworkers, and one who is in the team of everybody."""
    settings.PASSPHRASE_COST = CHEAP
    first_use.set_up(
        organisation="Bench",
        nation=Nation.ENGLAND_AND_WALES,
        team="Team 01",
        name="Lead",
        sign_in="lead",
        passphrase=PASSPHRASE,
    )
    for number in range(2, teams + 1):
        members.create_team(by=acting("lead", PASSPHRASE), name=f"Team {number:02}")
    lead = acting("lead", PASSPHRASE)
    workers = []
    for team in lead.teams:
        for number in range(WORKERS):
            name = f"worker{team.pk}-{number}"
            added = members.add_member(
                by=lead, name=f"Worker {number}", sign_in=name, is_guardian=False, roles={team.pk: "caseworker"}
            )
            workers.append(SignIn(name, added.first_passphrase, team.name))
    added = members.add_member(
        by=lead, name="Every", sign_in=EVERYBODY, is_guardian=True, roles={lead.teams[0].pk: "caseworker"}
    )
    Member.objects.update(must_change=False)
    # One member opens in minutes what an office opens in weeks: the tripwire counts as ever, and never trips.
    Organisation.objects.update(slow_from=10**8, stop_from=10**9, tell_from=10**9)
    members.create_team(by=acting(EVERYBODY, added.first_passphrase), name="Everybody")
    Membership.objects.filter(member=added.member, role=Membership.Role.CASEWORKER).delete()
    return (
        SignIn("lead", PASSPHRASE, "every team"),
        workers,
        SignIn(EVERYBODY, added.first_passphrase, "Everybody"),
    )


def acting(sign_in: str, passphrase: str) -> Actor:
    """A member who has just signed in."""
    return sessions.sign_in(name=sign_in, passphrase=passphrase).actor


def fill(lead: Actor, everybody: Actor, count: int) -> list[int]:
    """Make `count` people, by teams; `everybody` holds them all as well. Returns the people's row ids."""
    # A build that is cut short is thrown away; and it makes too much that stays for the collector to look through.
    connection.cursor().execute("PRAGMA synchronous=OFF")
    gc.disable()
    subjects: list[int] = []
    everyone = invent(count, today=today())
    found_all: dict[int, frozenset[int]] = {}
    kept_all: dict[int, bytes] = {}
    for team, start in zip(lead.teams, range(0, count, TEAM_SIZE), strict=True):
        colleagues = list(Member.objects.filter(memberships__team=team).exclude(sign_in="lead").order_by("pk"))
        found_by: dict[int, frozenset[int]] = {}
        into = Tables()  # the team before this one wrote entries of its own once it was filled
        for chunk in _chunks(everyone[start : min(start + TEAM_SIZE, count)]):
            built = _Chunk(lead, team, everybody, colleagues, chunk)
            built.save(into)
            subjects += [person.keyed.subject.pk for person in built.people]
            found_by |= built.found_by()
            kept_all |= {person.keyed.subject.pk: person.kept for person in built.people}
            found_all |= {person.keyed.subject.pk: person.tokens for person in built.people}
            print(f"  {len(subjects):,} of {count:,} people", file=sys.stderr, flush=True)
        _index(lead, team, found_by, {number: kept_all[number] for number in found_by if number in kept_all})
    _index(everybody, everybody.teams[0], found_all, kept_all)
    gc.enable()
    sequencer.sequence()
    return subjects


class Tables(dict[type[Model], Table]):
    """Where rows go, by their model."""

    def __missing__(self, model: type[Model]) -> Table:
        self[model] = Table(model)
        return self[model]

    def add(self, model: type[Model], rows: Sequence[Model], *, keyed: bool = False) -> None:
        """Insert rows, which have their keys or are given them now."""
        if not keyed:
            self[model].keyed(rows)
        self[model].insert(rows)


def _index(by: Actor, team: Team, found_by: dict[int, frozenset[int]], kept: dict[int, bytes]) -> None:
    with transaction.atomic():
        index.add(by, team, Delta(add=found_by, kept=kept))
    index.fold_in(by, team)


def _chunks(all_: Sequence[Invented]) -> Iterator[Sequence[Invented]]:
    for start in range(0, len(all_), _AT_ONCE):
        yield all_[start : start + _AT_ONCE]


class _Chunk:
    """Some hundred people with their cases, saved in one transaction."""

    def __init__(
        self, by: Actor, team: Team, everybody: Actor, workers: Sequence[Member], chunk: Sequence[Invented]
    ) -> None:
        self.by, self.team, self.everybody = by, team, everybody
        self.people: list[NewPerson] = []
        self._cases: list[_Made] = []
        for one in chunk:
            case = new_handle()
            person = seal_person(
                by=by,
                team=team,
                identity=one.identity,
                contact=one.contact,
                status=one.status,
                links=Links(),
            )
            person.keyed.subject.started_on = one.happened[0].on
            self.people.append(person)
            self._cases.append(_Made(by, team, workers[one.worker], one, person, case))

    def save(self, into: Tables) -> None:
        """Everything of the chunk, in shuffled order as an import does."""
        made = list(self._cases)
        random.Random(len(self.people)).shuffle(made)
        sealed = [(new.keyed, new.wrap, new.envelopes) for new in self.people]
        sealed += [(one.new.keyed, one.new.wrap, one.envelopes) for one in made]
        entries = [new.entry for new in self.people] + [one.entry for one in made]
        with transaction.atomic():
            into[Subject].keyed(keyed.subject for keyed, _, _ in sealed)
            for keyed, wrap, envelopes in sealed:
                wrap.subject = keyed.subject
                for row in envelopes:
                    row.subject = keyed.subject
            for one in made:
                one.case.subject = one.new.keyed.subject
            into[Case].keyed(one.case for one in made)
            into[Enquiry].keyed(one.enquiry() for one in made)
            into[Entry].keyed(entry for entry, _ in entries)
            into.add(Subject, [keyed.subject for keyed, _, _ in sealed], keyed=True)
            into.add(Wrap, [wrap for _, wrap, _ in sealed])
            into.add(Envelope, [row for _, _, envelopes in sealed for row in envelopes])
            into.add(Case, [one.case for one in made], keyed=True)
            into.add(Enquiry, [one.enquiry() for one in made], keyed=True)
            into.add(Deadline, [row for one in made for row in one.deadlines()])
            into.add(Event, [row for one in made for row in one.events()])
            into.add(Item, [item for one in made for item in one.items()])
            into.add(Entry, [entry for entry, _ in entries], keyed=True)
            into.add(
                Commitment,
                [
                    Commitment(entry=entry, envelope=one.envelope, revision=one.revision, digest=one.digest)
                    for entry, written in entries
                    for one in written
                ],
            )
            into.add(Wrap, list(self._further_wraps()))

    def found_by(self) -> dict[int, frozenset[int]]:
        """Tokens by row id, of people and of cases."""
        people = {person.keyed.subject.pk: person.tokens for person in self.people}
        return people | {
            one.new.keyed.subject.pk: tokens.of_own_reference(one.invented.reference)
            | tokens.of_concerned([one.person.keyed.subject.handle.hex])
            for one in self._cases
        }

    def _further_wraps(self) -> Iterable[Wrap]:
        team = self.everybody.teams[0]
        bundle, epochs = self.everybody.bundle(team.pk), keyring.epochs()
        for person in self.people:
            subject = person.keyed.subject
            epoch, sealed = wraps.wrap(
                person.keyed.key, bundle, epochs, team=team.handle.hex, subject=subject.handle.hex
            )
            yield Wrap(subject=subject, team=team, epoch=epoch, sealed=sealed)


class _Made:
    """One case: its rows, sealed and not yet saved."""

    def __init__(self, by: Actor, team: Team, worker: Member, one: Invented, person: NewPerson, case: UUID) -> None:
        self.invented, self.person, self._by = one, person, by
        self.new = shape_case(
            by=by, team=team, kind=one.topic, worker=worker, opened_on=one.happened[0].on, handle=case
        )
        self.new.keyed.subject.started_on = one.happened[0].on
        self.case = self.new.case
        self.case.state = Case.State.OPEN if one.is_open else Case.State.CLOSED
        self._enquiry = Enquiry(case=self.case, route=one.route, nation=by.organisation.nation)
        self._events = [self._event(happening) for happening in one.happened]
        self._limits = []
        if one.is_open and one.reference.endswith("0"):
            on, nation = one.happened[0].on, by.organisation.nation
            self._limits.append(Deadline(case=self.case, rule="ftt.iac.appeal.in", on=on, nation=nation))
        head = CaseHead(
            our_reference=one.reference,
            exact_kind="Asylum - delay",
            concerns=(Concerns(person=person.keyed.subject.handle.hex),),
            enquiries={self._enquiry.handle.hex: EnquiryHead(subject="No decision after interview", sent_to="MPAM")},
        )
        made = [new_envelope(self.new.keyed, Envelope.Facet.HEAD, head)]
        made += [
            new_envelope(self.new.keyed, Envelope.Facet.ENTRY, CaseEntry(note=happening.note), item=event.handle)
            for happening, event in zip(one.happened, self._events, strict=True)
            if happening.note
        ]
        self.envelopes = [row for row, _ in made]
        self.entry = journaling.wrote(by, self.new.keyed, Act.ADDED_CASE, [written for _, written in made])

    def enquiry(self) -> Enquiry:
        """The letter, of the case as it now is saved."""
        self._enquiry.case = self.case
        return self._enquiry

    def deadlines(self) -> list[Deadline]:
        """Of one open case in ten: a limit that runs against the person."""
        for limit in self._limits:
            limit.case = self.case
        return self._limits

    def events(self) -> list[Event]:
        """What happened, likewise."""
        for event in self._events:
            event.case, event.enquiry = self.case, self._enquiry
        return self._events

    def items(self) -> list[Item]:
        """What the case makes due."""
        return items_of(self.case, [self._enquiry], self._limits, self._events, office_days(self._by.organisation))

    def _event(self, happening: Happening) -> Event:
        return Event(
            case=self.case,
            enquiry=self._enquiry,
            kind=happening.kind,
            shape=happening.shape,
            on=happening.on,
            at=datetime.now(UTC),
            by=self._by.member,
        )
