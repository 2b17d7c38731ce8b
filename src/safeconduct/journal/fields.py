"""The kinds of column there are, so that each one's plane can be read off its class.

Open: handles, enums, dates, numbers, booleans, foreign keys, and the few below that are random or public bytes.
Sealed: `SealedField`. Names of staff and organisations, the only text in the open plane: `StaffNameField`.
"""

import os
import uuid
from typing import Any

from django.db import models


def new_handle() -> uuid.UUID:
    """128 random bits: no time and no order in them."""
    return uuid.UUID(bytes=os.urandom(16))


class HandleField(models.UUIDField):
    """The name a row has outside the database."""


class SealedField(models.BinaryField):
    """Ciphertext. Nothing but an entitled member's session opens it."""


class CommitmentField(models.BinaryField):
    """A hash, a salt or a blinded label: random to whoever lacks the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)


class PublicKeyField(models.BinaryField):
    """A public key: readable by anyone, pinned elsewhere."""


class StaffNameField(models.CharField):  # type: ignore[type-arg]
    """The name of a member, a team or an organisation. Never of a person."""
