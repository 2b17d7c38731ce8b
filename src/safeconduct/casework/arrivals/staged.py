"""What an import keeps while it waits: the file and every decision about it, sealed to the team."""

import zlib
from datetime import datetime

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.core.names.doubles import Likeness
from safeconduct.core.sealing import boxes, padding

from ..importing.faults import Fault
from ..importing.repeats import Repeat
from ..importing.rows import RowReading
from ..models import Arrival
from .again import Again, RowBefore
from .kept import KeptReading


class Alike(msgspec.Struct, frozen=True):
    """Somebody on record (``person``: their handle, hex) who may be whom a row concerns, and why."""

    person: str
    likeness: Likeness


class Changed(msgspec.Struct, frozen=True):
    """A row whose case was here and what became of it (`again.Again`), by the office's own reference."""

    row: int
    our_ref: str
    again: Again


class ChangedCase(msgspec.Struct, frozen=True):
    """A case (handle, hex) that the import changed: how its head stood (``before``, sealed under the case's own key;
    empty where it was not touched), and its kind, worker and first letter's route before and after."""

    case: str
    before: bytes
    was: tuple[str, str, str]
    became: tuple[str, str, str]


class Found(msgspec.Struct, frozen=True):
    """What a sheet has to do with what is here, before anybody decides.

    ``known`` gives rows whose case is on record the case's handle (hex), ``again`` what becomes of those of them that
    say something else than last time, ``gone`` the own references of rows that are not there any more. ``here`` gives
    rows the people who may be the same. All of it holds as long as the team's index stays where it was (``index``: see
    `people.index.state`).
    """

    at: datetime
    index: tuple[int, int]
    known: dict[int, str]
    repeats: tuple[Repeat, ...]
    here: dict[int, tuple[Alike, ...]]
    again: dict[int, Again] = {}
    gone: tuple[str, ...] = ()


class Unit(msgspec.Struct, frozen=True, gc=False):
    """Rows that are one person. ``person`` is their handle (hex); ``is_here``: they are on record already.

    ``cases`` gives each row the handle of its case, chosen beforehand so that work can stop and go on.
    """

    rows: tuple[int, ...]
    person: str
    is_here: bool
    cases: dict[int, str]


class Work(msgspec.Struct, frozen=True):
    """What is to be done, settled when the import starts: new rows by person, and rows of cases known already.

    ``rows`` are the rows as they were understood then, so that nothing is read twice.
    """

    units: tuple[Unit, ...]
    known: dict[int, str]
    rows: tuple[RowReading, ...] = ()

    def cases(self) -> dict[int, str]:
        """The case (handle, hex) of each row that is brought in, or is here already."""
        found = {number: case for unit in self.units for number, case in unit.cases.items()}
        return found | self.known


class LeftOut(msgspec.Struct, frozen=True):
    """A row that was not brought in, by the office's own reference, and why."""

    our_ref: str
    fault: Fault


class AddedTo(msgspec.Struct, frozen=True):
    """Somebody on record (handle, hex) to whom an import added, and how their record stood before.

    ``before`` is sealed under the person's own key, so it goes when their record does.
    """

    person: str
    before: bytes


class Outcome(msgspec.Struct, frozen=True):
    """What is kept of an import that is done: for its page, for undoing it, and for the next sheet.

    ``headings`` says what each heading was read as, by the heading reduced to its words. ``rows`` are the sheet's rows
    by their case, to compare the next sheet with; ``gone`` the own references of rows it had no more.
    """

    left_out: tuple[LeftOut, ...] = ()
    added_to: tuple[AddedTo, ...] = ()
    enquiries: tuple[str, ...] = ()
    headings: dict[str, str] = {}
    rows: dict[str, RowBefore] = {}
    changes: tuple[Changed, ...] = ()
    changed_cases: tuple[ChangedCase, ...] = ()
    gone: tuple[str, ...] = ()


class Staged(msgspec.Struct, frozen=True):
    """A file as it came, and what was decided: columns by index, proposals by their key, workers by their text.

    ``remembered`` is what the headings of the team's last sheet were read as; ``reading`` is how this one was read.
    ``export``: no sheet, but everything another desk held, brought in by a command that is at work or was cut off.
    Once work starts, the file and the reading are gone and only ``work`` is kept; once it is done, only ``outcome``.
    """

    name: str
    data: bytes
    columns: dict[int, str] = {}
    decisions: dict[str, str] = {}
    workers: dict[str, str] = {}
    rule: str = "ask"
    sheet: str = ""
    remembered: dict[str, str] = {}
    reading: KeptReading | None = None
    found: Found | None = None
    work: Work | None = None
    outcome: Outcome | None = None
    export: bool = False


def seal(by: Actor, arrival: Arrival, staged: Staged, *, revision: int | None = None) -> bytes:
    """The bytes to keep on ``arrival`` at ``revision``, or at the one it has.

    Deflated first: each row names its fields anew, and the row of the database is read through at every mark of
    progress. Nobody else's text is beside what they hold, so their length tells no secret by it.
    """
    raw = zlib.compress(msgspec.msgpack.encode(staged), level=1)
    return boxes.seal(_key(by, arrival), padding.pad(raw), _place(arrival, revision or arrival.revision))


def open_staged(by: Actor, arrival: Arrival) -> Staged:
    """What was staged. Raises `CannotOpen` when the row was changed or rolled back within itself."""
    raw = padding.unpad(_open(by, arrival))
    # An older desk's is as it was encoded: a map, of which no first byte is that of zlib (0x78).
    return msgspec.msgpack.decode(zlib.decompress(raw) if raw[:1] == b"\x78" else raw, type=Staged)


def _key(by: Actor, arrival: Arrival) -> bytes:
    return by.bundle(arrival.team_id).key_for("arrival", arrival.handle.hex)


def _open(by: Actor, arrival: Arrival) -> bytes:
    assert arrival.staged is not None
    bundle = by.bundle(arrival.team_id)
    return bundle.open_box(bytes(arrival.staged), _place(arrival, arrival.revision), "arrival", arrival.handle.hex)


def _place(arrival: Arrival, revision: int) -> bytes:
    return boxes.context("arrival", arrival.handle.hex, revision)
