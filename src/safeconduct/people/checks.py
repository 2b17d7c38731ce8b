"""Checking sealed records against the log, without a key: what ``safeconduct check`` runs."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Q

from safeconduct.accounts.models import Organisation, Team
from safeconduct.core.sealing.envelopes import digest
from safeconduct.core.sealing.files import digest as file_digest
from safeconduct.journal.queries import latest_commitments

from .models import Envelope, PaperFile, Subject
from .papers import files
from .records import ALWAYS_THERE

_AT_ONCE = 500
# A search opens a team's whole index. Nobody is refused beyond this: a desk that turns people away is worse than a slow
# one.
PEOPLE_A_TEAM: Final = 100_000


def teams_too_large(organisation: Organisation) -> Iterator[Team]:
    """Teams that hold more people than a search is quick among."""
    held = Count("wraps", filter=Q(wraps__subject__kind=Subject.Kind.PERSON))
    yield from organisation.teams.annotate(held=held).filter(held__gt=PEOPLE_A_TEAM).order_by("pk")


def envelopes_not_as_logged(organisation: Organisation) -> Iterator[str]:
    """Handles (hex) of envelopes that are not what the log last committed to: put back, changed or slipped in."""
    batch: list[Envelope] = []
    for row in Envelope.objects.filter(subject__organisation=organisation).iterator(chunk_size=_AT_ONCE):
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield from _differing(batch)
            batch = []
    yield from _differing(batch)


def subjects_nobody_holds(organisation: Organisation) -> int:
    """How many records have lost every wrap, so that nobody can open them any more."""
    return Subject.objects.filter(organisation=organisation, wraps=None).count()


def subjects_cut_short(organisation: Organisation) -> int:
    """How many records lack a facet that every record of their kind is made with."""
    return sum(
        Subject.objects.filter(organisation=organisation, kind=kind)
        .annotate(there=Count("envelopes", filter=Q(envelopes__facet__in=facets)))
        .exclude(there=len(facets))
        .count()
        for kind, facets in ALWAYS_THERE.items()
    )


def _differing(rows: list[Envelope]) -> Iterator[str]:
    known = latest_commitments(row.handle for row in rows)
    for row in rows:
        if known.get(row.handle) != (row.revision, digest(bytes(row.body))):
            yield row.handle.hex


def papers_not_as_logged(organisation: Organisation) -> Iterator[str]:
    """Handles (hex) of papers whose sealed file is gone, or is not the one the log committed to."""
    batch: list[PaperFile] = []
    for row in PaperFile.objects.filter(subject__organisation=organisation).iterator(chunk_size=_AT_ONCE):
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield from _missing_or_other(batch)
            batch = []
    yield from _missing_or_other(batch)


def _missing_or_other(rows: list[PaperFile]) -> Iterator[str]:
    known = latest_commitments(row.handle for row in rows)
    for row in rows:
        try:
            told = file_digest(files.read(row.handle))
        except files.FileGone:
            told = b""
        _, logged = known.get(row.handle, (0, b""))
        if logged != told or bytes(row.digest) != told:
            yield row.handle.hex
