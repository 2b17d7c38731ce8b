"""What members write, as rows: each sealed under a key of its own, which is sealed for the team that may read it."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.entry_bodies import seal_body
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place
from safeconduct.journal.actions import record_read, record_write
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.journal.queries import latest_commitments

from .. import policies, sealed
from ..finding.normal import quoted
from ..models import Source
from ..sealed import Keyed, Wrapped
from .models import Collection, Note, Tag
from .models import Written as Base

MOST_LETTERS: Final = 20_000
_SCHEMA: Final = 1
_GENERATION: Final = 1
_MARK: Final = "tag-mark"

Row = TypeVar("Row", Note, Tag, Collection)


class WritingPutBack(Exception):
    """What a member wrote is not as the log last committed to it. Nothing was opened."""


def require(by: Actor, act: Act, team: Team) -> None:
    """Raises `Refused` unless policy lets the member read (`OPEN_NOTES`) or change (`CHANGE_NOTES`) a team's notes."""
    policies.require(by, act, policies.of_team(team, by.organisation))


def seal_new(by: Actor, row: Row, text: str) -> Keyed:
    """Give a row not yet saved its key and its words. ``row`` has its team."""
    keyed, wrapped = sealed.new_key(by, row.team, row.handle)
    row.by, row.at = by.member, datetime.now(UTC)
    row.key_number, row.epoch, row.sealed = wrapped.key_number, wrapped.epoch, wrapped.sealed
    row.revision, row.body = 1, _seal(keyed, row, text, 1)
    return keyed


def seal_again(row: Row, keyed: Keyed, text: str) -> None:
    """Give a row other words, in its next revision."""
    row.revision += 1
    row.body = _seal(keyed, row, text, row.revision)


def keyed_of(by: Actor, row: Row) -> Keyed:
    """The key of a row. Raises `NotInTeam`, `SealingFault`."""
    return sealed.unwrap(by, Wrapped(row.key_number, row.epoch, bytes(row.sealed)), row.team_id, row.handle)


def open_all(by: Actor, rows: QuerySet[Row], team: Team) -> Mapping[int, str]:
    """The words of rows of a team, by row id. The entry that they were opened is committed before.

    Raises `Refused`, `JournalUnavailable`, `ReadingHalted`: nothing was opened. `WritingPutBack`, `SealingFault`.
    """
    require(by, Act.OPEN_NOTES, team)
    found = list(rows.filter(team=team))
    if not found:
        return {}
    body = seal_body(by, team, {"written": [one.handle.hex for one in found]})
    leave = record_read(
        reader=by.reader, act=Entered.OPENED_NOTES, team=team.handle, count=len(found), body=body, label=None
    )
    return _open(by, leave, found)


def record(by: Actor, team: Team, written: Iterable[Written], what: Mapping[str, str], keyed: Keyed | None) -> Entry:
    """Record that what a team wrote was changed, in the transaction of the change."""
    return record_write(
        organisation=by.organisation.handle,
        act=Entered.CHANGED_NOTES,
        member=by.member.handle,
        team=team.handle,
        label=keyed.label(today()) if keyed else None,
        body=seal_body(by, team, what),
        written=list(written),
    )


def committed(row: Base) -> Written:
    """What the log commits to of a row."""
    return Written(row.handle, row.revision, envelopes.digest(bytes(row.body)))


def marks(by: Actor, team: Team, word: str) -> list[bytes]:
    """The marks a tag can have in a team, newest first: one under each key the team has had. Case says nothing."""
    bundle = by.bundle(team.pk)
    said = quoted(word).casefold().encode()
    keys = (bundle.key_of(number, _MARK) for number in range(bundle.number, 0, -1))
    return [hmac.digest(key, said, hashlib.sha256) for key in keys]


def may_be_of(team: Team, source: Source) -> bool:
    """Whether a team may write about a source: any about a public one, about one in confidence whose it is."""
    return source.plane == Source.Plane.PUBLIC or source.team_id == team.pk


def _open(by: Actor, leave: Entry, rows: list[Row]) -> dict[int, str]:
    sealed.require_leave(leave)
    known = latest_commitments(row.handle for row in rows)
    out = {}
    for row in rows:
        if known.get(row.handle) != (row.revision, envelopes.digest(bytes(row.body))):
            raise WritingPutBack("what was written is not as the log says it was last saved; nothing was opened")
        keyed = keyed_of(by, row)
        plain = envelopes.open_envelope(_key(keyed), bytes(row.body), _place(keyed, row.handle, row, row.revision))
        out[row.pk] = plain.decode("utf-8")
    return out


def _seal(keyed: Keyed, row: Row, text: str, revision: int) -> bytes:
    return envelopes.seal(_key(keyed), text.encode("utf-8"), _place(keyed, row.handle, row, revision))


def _key(keyed: Keyed) -> bytes:
    return envelopes.facet_key(keyed.key, "written", _GENERATION)


def _place(keyed: Keyed, handle: UUID, row: Row, revision: int) -> Place:
    kind = {Note: "note", Tag: "tag", Collection: "collection"}[type(row)]
    return Place(keyed.organisation, handle.hex, kind, _SCHEMA, _GENERATION, revision)
