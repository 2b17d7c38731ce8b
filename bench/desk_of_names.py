"""A desk with nothing on record but people of given names, and asking it: for `bench.pairs`, after Django started."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from bench.office import CHEAP, PASSPHRASE, acting
from bench.rows import Table
from bench.timing import times
from safeconduct.accounts.actions import first_use
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Organisation
from safeconduct.core.calendar.days import Nation
from safeconduct.core.names.index import Delta
from safeconduct.journal import sequencer
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.people import index, journaling, queries
from safeconduct.people.actions.add import NewPerson, seal_person
from safeconduct.people.facets import Contact, Identity, Links, SpelledName, Status
from safeconduct.people.models import Envelope, Subject, Wrap
from safeconduct.people.tokens import of_query

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks, and the place of each person among the names by the row id of their record."""

    signed: Actor
    place_of: dict[int, int]

    def actor(self) -> Actor:
        """A fresh actor, as each request has: it opens its team's bundle anew."""
        return Actor(self.signed.member, self.signed.pair)


def fill(names: Sequence[str]) -> Office:
    """A team that holds a person for each name, with the records, entries and index an import leaves."""
    call_command("migrate", verbosity=0)
    settings.PASSPHRASE_COST = CHEAP  # a guess costs nothing here: stretching is not what is measured
    first_use.set_up(
        organisation="Bench",
        nation=Nation.ENGLAND_AND_WALES,
        team="Everybody",
        name="Worker",
        sign_in="worker",
        passphrase=PASSPHRASE,
    )
    # One member asks in minutes what an office asks in weeks: the tripwire counts as ever, and never trips.
    Organisation.objects.update(slow_from=10**8, stop_from=10**9, tell_from=10**9)
    by = acting("worker", PASSPHRASE)
    [team] = by.teams
    found_by: dict[int, frozenset[int]] = {}
    kept: dict[int, bytes] = {}
    order: list[int] = []
    into: dict[type[Model], Table] = {model: Table(model) for model in (Subject, Wrap, Envelope, Entry, Commitment)}
    for start in range(0, len(names), _AT_ONCE):
        new = [
            seal_person(
                by=by,
                team=team,
                identity=Identity(names=(SpelledName(text=name, source="office sheet"),)),
                contact=Contact(),
                status=Status(),
                links=Links(),
            )
            for name in names[start : start + _AT_ONCE]
        ]
        _save(new, into)
        for one in new:
            order.append(one.keyed.subject.pk)
            found_by[order[-1]], kept[order[-1]] = one.tokens, one.kept
        print(f"  {len(order):,} of {len(names):,} people", file=sys.stderr, flush=True)
    with transaction.atomic():
        index.add(by, team, Delta(add=found_by, kept=kept))
    index.fold_in(by, team)
    sequencer.sequence()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return Office(by, {number: at for at, number in enumerate(order)})


def _save(new: Sequence[NewPerson], into: dict[type[Model], Table]) -> None:
    """What an import inserts for these people: subjects, wraps, envelopes, entries and what those commit to."""
    subjects, wraps = [one.keyed.subject for one in new], [one.wrap for one in new]
    into[Subject].keyed(subjects)
    for one in new:
        one.wrap.subject = one.keyed.subject
        for envelope in one.envelopes:
            envelope.subject = one.keyed.subject
    entries = [entry for entry, _ in (one.entry for one in new)]
    into[Entry].keyed(entries)
    commitments = [
        Commitment(entry=entry, envelope=each.envelope, revision=each.revision, digest=each.digest)
        for entry, written in (one.entry for one in new)
        for each in written
    ]
    envelopes = [envelope for one in new for envelope in one.envelopes]
    for model, rows in ((Wrap, wraps), (Envelope, envelopes), (Commitment, commitments)):
        into[model].keyed(rows)
    everything = ((Subject, subjects), (Wrap, wraps), (Envelope, envelopes), (Entry, entries))
    with transaction.atomic():
        for model, rows in (*everything, (Commitment, commitments)):
            into[model].insert(rows)


def search(office: Office, text: str) -> Callable[[], list[int]]:
    """Search as a member does, until the answers are in order; then, not timed, who they are."""
    by = office.actor()
    row = queries.search(by=by, text=text)
    return lambda: [office.place_of[number] for number in queries.in_order(by=by, row=row)]


def search_and_open(office: Office, text: str) -> Callable[[], list[int]]:
    """Search, and open everybody the page of answers shows."""
    by = office.actor()
    row = queries.search(by=by, text=text)
    _, hits = queries.found(by=office.actor(), handle=row.handle)
    return lambda: [office.place_of[hit.subject.pk] for hit in hits]


def at_hand(office: Office) -> Callable[[str], Callable[[], list[int]]]:
    """Asking the team's index once it is open: tokens, lookup, ranking."""
    by = office.actor()
    opened = index.opened(by, by.teams[0])

    def answers(text: str) -> Callable[[], list[int]]:
        ranked, _ = opened.ranked(text, of_query(text))
        return lambda: [office.place_of[one.number] for one in ranked]

    return answers


def entry_ms(office: Office) -> float:
    """The median time of the entry each search begins with, in milliseconds."""

    def enter() -> None:
        by = office.actor()
        journaling.listing(by, by.teams[0], Act.SEARCHED, count=0, detail={"query": "a name of two parts"})

    return round(statistics.median(times(enter, 30)), 2)
