"""A collection's name, order and passages: let go along with its sources, and brought in again elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from .. import copies, journaling, policies, queries, sealed
from ..capture import NotPacked, annotations
from ..capture.annotations import Gathered, Piece, Quotation
from ..citing import anchors, around, keeping
from ..citing.anchors import Anchor
from ..citing.models import Collection, Passage
from ..faults import TooMuchAlong
from ..models import Source
from ..sealed import Keyed
from . import notes
from .cite import NotThere, cite

_LONGEST_FOLDER: Final = "9" * 6  # they are called by numbers
# Letters of sources that one restoring looks through for passages that are not where they were said to be: some
# seconds of work. What somebody else wrote is not to keep the desk busy for longer.
_MOST_LOOKED_THROUGH: Final = 20_000_000
_LEAST_LOOKED_THROUGH: Final = 10_000  # each search compares what stands around some places


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a collection that came along. ``missing``: what is not in it here, for want of its words.

    Past some seconds of looking, what does not stand exactly where it was said to stand is missing too.
    """

    collection: Collection
    passages: int
    missing: tuple[Piece, ...]


def gather(
    *, by: Actor, collection: Collection, sources: Iterable[Source], leaves: dict[int, Entry] | None = None
) -> Gathered:
    """A collection of the member's team as it may leave with ``sources``: of those alone, and without orphans.

    ``leaves`` is told, by row id, under which entry each in confidence was opened to leave: one is enough for both.
    Passages leave as published: whoever lets masked sources go has said that those who are masked may be seen.

    Raises `Refused`: also where one of them may not be handed over; `JournalUnavailable`, `ReadingHalted`: nothing was
    opened. `PassagePutBack`, `WritingPutBack`, `SealingFault`: damaged. `TooMuchAlong`: nobody could read it in.
    """
    leaves = {} if leaves is None else leaves
    wanted = {one.pk: one for one in sources}
    for one in wanted.values():
        policies.require_of(by, Act.HAND_OVER_SOURCE, one)
    if collection.items.filter(source__in=list(wanted)).count() > annotations.MOST_ITEMS:
        raise TooMuchAlong
    name = around.words_of(by, collection)
    if len(name) > annotations.MOST_NAME:
        raise TooMuchAlong
    detail = {"collection": collection.handle.hex}
    journaling.listing(by, collection.team, Entered.EXPORTED, count=1, detail=detail)
    rows = [row for row in collection.items.select_related("passage").order_by("place") if row.source_id in wanted]
    hashes: dict[int, str] = {}
    quoted: dict[int, Quotation] = {}
    for pk in dict.fromkeys(row.source_id for row in rows):
        raw, hashes[pk], keyed = _as_published(by, wanted[pk], leaves)
        passages = [row.passage for row in rows if row.source_id == pk and row.passage is not None]
        for kept in keeping.open_kept(passages, {} if keyed is None else {pk: keyed}):
            if kept.row.state == Passage.State.STANDING:
                quoted[kept.row.pk] = _quotation(anchors.at(raw, kept.anchor.start, kept.anchor.end))
    gathered = Gathered(
        name,
        tuple(
            Piece(hashes[row.source_id], quoted[row.passage_id] if row.passage_id else None)
            for row in rows
            if row.passage_id is None or row.passage_id in quoted
        ),
    )
    try:
        annotations.write(gathered, dict.fromkeys(hashes.values(), _LONGEST_FOLDER))
    except NotPacked:
        raise TooMuchAlong from None
    return gathered


def restore(*, by: Actor, team: Team, gathered: Gathered, sources: Sequence[Source]) -> Restored:
    """Keep a collection that came along for ``team``: cite each passage that stands in its source here, in its order.

    It joins the collection of the same name, where the team has one. Each is an act of its own; done again, nothing is
    there twice. Raises `Refused`, `NotInTeam`, and as `cite` and `notes.collect`: what was done by then is here.
    """
    policies.require(by, Act.CHANGE_NOTES, policies.of_team(team, by.organisation))
    here = {bytes(one.sha256).hex(): one for one in sources if one.sha256 is not None}
    named = [one.row for one in around.collections(by, [team]) if one.text.casefold() == gathered.name.casefold()]
    collection = next((row for row in named if isinstance(row, Collection)), None)
    collection = collection or notes.add_collection(by=by, team=team, name=gathered.name)
    missing, passages = [], 0
    looking = _Looking(by)
    for piece in gathered.pieces:
        source = here.get(piece.sha256)
        if source is None:
            missing.append(piece)
        elif piece.quotation is None:
            notes.collect(by=by, collection=collection, source=source)
        else:
            passage = looking.cite(source, piece.quotation)
            if passage is None:
                missing.append(piece)
                continue
            notes.collect(by=by, collection=collection, source=source, passage=passage)
            passages += 1
    return Restored(collection, passages, tuple(missing))


def _as_published(by: Actor, source: Source, leaves: dict[int, Entry]) -> tuple[str, str, Keyed | None]:
    """The raw text without its masks, the SHA-256 of the bytes, and the key of one in confidence."""
    if source.plane == Source.Plane.PUBLIC:
        return queries.reading_of(source).raw, bytes(source.sha256 or b"").hex(), None
    keyed = sealed.hold(by, source)
    leaves[source.pk] = journaling.opening(by, keyed, Entered.EXPORTED)
    known = sealed.open_record(leaves[source.pk], keyed, source.sealed_record)
    return copies.unpack(source.sealed_record.schema, known.reading).raw, known.sha256.hex(), keyed


class _Looking:
    """Looks for passages that somebody else says stand in sources here, for as long as that is little work."""

    def __init__(self, by: Actor) -> None:
        self._by = by
        self._left = _MOST_LOOKED_THROUGH
        self._source: int | None = None
        self._raw = ""

    def cite(self, source: Source, said: Quotation) -> Passage | None:
        """The passage, where it stands to the letter in what is shown here; it is attached to nothing else."""
        if self._source != source.pk:
            self._raw, self._source = queries.shown(self._by, source).raw, source.pk
        # No more around it than a passage has: each place where its words stand is compared with all of that.
        prefix, suffix = said.prefix[-anchors.AROUND :], said.suffix[: anchors.AROUND]
        anchor = Anchor(said.exact, prefix, suffix, said.start, said.end)
        place = (said.start, said.end) if anchors.stands(self._raw, anchor) else self._elsewhere(anchor)
        if place is None:
            return None
        try:
            return cite(by=self._by, source=source, start=place[0], end=place[1])
        except NotThere:
            return None

    def _elsewhere(self, anchor: Anchor) -> tuple[int, int] | None:
        self._left -= len(self._raw) + _LEAST_LOOKED_THROUGH
        return anchors.place(self._raw, anchor) if self._left >= 0 else None


def _quotation(anchor: Anchor) -> Quotation:
    return Quotation(anchor.quote, anchor.prefix, anchor.suffix, anchor.start, anchor.end)
