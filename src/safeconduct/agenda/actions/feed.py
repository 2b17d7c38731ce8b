"""A member's calendar of days and kinds, for a program of their own: made, made again, ended."""

import hashlib
import secrets

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import policies
from ..models import Feed

SECRET_BYTES = 32


def make_feed(*, by: Actor) -> str:
    """Make the actor's calendar, or make it again at another address. Returns the secret of its address, kept nowhere.

    Raises `Refused`, `JournalUnavailable`.
    """
    policies.require(by, Act.MAKE_FEED, policies.of_account(by.member))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        Feed.objects.update_or_create(
            member=by.member, defaults={"secret_hash": hashed(secret), "made_on": today(), "read_on": None}
        )
        _record(by, Entered.FEED_MADE)
    return secret


def end_feed(*, by: Actor) -> None:
    """End the actor's calendar: its address answers nothing any more. Raises `Refused`, `JournalUnavailable`."""
    policies.require(by, Act.MAKE_FEED, policies.of_account(by.member))
    with transaction.atomic():
        gone, _ = Feed.objects.filter(member=by.member).delete()
        if gone:
            _record(by, Entered.FEED_ENDED)


def hashed(secret: str) -> bytes:
    """What stands in the table for a secret. It has 256 random bits, so nothing is gained by a slow hash."""
    return hashlib.sha256(b"safeconduct/feed/1\0" + secret.encode()).digest()


def _record(by: Actor, act: Entered) -> None:
    record_write(organisation=by.organisation.handle, act=act, member=by.member.handle, about=by.member.handle)
