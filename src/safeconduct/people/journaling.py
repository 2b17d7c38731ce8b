"""Entries about sealed records: their labels, and bodies that only the holding team can read."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.entry_bodies import Detail as Detail
from safeconduct.accounts.entry_bodies import read_body as read_body
from safeconduct.accounts.entry_bodies import seal_body
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.journal.actions import Read, new_entry, record_each, record_export, record_read, record_reads
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act, Entry

from .keys import LABEL_BYTES, Keyed

# A list is one seen before where fewer than one row in so many is new.
_MOSTLY_SEEN: Final = 4
_MEMBERS_KEPT: Final = 1000
_listed: dict[UUID, tuple[date, set[str]]] = {}


def opening(by: Actor, keyed: Keyed, act: Act) -> Entry:
    """Commit that ``by`` is about to open this record, and return the leave to. Raises `JournalUnavailable`."""
    return record_read(
        reader=by.reader,
        act=act,
        team=keyed.team.handle,
        label=keyed.label(today()),
        body=seal_body(by, keyed.team, {"subject": keyed.subject.handle.hex}),
    )


def listing(by: Actor, team: Team, act: Act, *, count: int, detail: Detail) -> Entry:
    """Commit that ``by`` is about to see ``count`` records of a team on one page. Raises `JournalUnavailable`."""
    return _listing(by, act, {team: (count, detail)})[team]


def listing_of(by: Actor, act: Act, keyed: Iterable[Keyed]) -> dict[Team, Entry]:
    """Commit that ``by`` is about to see these records on one page: an entry for each of the teams that hold them.

    Raises `JournalUnavailable`.
    """
    named: dict[Team, list[str]] = {}
    for one in keyed:
        named.setdefault(one.team, []).append(one.subject.handle.hex)
    return _listing(by, act, {team: (len(here), {"subjects": here}) for team, here in named.items()})


def _listing(by: Actor, act: Act, lists: Mapping[Team, tuple[int, Detail]]) -> dict[Team, Entry]:
    """Of each team how many records are seen, and what the body of its entry says.

    A list that shows a member hardly anybody they were not shown that day carries a random label: it weighs nothing,
    or Today, looked at all day long, would look like reading in bulk.
    """
    seen, shown, reads = _seen_today(by), set[str](), []
    for team, (count, detail) in lists.items():
        rows = frozenset(detail.get("subjects", ())) if act == Act.LISTED else frozenset()
        again = bool(rows) and len(rows - seen) * _MOSTLY_SEEN < len(rows)
        label = os.urandom(LABEL_BYTES) if again else None
        reads.append(Read(team.handle, label, seal_body(by, team, detail), count))
        if not again:
            shown |= rows
    leaves = record_reads(reader=by.reader, act=act, reads=reads)
    seen |= shown
    return dict(zip(lists, leaves, strict=True))


def exporting(by: Actor, team: Team, *, count: int, detail: Detail) -> Entry:
    """Commit that ``count`` records of a team are about to leave in one file, and have guardians told.

    Raises `ReadingHalted`, `JournalUnavailable`.
    """
    return record_export(reader=by.reader, team=team.handle, count=count, body=seal_body(by, team, detail))


def leaving(by: Actor, leave: Entry, keyed: Iterable[Keyed]) -> None:
    """Commit, in the log of each of these records, that it is about to leave. Raises `JournalUnavailable`."""
    day = today()
    record_each(
        leave,
        [
            (one.team.handle, one.label(day), seal_body(by, one.team, {"subject": one.subject.handle.hex}))
            for one in keyed
        ],
    )


def _seen_today(by: Actor) -> set[str]:
    """Handles of whom this member was shown in lists today; forgotten at a restart, and then they weigh once more."""
    day, seen = _listed.get(by.member.handle, (today(), set[str]()))
    if day != today():
        seen = set()
    if len(_listed) >= _MEMBERS_KEPT:
        _listed.clear()
    _listed[by.member.handle] = (today(), seen)
    return seen


def wrote(
    by: Actor, keyed: Keyed, act: Act, written: Sequence[Written], detail: Detail | None = None
) -> tuple[Entry, Sequence[Written]]:
    """An entry for a record that was written, to hand to `record_writes` in the same transaction."""
    entry = new_entry(
        organisation=by.organisation.handle,
        act=act,
        member=by.member.handle,
        team=keyed.team.handle,
        label=keyed.label(today()),
        body=seal_body(by, keyed.team, {"subject": keyed.subject.handle.hex, **(detail or {})}),
        written=written,
    )
    return entry, written
