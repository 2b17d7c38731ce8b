"""Records that somebody said are of one person: found by the links each keeps, shown together, never joined.

A record stays what it was, with its key, its wraps and its name in the index. One of them comes first; the others say
into which they were merged. Taking a merge back takes away one link on either side and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from safeconduct.accounts.actor import Actor

from .keys import NotHeld
from .links import linked
from .models import Subject
from .queries import PersonRecord, open_person, subject


@dataclass(frozen=True, slots=True)
class Together:
    """One person's records: the one asked for, the others this member's teams hold, and how many they do not."""

    asked: PersonRecord
    others: Sequence[PersonRecord]
    not_held: int

    @property
    def all(self) -> list[PersonRecord]:
        """Every record in hand, the one that was asked for first."""
        return [self.asked, *self.others]

    @property
    def first(self) -> PersonRecord | None:
        """The record the others were merged into. None where this member's teams do not hold it."""
        return next((one for one in self.all if one.links.content.merged_into is None), None)

    def has(self, handle: UUID) -> bool:
        """Whether a record in hand is that one."""
        return any(one.subject.handle == handle for one in self.all)


def together(*, by: Actor, record: PersonRecord) -> Together:
    """Open what else is known of the person. Each record has its own entry in the log. Raises as `open_person`."""
    seen = {record.subject.handle.hex}
    others: list[PersonRecord] = []
    not_held = 0
    waiting = linked(record.links.content)
    while waiting:
        handle = waiting.pop(0)
        if handle in seen:
            continue
        seen.add(handle)
        try:
            found = open_person(by=by, person=subject(by, UUID(handle), Subject.Kind.PERSON))
        except NotHeld:
            not_held += 1
            continue
        others.append(found)
        waiting += linked(found.links.content)
    return Together(record, others, not_held)
