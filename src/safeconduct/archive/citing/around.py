"""What a member's teams wrote about sources and keep together, opened: notes, words, and collections with items."""

from collections.abc import Collection as Some
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team

from .. import copies, queries
from ..faults import NoSource
from ..models import Source
from ..reading.shape import Reading
from . import addresses, shown, writing
from .models import Collected, Collection, Note, Tag
from .shown import Shown
from .works import Work
from .writing import Row


@dataclass(frozen=True, slots=True)
class Wrote:
    """Something a team wrote, in its own words. ``passage`` is the short address of the passage it is about, or ""."""

    row: Note | Tag | Collection
    text: str
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A source of a collection, or a passage of it (``passage``), with what is cited by it."""

    row: Collected
    source: Source
    reading: Reading
    work: Work
    passage: Shown | None = None


def notes_of(by: Actor, source: Source) -> list[Wrote]:
    """The notes of the member's teams on a source, oldest first. Raises as `writing.open_all`."""
    return [
        Wrote(row, text, addresses.short(row.passage.handle) if row.passage else "")
        for team in teams_for(by, source)
        for row, text in _opened(by, team, Note.objects.filter(source=source).select_related("team", "by", "passage"))
    ]


def tags_of(by: Actor, source: Source) -> list[Wrote]:
    """The words of the member's teams on a source, in their order as words. Raises as `writing.open_all`."""
    found = [
        Wrote(row, text)
        for team in teams_for(by, source)
        for row, text in _opened(by, team, Tag.objects.filter(sources=source).select_related("team", "by"))
    ]
    return sorted(found, key=_as_words)


def tags(by: Actor) -> list[Wrote]:
    """Every word of the member's teams. Raises as `writing.open_all`."""
    rows = Tag.objects.select_related("team", "by")
    found = [Wrote(row, text) for team in by.teams for row, text in _opened(by, team, rows)]
    return sorted(found, key=_as_words)


def collections(by: Actor, teams: Some[Team] | None = None, *, only: Some[int] | None = None) -> list[Wrote]:
    """The collections of the member's teams, by name; ``only`` those of these row ids. Raises as `writing.open_all`."""
    rows = Collection.objects.select_related("team", "by")
    rows = rows if only is None else rows.filter(pk__in=only)
    here = by.teams if teams is None else teams
    return sorted((Wrote(row, text) for team in here for row, text in _opened(by, team, rows)), key=_as_words)


def teams_for(by: Actor, source: Source) -> list[Team]:
    """The member's teams that may write about a source."""
    return [team for team in by.teams if writing.may_be_of(team, source)]


def note(by: Actor, handle: UUID) -> Note:
    """A note of one of the member's teams. Raises `NoSource`: there is none, or it is another team's."""
    rows = Note.objects.select_related("team", "source", "passage", "by")
    return _found(rows.filter(handle=handle, team__in=by.teams).first())


def tag(by: Actor, handle: UUID) -> Tag:
    """A word of one of the member's teams. Raises as `note`."""
    return _found(Tag.objects.select_related("team", "by").filter(handle=handle, team__in=by.teams).first())


def collection(by: Actor, handle: UUID) -> Collection:
    """A collection of one of the member's teams. Raises as `note`."""
    return _found(Collection.objects.select_related("team", "by").filter(handle=handle, team__in=by.teams).first())


def words_of(by: Actor, row: Row) -> str:
    """What one of them says. Raises as `writing.open_all`."""
    return writing.open_all(by, type(row)._default_manager.filter(pk=row.pk), row.team)[row.pk]


def sources_of(by: Actor, tag: Tag) -> list[Source]:
    """The sources a word was put on, the newest first. Raises `Refused`."""
    return list(queries.sources(by).filter(tags=tag))


def items(by: Actor, collection: Collection) -> list[Item]:
    """What is in a collection, in its order. Sources in confidence are opened for it, under one entry.

    Raises `Refused`, `JournalUnavailable`, `ReadingHalted`; `PassagePutBack`, `SealingFault`: damaged.
    """
    rows = list(collection.items.select_related("passage__by", "collection").order_by("place"))
    readings = read(by, queries.sources(by).filter(pk__in={one.source_id for one in rows}))
    passages: dict[int, Shown] = {}
    for source, reading in readings.values():
        wanted = [one.passage for one in rows if one.passage is not None and one.source_id == source.pk]
        passages |= {one.row.pk: one for one in shown.of_rows(by, source, wanted, reading)} if wanted else {}
    return list(_items(rows, readings, passages))


def read(by: Actor, sources: Iterable[Source]) -> Mapping[int, tuple[Source, Reading]]:
    """Several sources with their reading copies as they may be shown, by row id. Raises as `items`."""
    held = list(sources)
    public = [one for one in held if one.plane == Source.Plane.PUBLIC]
    others = [one for one in held if one.plane != Source.Plane.PUBLIC]
    out = {one.pk: (one, queries.shown(by, one)) for one in public}
    known = queries.listed_in_confidence(by, others) if others else {}
    for one in others:
        if one.pk in known:
            reading = copies.unpack(one.sealed_record.schema, known[one.pk].reading)
            out[one.pk] = one, queries.as_shown(one, reading)
    return out


def _items(
    rows: Iterable[Collected], readings: Mapping[int, tuple[Source, Reading]], passages: Mapping[int, Shown]
) -> Iterator[Item]:
    for row in rows:
        if row.source_id not in readings:  # it was removed at this moment
            continue
        source, reading = readings[row.source_id]
        one = passages[row.passage_id] if row.passage_id else None
        yield Item(row, source, reading, one.work if one else shown.work_of(source, reading), one)


def _opened(by: Actor, team: Team, rows: QuerySet[Row]) -> list[tuple[Row, str]]:
    """The rows of a team with their words, in the order they were written."""
    found = list(rows.filter(team=team).order_by("pk"))
    words = writing.open_all(by, rows, team) if found else {}
    return [(one, words[one.pk]) for one in found if one.pk in words]


def _found(row: Row | None) -> Row:
    if row is None:
        raise NoSource("There is no such thing, or it is another team's.")
    return row


def _as_words(one: Wrote) -> tuple[str, int]:
    return one.text.casefold(), one.row.pk
