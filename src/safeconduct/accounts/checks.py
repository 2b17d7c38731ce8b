"""Checking members' public keys against the log, without a key: what ``safeconduct check`` runs."""

from collections.abc import Iterator

from .keys import is_as_logged
from .models import Member, Organisation


def keys_not_as_logged(organisation: Organisation) -> Iterator[Member]:
    """Members whose row holds another public key than the log last committed to."""
    for member in organisation.members.order_by("pk"):
        if not is_as_logged(member):
            yield member
