"""Reading in a folder that another office handed over: the packages as they are, with the stamps that are over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import capture, journaling, policies
from ..capture import HandOver, stamps
from ..capture.annotations import Gathered
from ..capture.verifying import Checked, Known, Verdict, verify_folder, verify_zipped
from ..faults import NotSound
from ..models import Source, Stamp
from .take_in import Taken, take_in_captured


@dataclass(frozen=True, slots=True)
class Received:
    """A source of the folder as it was taken in, and what checking it said: its doubts are for a person to settle."""

    taken: Taken
    checked: Checked


@dataclass(frozen=True, slots=True)
class ReadIn:
    """The sources of a folder, and the collection that came along with them, for `gather.restore`."""

    received: tuple[Received, ...]
    gathered: Gathered | None = None

    @property
    def sources(self) -> list[Source]:
        """The sources, as they are here."""
        return [one.taken.source for one in self.received]


def read_in(*, by: Actor, folder: Path, known: Known | None = None) -> ReadIn:
    """Check a folder, then take in every source of it as public, in its order. ``known``: see `Known`.

    A source that is here already is observed once more, and keeps the package and stamps it has. The proof from the
    other office's log stays in the folder.

    Raises:
        NotSound: the folder does not agree with its stamps, its log or itself; nothing was taken in.
        And as `take_in_captured`, of the first that cannot be: those before it are here.
    """
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    return _read_in(by, *verify_folder(folder, known or Known()))


def read_in_zipped(*, by: Actor, data: bytes, known: Known | None = None) -> ReadIn:
    """The same of a folder that came as one file. Raises as `read_in`."""
    policies.require(by, Act.TAKE_IN_SOURCE, policies.of_organisation(by.organisation))
    return _read_in(by, *verify_zipped(data, known or Known()))


def _read_in(by: Actor, verdict: Verdict, items: Sequence[HandOver]) -> ReadIn:
    if verdict.all_faults or not items:
        raise NotSound(verdict.all_faults)
    received = tuple(_receive(by, item, checked) for item, checked in zip(items, verdict.sources, strict=True))
    return ReadIn(received, verdict.gathered)


def _receive(by: Actor, item: HandOver, checked: Checked) -> Received:
    taken = take_in_captured(by=by, captured=capture.unpack(item.wacz), package=item.wacz)
    if not taken.again and item.stamps:
        now = datetime.now(UTC)
        with transaction.atomic():
            Source.objects.select_for_update(of=("self",)).get(pk=taken.source.pk)
            for one in {given.authority: given for given in item.stamps}.values():
                Stamp.objects.create(
                    source=taken.source,
                    authority=one.authority,
                    digest=item.digest,
                    state=Stamp.State.HAD,
                    asked_at=now,
                    at=stamps.check_stamp(one.reply, item.digest, one.chain).at,
                    token=one.reply,
                    chain=one.chain,
                )
            written = [journaling.committed(taken.source)]
            journaling.wrote(by, Entered.STAMPED_SOURCE, written, count=len(item.stamps))
    return Received(taken, checked)
