"""The parts by themselves: envelopes, decisions, entries, the sequencer, the index, the import, signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from bench.office import Built, acting
from bench.sheet import sheet
from bench.timing import once, per_second, rate, spread, times
from safeconduct.accounts import policies
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import passphrase_cost, today
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import envelopes, passphrase
from safeconduct.core.sealing.envelopes import Place
from safeconduct.journal import sequencer
from safeconduct.journal.actions import new_entry, record_read
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling
from safeconduct.people.keys import held
from safeconduct.people.models import Envelope, SearchGeneration
from safeconduct.people.records import open_facets

_ENVELOPES = 500


def measure(built: Built, *, rows: int, entries: int, seed: int) -> dict[str, Any]:
    """Figures by name. `rows` are brought in, `entries` placed in the tree: both change the folder."""
    by = acting(built.workers[0].sign_in, built.workers[0].passphrase)
    figures = _sealing(by, built) | _policy(by) | _journal(by, entries) | _index(built) | _import(by, rows, seed)
    figures["passphrase stretched, ms"] = spread(times(_stretch, 5, warm=1))
    return figures


def _sealing(by: Actor, built: Built) -> dict[str, Any]:
    key, place = bytes(32), Place("0" * 32, "1" * 32, "identity", 1, 1, 1)
    facet = envelopes.facet_key(key, "identity", 1)
    sealed = envelopes.seal(facet, b"x" * 200, place)
    subjects = list(built.subjects[:_ENVELOPES])
    keyed = held(by, subjects)
    leave = journaling.listing(by, by.teams[0], Entered.LISTED, count=len(keyed), detail={})

    def open_many() -> None:
        for _ in range(2000):
            envelopes.open_envelope(envelopes.facet_key(key, "identity", 1), sealed, place)

    member, pair = by.member, by.pair
    return {
        "envelopes opened a second, key derived each time": per_second(open_many, 2000),
        "facets opened a second, read from the database and compared with the log": per_second(
            lambda: open_facets(leave, keyed, [Envelope.Facet.IDENTITY]), len(keyed)
        ),
        "subject keys unwrapped a second, read from the database": per_second(
            lambda: held(by, subjects), len(subjects)
        ),
        "team bundle opened, ms": spread(times(lambda: Actor(member, pair).bundle(by.teams[0].pk), 50)),
    }


def _policy(by: Actor) -> dict[str, Any]:
    resource = policies.of_team(by.teams[0], by.organisation)

    def decide() -> None:
        for _ in range(500):
            policies.require(by, Act.LIST_PEOPLE, resource)

    return {"decisions a second, facts gathered each time": per_second(decide, 500)}


def _journal(by: Actor, entries: int) -> dict[str, Any]:
    sequencer.sequence()

    def record() -> Entry:
        return record_read(reader=by.reader, act=Entered.LISTED, team=by.teams[0].handle)

    one = spread(times(record, 60))
    rates = []
    for _ in range(3):
        waiting = [_entry(by) for _ in range(entries)]
        Entry.objects.bulk_create(waiting, batch_size=500)
        rates.append(entries / (once(sequencer.sequence) / 1000))
    return {"entry committed before anything is opened, ms": one, "entries placed in the tree a second": rate(rates)}


def _entry(by: Actor) -> Entry:
    return new_entry(organisation=by.organisation.handle, act=Entered.LISTED, member=by.member.handle)


def _index(built: Built) -> dict[str, Any]:
    by = acting(built.everybody.sign_in, built.everybody.passphrase)
    team = by.teams[0]
    size = len(SearchGeneration.objects.filter(team=team).order_by("-number")[0].body)
    return {
        f"index of {built.people:,} people opened, ms": spread(times(lambda: index.opened(by, team), 15)),
        f"index of {built.people:,} people, MB sealed": {"median": size / 1e6, "low": size / 1e6, "high": size / 1e6},
    }


def _import(by: Actor, rows: int, seed: int) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    data = sheet(rows, today=today(), seed=seed)
    staged = once(lambda: figures.update(arrival=arrivals.stage(
        by=by, team=by.teams[0], name="new.csv", data=data, as_of=today(), rule="reference"
    )))  # fmt: skip
    arrival = figures.pop("arrival")
    started = once(lambda: bring_in.start(by=by, arrival=arrival))
    chunked = once(lambda: _to_the_end(by, arrival))
    whole = staged + started + chunked
    title = f"import of {rows:,} rows into one team"
    return {
        f"{title}, rows a second": rate([rows / (whole / 1000)]),
        f"{title}: read and staged, s": rate([staged / 1000]),
        f"{title}: compared with what is here, s": rate([started / 1000]),
        f"{title}: sealed, kept and shown, s": rate([chunked / 1000]),
    }


def _to_the_end(by: Actor, arrival: Any) -> None:
    while not bring_in.go_on(by=by, arrival=arrival, seconds=5).finished:
        pass


def _stretch() -> None:
    settings.PASSPHRASE_COST = None
    passphrase.stretch("figures only, nobody here", bytes(16), passphrase_cost())
