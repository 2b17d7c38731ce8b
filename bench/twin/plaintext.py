"""How the twin differs: eight functions, and nothing else. It reads; nobody writes a record with it.

The twin is the desk's own code on the desk's own tables, so that pages, queries, policy and entries in the log are the
same by construction. Only what sealing needs is taken out: envelopes hold the facet's plain MessagePack, without
padding; wraps hold nothing and are only the list of who holds a record; the body of an entry in the log is plain; its
label is the record's handle, the same every day; and a facet is not compared with the log when it is read.
A twin with tables of its own would differ from the desk by its queries as well, and by how well each was written.

What is left in the twin that a desk without keys might do without: the join through the table of wraps, which is how
the desk knows that a team holds a record. It is one query a page on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NoReturn
from uuid import UUID

import msgspec

from bench.substitution import instead_of
from safeconduct.accounts import entry_bodies
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.sealing import sessions, wraps
from safeconduct.core.sealing.epochs import Epochs
from safeconduct.core.sealing.members import KeyPair
from safeconduct.people import facets, journaling, keys, records
from safeconduct.people.keys import Keyed
from safeconduct.people.models import Envelope, Wrap
from safeconduct.people.records import Opened

NOTHING = b""
_PAIR = KeyPair(NOTHING)


class TwinUsedAKey(Exception):
    """The twin came upon a seal: then it would measure less than the whole difference."""


def unseal_this_process() -> None:
    """Make this process the twin. The folder it works on must have been unsealed: see `unseal`."""
    instead_of(records._open, _open)
    instead_of(keys._unwrap, _unwrap)
    instead_of(entry_bodies.seal_body, _body)
    instead_of(wraps.team_key, _team_key)
    instead_of(sessions.resume, _resume)
    Keyed.label = _label  # type: ignore[method-assign,assignment]
    Keyed.labels = _labels  # type: ignore[method-assign,assignment]
    Actor.bundle = _bundle  # type: ignore[method-assign,assignment]


def _open(rows: list[Envelope], keyed: Mapping[int, Keyed], names: Iterable[str]) -> dict[int, dict[str, Opened]]:
    out: dict[int, dict[str, Opened]] = {}
    for row in rows:
        content = facets.decode(row.facet, row.schema, bytes(row.body))
        out.setdefault(keyed[row.subject_id].subject.pk, {})[records._name(row)] = Opened(content, row.revision)
    for number, one in keyed.items():
        for name in records.IN_TIME.get(one.subject.kind, frozenset()).intersection(names):
            out.setdefault(number, {}).setdefault(name, Opened(facets.TYPES[name](), records.NEVER_WRITTEN))
    return out


def _unwrap(by: Actor, row: Wrap, _team_key: bytes, _epochs: Epochs) -> Keyed:
    return Keyed(row.subject, by.memberships[row.team_id].team, NOTHING, by.organisation.handle.hex, by.member.handle)


def _team_key(_bundle: Any, _number: int | None = None) -> bytes:
    return NOTHING


def _body(_by: Actor, _team: Team, detail: journaling.Detail) -> bytes:
    return msgspec.msgpack.encode(detail)


def _label(keyed: Keyed, _on: date) -> bytes:
    handle: UUID = keyed.subject.handle
    return handle.bytes


def _labels(keyed: Keyed, *, until: date) -> list[bytes]:
    return [keyed.label(until)]


def _resume(_kept: bytes, _half: bytes, _boot: bytes) -> KeyPair:
    return _PAIR


class _NoBundle:
    """Stands where a team's secrets would. It can be handed on, and none can be asked of it."""

    def __getattr__(self, name: str) -> NoReturn:
        raise TwinUsedAKey(name)


def _bundle(_by: Actor, _team_id: int, *, number: int = 1) -> _NoBundle:  # noqa: ARG001  (as the desk's own)
    return _NoBundle()
