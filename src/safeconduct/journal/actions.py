"""Recording. An act that reads opens nothing until its entry is committed; an act that writes commits both at once."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Required, TypedDict, Unpack
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from . import bulk, packed, sequencer
from .commitments import LABEL_BYTES, SALT_BYTES, Written, commit
from .models import READING_ACTS, Act, Commitment, Entry
from .packed import Packed
from .tripwire import Reader

_besides: dict[Act, Callable[[UUID], Sequence[Written]]] = {}


class JournalUnavailable(Exception):
    """The entry could not be written, so nothing may be opened: the answer is 503."""


class What(TypedDict, total=False):
    """What an entry says: the columns of `Entry` of the same names, and the envelopes its act wrote."""

    organisation: Required[UUID]
    act: Required[Act]
    member: Required[UUID | None]
    about: UUID | None
    team: UUID | None
    label: bytes | None
    body: bytes | None
    count: int
    written: Sequence[Written]


@dataclass(frozen=True, slots=True)
class Read:
    """What an act is about to open of one team: the columns of `Entry` of the same names."""

    team: UUID | None = None
    label: bytes | None = None
    body: bytes | None = None
    count: int = 1


def record_read(
    *,
    reader: Reader,
    act: Act,
    team: UUID | None = None,
    label: bytes | None = None,
    body: bytes | None = None,
    count: int = 1,
) -> Entry:
    """Commit the entry of an act that is about to open something. Its return is the leave to do so.

    Raises as `record_reads` does.
    """
    [entry] = record_reads(reader=reader, act=act, reads=[Read(team, label, body, count)])
    return entry


def record_reads(*, reader: Reader, act: Act, reads: Sequence[Read]) -> list[Entry]:
    """Commit the entries of an act that is about to open something of several teams, at once: the leaves to do so.

    Raises:
        ReadingHalted: the member has opened so many records that these wait, or the log is in doubt.
        JournalUnavailable: nothing was recorded; open nothing.
        RuntimeError: called inside a transaction, where the entries could still vanish.
    """
    if act not in READING_ACTS:
        raise ValueError("this is for acts that read")
    if not reads:
        return []
    try:
        entries = []
        for one in reads:
            # A list with a label shows hardly anybody new.
            reader.admit(act, 0 if act == Act.LISTED and one.label is not None else one.count)
            entries.append(
                new_entry(
                    organisation=reader.organisation,
                    act=act,
                    member=reader.member,
                    team=one.team,
                    label=one.label,
                    body=one.body,
                    count=one.count,
                )
            )
        with transaction.atomic(durable=True):
            for entry in entries:
                entry.save()
    except DatabaseError as fault:
        raise JournalUnavailable("the log cannot be written, so nothing was opened") from fault
    sequencer.poke()
    return entries


def record_export(*, reader: Reader, team: UUID, count: int, body: bytes) -> Entry:
    """Commit that everything a team holds, or a list of its cases, is about to leave in a file: ``count`` records.

    Guardians are told of it at once, however little else the member read, so it counts towards no other bound. Returns
    the leave to read.

    Raises:
        ReadingHalted: the member is stopped, or the log is in doubt. JournalUnavailable: nothing was recorded.
    """
    try:
        reader.tell(count, team=team)
        # The label is what tells it from a paper or a list of faults that leaves: see `tripwire.tally`.
        entry = new_entry(
            organisation=reader.organisation,
            act=Act.EXPORTED,
            member=reader.member,
            team=team,
            label=os.urandom(LABEL_BYTES),
            body=body,
            count=count,
        )
        with transaction.atomic(durable=True):
            entry.save()
    except DatabaseError as fault:
        raise JournalUnavailable("the log cannot be written, so nothing was opened") from fault
    sequencer.poke()
    return entry


def record_each(leave: Entry, records: Iterable[tuple[UUID, bytes, bytes]]) -> None:
    """Commit, under the leave of an export, that these records are about to leave: an entry for each in its own log.

    Args:
        records: of each its team, its label and the entry's sealed body.

    Raises:
        JournalUnavailable: nothing was recorded; open none of them.
    """
    if leave.pk is None or leave.act != Act.EXPORTED:
        raise ValueError("records leave one by one under the entry of their export")
    entries = [
        new_entry(
            organisation=leave.organisation,
            act=Act.EXPORTED,
            member=leave.member,
            team=team,
            label=label,
            body=body,
            count=0,  # they are counted by their export's own entry
        )
        for team, label, body in records
    ]
    try:
        with transaction.atomic(durable=True):
            bulk.insert(entries)
    except DatabaseError as fault:
        raise JournalUnavailable("the log cannot be written, so nothing was opened") from fault
    sequencer.poke()


def record_writes(entries: Sequence[tuple[Entry, Sequence[Written]]]) -> None:
    """Insert the entries of an act that writes, in its own transaction, so that both are kept or neither.

    Raises:
        JournalUnavailable: the change must not be kept; the transaction is to be rolled back.
        RuntimeError: called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act that writes records itself in the transaction of its change")
    try:
        bulk.insert([entry for entry, _ in entries])
        bulk.insert_values(
            Commitment,
            ("entry_id", "envelope", "revision", "digest"),
            [(entry.pk, one.envelope, one.revision, one.digest) for entry, written in entries for one in written],
        )
    except DatabaseError as fault:
        raise JournalUnavailable("the log cannot be written, so nothing was changed") from fault
    transaction.on_commit(sequencer.poke)


def record_packed(entries: Sequence[Packed]) -> None:
    """Insert entries that were packed (`packed.pack_entries`). Raises as `record_writes` does."""
    try:
        packed.insert(entries)
    except DatabaseError as fault:
        raise JournalUnavailable("the log cannot be written, so nothing was changed") from fault
    transaction.on_commit(sequencer.poke)


def commit_besides(acts: frozenset[Act], standing: Callable[[UUID], Sequence[Written]]) -> None:
    """Have `record_write` commit, with each of ``acts``, to what ``standing`` says of the organisation by then.

    So a further act of these kinds cannot forget it; it has to record itself after it has written.
    """
    _besides.update(dict.fromkeys(acts, standing))


def record_write(**what: Unpack[What]) -> Entry:
    """Insert one entry of an act that writes. Raises as `record_writes` does."""
    written = [*what.get("written", ())]
    if (besides := _besides.get(what["act"])) is not None:
        written += besides(what["organisation"])
    what["written"] = written
    entry = new_entry(**what)
    record_writes([(entry, written)])
    return entry


def new_entry(**what: Unpack[What]) -> Entry:
    """An entry with its commitment made, not yet inserted."""
    entry = bulk.make(
        Entry,
        organisation=what["organisation"],
        at=datetime.now(UTC),
        act=what["act"],
        member=what["member"],
        about=what.get("about"),
        team=what.get("team"),
        label=what.get("label"),
        body=what.get("body"),
        count=what.get("count", 1),
        salt=os.urandom(SALT_BYTES),
    )
    entry.commitment = commit(entry, what.get("written", ()))
    return entry
