"""What an import keeps while it waits: the file and every decision about it, sealed to the team."""

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.core.sealing import boxes, padding

from ..models import Arrival


class Unit(msgspec.Struct, frozen=True):
    """Rows that are one person. ``person`` is their handle (hex); ``is_here``: they are on record already.

    ``cases`` gives each row the handle of its case, chosen beforehand so that work can stop and go on.
    """

    rows: tuple[int, ...]
    person: str
    is_here: bool
    cases: dict[int, str]


class Work(msgspec.Struct, frozen=True):
    """What is to be done, settled when the import starts: new rows by person, and rows of cases known already."""

    units: tuple[Unit, ...]
    known: dict[int, str]


class Staged(msgspec.Struct, frozen=True):
    """A file as it came, and what was decided: columns by index, proposals by their key, workers by their text."""

    name: str
    data: bytes
    columns: dict[int, str] = {}
    decisions: dict[str, str] = {}
    workers: dict[str, str] = {}
    rule: str = "ask"
    work: Work | None = None


def seal(by: Actor, arrival: Arrival, staged: Staged) -> bytes:
    """The bytes to keep on ``arrival`` at its present revision."""
    return boxes.seal(_key(by, arrival), padding.pad(msgspec.msgpack.encode(staged)), _place(arrival))


def open_staged(by: Actor, arrival: Arrival) -> Staged:
    """What was staged. Raises `CannotOpen` when the row was changed or rolled back within itself."""
    assert arrival.staged is not None
    raw = padding.unpad(boxes.open_box(_key(by, arrival), bytes(arrival.staged), _place(arrival)))
    return msgspec.msgpack.decode(raw, type=Staged)


def _key(by: Actor, arrival: Arrival) -> bytes:
    return by.bundle(arrival.team_id).key_for("arrival", arrival.handle.hex)


def _place(arrival: Arrival) -> bytes:
    return boxes.context("arrival", arrival.handle.hex, arrival.revision)
