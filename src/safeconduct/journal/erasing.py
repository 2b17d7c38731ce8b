"""What becomes of the entries about a record that is erased: they say no more whom they were about, and the log holds.

Label, body and salt go, and with them every way of telling what the leaf committed to. The act that did it is an entry
of its own, which commits to each entry it took and to what is left of it (`stump`). So nobody can take a salt away
without an entry in the log that says so, nor change what is left.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from .actions import new_entry, record_writes
from .commitments import Written, commit
from .models import Act, Commitment, Entry

_AT_ONCE: Final = 500
# An entry is erased once: the database has one commitment for each envelope and revision, and so for this.
_TAKEN: Final = 1


def erase(
    *,
    organisation: UUID,
    labels: Sequence[bytes],
    member: UUID,
    about: UUID | None,
    team: UUID | None,
) -> Entry:
    """Erase the entries that carry one of these labels. Inside the transaction that erases the record.

    Args:
        about: the member who asked for it, where that was somebody else than ``member``.

    Returns:
        The entry that says so; its count is how many entries were erased.

    Raises:
        JournalUnavailable: nothing is to be kept.
    """
    taken = list(_labelled(organisation, labels))
    written = [Written(one.handle, _TAKEN, stump(one)) for one in taken]
    entry = new_entry(
        organisation=organisation,
        act=Act.ERASED,
        member=member,
        about=about,
        team=team,
        count=len(taken),
        written=written,
    )
    record_writes([(entry, written)])
    ids = [one.pk for one in taken]
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        # An entry commits to envelopes of its own record only, and those go with it.
        Commitment.objects.filter(entry__in=some).delete()
        Entry.objects.filter(pk__in=some).update(label=None, body=None, salt=None, erased=entry)
    return entry


def stump(entry: Entry) -> bytes:
    """What an erasing entry commits to of one it took: its leaf, and the columns that stay. 32 bytes."""
    parts = [
        entry.handle.bytes,
        entry.organisation.bytes,
        entry.at.isoformat(timespec="microseconds").encode(),
        entry.act.encode(),
        entry.member.bytes if entry.member else b"",
        entry.about.bytes if entry.about else b"",
        entry.team.bytes if entry.team else b"",
        str(entry.count).encode(),
        bytes(entry.commitment),
    ]
    hashed = hashlib.sha256(b"safeconduct/erased-entry/1\0")
    for part in parts:
        hashed.update(len(part).to_bytes(4, "big") + part)
    return hashed.digest()


class Erased:
    """The erasing entries of a log, each read once, and whether an entry was rightly taken by one of them."""

    def __init__(self) -> None:
        self._known: dict[int, dict[UUID, bytes] | None] = {}

    def accounts_for(self, entry: Entry) -> bool:
        """Whether ``entry``, which has no salt, is one that the act it names took, and is as that left it."""
        if entry.erased_id is None or entry.label is not None or entry.body is not None:
            return False
        if entry.erased_id not in self._known:
            self._known[entry.erased_id] = _taken_by(entry.erased_id, entry.organisation)
        taken = self._known[entry.erased_id]
        return taken is not None and taken.get(entry.handle) == stump(entry)


def _taken_by(erasing: int, organisation: UUID) -> dict[UUID, bytes] | None:
    """Stumps by handle of what an erasing entry took; None where it is not one, or not as its own leaf says."""
    by = Entry.objects.filter(pk=erasing, organisation=organisation, act=Act.ERASED).first()
    if by is None or by.salt is None:
        return None
    rows = list(by.commitments.all())
    written = [Written(one.envelope, one.revision, bytes(one.digest)) for one in rows]
    if commit(by, written) != bytes(by.commitment) or by.count != len(rows):
        return None
    return {one.envelope: bytes(one.digest) for one in rows}


def _labelled(organisation: UUID, labels: Sequence[bytes]) -> Iterator[Entry]:
    for start in range(0, len(labels), _AT_ONCE):
        some = list(labels[start : start + _AT_ONCE])
        yield from Entry.objects.filter(organisation=organisation, label__in=some, erased=None).order_by("pk")
