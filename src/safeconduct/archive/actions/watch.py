"""Going to an address: to take in what is there, or to see what became of a source that was taken in from it."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import capture, copies, journaling, masking, policies, queries
from ..capture import Captured, NotFetched, watching
from ..capture.fetching import Way
from ..capture.watching import Seen
from ..faults import MaskedAlready, NoAddress, NothingMasked, NotReached, NotTakenIn, TooLarge
from ..masking import Stretch
from ..models import Mask, Observation, Source
from .masking import mask_word
from .take_in import Taken, take_in_captured


@dataclass(frozen=True, slots=True)
class Watched:
    """What was found, as it was recorded and as it can be read. ``other`` is the source that is there now, if any."""

    observation: Observation
    found: watching.Observation
    other: Source | None


def take_in_address(*, by: Actor, address: str, way: Way | None = None) -> Taken:
    """Fetch an address and take in what it answers with. It may take a minute, and holds no transaction meanwhile.

    Raises:
        NotReached: nothing came, or what came is no page but an error or a throttle. And as `take_in_captured`.
    """
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    got = capture.fetch(address, way=way)
    if isinstance(got, NotFetched):
        raise NotReached(got.reason)
    if got.status is None or not 200 <= got.status < 300:
        raise NotReached(capture.Unreached.NO_PAGE)
    return take_in_captured(by=by, captured=got)


def observe(*, by: Actor, source: Source, way: Way | None = None) -> Watched:
    """Return to a public source's address and record what is there. Passages stay with what was captured.

    What is there instead is taken in as a source of its own, also the page by which a source says that it is gone. What
    is masked in the one is masked in the other, and in what is said to have changed.

    Raises:
        Refused; NoAddress: it came as a file, or in confidence. FileGone: what it was is not in the folder any more.
        JournalUnavailable: nothing was recorded.
    """
    policies.require_of(by, Act.READ_ARCHIVE, source)
    policies.require(by, Act.WATCH_SOURCE, policies.of_source(source))
    if source.plane != Source.Plane.PUBLIC or source.address is None:
        raise NoAddress("There is no address to return to: this source came as a file, or in confidence.")
    before = capture.unpack(queries.package_of(source))
    now = capture.fetch(before.asked or before.target or source.address, way=way)
    was, masks = queries.reading_of(source), queries.masks_of(source)
    found = watching.observe(before, now, was=was)
    other = _there_now(by, found, now)
    if masks:
        found = replace(found, posts=_masked_alike(by, source, other, masking.words(was, masks)))
    with transaction.atomic():
        Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        row = Observation.objects.create(
            source=source,
            at=now.captured_at if isinstance(now, Captured) else datetime.now(UTC),
            by=by.member,
            outcome=Observation.Outcome(found.seen.value),
            status=found.status,
            address=_shown_address(now, masks),
            other=other,
        )
        journaling.wrote(by, Entered.OBSERVED_SOURCE, [journaling.committed(source)])
    return Watched(row, found, other)


def _masked_alike(
    by: Actor, source: Source, other: Source | None, words: Sequence[str]
) -> tuple[watching.PostChange, ...]:
    """Mask in ``other`` the words that are masked in ``source``, and compare what of both may be shown."""
    if other is None:
        return ()
    for word in words:
        with contextlib.suppress(NothingMasked, MaskedAlready):
            mask_word(by=by, source=other, word=word)
    return watching.compare_posts(queries.shown(by, source).posts, queries.shown(by, other).posts)


def _shown_address(now: Captured | NotFetched, masks: Sequence[Stretch]) -> str | None:
    if isinstance(now, NotFetched) or any(one.part == Mask.Part.ADDRESS for one in masks):
        return None
    return copies.column(now.target)


def _there_now(by: Actor, found: watching.Observation, now: Captured | NotFetched) -> Source | None:
    if isinstance(now, NotFetched) or found.seen not in (Seen.CHANGED, Seen.GONE):
        return None
    try:
        return take_in_captured(by=by, captured=now).source
    except (NotTakenIn, TooLarge):  # kept apart, or not at all: that it changed is recorded all the same
        return None
