"""Passages as they are shown and cited: by their short address, with the lines that name their source."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.accounts.actor import Actor

from .. import queries, sealed
from ..faults import NoSource
from ..models import Source
from ..reading.shape import Found, Reading
from . import addresses, keeping
from .anchors import Anchor
from .models import Passage
from .works import Work, opening, said


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage: its short address, its post's number, its anchor, and what is cited by it. An orphan says so."""

    row: Passage
    source: Source
    address: str
    number: int
    anchor: Anchor
    work: Work

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
    row = Passage.objects.filter(handle__range=(first, last), source__in=queries.sources(by)).first()
    if row is None:
        raise NoSource("There is no such passage, or your teams do not hold its source.")
    [shown] = _shown(by, queries.source(by, row.source.handle), [row])
    return shown


def of_source(by: Actor, source: Source) -> list[Shown]:
    """Every passage of a source, in the order of its text. Raises as `find`."""
    rows = list(Passage.objects.filter(source=source).order_by("pk"))
    shown = _shown(by, source, rows) if rows else []
    return sorted(shown, key=lambda one: (one.number, one.anchor.start, one.row.pk))


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


def _shown(by: Actor, source: Source, rows: Iterable[Passage]) -> list[Shown]:
    if source.plane == Source.Plane.PUBLIC:
        reading, keys = queries.shown(by, source), {}
    else:
        reading, keys = queries.open_sealed(by, source).reading, {source.pk: sealed.hold(by, source)}
    out = []
    for kept in keeping.open_kept(rows, keys):
        address = addresses.short(kept.row.handle)
        work = work_of(source, reading, kept.number, key=address, quote=kept.anchor.quote)
        out.append(Shown(kept.row, source, address, kept.number, kept.anchor, work))
    return out
