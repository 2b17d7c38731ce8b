"""The kinds of column there are, so that each one's plane can be read off its class.

Open: handles, enums, dates, numbers, booleans, foreign keys, and the few below that are random or public bytes.
Sealed: `SealedField`. Names of staff and organisations, the only text in the open plane: `StaffNameField`. Public, what
others published: `PublicTextField` and `PublicBytesField`, in the archive alone.
"""

import os
import uuid
from enum import Enum
from typing import Any

from django.db import models

# Django's fields take type arguments in the stubs only, so a subclass cannot name them: hence each `type-arg` below.


def new_handle() -> uuid.UUID:
    """128 random bits: no time and no order in them."""
    return uuid.UUID(bytes=os.urandom(16))


class HandleField(models.UUIDField):  # type: ignore[type-arg]
    """The name a row has outside the database."""


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Ciphertext. Nothing but an entitled member's session opens it."""


class CommitmentField(models.BinaryField):  # type: ignore[type-arg]
    """A hash, a salt or a blinded label: random to whoever lacks the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)


class PublicKeyField(models.BinaryField):  # type: ignore[type-arg]
    """A public key: readable by anyone, pinned elsewhere."""


class StaffNameField(models.CharField):  # type: ignore[type-arg]
    """The name of a member, a team or an organisation. Never of a person."""


class PublicTextField(models.TextField):  # type: ignore[type-arg]
    """Text that others published. Never what a member wrote, nor anything of a source supplied in confidence."""


class PublicBytesField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that others published, or that were made from nothing else."""


def only_known(column: str, known: type[Enum], *, name: str) -> models.CheckConstraint:
    """A constraint that keeps a column to a closed list (or null): `choices` alone bind forms, not the database."""
    values = sorted(str(one.value) for one in known)
    return models.CheckConstraint(condition=models.Q((f"{column}__in", values)), name=name)
