"""Notes, tags and collections: what a team writes about sources, and which it keeps together."""

from django.db import transaction
from django.db.models import Max

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act

from ..citing import writing
from ..citing.models import Collected, Collection, Note, Passage, Tag
from ..citing.writing import Row
from ..faults import ArchiveFault, Changed
from ..models import Source


class NotWritten(ArchiveFault):
    """There is no word in it, or it is longer than a note may be."""


class NotTheirs(ArchiveFault):
    """The source is in confidence and another team's, or the passage is of another source."""


def add_note(*, by: Actor, team: Team, source: Source, text: str, passage: Passage | None = None) -> Note:
    """Write a note on a source, or on one passage of it.

    Raises `Refused`, `NotInTeam`, `NotWritten`, `NotTheirs`, `JournalUnavailable`.
    """
    _require(by, team, text, source, passage)
    with transaction.atomic():
        row = Note(team=team, source=source, passage=passage)
        keyed = writing.seal_new(by, row, text.strip())
        row.save(force_insert=True)
        writing.record(by, team, [writing.committed(row)], {"source": source.handle.hex}, keyed)
    return row


def add_tag(*, by: Actor, team: Team, source: Source, word: str) -> Tag:
    """Put a word on a source; a team has each word once. Raises as `add_note`."""
    _require(by, team, word, source, None)
    marks = writing.marks(by, team, word)
    with transaction.atomic():
        _lock(team)
        row = Tag.objects.filter(team=team, mark__in=marks).first()
        written = []
        if row is None:
            row = Tag(team=team, mark=marks[0])
            writing.seal_new(by, row, " ".join(word.split()))
            row.save(force_insert=True)
            written = [writing.committed(row)]
        row.sources.add(source)
        writing.record(by, team, written, {"source": source.handle.hex, "tag": row.handle.hex}, None)
    return row


def take_tag(*, by: Actor, tag: Tag, source: Source) -> None:
    """Take a word off a source; off the last, the word goes. Raises `Refused`, `Changed`, `JournalUnavailable`."""
    writing.require(by, Act.CHANGE_NOTES, tag.team)
    with transaction.atomic():
        _lock(tag.team)
        if not Tag.objects.filter(pk=tag.pk, sources=source).exists():
            raise Changed("This word was taken off by now.")
        tag.sources.remove(source)
        Tag.objects.filter(pk=tag.pk, sources=None).delete()
        writing.record(by, tag.team, [], {"source": source.handle.hex, "tag": tag.handle.hex}, None)


def add_collection(*, by: Actor, team: Team, name: str) -> Collection:
    """Begin a collection under a name. Raises `Refused`, `NotInTeam`, `NotWritten`, `JournalUnavailable`."""
    _require(by, team, name, None, None)
    with transaction.atomic():
        row = Collection(team=team)
        keyed = writing.seal_new(by, row, " ".join(name.split()))
        row.save(force_insert=True)
        writing.record(by, team, [writing.committed(row)], {"collection": row.handle.hex}, keyed)
    return row


def rewrite(*, by: Actor, row: Row, text: str, read: int) -> None:
    """Write a note or the name of a collection anew, over revision ``read`` of it.

    Raises `Refused`, `NotWritten`, `Changed`, `JournalUnavailable`.
    """
    _require(by, row.team, text, None, None)
    keyed = writing.keyed_of(by, row)
    with transaction.atomic():
        fresh = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk, revision=read).first()
        if fresh is None:
            raise Changed("Somebody else changed this while you were writing.")
        writing.seal_again(fresh, keyed, text.strip())
        fresh.save(update_fields=["revision", "body"])
        writing.record(by, row.team, [writing.committed(fresh)], {"written": row.handle.hex}, keyed)


def remove(*, by: Actor, row: Row) -> None:
    """Remove a note, a word from every source, or a collection: its key goes with it; sources stay.

    Raises `Refused`, `Changed`, `JournalUnavailable`.
    """
    writing.require(by, Act.CHANGE_NOTES, row.team)
    keyed = writing.keyed_of(by, row)
    with transaction.atomic():
        if not type(row)._default_manager.filter(pk=row.pk).delete()[0]:
            raise Changed("This was removed by now.")
        writing.record(by, row.team, [], {"removed": row.handle.hex}, keyed)


def collect(*, by: Actor, collection: Collection, source: Source, passage: Passage | None = None) -> Collected:
    """Add a source, or one passage of it, at the end of a collection; once is enough.

    Raises `Refused`, `NotTheirs`, `JournalUnavailable`.
    """
    team = collection.team
    _require(by, team, None, source, passage)
    with transaction.atomic():
        _lock(team)
        there = Collected.objects.filter(collection=collection, source=source, passage=passage).first()
        if there is not None:
            return there
        last = Collected.objects.filter(collection=collection).aggregate(last=Max("place"))["last"] or 0
        item = Collected.objects.create(collection=collection, source=source, passage=passage, place=last + 1)
        writing.record(by, team, [], {"collection": collection.handle.hex, "source": source.handle.hex}, None)
    return item


def move(*, by: Actor, item: Collected, up: bool) -> None:
    """Let a source or a passage change places with the one above it, or below it; at the end it stays where it is.

    Raises `Refused`, `Changed`, `JournalUnavailable`.
    """
    team = item.collection.team
    writing.require(by, Act.CHANGE_NOTES, team)
    with transaction.atomic():
        _lock(team)
        rows = list(Collected.objects.filter(collection=item.collection).order_by("place"))
        at = next((at for at, one in enumerate(rows) if one.pk == item.pk), None)
        if at is None:
            raise Changed("This was taken out by now.")
        other = at - 1 if up else at + 1
        if not 0 <= other < len(rows):
            return
        here, there = rows[at].place, rows[other].place
        # No two may stand in one place, not even for a moment.
        Collected.objects.filter(pk=item.pk).update(place=rows[-1].place + 1)
        Collected.objects.filter(pk=rows[other].pk).update(place=here)
        Collected.objects.filter(pk=item.pk).update(place=there)
        detail = {"collection": item.collection.handle.hex, "source": item.source.handle.hex}
        writing.record(by, team, [], detail, None)


def take_out(*, by: Actor, item: Collected) -> None:
    """Take a source or a passage out of a collection. Raises `Refused`, `Changed`, `JournalUnavailable`."""
    team = item.collection.team
    writing.require(by, Act.CHANGE_NOTES, team)
    with transaction.atomic():
        if not Collected.objects.filter(pk=item.pk).delete()[0]:
            raise Changed("This was taken out by now.")
        detail = {"collection": item.collection.handle.hex, "source": item.source.handle.hex}
        writing.record(by, team, [], detail, None)


def _require(by: Actor, team: Team, text: str | None, source: Source | None, passage: Passage | None) -> None:
    writing.require(by, Act.CHANGE_NOTES, team)
    if text is not None and not 0 < len(text.strip()) <= writing.MOST_LETTERS:
        raise NotWritten("Write something, and no more than a few pages.")
    if source is not None and (source.organisation_id != by.organisation.pk or not writing.may_be_of(team, source)):
        raise NotTheirs("This source is in confidence with another team.")
    if passage is not None and (source is None or passage.source_id != source.pk):
        raise NotTheirs("This passage is of another source.")


def _lock(team: Team) -> None:
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
