"""A large sheet whose records a second process makes: the same comes of it, and without it nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from multiprocessing.process import BaseProcess
from uuid import UUID

import msgspec
import pytest

from safeconduct.accounts import keyring
from safeconduct.accounts.models import Team
from safeconduct.casework.actions import bring_in
from safeconduct.casework.arrivals import beside
from safeconduct.casework.arrivals.made import Chunk, Maker
from safeconduct.casework.arrivals.staged import Unit
from safeconduct.casework.models import Case
from safeconduct.core.sealing import boxes
from safeconduct.core.sealing.epochs import Epochs
from safeconduct.journal import sequencer
from safeconduct.journal.models import Act, Entry
from safeconduct.journal.verify import verify
from safeconduct.people import journaling
from safeconduct.people.facets import CaseHead
from safeconduct.people.keys import held
from safeconduct.people.models import Subject
from safeconduct.people.records import open_all
from tests import builders
from tests.builders import Colleague
from tests.support import sheets
from tests.support.importing import run, staged

pytestmark = pytest.mark.django_db(transaction=True)

# Of the parts, the first is made here while the other process begins.
PARTS = 4
SHEET = sheets.sheet(
    *(
        {**sheets.ZEHRA, "Our ref": f"Z/{at}", "Constituent": f"Zehra {chr(65 + at)}", "HO ref / UAN": ""}
        for at in range(24)
    ),
    {**sheets.BEREKET, "Reply rec'd": "20/10/2026", "What HO said": "complex, outside normal service standards"},
    sheets.LEILA,
)


@pytest.fixture
def made_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Any sheet counts as large. How many people were in each part that this process made itself."""
    monkeypatch.setattr(bring_in, "_MANY", 1)
    monkeypatch.setattr(bring_in, "_UNITS_A_CHUNK", 7)
    sizes: list[int] = []
    make: Callable[..., Chunk] = Maker.make

    def counted(maker: Maker, units: Sequence[Unit]) -> Chunk:
        sizes.append(len(units))
        return make(maker, units)

    monkeypatch.setattr(Maker, "make", counted)
    yield sizes
    assert not multiprocessing.active_children()


def everything(by: Colleague, team: Team) -> list[object]:
    """Whatever is known of each case and of whom it concerns, without what is drawn at random."""
    actor = by.actor
    subjects = list(Subject.objects.filter(wraps__team=team))
    leave = journaling.listing(actor, team, Act.LISTED, count=1, detail={})
    opened = open_all(leave, held(actor, [one.pk for one in subjects]))
    named = {one.handle: opened[one.pk] for one in subjects}
    out: list[object] = []
    for case in Case.objects.filter(team=team).select_related("worker", "arrival"):
        parts = named[case.handle]
        head: CaseHead = parts["head"].content
        person = named[UUID(head.concerns[0].person)]
        events = [
            (one.kind, one.on, one.shape, one.by.sign_in, one.enquiry in case.enquiries.all(),
             *(written.content for name, written in parts.items() if one.handle.hex in name))
            for one in case.events.order_by("pk")
        ]  # fmt: skip
        out.append([
            msgspec.structs.astuple(msgspec.structs.replace(head, concerns=(), enquiries={})), *head.enquiries.values(),
            {name: one.content for name, one in person.items()}, case.kind, case.opened_on, case.state, case.worker,
            [(one.route, one.nation) for one in case.enquiries.all()], events,
        ])  # fmt: skip
    return sorted(out, key=repr)


def acts(team: Team) -> list[str]:
    """What the log says of a team's import, in order; of records made, within a part, the order is drawn at random."""
    entries = Entry.objects.filter(team=team.handle).order_by("pk").values_list("act", flat=True)
    found = list(entries)[list(entries).index(Act.IMPORT_STAGED) :]
    return [act.partition("_")[0] if act in (Act.ADDED_PERSON, Act.ADDED_CASE) else act for act in found]


def _kill() -> None:
    for one in multiprocessing.active_children():
        one.kill()
        one.join()


def test_the_same_comes_of_it(made_here: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    place = builders.office()
    by, other = place.guardian, builders.team(place)
    run(by, staged(by, SHEET, rule="never", team=place.team))
    assert len(made_here) == 1  # the others by the second process
    monkeypatch.setattr(bring_in, "_MANY", 1000)
    run(by, staged(by, SHEET, rule="never", team=other))
    assert len(made_here) == 1 + PARTS
    assert acts(place.team) == acts(other)
    whole = everything(by, place.team)
    assert len(whole) == 26
    assert whole == everything(by, other)
    sequencer.sequence()
    assert not list(verify(place.organisation.handle))


@pytest.mark.parametrize(("asked", "before"), [(1, False), (2, True)])
def test_one_that_is_killed_costs_nothing(
    made_here: list[int], monkeypatch: pytest.MonkeyPatch, asked: int, before: bool
) -> None:
    place, real, asks = builders.office(), beside._Second.ask, count(1)

    def ask(second: beside._Second, units: Sequence[Unit] | None) -> None:
        kill = next(asks) == asked
        if kill and before:
            _kill()
        real(second, units)
        if kill:
            _kill()

    monkeypatch.setattr(beside._Second, "ask", ask)
    run(place.guardian, staged(place.guardian, SHEET, rule="never"))
    assert len(made_here) == PARTS - asked + 1
    assert len(everything(place.guardian, place.team)) == 26


def test_where_none_can_begin_this_one_goes_on_alone(made_here: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: BaseProcess) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", refused)
    place = builders.office()
    run(place.guardian, staged(place.guardian, SHEET, rule="never"))
    assert len(made_here) == PARTS
    assert len(everything(place.guardian, place.team)) == 26


def test_one_that_does_not_answer_is_not_waited_for(made_here: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    place, real = builders.office(), beside._Second.ask

    def ask(second: beside._Second, units: Sequence[Unit] | None) -> None:
        for one in multiprocessing.active_children():
            assert one.pid is not None
            os.kill(one.pid, signal.SIGSTOP)
        real(second, units)

    monkeypatch.setattr(beside._Second, "ask", ask)
    monkeypatch.setattr(beside, "_SECONDS_TO_ANSWER", 0.0)
    monkeypatch.setattr(beside, "_SECONDS_TO_END", 0.0)
    run(place.guardian, staged(place.guardian, SHEET, rule="never"))
    assert len(made_here) == PARTS
    assert len(everything(place.guardian, place.team)) == 26


def test_what_waited_while_its_epoch_was_destroyed_is_made_again(
    made_here: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, real, asked = builders.office(), keyring.epochs, count(1)
    arrival = staged(place.guardian, SHEET, rule="never")

    def epochs() -> Epochs:
        held = real()
        gone = next(asked) == 1
        return replace(held, keys={held.current + 1: boxes.new_key()}) if gone else held

    stands = Chunk.stands

    def stood(chunk: Chunk) -> bool:
        with monkeypatch.context() as patched:
            patched.setattr(keyring, "epochs", epochs)
            return stands(chunk)

    monkeypatch.setattr(Chunk, "stands", stood)
    run(place.guardian, arrival)
    assert len(made_here) == 2  # the first part twice, the others by the second process
    assert len(everything(place.guardian, place.team)) == 26
