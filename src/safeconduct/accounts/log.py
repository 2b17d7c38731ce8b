"""The organisation's log for its guardians: which act, by which member, when, how many. No entry names a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_read
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry, Head
from safeconduct.journal.queries import of_organisation

from . import policies
from .actions import refused_tries
from .actor import Actor


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, newest first, with the names of staff they carry by handle, and the tree's head."""

    entries: Sequence[Entry]
    members: Mapping[UUID, str]
    teams: Mapping[UUID, str]
    waiting: int
    size: int
    root: bytes
    placed_at: datetime | None


def begin_log(*, by: Actor, acts: Collection[Entered] = ()) -> int:
    """Record that the log is read, and say how many entries there are with that one; of ``acts`` alone, if any.

    Raises:
        Refused: policy. JournalUnavailable: nothing is shown.
    """
    office = by.organisation
    policies.require(by, Act.OPEN_ORGANISATION_LOG, policies.of_organisation(office))
    refused_tries.write_sums(organisation=office.handle)
    record_read(reader=by.reader, act=Entered.LOG_READ)
    if acts:
        return of_organisation(office.handle).filter(act__in=acts).count()
    head = Head.objects.filter(organisation=office.handle).first()
    # Counting the few that wait beside the tree's size spares a count of the whole log.
    return (head.size if head else 0) + of_organisation(office.handle).filter(position=None).count()


def open_log(*, by: Actor, start: int, rows: int, acts: Collection[Entered] = ()) -> LogPage:
    """Entries from place ``start``, newest first, once `begin_log` has recorded the reading. Raises `Refused`."""
    office = by.organisation
    policies.require(by, Act.OPEN_ORGANISATION_LOG, policies.of_organisation(office))
    head = Head.objects.filter(organisation=office.handle).first()
    entries = of_organisation(office.handle)
    return LogPage(
        entries=list((entries.filter(act__in=acts) if acts else entries)[start : start + rows]),
        members=dict(office.members.values_list("handle", "name")),
        teams=dict(office.teams.values_list("handle", "name")),
        waiting=entries.filter(position=None).count(),
        size=head.size if head else 0,
        root=bytes(head.root) if head else b"",
        placed_at=head.at if head else None,
    )
