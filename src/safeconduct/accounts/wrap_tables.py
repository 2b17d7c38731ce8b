"""The tables that hold keys sealed for teams: each is layered under epochs, and follows when a team's keys are renewed.

A room says once which of its tables are such (`register`). Each has the columns ``team``, ``key_number``, ``epoch`` and
``sealed``.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from safeconduct.core.sealing import wraps

from . import layers
from .models import Team


@dataclass(frozen=True, slots=True)
class WrapTable:
    """A table of wraps. ``subject`` is the lookup of the handle of what the key belongs to."""

    model: type[models.Model]
    subject: str

    def of(self, team: Team) -> models.QuerySet[models.Model]:
        """The wraps that a team holds."""
        return self.model._default_manager.filter(team=team).exclude(epoch=0)

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table


_tables: list[WrapTable] = []


def register(model: type[models.Model], *, subject: str) -> None:
    """Say that a table holds wraps. Once, when its room starts."""
    if all(one.model is not model for one in _tables):
        _tables.append(WrapTable(model, subject))
        layers.register(layers.Layered(model, "sealed", ("team__handle", subject), place_of))


def tables() -> tuple[WrapTable, ...]:
    """Every table of wraps."""
    return tuple(_tables)


def place_of(team: UUID, subject: UUID) -> bytes:
    """The place a wrap is layered for."""
    return wraps.place(team=team.hex, subject=subject.hex)
