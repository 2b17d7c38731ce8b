"""Making and replacing a member's key pair."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from safeconduct.core.sealing.members import KeyPair, Lock, fingerprint
from safeconduct.core.sealing.passphrase import STANDARD, Cost
from safeconduct.journal.commitments import Written
from safeconduct.journal.queries import latest_commitments

from .models import Member

# The columns `set_key` sets.
KEY_FIELDS: Final = ("salt", "cost_memory_kib", "cost_passes", "cost_lanes", "sealed_key", "public_key")
LONDON: Final = ZoneInfo("Europe/London")


def today() -> date:
    """The day it is in London, which is the day the law counts."""
    return datetime.now(LONDON).date()


def passphrase_cost() -> Cost:
    """What a guess costs here. Tests set a cheaper one, and say so."""
    chosen: tuple[int, int, int] | None = getattr(settings, "PASSPHRASE_COST", None)
    return Cost(*chosen) if chosen else STANDARD


def commit_key(member: Member) -> Written:
    """What the log commits to of a member's public key, each time it is made: so a substituted row is noticed."""
    before, _ = latest_commitments([member.handle]).get(member.handle, (0, b""))
    return Written(member.handle, before + 1, fingerprint(bytes(member.public_key)))


def is_as_logged(member: Member) -> bool:
    """Whether the member's public key is the one the log last committed to."""
    _, digest = latest_commitments([member.handle]).get(member.handle, (0, b""))
    return digest == fingerprint(bytes(member.public_key))


def set_key(member: Member, pair: KeyPair, passphrase: str) -> None:
    """Lock ``pair`` under ``passphrase`` on ``member``'s row; the caller saves. Raises `WeakPassphrase`."""
    member.lock = Lock.make(pair, passphrase, member=member.handle.hex, cost=passphrase_cost())
    member.public_key = pair.public
