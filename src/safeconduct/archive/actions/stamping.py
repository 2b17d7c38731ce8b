"""Time-stamps of sources: asked of each authority the office chose, and again of those that did not answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import journaling, policies
from ..capture import stamps
from ..capture.fetching import Way
from ..capture.stamps import Authority
from ..models import Source, Stamp
from ..policies import By


@dataclass(frozen=True, slots=True)
class Stamped:
    """How many stamps a source has by now, and the authorities that gave none this time."""

    had: int
    wanting: tuple[str, ...]


def stamp_source(
    *, by: Actor, source: Source, authorities: Sequence[Authority], way: Way | None = None, now: datetime | None = None
) -> Stamped:
    """Ask for the stamps that a public source lacks and that are due to be asked for.

    Each is over the SHA-256 of the source's package. What an authority did not give is kept as wanting.

    Raises `Refused`; `ValueError`: a source in confidence, whose hash goes to nobody; `JournalUnavailable`.
    """
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(source.organisation))
    return stamp_kept(by=by, source=source, authorities=authorities, way=way, now=now)


def stamp_kept(
    *, by: By, source: Source, authorities: Sequence[Authority], way: Way | None = None, now: datetime | None = None
) -> Stamped:
    """The same as a part of an act that was decided. Raises `ValueError`, `JournalUnavailable`."""
    if source.plane != Source.Plane.PUBLIC:
        raise ValueError("the hash of a source in confidence goes to nobody")
    at = now or datetime.now(UTC)
    known = {row.authority: row for row in source.stamps.all()}
    asked = [one for one in authorities if _is_due(known.get(one.name), at)]
    digest = bytes(source.file.digest)
    had, missing = stamps.stamp_by_each(digest, asked, way=way)
    fresh = [(one.authority, one) for one in had] + [(fault.authority, None) for fault in missing]
    chains = {one.name: one.certificates for one in asked}
    if fresh:
        with transaction.atomic():
            Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
            for name, got in fresh:
                _keep(source, name, digest, got, chains[name], at)
            journaling.wrote(by, Entered.STAMPED_SOURCE, [journaling.committed(source)], count=len(had))
    rows = Stamp.objects.filter(source=source)
    return Stamped(rows.filter(state=Stamp.State.HAD).count(), tuple(fault.authority for fault in missing))


def _is_due(row: Stamp | None, at: datetime) -> bool:
    if row is None:
        return True
    return row.state == Stamp.State.WANTING and stamps.try_again(row.tries, row.asked_at) <= at


def _keep(
    source: Source, authority: str, digest: bytes, got: stamps.Stamp | None, certificates: str, at: datetime
) -> None:
    row = Stamp.objects.filter(source=source, authority=authority).first()
    if row is not None and row.state == Stamp.State.HAD:
        return
    if row is None:
        row = Stamp(source=source, authority=authority, digest=digest, tries=0)
    row.asked_at, row.tries = at, row.tries + 1
    if got is not None:
        row.at = stamps.check_stamp(got.reply, digest, certificates).at
        row.state, row.token, row.chain = Stamp.State.HAD, got.reply, got.chain
    row.save()
