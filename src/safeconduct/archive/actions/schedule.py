"""How often a source's address is looked at again: set, ended, and put off while it gives nothing."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import journaling, policies
from ..capture.watching import Seen
from ..faults import NoAddress
from ..models import Source
from ..watches import due
from ..watches.models import HowOften, Watch

_IN_HAND: Final = timedelta(hours=1)


def set_watch(*, by: Actor, source: Source, every: HowOften | None, now: datetime | None = None) -> None:
    """Have a public source looked at every so often, first after that time; None ends it.

    Raises `Refused`; `NoAddress`: it came as a file, or in confidence; `JournalUnavailable`.
    """
    policies.require(by, Act.WATCH_SOURCE, policies.of_source(source))
    if source.plane != Source.Plane.PUBLIC or source.address is None:
        raise NoAddress("There is no address to return to: this source came as a file, or in confidence.")
    at = now or datetime.now(UTC)
    with transaction.atomic():
        Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        there = Watch.objects.filter(source=source).first()
        if every == (there and there.every) and (there is None or there.by_id == by.member.pk):
            return
        if every is None:
            Watch.objects.filter(source=source).delete()
        else:
            fresh = {"every": every, "by": by.member, "at": at, "due_at": due.after(every, 0, at), "put_off": 0}
            Watch.objects.update_or_create(source=source, defaults=fresh)
        journaling.wrote(by, Entered.SET_WATCH, [journaling.committed(source)])


def next_look(source: Source, seen: Seen, now: datetime | None = None) -> None:
    """After a look, say when the next is. Inside the caller's transaction, which holds the source."""
    row = Watch.objects.filter(source=source).first()
    if row is not None:
        row.put_off = due.put_off(row.put_off, seen)
        row.due_at = due.after(HowOften(row.every), row.put_off, now or datetime.now(UTC))
        row.save(update_fields=["put_off", "due_at"])


def claimed(watch: Watch, now: datetime) -> bool:
    """Take a watch that is due in hand, for an hour: whoever is killed meanwhile leaves it due again."""
    return bool(Watch.objects.filter(pk=watch.pk, due_at=watch.due_at).update(due_at=now + _IN_HAND))


def put_off(watch: Watch, now: datetime) -> None:
    """Look later, though nobody looked now: its server asked for patience, or it could not be looked at.

    What is put off is no fact of the source, and makes no entry.
    """
    watch.put_off += 1
    watch.due_at = due.after(HowOften(watch.every), watch.put_off, now)
    watch.save(update_fields=["put_off", "due_at"])
