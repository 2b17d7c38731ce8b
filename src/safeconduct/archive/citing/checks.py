"""Checking passages, what members wrote, and sealed indexes against the log, without a key."""

from collections.abc import Iterator
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from safeconduct.accounts.models import Organisation
from safeconduct.journal.commitments import Written
from safeconduct.journal.queries import latest_commitments

from ..finding import sealed as finding
from ..models import Source
from . import keeping, writing
from .models import Collection, Note, Passage, Tag

_AT_ONCE: Final = 500
Row = TypeVar("Row", bound=Model)


def not_as_logged(organisation: Organisation) -> Iterator[str]:
    """Handles (hex) of what is not what the log last committed to: of a sealed index that of its source."""
    of_sources = Passage.objects.filter(source__organisation=organisation).order_by("pk")
    for some in _parts(of_sources):
        yield from _differing([(row.handle, keeping.as_committed(row)) for row in some])
    for model in (Note, Tag, Collection):
        rows = model._default_manager.filter(team__organisation=organisation).order_by("pk")
        for written in _parts(rows):
            yield from _differing([(row.handle, writing.committed(row)) for row in written])
    sources = Source.objects.filter(organisation=organisation, plane=Source.Plane.SEALED).order_by("pk")
    for held in _parts(sources.select_related("findable")):
        for source in held:
            if not hasattr(source, "findable"):
                yield source.handle.hex
        there = [source for source in held if hasattr(source, "findable")]
        yield from _differing([(source.handle, finding.written(source.findable)) for source in there])


def _differing(rows: list[tuple[UUID, Written]]) -> Iterator[str]:
    known = latest_commitments(said.envelope for _, said in rows)
    for handle, said in rows:
        revision, digest = known.get(said.envelope, (0, b""))
        # A passage has no revision of its own: the log counts how often it was saved.
        if digest != said.digest or (said.revision and said.revision != revision):
            yield handle.hex


def _parts(rows: QuerySet[Row]) -> Iterator[list[Row]]:
    last = 0
    while some := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        last = some[-1].pk
        yield some
