"""Making records of a large sheet in a second process, while this one keeps what was made before.

The second process gets two keys of the team and the rows through a pipe, and opens no database. It does what this one
would do: where it cannot begin, or ends before its time, this one goes on alone, and what is kept is the same.
"""

import contextlib
import os
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from multiprocessing import get_context
from typing import Any, Final, Self
from uuid import UUID

import msgspec
from django.conf import settings

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Organisation, Team
from safeconduct.core.sealing import wraps
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal import bulk

from ..importing.rows import RowReading
from ..models import Arrival
from . import second
from .made import Chunk, Maker, Making
from .staged import Unit

# What a team's bundle calls the keys that new records are sealed under.
_PURPOSES: Final = (wraps.PURPOSE, "journal")
_SECONDS_TO_END: Final = 5.0
# A part takes seconds; one that is stopped (SIGSTOP, a debugger) would be waited for without end.
_SECONDS_TO_ANSWER: Final = 120.0


class _Named(msgspec.Struct, frozen=True):
    """A row of the database that new rows refer to."""

    number: int
    handle: UUID


class _Errand(msgspec.Struct, frozen=True):
    """All that making records takes besides the rows. ``keys`` of the team, by purpose; ``bundle``: their number."""

    organisation: _Named
    nation: str
    team: _Named
    member: _Named
    arrival: _Named
    as_of: date
    workers: dict[str, _Named | None]
    bundle: int
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        return "_Errand(…)"


class _Part(msgspec.Struct, frozen=True):
    units: tuple[Unit, ...]
    rows: tuple[RowReading, ...]


def made_beside(maker: Maker, parts: Iterable[Sequence[Unit]]) -> Making:
    """As `made.made`, the next part while the one before is kept."""
    first, *rest = parts
    with _Second(maker) as other:
        yield first, maker.make(first)  # while it begins
        other.ask(rest[0] if rest else None)
        for units, following in pairwise([*rest, None]):
            assert units is not None
            made = other.answer()
            other.ask(following)
            yield units, made or maker.make(units)


class _Second:
    """The second process, or nothing where there is none."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._process: Any = None
        self._pipe: Any = None

    def __enter__(self) -> Self:
        if (os.cpu_count() or 1) < 2:
            return self
        told = _settings(), msgspec.msgpack.encode(_errand(self._maker))
        # Not forked: the server has threads, and a copy of this process would hold all it holds.
        context = get_context("spawn")
        # Whoever may begin none (a process that ends with its parent, say) is told so by an assertion.
        with contextlib.suppress(OSError, AssertionError):
            ours, theirs = context.Pipe()
            with theirs:
                process = context.Process(target=second.work, args=(theirs,), daemon=True)
                process.start()
            self._process, self._pipe = process, ours
            self._send(told)
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        if self._process is not None:
            self._process.join(_SECONDS_TO_END)
            self._process.kill()
            self._process.join()

    def ask(self, units: Sequence[Unit] | None) -> None:
        """Have this made. It is taken from the pipe at once: nothing was asked that is not answered."""
        if units is not None and self._pipe is not None:
            rows = tuple(self._maker.rows[number] for unit in units for number in unit.rows)
            self._send(msgspec.msgpack.encode(_Part(tuple(units), rows)))

    def answer(self) -> Chunk | None:
        """What was asked for, or None: nobody is there to make it."""
        if self._pipe is None:
            return None
        try:
            if not self._pipe.poll(_SECONDS_TO_ANSWER):
                raise EOFError
            return msgspec.msgpack.decode(self._pipe.recv_bytes(), type=Chunk)
        except (OSError, EOFError):
            self._leave()
            return None

    def _send(self, what: Any) -> None:
        try:
            if isinstance(what, bytes):
                self._pipe.send_bytes(what)
            else:
                self._pipe.send(what)
        except OSError:
            self._leave()

    def _leave(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


def _settings() -> dict[str, Any]:
    """What the rooms are asked for while they make rows: no folder, no address of a database."""
    engine = settings.DATABASES["default"]["ENGINE"]
    names = ("DEFAULT_AUTO_FIELD", "EPOCH_FILE", "TIME_ZONE", "USE_TZ")
    return {name: getattr(settings, name) for name in names} | {"DATABASES": {"default": {"ENGINE": engine}}}


def _errand(maker: Maker) -> _Errand:
    by, arrival = maker.by, maker.arrival
    return _Errand(
        organisation=_named(by.organisation),
        nation=by.organisation.nation,
        team=_named(arrival.team),
        member=_named(by.member),
        arrival=_named(arrival),
        as_of=arrival.as_of,
        workers={text: _named(worker) if worker else None for text, worker in maker.workers.items()},
        bundle=by.bundle(arrival.team_id).number,
        keys={purpose: by.key_for(arrival.team_id, purpose) for purpose in _PURPOSES},
    )


def _named(row: Any) -> _Named:
    return _Named(row.pk, row.handle)


class Made:
    """In the second process: what it makes of each part."""

    def __init__(self, errand: bytes) -> None:
        told = msgspec.msgpack.decode(errand, type=_Errand)
        bulk.seldom()
        office = Organisation(told.organisation.number, handle=told.organisation.handle, nation=told.nation)
        team = Team(told.team.number, handle=told.team.handle, organisation=office)
        member = _member(told.member, office)
        # Of the team's secrets this process holds the keys for two purposes and nothing else.
        bundle = TeamBundle(1, b"", b"", b"", told.bundle)
        keys = {(team.pk, purpose): key for purpose, key in told.keys.items()}
        self._by = Actor(member, KeyPair(b""), {team.pk: bundle}, keys)
        self._arrival = Arrival(told.arrival.number, handle=told.arrival.handle, team=team, as_of=told.as_of)
        self._workers = {text: _member(who, office) if who else None for text, who in told.workers.items()}

    def of(self, part: bytes) -> bytes:
        """A part and its rows to the records made of it."""
        asked = msgspec.msgpack.decode(part, type=_Part)
        maker = Maker(self._by, self._arrival, {row.number: row for row in asked.rows}, self._workers)
        return msgspec.msgpack.encode(maker.make(asked.units))


def _member(named: _Named, office: Organisation) -> Member:
    return Member(named.number, handle=named.handle, organisation=office)
