"""Passages as they are shown and cited: by their short address, with the lines that name their source."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from safeconduct.accounts.actor import Actor

from .. import queries, sealed
from ..faults import NoSource
from ..models import Source
from ..reading.shape import Found, Reading
from . import addresses, anchors, keeping
from .anchors import Anchor
from .keeping import Kept
from .models import Passage
from .works import Work, opening, said

AROUND: Final = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage: its short address, its post's number, its anchor, and what is cited by it. An orphan says so.

    ``before`` and ``behind`` are what stands around it within its post now, as far as a reader needs; of an orphan what
    stood around it when it was cited. ``opens`` and ``ends`` say that the post begins and ends there.
    """

    row: Passage
    source: Source
    address: str
    number: int
    anchor: Anchor
    work: Work
    before: str
    behind: str
    opens: bool
    ends: bool

    @property
    def is_orphan(self) -> bool:
        """Whether the source, as it is read now, does not have these words there any more."""
        return self.row.state == Passage.State.ORPHAN


def find(by: Actor, typed: str) -> Shown:
    """The passage of a short address, among sources the member may see. One in confidence is opened for it.

    Raises:
        NoAddress: it is none. NoSource: no such passage, or none of theirs.
        Refused, JournalUnavailable, ReadingHalted: nothing was opened. PassagePutBack, SealingFault: damaged.
    """
    first, last = addresses.handles(typed)
    rows = Passage.objects.filter(handle__range=(first, last), source__in=queries.sources(by))
    row = rows.select_related("by").first()
    if row is None:
        raise NoSource("There is no such passage, or your teams do not hold its source.")
    [shown] = _shown(by, queries.source(by, row.source.handle), [row])
    return shown


def there_later(by: Actor, one: Shown) -> tuple[Source, bool] | None:
    """What a source had become when it was last seen changed, and whether the passage stands there as it was cited.

    None where it was not seen changed, or is in confidence. Raises `Refused`.
    """
    changed = one.source.observations.filter(other__isnull=False).order_by("-at").first()
    if changed is None or changed.other_id is None or one.is_orphan:
        return None
    other = queries.sources(by).filter(pk=changed.other_id).first()
    if other is None:
        return None
    return other, anchors.place(queries.shown(by, other).raw, one.anchor) is not None


def of_source(by: Actor, source: Source, reading: Reading | None = None) -> list[Shown]:
    """Every passage of a source, in the order of its text. Raises as `find`.

    ``reading`` is the copy as it may be shown, where the caller has opened it already: then nothing is opened again.
    """
    rows = list(Passage.objects.filter(source=source).select_related("by").order_by("pk"))
    shown = _shown(by, source, rows, reading) if rows else []
    return sorted(shown, key=lambda one: (one.number, one.anchor.start, one.row.pk))


def of_rows(by: Actor, source: Source, rows: Iterable[Passage], reading: Reading) -> list[Shown]:
    """Some passages of a source whose reading copy the caller has opened. Raises `PassagePutBack`, `SealingFault`."""
    return _shown(by, source, rows, reading)


def work_of(source: Source, reading: Reading, number: int | None = None, *, key: str = "", quote: str = "") -> Work:
    """What is cited: a source, or its post ``number``; ``reading`` is the copy as it may be shown.

    A post with a title of its own stands on the page it was published on; the name of a site is not guessed.
    """
    post = next((one for one in reading.posts if one.number == number), None)
    if post is None and len(reading.posts) == 1:
        post = reading.posts[0]
    title = (post.title if post else None) or (reading.title if post is None or len(reading.posts) == 1 else None)
    page = reading.title if post and len(reading.posts) > 1 and reading.title != title else None
    value, by = (post.date, post.date_found_by) if post else (reading.date, reading.date_found_by)
    return Work(
        key=key or addresses.short(source.handle),
        kind=str(source.kind),
        accessed=source.captured_on,
        title=title,
        opening=opening(post.text if post else reading.raw[:1000]),
        author=(post.author if post else None) or reading.author,
        container=page,
        said=said(value, inferred=by == Found.INFERRED),
        address=(post.address if post else None) or source.address or reading.address,
        language=(post.language if post else None) or reading.language,
        sha256=bytes(source.sha256).hex() if source.sha256 else "",
        quote=quote,
    )


def _shown(by: Actor, source: Source, rows: Iterable[Passage], reading: Reading | None = None) -> list[Shown]:
    in_confidence = source.plane == Source.Plane.SEALED
    if reading is None:
        reading = queries.open_sealed(by, source).reading if in_confidence else queries.shown(by, source)
    keys = {source.pk: sealed.hold(by, source)} if in_confidence else {}
    return [_one(source, reading, kept) for kept in keeping.open_kept(rows, keys)]


def _one(source: Source, reading: Reading, kept: Kept) -> Shown:
    address, anchor = addresses.short(kept.row.handle), kept.anchor
    work = work_of(source, reading, kept.number, key=address, quote=anchor.quote)
    post = next((one for one in reading.posts if one.number == kept.number), None)
    if post is None or kept.row.state == Passage.State.ORPHAN:
        around = (anchor.prefix, anchor.suffix, False, False)
    else:
        around = _around(reading.raw, anchor, post.start, post.end)
    return Shown(kept.row, source, address, kept.number, anchor, work, *around)


def _around(raw: str, anchor: Anchor, first: int, last: int) -> tuple[str, str, bool, bool]:
    """What stands around a passage in its post, cut between words."""
    start, end = max(first, anchor.start - AROUND), min(last, anchor.end + AROUND)
    before, behind = raw[start : anchor.start], raw[anchor.end : end]
    if start > first:
        before = before.partition(" ")[2] or before
    if end < last:
        behind = behind.rpartition(" ")[0] or behind
    return before, behind, start == first, end == last
