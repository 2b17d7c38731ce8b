"""Which plane each column of the database is in, read off the class of its field.

The open plane holds numbers, dates, closed lists, random handles, keys of other rows, hashes and public keys: never
text, except the names of staff and organisations, which are listed here by name. The public plane holds what others
published, in the archive alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.db import models

from safeconduct.journal import fields

APPS = ("journal", "accounts", "agenda", "archive", "people", "casework", "post", "web")

# Each by name, with whose it is.
STAFF_NAMES = {
    "accounts.Organisation.name": "what the office is called",
    "accounts.Team.name": "what a team is called",
    "accounts.Member.name": "the name of a member of staff",
    "accounts.Member.sign_in": "the name a member of staff signs in by",
}

# Exact classes, not their subclasses: a new class is placed by a person.
OPEN = (
    models.BigAutoField,
    models.ForeignKey,
    models.OneToOneField,
    models.DateField,
    models.DateTimeField,
    models.SmallIntegerField,
    models.IntegerField,
    models.BigIntegerField,
    models.PositiveSmallIntegerField,
    models.PositiveIntegerField,
    models.PositiveBigIntegerField,
    models.BooleanField,
    fields.HandleField,
    fields.CommitmentField,
    fields.PublicKeyField,
)

PUBLIC = (fields.PublicTextField, fields.PublicBytesField)


class Plane(StrEnum):
    """Where a column is."""

    SEALED = "sealed"
    OPEN = "open"
    PUBLIC = "public"
    STAFF_NAME = "open, the name of staff"


class Unplaced(Exception):
    """A column is in no plane. The text names it and says what a person must decide."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the inventory."""

    name: str
    kind: str
    plane: Plane


def plane_of(field: models.Field[object, object], name: str) -> Plane:
    """The plane of `field`, called `name` (`app.Model.field`). Raises `Unplaced`."""
    kind = type(field)
    if kind is fields.SealedField:
        return Plane.SEALED
    if kind in PUBLIC:
        if not name.startswith("archive."):
            raise Unplaced(f"{name} is public: only the archive holds what others published")
        return Plane.PUBLIC
    if kind is fields.StaffNameField:
        if name not in STAFF_NAMES:
            raise Unplaced(f"{name} holds a name: list it in STAFF_NAMES if it is staff's, seal it if it is a person's")
        return Plane.STAFF_NAME
    if kind is models.CharField:
        if not field.choices:
            raise Unplaced(f"{name} is free text: seal it, or give it a closed list of choices")
        return Plane.OPEN
    if kind in OPEN:
        return Plane.OPEN
    raise Unplaced(f"{name} is a {kind.__name__}, which is in no plane")


def columns(of: Iterable[type[models.Model]]) -> Iterator[Column]:
    """Every column of `of`. Raises `Unplaced` at the first that nobody placed."""
    for model in of:
        for field in model._meta.local_concrete_fields:
            name = f"{model._meta.label}.{field.name}"
            yield Column(name, type(field).__name__, plane_of(field, name))


def our_models() -> list[type[models.Model]]:
    """The models of the project's apps, with the tables behind many-to-many fields."""
    return [model for label in APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)]


def values_allowed(model: type[models.Model], field: str) -> Iterator[Iterable[str]]:
    """The lists of values that the check constraints of `model` allow in `field`."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, models.Q):
            for child in constraint.condition.children:
                if isinstance(child, tuple) and child[0] == f"{field}__in":
                    yield child[1]
