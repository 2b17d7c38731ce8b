"""The organisation's log for its guardians: which act, by which member, when, how many. No entry names a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_read
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry, Head
from safeconduct.journal.queries import of_organisation

from . import policies
from .actor import Actor

ENTRIES_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of entries, newest first, with the names of staff they carry by handle, and the tree's head."""

    entries: Sequence[Entry]
    members: Mapping[UUID, str]
    teams: Mapping[UUID, str]
    first: int
    in_all: int
    size: int
    root: bytes
    placed_at: datetime | None


def open_log(*, by: Actor, page: int) -> LogPage:
    """A page of the organisation's log (from 1), after the entry that says it was read is committed.

    Raises:
        Refused: policy. JournalUnavailable: nothing is shown.
    """
    office = by.organisation
    policies.require(by, Act.OPEN_ORGANISATION_LOG, policies.of_organisation(office))
    record_read(organisation=office.handle, act=Entered.LOG_READ, member=by.member.handle)
    head = Head.objects.filter(organisation=office.handle).first()
    entries = of_organisation(office.handle)
    # Counting the few that wait beside the tree's size spares a count of the whole log.
    in_all = (head.size if head else 0) + entries.filter(position=None).count()
    first = (page - 1) * ENTRIES_A_PAGE
    return LogPage(
        entries=list(entries[first : first + ENTRIES_A_PAGE]),
        members=dict(office.members.values_list("handle", "name")),
        teams=dict(office.teams.values_list("handle", "name")),
        first=first + 1,
        in_all=in_all,
        size=head.size if head else 0,
        root=bytes(head.root) if head else b"",
        placed_at=head.at if head else None,
    )
