"""What an entry's body says, for those who hold the team's keys: sealed under a key of the team's."""

from collections.abc import Mapping
from typing import Any

import msgspec

from safeconduct.core.sealing import boxes
from safeconduct.journal.models import Entry

from .actor import Actor
from .models import Team

Detail = Mapping[str, Any]


def seal_body(by: Actor, team: Team, detail: Detail) -> bytes:
    """The body of an entry that is about to be made."""
    return boxes.seal(by.key_for(team.pk, "journal"), msgspec.msgpack.encode(detail), _place(by, team))


def read_body(by: Actor, team: Team, entry: Entry) -> dict[str, Any]:
    """What an entry's body says; empty once it was erased. Raises `CannotOpen`, `NotInTeam`."""
    if entry.body is None:
        return {}
    raw = by.bundle(team.pk).open_box(bytes(entry.body), _place(by, team), "journal")
    return msgspec.msgpack.decode(raw, type=dict[str, Any])


def _place(by: Actor, team: Team) -> bytes:
    return boxes.context("journal-body", by.organisation.handle.hex, team.handle.hex)
