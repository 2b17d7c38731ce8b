"""Citing a passage of a source, and seeing that passages still stand where they were."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act as Entered

from .. import journaling, masking, policies, queries, sealed
from ..citing import anchors, keeping
from ..citing.anchors import Anchor, NoQuotation
from ..citing.keeping import Kept
from ..citing.models import Passage
from ..faults import ArchiveFault, Changed
from ..models import Source
from ..reading.shape import Reading
from ..sealed import Keyed


class NotThere(ArchiveFault):
    """The source does not have these words, or they run from one post into the next."""


class SeveralPlaces(ArchiveFault):
    """The source has these words more than once: ``places`` are the post's number, start and end of each."""

    def __init__(self, places: Sequence[tuple[int, int, int]]) -> None:
        super().__init__(f"These words stand in {len(places)} places of this source. Say which is meant.")
        self.places = tuple(places)


def cite_words(*, by: Actor, source: Source, quote: str, number: int | None = None) -> Passage:
    """Cite the only place of a source, or of its post ``number``, where these words stand.

    Spaces, joiners and typographic marks may differ from how they were published; what is kept is as published.

    Raises `NotThere`, `SeveralPlaces`, and as `cite`.
    """
    reading, keyed = _open(by, source)
    found = []
    for post in reading.posts:
        if number is None or post.number == number:
            try:
                places = anchors.places(reading.raw, quote, start=post.start, end=post.end)
            except NoQuotation as fault:
                raise NotThere(f"Nothing was cited: {fault}.") from None
            found += [(post.number, *place) for place in places]
    if not found:
        raise NotThere("These words do not stand in one post of this source, letter for letter. Nothing was cited.")
    if len(found) > 1:
        raise SeveralPlaces(found)
    _, start, end = found[0]
    return _cite(by, source, reading, keyed, start, end)


def cite(*, by: Actor, source: Source, start: int, end: int) -> Passage:
    """Cite characters ``start`` to ``end`` of a source's raw text, within one post; once is enough.

    Raises `Refused`, `NoSource`, `NotThere`, `JournalUnavailable`; of a source in confidence `ReadingHalted`.
    """
    reading, keyed = _open(by, source)
    return _cite(by, source, reading, keyed, start, end)


def uncite(*, by: Actor, passage: Passage) -> None:
    """Take a passage away. Its address leads nowhere from then on.

    Raises `Refused`, `NoSource`, `Changed`, `JournalUnavailable`.
    """
    source = queries.source(by, passage.source.handle)
    policies.require_of(by, Act.CITE_SOURCE, source)
    keyed = sealed.hold(by, source) if source.plane == Source.Plane.SEALED else None
    with transaction.atomic():
        _lock(source)
        if not Passage.objects.filter(pk=passage.pk).delete()[0]:
            raise Changed("This passage was taken away by now.")
        journaling.wrote(by, Entered.CITED_SOURCE, [keeping.gone(passage.handle)], keyed)


def settle(source: Source, shown: Reading, keyed: Keyed | None, covered: Collection[str] | None) -> list[Written]:
    """Bring the passages of a source in line with its reading copy as it is shown now. Returns what the log commits to.

    Where only masks came or went, ``covered`` are the words under all of them: a passage stays where it is, and says
    what is shown there. Where the source was read anew it is None: a passage stands where all of it still does, or is
    an orphan. Inside the caller's transaction, which holds the source.
    """
    keys = {} if keyed is None else {source.pk: keyed}
    written = []
    for kept in keeping.open_kept(Passage.objects.filter(source=source).order_by("pk"), keys):
        number, anchor, state = _read_anew(kept, shown) if covered is None else _masked(kept, shown, covered)
        if (number, anchor, state) == (kept.number, kept.anchor, kept.row.state):
            continue
        kept.row.state = state
        keeping.fill(kept.row, number, anchor, keyed)
        kept.row.save()
        written.append(keeping.committed(kept.row))
    return written


def _read_anew(kept: Kept, shown: Reading) -> tuple[int, Anchor, Passage.State]:
    place = anchors.place(shown.raw, kept.anchor)
    number = None if place is None else _post_of(shown, *place)
    if place is None or number is None:
        return kept.number, kept.anchor, Passage.State.ORPHAN
    return number, anchors.at(shown.raw, *place), Passage.State.STANDING


def _masked(kept: Kept, shown: Reading, covered: Collection[str]) -> tuple[int, Anchor, Passage.State]:
    if kept.row.state == Passage.State.STANDING:
        # A mask is as long as what it covers.
        return kept.number, anchors.at(shown.raw, kept.anchor.start, kept.anchor.end), Passage.State.STANDING
    anchor = kept.anchor
    for words in sorted(covered, key=len, reverse=True):
        cover = masking.FILLER * len(words)
        anchor = replace(
            anchor,
            quote=anchor.quote.replace(words, cover),
            prefix=anchor.prefix.replace(words, cover),
            suffix=anchor.suffix.replace(words, cover),
        )
    return kept.number, anchor, Passage.State.ORPHAN


def _open(by: Actor, source: Source) -> tuple[Reading, Keyed | None]:
    policies.require_of(by, Act.CITE_SOURCE, source)
    if source.plane == Source.Plane.PUBLIC:
        return queries.shown(by, source), None
    opened = queries.open_sealed(by, source)
    return opened.reading, sealed.hold(by, source)


def _cite(by: Actor, source: Source, reading: Reading, keyed: Keyed | None, start: int, end: int) -> Passage:
    try:
        anchor = anchors.anchor(reading.raw, start, end)
    except NoQuotation as fault:
        raise NotThere(f"Nothing was cited: {fault}.") from None
    number = _post_of(reading, anchor.start, anchor.end)
    if number is None:
        raise NotThere("A passage stands within one post. Nothing was cited.")
    with transaction.atomic():
        _lock(source)
        there = _there(source, anchor, keyed)
        if there is not None:
            return there
        row = keeping.new(by, source, number, anchor, keyed)
        row.save(force_insert=True)
        journaling.wrote(by, Entered.CITED_SOURCE, [keeping.committed(row)], keyed)
    return row


def _there(source: Source, anchor: Anchor, keyed: Keyed | None) -> Passage | None:
    """The same passage, where it is cited already: once is enough, and its address stays."""
    keys = {} if keyed is None else {source.pk: keyed}
    rows = Passage.objects.filter(source=source, state=Passage.State.STANDING)
    rows = rows if keyed else rows.filter(start=anchor.start, end=anchor.end)
    return next((one.row for one in keeping.open_kept(rows, keys) if one.anchor == anchor), None)


def _post_of(reading: Reading, start: int, end: int) -> int | None:
    return next((one.number for one in reading.posts if one.start <= start and end <= one.end), None)


def _lock(source: Source) -> None:
    if not Source.objects.select_for_update(of=("self",)).filter(pk=source.pk).exists():
        raise Changed("Somebody removed this source at that moment.")
    if queries.is_read_anew(source):
        raise Changed("This source was read anew at that moment. Nothing was changed; try again.")
