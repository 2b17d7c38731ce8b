"""Masking people who could be harmed: in the reading copy, in what is listed and found; never in the bytes."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import copies, journaling, masking, policies, queries, rows, sealed
from ..faults import Changed, MaskedAlready, NothingMasked
from ..finding import sealed as finding
from ..masking import Stretch, Under
from ..models import Mask, Source
from ..policies import By
from ..reading.shape import Reading
from ..sealed import Keyed
from .cite import settle


def mask_word(*, by: Actor, source: Source, word: str, whole: bool = True) -> int:
    """Mask a word, a name or several words wherever they stand in a source. Returns in how many places.

    The word is kept nowhere. ``whole``: see `masking.find`.

    Raises:
        Refused, NoSource: not theirs to mask. NothingMasked: it stands nowhere. MaskedAlready. JournalUnavailable.
    """
    policies.require_of(by, Act.MASK_SOURCE, source)
    reading, address, keyed = _open(by, source)
    found = masking.find(word, reading, address, whole=whole)
    if not found:
        raise NothingMasked("These words stand nowhere in the source. Nothing was masked.")
    return _mask(by, source, found, reading, address, keyed)


def mask_stretch(*, by: Actor, source: Source, start: int, end: int) -> None:
    """Mask characters ``start`` to ``end`` of the raw text. Raises as `mask_word`."""
    policies.require_of(by, Act.MASK_SOURCE, source)
    reading, address, keyed = _open(by, source)
    if not 0 <= start < end <= len(reading.raw):
        raise NothingMasked("There is no such stretch in the text of this source. Nothing was masked.")
    _mask(by, source, [Stretch(Mask.Part.TEXT, None, start, end)], reading, address, keyed)


def unmask(*, by: Actor, source: Source, masks: Sequence[Mask]) -> None:
    """Take masks of a source back. Raises `Refused`, `NoSource`, `MaskedAlready`: they were by now."""
    policies.require_of(by, Act.MASK_SOURCE, source)
    reading, address, keyed = _open(by, source)
    with transaction.atomic():
        _lock(source)
        gone, _ = Mask.objects.filter(source=source, pk__in=[one.pk for one in masks]).delete()
        if not gone:
            raise MaskedAlready("These masks were taken back by now.")
        _finish(by, source, reading, address, keyed, gone)


def _open(by: Actor, source: Source) -> tuple[Reading, str | None, Keyed | None]:
    """What a source says without its masks, where it is from, and its key where it has one."""
    if source.plane == Source.Plane.PUBLIC:
        reading = queries.reading_of(source)
        return reading, queries.address_of(source) or reading.address, None
    keyed = sealed.hold(by, source)
    known = sealed.open_record(journaling.opening(by, keyed), keyed, source.sealed_record)
    return copies.unpack(source.sealed_record.schema, known.reading), known.address, keyed


def mask_words(by: By, source: Source, words: Sequence[Under], reading: Reading, address: str | None) -> None:
    """Mask words of a public source wherever they stand, as a part of an act that was decided.

    Inside the caller's transaction, so that no reading copy ever stood there that showed them.
    """
    found = dict.fromkeys(one for word in words for one in word.stands(reading, address))
    with contextlib.suppress(MaskedAlready):
        if found:
            _mask(by, source, list(found), reading, address, None)


def _mask(
    by: By,
    source: Source,
    found: Sequence[Stretch],
    reading: Reading,
    address: str | None,
    keyed: Keyed | None,
) -> int:
    with transaction.atomic():
        _lock(source)
        there = set(queries.masks_of(source))
        fresh = [one for one in found if one not in there]
        if not fresh:
            raise MaskedAlready("All of this is masked already.")
        now = datetime.now(UTC)
        Mask.objects.bulk_create(
            [
                Mask(
                    source=source, part=one.part, number=one.number, start=one.start, end=one.end, at=now, by=by.member
                )
                for one in fresh
            ],
            batch_size=500,
        )
        _finish(by, source, reading, address, keyed, len(fresh))
    return len(fresh)


def _finish(by: By, source: Source, reading: Reading, address: str | None, keyed: Keyed | None, count: int) -> None:
    masks = queries.masks_of(source)
    shown = masking.masked(reading, masks)
    covered = {reading.raw[one.start : one.end] for one in masks if one.part == Mask.Part.TEXT}
    written = settle(source, shown, keyed, covered)
    if keyed is None:
        rows.show(source, reading, masks, address)
    else:
        written.append(finding.put(keyed, source, shown))
    journaling.wrote(by, Entered.MASKED_SOURCE, [journaling.committed(source), *written], keyed, count=count)


def _lock(source: Source) -> None:
    Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if queries.is_read_anew(source):
        raise Changed("This source was read anew at that moment. Nothing was masked; try again.")
