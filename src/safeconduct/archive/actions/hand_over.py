"""Handing over sources with all that speaks for them, as a folder that can be checked without this program."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal import sequencer
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from .. import files, journaling, policies, queries, sealed
from ..capture import NotPacked, NotProven, NotStamped, Unstamped, handing_over, leaving
from ..capture.annotations import Gathered
from ..capture.handing_over import HandOver
from ..capture.leaving import Ready
from ..capture.stamps import Stamp as Given
from ..citing.models import Collection
from ..faults import NotHandedOver, TooLarge
from ..models import Source, Stamp
from ..proving import proof_of
from ..sealed import Keyed
from .gather import gather

# Of an organisation (its handle): the checkpoint of its log as it stands, signed, and the log's verifier key.
Signed = Callable[[UUID], tuple[str, str]]


class _Leaves(NamedTuple):
    """A source that was found fit to leave; of one in confidence its key, and the entry that it leaves."""

    source: Source
    keyed: Keyed | None = None
    leave: Entry | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Leaving:
    """A folder on its way out as one file: each source is read when its turn comes, and is never on the disk open."""

    _ready: Ready
    _sources: Sequence[_Leaves]

    @property
    def length(self) -> int:
        """How many bytes it has."""
        return self._ready.length

    def pieces(self) -> Iterator[bytes]:
        """The file, piece by piece; it ends short where a source is not the one that was checked any more.

        Raises `FileGone`, `NotPacked`, `SealingFault`.
        """
        return self._ready.pieces(lambda number: _package(self._sources[number - 1]))


def hand_over(
    *, by: Actor, sources: Sequence[Source], folder: Path, signed: Signed, collection: Collection | None = None
) -> None:
    """Write sources into a folder that must not be there yet. The bytes leave whole: no mask is over them.

    ``collection`` is theirs, where its name, its order and its passages are to go along.

    Public sources bring their stamps and the proof that the log holds them; one in confidence brings neither, since
    nobody outside was ever told its hash. Each is recorded before it leaves.

    Raises:
        Refused, NoSource: not theirs to hand over. FileGone: a file is gone, or is not the one that was kept.
        JournalUnavailable, ReadingHalted: nothing left. FileExistsError. TooLarge, NotHandedOver.
    """
    _require(by, sources)
    if folder.exists():
        raise FileExistsError(folder)
    with _told():
        going: list[_Leaves] = []
        gathered, leaves = _gathered(by, sources, collection)
        leaving.hand_over(_items(by, sources, signed, going, leaves), folder, gathered=gathered)


def hand_over_zipped(
    *, by: Actor, sources: Sequence[Source], called: str, signed: Signed, collection: Collection | None = None
) -> Leaving:
    """The same as one file, in which the folder is ``called`` so. All is checked and recorded when this returns.

    Raises as `hand_over`.
    """
    _require(by, sources)
    going: list[_Leaves] = []
    gathered, leaves = _gathered(by, sources, collection)
    with _told():
        items = _items(by, sources, signed, going, leaves)
        return Leaving(leaving.ready(items, called=called, gathered=gathered), going)


def sources_of(by: Actor, collection: Collection) -> list[Source]:
    """The sources of a collection in its order, also those of which only a passage is in it. Raises `Refused`."""
    policies.require(by, Act.OPEN_NOTES, policies.of_team(collection.team, by.organisation))
    places = collection.items.order_by("place", "pk").values_list("source_id", flat=True)
    found = queries.sources(by).in_bulk(list(places))
    return [found[pk] for pk in dict.fromkeys(places) if pk in found]


def handable(by: Actor) -> list[Source]:
    """Every source the member may see and hand over, the oldest first. Raises `Refused`."""
    rows = queries.sources(by).order_by("at", "pk")
    return [one for one in rows if policies.allows_of(by, Act.HAND_OVER_SOURCE, one)]


@contextmanager
def _told() -> Iterator[None]:
    """What does not hold is not handed over, and said as a fault of this room."""
    try:
        yield
    except NotStamped as fault:
        raise NotHandedOver(unchecked=fault.reason == Unstamped.NO_CHECKER) from None
    except (NotProven, NotPacked):
        raise NotHandedOver(unchecked=False) from None


def _gathered(
    by: Actor, sources: Sequence[Source], collection: Collection | None
) -> tuple[Gathered | None, dict[int, Entry]]:
    """What goes along of a collection, and the entries, by row id, under which sources were opened for it."""
    leaves: dict[int, Entry] = {}
    return None if collection is None else gather(by=by, collection=collection, sources=sources, leaves=leaves), leaves


def _require(by: Actor, sources: Sequence[Source]) -> None:
    for one in sources:
        policies.require_of(by, Act.HAND_OVER_SOURCE, one)
    if sum(one.file.stored_bytes for one in sources) > handing_over.MOST_BYTES:
        raise TooLarge("Together these sources are more than one folder holds. Hand them over in parts.")


def _items(
    by: Actor, sources: Sequence[Source], signed: Signed, going: list[_Leaves], leaves: Mapping[int, Entry]
) -> Iterator[HandOver]:
    """The sources one after the other, each with what speaks for it; ``going`` is told of each.

    ``leaves``: the entries, by row id, that some in confidence leave by already.
    """
    public = [one for one in sources if one.plane == Source.Plane.PUBLIC]
    if public:
        with transaction.atomic():
            written = [journaling.committed(one) for one in public]
            journaling.wrote(by, Entered.HANDED_OVER_SOURCE, written, count=len(public))
        sequencer.sequence()  # so that its entry is in the tree that the proof is of
    note, key = signed(by.organisation.handle)
    for one in sources:
        if one.plane == Source.Plane.SEALED:
            keyed = sealed.hold(by, one)
            leave = leaves.get(one.pk) or journaling.opening(by, keyed, Entered.EXPORTED)
            going.append(_Leaves(one, keyed, leave))
            yield HandOver(_package(going[-1]))
        else:
            going.append(_Leaves(one))
            yield _public(by, going[-1], note, key)


def _public(by: Actor, one: _Leaves, note: str, key: str) -> HandOver:
    source = one.source
    digest = bytes(source.file.digest)
    proof = proof_of(source.file.handle, digest, organisation=by.organisation.handle, signed=note, key=key)
    given = tuple(
        Given(row.authority, bytes(row.token or b""), row.chain or "")
        for row in source.stamps.filter(state=Stamp.State.HAD).order_by("at", "pk")
    )
    return HandOver(_package(one), given, proof, source.title or "")


def _package(one: _Leaves) -> bytes:
    if one.keyed is None or one.leave is None:
        return queries.package_of(one.source)
    stored = files.read(one.source.file.handle, files.SEALED)
    return sealed.open_file(one.leave, one.keyed, one.source.file, stored)
