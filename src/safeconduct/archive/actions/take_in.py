"""Taking in what others published: the bytes as they came into a package, what they say into a reading copy."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import IntegrityError, transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.calendar.days import day_in_london
from safeconduct.core.policy.facts import Act
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered

from .. import capture, copies, files, journaling, masking, policies, queries, rows
from ..alike import note_alike
from ..capture import Captured
from ..copies import Alike
from ..faults import TooLarge
from ..looking import look, media_type_of
from ..masking import Under
from ..models import Observation, ReadingCopy, Source, SourceFile
from ..policies import By
from ..reading.bounds import MOST_BYTES
from ..reading.shape import NotRead, Reading, Unfit
from . import quarantine
from .masking import mask_words

# Why a package could not be made or taken apart, as a reason bytes are refused for.
_UNSOUND: Final = {
    capture.Unsound.NOT_ONE: Unfit.NOT_SUCH,
    capture.Unsound.DAMAGED: Unfit.DAMAGED,
    capture.Unsound.TOO_LARGE: Unfit.TOO_LARGE,
    capture.Unsound.HOSTILE: Unfit.HOSTILE,
    capture.Unsound.NOTHING_INSIDE: Unfit.NOT_SUCH,
    capture.Unsound.HASHES_DIFFER: Unfit.DAMAGED,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A source that was taken in, or observed ``again``: its reading as it may be shown, and posts like others'."""

    source: Source
    reading: Reading
    alike: Sequence[Alike]
    again: bool = False


def take_in(*, by: Actor, data: bytes, name: str = "", address: str | None = None) -> Taken:
    """Take in a file that others published. ``address`` is where it is said to be from; ``name`` is kept nowhere.

    Raises as `take_in_captured`.
    """
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    _require_bearable(data)
    got = Captured(address, datetime.now(UTC), media_type_of(data, name), data)
    return take_in_captured(by=by, captured=got, name=name)


def take_in_captured(*, by: Actor, captured: Captured, name: str = "", package: bytes | None = None) -> Taken:
    """Take in what was captured. The same bytes again are the same source, observed once more.

    Raises `Refused`, and as `keep_captured`.
    """
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    return keep_captured(by=by, captured=captured, name=name, package=package)


def keep_captured(
    *, by: By, captured: Captured, name: str = "", package: bytes | None = None, masked: Sequence[Under] = ()
) -> Taken:
    """The same as a part of an act that was decided. ``masked``: words that its reading copy never shows.

    ``package`` is the one it was taken from, where it came in one that stamps are over: it is kept as it is.

    Raises:
        NotTakenIn: they are no source that can be read; the bytes are kept apart.
        TooLarge, CannotRead, DiskRefused, JournalUnavailable: nothing was kept.
    """
    _require_bearable(captured.body)
    sha256 = hashlib.sha256(captured.body).digest()
    known = Source.objects.filter(organisation=by.organisation, sha256=sha256).first()
    if known is not None:
        return _again(by, known, captured, masked)
    try:
        reading, copy, made = read_and_pack(captured, name)
    except NotRead as fault:
        raise quarantine.keep(by, captured.body, fault.reason) from None
    package = made if package is None else package
    file = new_handle()
    files.write(file, files.WACZ, package)
    try:
        with transaction.atomic():
            source, alike = _write(by, captured, sha256, reading, copy)
            digest = hashlib.sha256(package).digest()
            SourceFile.objects.create(handle=file, source=source, stored_bytes=len(package), digest=digest)
            written = [Written(file, 1, digest), journaling.committed(source)]
            journaling.wrote(by, Entered.TOOK_IN_SOURCE, written)
            mask_words(by, source, masked, reading, captured.target or reading.address)
            shown = masking.masked(reading, queries.masks_of(source))
    except IntegrityError:
        files.remove_unclaimed(file)
        # Somebody took in the same bytes at that very moment.
        return _again(by, Source.objects.get(organisation=by.organisation, sha256=sha256), captured, masked)
    except BaseException:
        files.remove_unclaimed(file)
        raise
    return Taken(source, shown, alike)


def read_and_pack(captured: Captured, name: str) -> tuple[Reading, bytes, bytes]:
    """What the bytes say, that as it is kept, and their package. Raises `NotRead`."""
    reading = look(captured.body, name=name, media_type=captured.media_type if captured.status else None)
    try:
        copy = copies.pack(reading)
        return reading, copy, capture.pack(captured, title=reading.title or "")
    except UnicodeEncodeError:
        raise NotRead(Unfit.DAMAGED) from None
    except capture.NotPacked as fault:
        raise NotRead(_UNSOUND[fault.reason]) from None


def _write(by: By, captured: Captured, sha256: bytes, reading: Reading, copy: bytes) -> tuple[Source, Sequence[Alike]]:
    source = Source.objects.create(
        organisation=by.organisation,
        plane=Source.Plane.PUBLIC,
        kind=reading.kind.value,
        sha256=sha256,
        length=len(captured.body),
        at=datetime.now(UTC),
        by=by.member,
        captured_at=captured.captured_at,
        captured_on=day_in_london(captured.captured_at),
        address=copies.column(captured.target or reading.address),
        **rows.columns(reading),
    )
    ReadingCopy.objects.create(source=source, schema=copies.SCHEMA, body=copy)
    return source, note_alike(source, rows.add_posts(source, reading), reading)


def _again(by: By, source: Source, captured: Captured, masked: Sequence[Under]) -> Taken:
    with transaction.atomic():
        Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        Observation.objects.create(
            source=source,
            at=captured.captured_at,
            by=by.member,
            outcome=Observation.Outcome.TAKEN_IN,
            status=captured.status,
            address=copies.column(captured.target),
        )
        journaling.wrote(by, Entered.OBSERVED_SOURCE, [journaling.committed(source)])
        reading = queries.reading_of(source)
        mask_words(by, source, masked, reading, queries.address_of(source) or reading.address)
        shown = queries.as_shown(source, reading)
    return Taken(source, shown, queries.alike_of(source), again=True)


def _require_bearable(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A source has at most {MOST_BYTES // (1024 * 1024)} MB. This file was left where it is.")
