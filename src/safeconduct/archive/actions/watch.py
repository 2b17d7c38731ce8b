"""Going to an address: to take in what is there, or to see what became of a source that was taken in from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import capture, copies, journaling, masking, policies, queries
from ..capture import Captured, NotFetched, Unreached, watching
from ..capture.fetching import Way
from ..capture.watching import Seen
from ..faults import Changed, NoAddress, NotReached, NotTakenIn, TooLarge
from ..masking import Stretch, Under
from ..models import Mask, Observation, Source
from ..policies import By, Unattended
from ..watches.comparing import compare_shown
from .schedule import next_look
from .take_in import Taken, keep_captured, take_in_captured


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
        NotReached: this machine fetches nothing. Changed, JournalUnavailable: nothing was recorded.
    """
    policies.require_of(by, Act.READ_ARCHIVE, source)
    policies.require(by, Act.WATCH_SOURCE, policies.of_source(source))
    return _observe(by, source, way)


def observe_due(*, by: Unattended, source: Source, way: Way | None = None) -> Watched:
    """The same because it is due, and without anybody's key: ``by`` is who asked that it be looked at.

    Raises as `observe`.
    """
    policies.require_due(by, source)
    return _observe(by, source, way)


def _observe(by: By, source: Source, way: Way | None) -> Watched:
    if source.plane != Source.Plane.PUBLIC or source.address is None:
        raise NoAddress("There is no address to return to: this source came as a file, or in confidence.")
    before = capture.unpack(queries.package_of(source))
    now = capture.fetch(before.asked or before.target or source.address, way=way)
    if isinstance(now, NotFetched) and now.reason == Unreached.NOT_HERE:
        raise NotReached(now.reason)  # which is about this machine, and no look at the source
    was, masks = queries.reading_of(source), queries.masks_of(source)
    if queries.is_read_anew(source):  # the masks are of another reading, and would say other words
        raise Changed("This source was read anew at that moment. Nothing was recorded; look again.")
    found = watching.observe(before, now, was=was)
    other = _there_now(by, found, now, masking.words(was, masks))
    if masks:
        found = replace(found, posts=_compared(source, other))
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
            why=_why(found),
            due=isinstance(by, Unattended),
        )
        next_look(source, found.seen)
        act = Entered.OBSERVED_DUE if row.due else Entered.OBSERVED_SOURCE
        journaling.wrote(by, act, [journaling.committed(source)])
    return Watched(row, found, other)


def _compared(source: Source, other: Source | None) -> tuple[watching.PostChange, ...]:
    """What differs between both as they may be shown; nothing where one is read anew at that moment.

    What was seen is recorded all the same, and compared when somebody looks.
    """
    try:
        return () if other is None else tuple(compare_shown(source, other))
    except Changed:
        return ()


def _why(found: watching.Observation) -> str | None:
    why = found.unreached or found.why
    return None if why is None else why.value


def _shown_address(now: Captured | NotFetched, masks: Sequence[Stretch]) -> str | None:
    if isinstance(now, NotFetched) or any(one.part == Mask.Part.ADDRESS for one in masks):
        return None
    return copies.column(now.target)


def _there_now(
    by: By, found: watching.Observation, now: Captured | NotFetched, masked: Sequence[Under]
) -> Source | None:
    if isinstance(now, NotFetched) or found.seen not in (Seen.CHANGED, Seen.GONE):
        return None
    try:
        return keep_captured(by=by, captured=now, masked=masked).source
    except (NotTakenIn, TooLarge):  # kept apart, or not at all: that it changed is recorded all the same
        return None
