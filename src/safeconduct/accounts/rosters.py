"""A team's roster: the fingerprints of its members' public keys, sealed under the team's own newest key.

Whoever can write to the database could put another public key in a member's row. What is sealed to a member is
therefore sealed only to a key whose fingerprint stands in the roster, or was made in this very request.

Only the newest key opens it: somebody who has left knows the former ones and could write a roster of their own.
"""

import msgspec

from safeconduct.core.sealing import boxes, members, padding
from safeconduct.core.sealing.bundles import TeamBundle

from .actor import Actor
from .faults import CannotVerifyKey
from .keys import is_as_logged
from .models import Member, Team


class KeySubstituted(Exception):
    """A public key is not the one a team pinned and the log committed to: a member's, a team's or the recovery key."""


def read(team: Team, bundle: TeamBundle) -> dict[str, bytes]:
    """Fingerprints (32 bytes) by the member's handle. Raises `CannotOpen` with keys that are not the newest."""
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


def known(by: Actor, member: Member) -> dict[str, bytes]:
    """The pins of a team of ``by``'s that knows this member's key. Raises `CannotVerifyKey`."""
    # As the rosters are now: those the request began with may be older than the member's row.
    teams = Team.objects.filter(pk__in=list(by.memberships)).select_related("organisation")
    shared = set(member.memberships.values_list("team", flat=True))
    # Somebody who left a team stands in its roster until its keys are renewed, with the key they had then.
    for team in sorted(teams, key=lambda team: team.pk not in shared):
        pins = read(team, by.bundle(team.pk, number=team.key_number))
        pinned = pins.get(member.handle.hex)
        # That key may be one they had before: it vouches for the same key, and says nothing against another.
        if pinned is not None and (team.pk in shared or pinned == members.fingerprint(bytes(member.public_key))):
            return pins
    raise CannotVerifyKey(
        "You share no team with this member, so their key cannot be checked. Ask somebody who does to do this."
    )


def _place(team: Team) -> bytes:
    return boxes.context("roster", team.organisation.handle.hex, team.handle.hex)
