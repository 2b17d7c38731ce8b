"""The organisation's recovery key as the database shows it, as the log has it, and as rosters pin it.

Its public half stands in the open, so whoever writes to the database could put their own there and be sent every
team's keys. Nothing is sealed to it therefore but by who finds it pinned in a roster of theirs, which a guardian's
request put there when the kits were made.
"""

from typing import Final

from safeconduct.core.sealing.members import fingerprint
from safeconduct.journal.commitments import Written
from safeconduct.journal.queries import latest_commitments

from .models import Organisation
from .rosters import KeySubstituted

# Beside members' handles in a roster: the round, 4 bytes big-endian, and the fingerprint, 32.
PIN: Final = "recovery"
_ROUND_BYTES: Final = 4


def commit(organisation: Organisation) -> Written:
    """What the log commits to of a new round's key."""
    return Written(organisation.handle, organisation.recovery_round, fingerprint(public(organisation)))


def is_as_logged(organisation: Organisation) -> bool:
    """Whether round and key are those the log last committed to; none, where it knows of none."""
    logged = latest_commitments([organisation.handle]).get(organisation.handle, (0, b""))
    digest = fingerprint(public(organisation)) if organisation.recovery_public else b""
    return logged == (organisation.recovery_round, digest)


def public(organisation: Organisation) -> bytes:
    """The public half as the row has it: 1216 bytes, none before kits were made."""
    return bytes(organisation.recovery_public or b"")


def pin(organisation: Organisation) -> bytes:
    """What a roster holds of the key under `PIN`."""
    return organisation.recovery_round.to_bytes(_ROUND_BYTES, "big") + fingerprint(public(organisation))


def is_pinned(organisation: Organisation, pins: dict[str, bytes]) -> bool:
    """Whether a roster pins this very round. False for one that knows an older round only, or none.

    Raises:
        KeySubstituted: the row's key is not the one that was pinned for its round, or an older round was put back.
    """
    pinned = pins.get(PIN)
    if pinned is None:
        return False
    if int.from_bytes(pinned[:_ROUND_BYTES], "big") < organisation.recovery_round:
        return False
    if pinned != pin(organisation) or not is_as_logged(organisation):
        raise KeySubstituted("the recovery key is not the one that was pinned; nothing was sealed to it")
    return True
