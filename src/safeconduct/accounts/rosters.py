"""A team's roster: the fingerprints of its members' public keys, sealed under the team's own key.

Whoever can write to the database could put another public key in a member's row. What is sealed to a member is
therefore sealed only to a key whose fingerprint stands in the roster, or was made in this very request.
"""

import msgspec

from safeconduct.core.sealing import boxes, members, padding
from safeconduct.core.sealing.bundles import TeamBundle

from .keys import is_as_logged
from .models import Member, Team


class KeySubstituted(Exception):
    """A member's public key is not the one the team pinned and the log committed to."""


def read(team: Team, bundle: TeamBundle) -> dict[str, bytes]:
    """Fingerprints (32 bytes) by the member's handle."""
    raw = padding.unpad(boxes.open_box(bundle.key_for("roster"), bytes(team.roster), _place(team)))
    return msgspec.msgpack.decode(raw, type=dict[str, bytes])


def write(team: Team, bundle: TeamBundle, pins: dict[str, bytes]) -> None:
    """Set the roster on ``team``; the caller saves."""
    content = padding.pad(msgspec.msgpack.encode(pins))
    team.roster = boxes.seal(bundle.key_for("roster"), content, _place(team))


def check(member: Member, pins: dict[str, bytes]) -> None:
    """Raises `KeySubstituted` when the member's row holds another public key than the pinned one."""
    known = pins.get(member.handle.hex) == members.fingerprint(bytes(member.public_key))
    if not (known and is_as_logged(member)):
        raise KeySubstituted("a member's key is not the one their team knows; nothing was sealed to it")


def _place(team: Team) -> bytes:
    return boxes.context("roster", team.organisation.handle.hex, team.handle.hex)
