"""Opening and writing envelopes. Opening takes a journal entry that is already committed: no entry, no bytes."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from safeconduct.accounts.models import Team
from safeconduct.core.sealing import envelopes
from safeconduct.core.sealing.envelopes import Place
from safeconduct.journal import bulk
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import READING_ACTS, Entry
from safeconduct.journal.queries import latest_commitments

from . import facets, history
from .keys import Keyed
from .models import WHOLE, Envelope, Subject

# Every record is made with all of these, so one that is not there was taken away. The other facets come when they are
# first written; of those the log is asked.
ALWAYS_THERE: Final[Mapping[str, frozenset[str]]] = {
    Subject.Kind.PERSON: frozenset(
        {Envelope.Facet.IDENTITY, Envelope.Facet.CONTACT, Envelope.Facet.STATUS, Envelope.Facet.LINKS}
    ),
    Subject.Kind.CASE: frozenset({Envelope.Facet.HEAD}),
    Subject.Kind.HOUSEHOLD: frozenset({Envelope.Facet.HOUSEHOLD}),
    Subject.Kind.MESSAGE: frozenset({Envelope.Facet.MAIL}),
    Subject.Kind.DIRECTORY: frozenset({Envelope.Facet.DIRECTORY}),
}
# What reads as empty until it is first written, by the kind of record it belongs to.
IN_TIME: Final[Mapping[str, frozenset[str]]] = {
    Subject.Kind.PERSON: frozenset({Envelope.Facet.NEEDS, Envelope.Facet.ACCOUNT, Envelope.Facet.PAPERS}),
    Subject.Kind.CASE: frozenset({Envelope.Facet.PAPERS}),
    Subject.Kind.HOUSEHOLD: frozenset({Envelope.Facet.PAPERS}),
    Subject.Kind.MESSAGE: frozenset({Envelope.Facet.PAPERS}),
    Subject.Kind.DIRECTORY: frozenset(),
}
NEVER_WRITTEN: Final = 0


# The entry under which records are read, or that of each team that holds some of them.
Leave = Entry | Mapping[Team, Entry]


class PutBack(Exception):
    """An envelope is not the one the log last committed to: an old one was put back, taken away, or the log changed."""


class Changed(Exception):
    """Somebody else saved this facet since it was read. Nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A facet and the revision that was read, which a later write must name."""

    content: Any
    revision: int


def open_facets(leave: Leave, keyed: Mapping[int, Keyed], names: Sequence[str]) -> dict[int, dict[str, Opened]]:
    """Facets of several subjects, by subject id and facet name.

    Args:
        leave: the committed journal entry under which this is read; of records of several teams, that of each.
        keyed: the subjects' keys, by subject id.

    Raises:
        PutBack: the log committed to another envelope than the row holds, or there is no row.
        CannotOpen: the row was changed or moved.
    """
    _require_leave(leave, keyed)
    rows: list[Envelope] = []
    ids = list(keyed)
    for start in range(0, len(ids), 500):
        rows += Envelope.objects.filter(subject__in=ids[start : start + 500], facet__in=names, item=WHOLE)
    return _open(rows, keyed, names)


def open_items(leave: Leave, keyed: Mapping[int, Keyed], facet: str, items: Collection[UUID]) -> dict[UUID, Opened]:
    """Of a facet that a subject has many of, those of these items, by the item. Raises as `open_facets` does."""
    _require_leave(leave, keyed)
    rows = list(Envelope.objects.filter(subject__in=list(keyed), facet=facet, item__in=items))
    opened = _open(rows, keyed, ())
    return {row.item: opened[row.subject_id][_name(row)] for row in rows}


def open_whole(leave: Entry, keyed: Keyed) -> dict[str, Opened]:
    """Every facet of one subject but its history, by name; what was written about an event by ``entry/<event>``.

    Raises as `open_facets` does.
    """
    _require_leave(leave, {keyed.subject.pk: keyed})
    rows = list(Envelope.objects.filter(subject=keyed.subject).exclude(facet=Envelope.Facet.HISTORY))
    return _open(rows, {keyed.subject.pk: keyed}, Envelope.Facet.values)[keyed.subject.pk]


def open_all(leave: Entry, keyed: Mapping[int, Keyed]) -> dict[int, dict[str, Opened]]:
    """All that is kept of several subjects, by subject id and name: facets, items, and history as ``history/<item>``.

    What was never written is not there. Raises as `open_facets` and `open_steps` do.
    """
    _require_leave(leave, keyed)
    rows: list[Envelope] = []
    ids = list(keyed)
    for start in range(0, len(ids), 500):
        rows += Envelope.objects.filter(subject__in=ids[start : start + 500]).order_by("pk")
    steps = [
        keyed[row.subject_id].envelope(
            f"{Envelope.Facet.HISTORY}/{history.item_of(keyed[row.subject_id], row.facet, before).hex}"
        )
        for row in rows
        if row.item == WHOLE
        for before in range(1, row.revision)
    ]
    if not latest_commitments(steps).keys() <= {row.handle for row in rows}:
        raise PutBack("a step of a history is not there any more; nothing was opened")
    opened = _open(rows, keyed, Envelope.Facet.values)
    return {
        number: {name: one for name, one in parts.items() if one.revision != NEVER_WRITTEN}
        for number, parts in opened.items()
    }


def new_envelope(
    keyed: Keyed, facet: str, content: facets.Facet, *, item: UUID = WHOLE, revision: int = 1
) -> tuple[Envelope, Written]:
    """The first envelope of a facet: a row not yet saved, and what the journal commits to.

    ``revision`` is above 1 for a record that comes from another desk with the steps of its history.
    """
    name = facet if item is WHOLE or item == WHOLE else f"{facet}/{item.hex}"
    row = bulk.make(
        Envelope,
        handle=keyed.envelope(name),
        subject=keyed.subject,
        facet=facet,
        item=item,
        schema=facets.VERSIONS[facet],
        revision=revision,
    )
    row.body = _seal(row, keyed, content)
    return row, Written(row.handle, row.revision, envelopes.digest(row.body))


def write_facet(
    keyed: Keyed,
    facet: str,
    content: facets.Facet,
    *,
    read: int,
    why: history.Why = history.NOT_SAID,
    copied: bool = False,
) -> list[Written]:
    """Save a facet over revision ``read``, and what it said before as a step of its history. All of what is returned
    goes into the entry of the act. Inside the caller's transaction.

    Args:
        read: `NEVER_WRITTEN` for the first revision of a facet that comes in time.
        why: the reason given for the change.
        copied: the change only repeats one of another record, whose own history has it: no step is kept.

    Raises:
        Changed: the row is at another revision by now.
    """
    if read == NEVER_WRITTEN:
        return [_write_first(keyed, facet, content)]
    row = Envelope.objects.get(subject=keyed.subject, facet=facet, item=WHOLE)
    if row.revision != read:
        raise Changed("Somebody else changed this while you were writing.")
    step = None
    if facet in history.KEPT and not copied:
        key = envelopes.facet_key(keyed.key, row.facet, row.generation)
        before = envelopes.open_envelope(key, bytes(row.body), _place(row, keyed))
        step = history.step(keyed, facet, before, schema=row.schema, revision=read, why=why)
    written = [_rewrite(keyed, row, content, read=read)]
    if step is not None:
        written.append(keep_step(keyed, step))
    return written


def keep_step(keyed: Keyed, step: facets.HistoryStep) -> Written:
    """Save a step of a record's history. Inside the caller's transaction."""
    item = history.item_of(keyed, step.facet, step.revision)
    row, written = new_envelope(keyed, Envelope.Facet.HISTORY, step, item=item)
    row.save(force_insert=True)
    return written


def rewrite_step(keyed: Keyed, step: facets.HistoryStep, *, read: int) -> Written:
    """Save a step over revision ``read`` of it. Inside the caller's transaction. Raises `Changed`."""
    item = history.item_of(keyed, step.facet, step.revision)
    row = Envelope.objects.get(subject=keyed.subject, facet=Envelope.Facet.HISTORY, item=item)
    return _rewrite(keyed, row, step, read=read)


def rewrite_item(keyed: Keyed, facet: str, item: UUID, change: Callable[[facets.Facet], facets.Facet]) -> Written:
    """Save an item of a subject, a task for one, as ``change`` makes it; what stands there is shown to nobody.

    Inside the caller's transaction, which holds the row that the item belongs to.

    Raises:
        PutBack: the item is not there, or not as the log says it was last saved.
        Changed: somebody else saved it meanwhile.
    """
    row = Envelope.objects.filter(subject=keyed.subject, facet=facet, item=item).first()
    if row is None:
        raise PutBack("a part of this record is not there any more; nothing was opened")
    opened = _open([row], {keyed.subject.pk: keyed}, ())[keyed.subject.pk][_name(row)]
    return _rewrite(keyed, row, change(opened.content), read=row.revision)


def open_steps(leave: Entry, keyed: Keyed, revisions: Mapping[str, int]) -> list[Opened]:
    """The steps of a record's history, newest first. ``revisions``: the one each facet is at now.

    Raises:
        PutBack: a step is not as the log says, or one the log knows is not there.
        CannotOpen: a step was changed or moved.
    """
    _require_leave(leave, {keyed.subject.pk: keyed})
    rows = list(Envelope.objects.filter(subject=keyed.subject, facet=Envelope.Facet.HISTORY))
    there = {row.handle for row in rows}
    could_be = {
        keyed.envelope(f"{Envelope.Facet.HISTORY}/{history.item_of(keyed, facet, before).hex}")
        for facet, now in revisions.items()
        for before in range(1, now)
    }
    if latest_commitments(could_be - there):
        raise PutBack("a step of this history is not there any more; nothing was opened")
    opened = _open(rows, {keyed.subject.pk: keyed}, ()).get(keyed.subject.pk, {})
    return sorted(opened.values(), key=lambda one: one.content.at, reverse=True)


def _write_first(keyed: Keyed, facet: str, content: facets.Facet) -> Written:
    row, written = new_envelope(keyed, facet, content)
    if latest_commitments([row.handle]):
        raise Changed("Somebody else changed this while you were writing.")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Changed("Somebody else changed this while you were writing.") from None
    return written


def _rewrite(keyed: Keyed, row: Envelope, content: facets.Facet, *, read: int) -> Written:
    row.schema, row.revision = facets.VERSIONS[row.facet], read + 1
    row.body = _seal(row, keyed, content)
    saved = Envelope.objects.filter(pk=row.pk, revision=read).update(
        schema=row.schema, revision=row.revision, body=row.body
    )
    if not saved:
        raise Changed("Somebody else changed this while you were writing.")
    return Written(row.handle, row.revision, envelopes.digest(row.body))


def _require_leave(leave: Leave, keyed: Mapping[int, Keyed]) -> None:
    leaves = [leave] if isinstance(leave, Entry) else [leave[team] for team in {one.team for one in keyed.values()}]
    if any(one.pk is None or one.act not in READING_ACTS for one in leaves):
        raise ValueError("opening takes a committed entry of an act that reads")


def _open(rows: list[Envelope], keyed: Mapping[int, Keyed], names: Iterable[str]) -> dict[int, dict[str, Opened]]:
    wanting = _wanting(rows, keyed, frozenset(names))
    known = latest_commitments([*wanting, *(row.handle for row in rows)])
    if not known.keys().isdisjoint(wanting):
        raise PutBack("a part of this record is not there any more; nothing was opened")
    out: dict[int, dict[str, Opened]] = {}
    for row in rows:
        body = bytes(row.body)
        if known.get(row.handle) != (row.revision, envelopes.digest(body)):
            raise PutBack("this record is not as the log says it was last saved; nothing was opened")
        one = keyed[row.subject_id]
        key = envelopes.facet_key(one.key, row.facet, row.generation)
        raw = envelopes.open_envelope(key, body, _place(row, one))
        out.setdefault(row.subject_id, {})[_name(row)] = Opened(facets.decode(row.facet, row.schema, raw), row.revision)
    for number, one in keyed.items():
        for name in IN_TIME.get(one.subject.kind, frozenset()).intersection(names):
            out.setdefault(number, {}).setdefault(name, Opened(facets.TYPES[name](), NEVER_WRITTEN))
    return out


def _wanting(rows: list[Envelope], keyed: Mapping[int, Keyed], names: frozenset[str]) -> list[UUID]:
    """The handles of envelopes that are not there, and were never written unless the log knows them.

    Raises `PutBack` for one that every record has: read as empty, a note on how to write safely would be gone.
    """
    there = {(row.subject_id, row.facet) for row in rows if row.item == WHOLE}
    for number, one in keyed.items():
        if any((number, name) not in there for name in ALWAYS_THERE[one.subject.kind] & names):
            raise PutBack("a part of this record is not there any more; nothing was opened")
    return [
        one.envelope(name)
        for number, one in keyed.items()
        for name in IN_TIME.get(one.subject.kind, frozenset()) & names
        if (number, name) not in there
    ]


def _seal(row: Envelope, keyed: Keyed, content: facets.Facet) -> bytes:
    key = envelopes.facet_key(keyed.key, row.facet, row.generation)
    return envelopes.seal(key, facets.encode(content), _place(row, keyed))


def _place(row: Envelope, keyed: Keyed) -> Place:
    return Place(
        organisation=keyed.organisation,
        subject=keyed.subject.handle.hex,
        facet=_name(row),
        schema=row.schema,
        generation=row.generation,
        revision=row.revision,
    )


def _name(row: Envelope) -> str:
    return row.facet if row.item is WHOLE or row.item == WHOLE else f"{row.facet}/{row.item.hex}"
