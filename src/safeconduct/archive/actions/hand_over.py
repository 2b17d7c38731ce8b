"""Handing over sources with all that speaks for them, as a folder that can be checked without this program."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal import sequencer
from safeconduct.journal.models import Act as Entered

from .. import journaling, policies, queries, sealed
from ..capture import NotPacked, NotProven, NotStamped, Unstamped, handing_over
from ..capture.handing_over import HandOver
from ..capture.stamps import Stamp as Given
from ..faults import NotHandedOver, TooLarge
from ..models import Source, Stamp
from ..proving import proof_of

# Of an organisation (its handle): the checkpoint of its log as it stands, signed, and the log's verifier key.
Signed = Callable[[UUID], tuple[str, str]]


# What is made in memory, to be sent by a page: sealed sources never lie on the disk open.
MOST_BYTES: Final = 400 * 1024 * 1024


def hand_over(*, by: Actor, sources: Sequence[Source], folder: Path, signed: Signed, name: str = "") -> None:
    """Write sources into a folder that must not be there yet. The bytes leave whole: no mask is over them.

    Public sources bring their stamps and the proof that the log holds them; one in confidence brings neither, since
    nobody outside was ever told its hash. Each is recorded before it leaves.

    Raises:
        Refused, NoSource: not theirs to hand over. FileGone: a file is gone, or is not the one that was kept.
        JournalUnavailable, ReadingHalted: nothing left. FileExistsError. TooLarge, NotHandedOver.
    """
    _require(by, sources)
    if folder.exists():
        raise FileExistsError(folder)
    if sum(one.file.stored_bytes for one in sources) > handing_over.MOST_BYTES:
        raise TooLarge("Together these sources are more than one folder holds. Hand them over in parts.")
    with _told():
        handing_over.hand_over(_items(by, sources, signed), folder, name=name)


def hand_over_zipped(*, by: Actor, sources: Sequence[Source], called: str, signed: Signed, name: str = "") -> bytes:
    """The same as one file, in which the folder is ``called`` so.

    Raises as `hand_over`, and `TooLarge`: together they are more than a page can send.
    """
    _require(by, sources)
    if sum(one.file.stored_bytes for one in sources) > MOST_BYTES:
        raise TooLarge("Together these sources are more than a page can send. Use safeconduct archive export.")
    with _told():
        return handing_over.zipped(handing_over.files_for(_items(by, sources, signed), name=name), called)


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


def _require(by: Actor, sources: Sequence[Source]) -> None:
    for one in sources:
        policies.require_of(by, Act.HAND_OVER_SOURCE, one)


def _items(by: Actor, sources: Sequence[Source], signed: Signed) -> list[HandOver]:
    public = [one for one in sources if one.plane == Source.Plane.PUBLIC]
    if public:
        with transaction.atomic():
            written = [journaling.committed(one) for one in public]
            journaling.wrote(by, Entered.HANDED_OVER_SOURCE, written, count=len(public))
        sequencer.sequence()  # so that its entry is in the tree that the proof is of
    note, key = signed(by.organisation.handle)
    return [_item(by, one, note, key) for one in sources]


def _item(by: Actor, source: Source, note: str, key: str) -> HandOver:
    if source.plane == Source.Plane.SEALED:
        keyed = sealed.hold(by, source)
        leave = journaling.opening(by, keyed, Entered.EXPORTED)
        return HandOver(queries.package_in_confidence(by, source, leave=leave))
    digest = bytes(source.file.digest)
    proof = proof_of(source.file.handle, digest, organisation=by.organisation.handle, signed=note, key=key)
    given = tuple(
        Given(row.authority, bytes(row.token or b""), row.chain or "")
        for row in source.stamps.filter(state=Stamp.State.HAD).order_by("at", "pk")
    )
    return HandOver(queries.package_of(source), given, proof, source.title or "")
