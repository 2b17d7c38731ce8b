"""Subjects' keys: made, wrapped for a team, unwrapped by an actor who is in it."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.functional import cached_property

from safeconduct.accounts import keyring
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.core.sealing import boxes, wraps
from safeconduct.core.sealing.epochs import Epochs
from safeconduct.journal import bulk
from safeconduct.journal.commitments import LABEL_BYTES as LABEL_BYTES
from safeconduct.journal.fields import new_handle

from .models import Subject, Wrap

# A database takes only so many values in one question.
_AT_ONCE: Final = 500


class NotHeld(Exception):
    """No team of this member's holds the record, or there is no such record: one answer for both."""


@dataclass(frozen=True, repr=False)
class Keyed:
    """A subject with its key in hand, the team through which it came, and the member who holds it now."""

    subject: Subject
    team: Team
    key: bytes
    organisation: str
    member: UUID

    @cached_property
    def _label_key(self) -> bytes:
        return boxes.derive(self.key, boxes.context("journal-label"))

    @cached_property
    def _place_key(self) -> bytes:
        return boxes.derive(self.key, boxes.context("envelope-handle"))

    def envelope(self, name: str) -> UUID:
        """The handle of this subject's envelope of a facet (or `facet/item`): random to whoever lacks the key.

        Who holds the key can ask the log of an envelope whose row is gone: a part that was never written and one that
        was taken away look alike in the database.
        """
        return UUID(bytes=hmac.digest(self._place_key, name.encode(), hashlib.sha256)[:16])

    def label(self, on: date) -> bytes:
        """The label under which the journal knows this subject on one day: 16 bytes."""
        return hmac.digest(self._label_key, on.isoformat().encode(), hashlib.sha256)[:LABEL_BYTES]

    def labels(self, *, until: date) -> list[bytes]:
        """Every label this subject has had, from its first day."""
        days = (until - self.subject.started_on).days
        # One day either side: an entry's label is of the London day it was made on, rows may be older than a move.
        return [self.label(self.subject.started_on + timedelta(days=n)) for n in range(-1, days + 2)]


def new_subject(
    by: Actor, team: Team, kind: Subject.Kind, *, handle: UUID | None = None, batch: UUID | None = None
) -> tuple[Keyed, Wrap]:
    """A subject with a fresh key wrapped for ``team``: rows not yet saved (the wrap's subject is the first).

    ``batch`` is the import it waits for; ``handle`` one that was chosen beforehand.
    """
    subject = bulk.make(
        Subject,
        handle=handle or new_handle(),
        organisation=by.organisation,
        kind=kind,
        started_on=today(),
        batch=batch,
        waiting=batch is not None,
    )
    key = boxes.new_key()
    bundle = by.bundle(team.pk)
    epoch, sealed = wraps.wrap_under(
        by.key_for(team.pk, wraps.PURPOSE), key, keyring.epochs(), team=team.handle.hex, subject=subject.handle.hex
    )
    return Keyed(subject, team, key, by.organisation.handle.hex, by.member.handle), bulk.make(
        Wrap, subject=subject, team=team, key_number=bundle.number, epoch=epoch, sealed=sealed
    )


def held(by: Actor, subjects: Iterable[int]) -> dict[int, Keyed]:
    """The keys of those subjects (by row id) that the actor's teams hold."""
    wanted = list(subjects)
    return _held(by, (Q(subject__in=wanted[start : start + _AT_ONCE]) for start in range(0, len(wanted), _AT_ONCE)))


def held_people(by: Actor, handles: Iterable[UUID]) -> dict[int, Keyed]:
    """The keys of those people (by handle) that the actor's teams hold, by row id: in one question."""
    wanted = sorted(handles)
    return _held(
        by,
        (
            # Through the records and not beside them: asked the other way, SQLite reads every wrap of the team.
            Q(subject__in=Subject.objects.filter(handle__in=wanted[start : start + _AT_ONCE], kind=Subject.Kind.PERSON))
            for start in range(0, len(wanted), _AT_ONCE)
        ),
    )


def _held(by: Actor, wanted: Iterable[Q]) -> dict[int, Keyed]:
    epochs = keyring.epochs()
    team_keys: dict[tuple[int, int], bytes] = {}
    out: dict[int, Keyed] = {}
    for which_rows in wanted:
        rows = Wrap.objects.filter(
            which_rows,
            team__in=list(by.memberships),
            subject__organisation=by.organisation,
        ).select_related("subject")
        for row in rows:
            if row.subject_id in out:
                continue
            which = (row.team_id, row.key_number)
            if which not in team_keys:
                # A colleague's session may have renewed the team's keys since this request opened its bundle.
                bundle = by.bundle(row.team_id, number=row.key_number)
                team_keys[which] = wraps.team_key(bundle, row.key_number)
            out[row.subject_id] = _unwrap(by, row, team_keys[which], epochs)
    return out


def hold(by: Actor, subject: Subject) -> Keyed:
    """The key of one subject. Raises `NotHeld`."""
    keyed = held(by, [subject.pk]).get(subject.pk)
    if keyed is None:
        raise NotHeld("There is no such record, or your teams do not hold it.")
    return keyed


def _unwrap(by: Actor, row: Wrap, team_key: bytes, epochs: Epochs) -> Keyed:
    team = by.memberships[row.team_id].team
    key = wraps.unwrap_under(
        team_key, row.epoch, bytes(row.sealed), epochs, team=team.handle.hex, subject=row.subject.handle.hex
    )
    return Keyed(row.subject, team, key, by.organisation.handle.hex, by.member.handle)
