"""Sources as members may see them: public ones of their organisation, those in confidence of their teams."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import alike, capture, copies, files, journaling, masking, policies, sealed
from .copies import Alike, InConfidence
from .faults import Changed, FileGone, NoSource
from .masking import Stretch
from .models import Mask, Quarantined, ReadingCopy, SealedRecord, Source
from .reading.shape import Reading


@dataclass(frozen=True, slots=True)
class Opened:
    """A source in confidence, opened under an entry: what is known of it, and its reading copy as it may be shown."""

    source: Source
    known: InConfidence
    reading: Reading
    leave: Entry

    @property
    def alike(self) -> Sequence[Alike]:
        """What its posts had in common with public ones when it was taken in."""
        return self.known.alike


def sources(by: Actor) -> QuerySet[Source]:
    """The public sources of the member's organisation, and the rows of those in confidence their teams hold.

    Raises `Refused`.
    """
    policies.require(by, Act.READ_ARCHIVE, policies.of_organisation(by.organisation))
    seen = Q(plane=Source.Plane.PUBLIC) | Q(plane=Source.Plane.SEALED, team__in=list(by.memberships))
    rows = Source.objects.filter(seen, organisation=by.organisation)
    return rows.select_related("organisation", "team", "by", "file").order_by("-at", "-pk")


def source(by: Actor, handle: UUID) -> Source:
    """One of them. Raises `Refused`, `NoSource`."""
    found = sources(by).filter(handle=handle).first()
    if found is None:
        raise NoSource("There is no such source, or your teams do not hold it.")
    return found


def quarantined(by: Actor) -> QuerySet[Quarantined]:
    """What was refused and is kept apart, as `sources` has it: when, by whom and why, never its bytes.

    Raises `Refused`.
    """
    policies.require(by, Act.READ_ARCHIVE, policies.of_organisation(by.organisation))
    seen = Q(plane=Source.Plane.PUBLIC) | Q(plane=Source.Plane.SEALED, team__in=list(by.memberships))
    rows = Quarantined.objects.filter(seen, organisation=by.organisation)
    return rows.select_related("organisation", "team", "by").order_by("-at", "-pk")


def shown(by: Actor, source: Source) -> Reading:
    """The reading copy of a public source, as it may be shown. Raises `Refused`."""
    policies.require_of(by, Act.READ_ARCHIVE, source)
    return as_shown(source, reading_of(source))


def open_sealed(by: Actor, source: Source) -> Opened:
    """A source in confidence. Its entry is committed before anything opens.

    Raises `Refused`, `NoSource`, `JournalUnavailable`, `ReadingHalted`.
    """
    policies.require_of(by, Act.READ_ARCHIVE, source)
    leave = journaling.opening(by, keyed := sealed.hold(by, source))
    known = sealed.open_record(leave, keyed, source.sealed_record)
    reading = copies.unpack(source.sealed_record.schema, known.reading)
    return Opened(source, known, as_shown(source, reading), leave)


def reading_of(source: Source) -> Reading:
    """What a public source says, masks or no masks: for the acts of this room."""
    return copies.unpack(source.copy.schema, source.copy.body)


def as_shown(source: Source, reading: Reading) -> Reading:
    """A reading under the source's masks as they are now. Raises `Changed`: it was read anew since ``reading`` was.

    Masks are offsets: those of one reading over the text of another would show what they cover.
    """
    shown = masking.masked(reading, masks_of(source))
    if is_read_anew(source):
        raise Changed("This source was read anew at that moment. Open it again.")
    return shown


def is_read_anew(source: Source) -> bool:
    """Whether the reading copy is another than the one this object has read: offsets in that one mean nothing now."""
    held = source._state.fields_cache
    if held.get("sealed_record") is not None:
        read = source.sealed_record.revision
        return not SealedRecord.objects.filter(source=source, revision=read).exists()
    if held.get("copy") is not None:
        return not ReadingCopy.objects.filter(source=source, body=bytes(source.copy.body)).exists()
    return False  # nothing of it was read


def masks_of(source: Source) -> list[Stretch]:
    """The masks of a source."""
    return masking.of_rows(Mask.objects.filter(source=source).order_by("pk"))


def address_of(source: Source) -> str | None:
    """Where a public source is from, masks or no masks: for the acts of this room. Raises `FileGone`."""
    # Once the column is masked, only the package still says it.
    if any(one.part == Mask.Part.ADDRESS for one in masks_of(source)):
        return capture.unpack(package_of(source)).target
    said: str | None = source.address
    return said


def alike_of(source: Source) -> list[Alike]:
    """What the posts of a public source have in common with others."""
    return list(alike.of_source(source))


def package(by: Actor, source: Source) -> bytes:
    """The WACZ of a public source, as it was captured.

    Raises `Refused`, `FileGone`: it is not on the disk, or is not the one that was kept.
    """
    policies.require_of(by, Act.READ_ARCHIVE, source)
    return package_of(source)


def package_of(source: Source) -> bytes:
    """The same, for the acts of this room."""
    data = files.read(source.file.handle, files.ending_of(source))
    if hashlib.sha256(data).digest() != bytes(source.file.digest):
        raise FileGone("The file of this source is not the one that was kept; put it back from a backup.")
    return data


def package_in_confidence(by: Actor, source: Source, *, leave: Entry) -> bytes:
    """The WACZ of a source in confidence, under an entry that was committed.

    Raises `NoSource`, `FileGone`, `SealingFault`.
    """
    stored = files.read(source.file.handle, files.ending_of(source))
    return sealed.open_file(leave, sealed.hold(by, source), source.file, stored)


def listed_in_confidence(by: Actor, of: Collection[Source]) -> dict[int, InConfidence]:
    """What is known of several sources in confidence, by row id: one entry a team, committed before any opens.

    It is read by way of the objects that were given, so that `as_shown` sees which reading of them it was.

    Raises `Refused`, `JournalUnavailable`, `ReadingHalted`.
    """
    for one in of:
        policies.require_of(by, Act.READ_ARCHIVE, one)
    mine = {one.pk: one for one in of}
    found = list(sealed.held(by, Source.objects.filter(pk__in=list(mine))))
    out: dict[int, InConfidence] = {}
    for team in {keyed.team for _, keyed in found}:
        here = [(one, keyed) for one, keyed in found if keyed.team == team]
        detail = {"sources": [one.handle.hex for one, _ in here]}
        leave = journaling.listing(by, team, Entered.LISTED, count=len(here), detail=detail)
        for one, keyed in here:
            out[one.pk] = sealed.open_record(leave, keyed, mine[one.pk].sealed_record)
    return out
