"""Bytes that are no source: kept as they came, shown nowhere, said, and discarded when somebody decides so."""

import hashlib
from datetime import UTC, datetime
from enum import IntEnum

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import files as sealed_files
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered

from .. import files, journaling, policies, sealed
from ..faults import NotTakenIn
from ..models import Quarantined
from ..policies import By
from ..reading.shape import Unfit


def keep(by: By, data: bytes, reason: Unfit, *, team: Team | None = None) -> NotTakenIn:
    """Keep refused bytes apart, and return what to raise. ``team``: they came in confidence, and are sealed for it.

    Raises `DiskRefused`, `JournalUnavailable`: nothing was kept.
    """
    handle = new_handle()
    row = Quarantined(
        handle=handle, organisation=by.organisation, reason=reason.value, at=datetime.now(UTC), by=by.member, team=team
    )
    keyed = None
    if team is None:
        row.plane, row.sha256, row.digest = Quarantined.Plane.PUBLIC, hashlib.sha256(data).digest(), b""
        row.digest, stored, ending = row.sha256, data, files.REFUSED
    else:
        assert isinstance(by, Actor)  # nobody else has a team's key
        keyed, wrapped = sealed.new_key(by, team, handle)
        row.plane, row.key_number, row.epoch = Quarantined.Plane.SEALED, wrapped.key_number, wrapped.epoch
        row.sealed, stored, ending = wrapped.sealed, sealed.seal_file(keyed, handle, data), files.SEALED
        row.digest = sealed_files.digest(stored)
    row.stored_bytes = len(stored)
    files.write(handle, ending, stored)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            journaling.wrote(by, Entered.QUARANTINED, [journaling.quarantine_written(row)], keyed)
    except BaseException:
        files.remove_unclaimed(handle)
        raise
    return NotTakenIn(reason, handle)


class Because(IntEnum):
    """Why refused bytes are discarded: a number that stands in the entry, as how many do elsewhere."""

    HARMFUL = 1  # they are there to do harm
    HAD = 2  # what they should have been was taken in otherwise
    MISTAKEN = 3  # they never were meant for the archive
    ASKED = 4  # whoever sent them, or whom they are about, asked for it
    UNUSED = 5  # nobody can use them, and nobody needs them


def discard(*, by: Actor, row: Quarantined, because: Because) -> None:
    """Discard bytes that were refused, and the key of those that came in confidence. The log keeps ``because``.

    Raises `Refused`, `JournalUnavailable`: nothing was discarded.
    """
    policies.require_of(by, Act.REMOVE_SOURCE, row)
    handle = row.handle
    with transaction.atomic():
        Quarantined.objects.filter(pk=row.pk).delete()
        journaling.wrote(by, Entered.DISCARDED_REFUSED, [journaling.gone(handle)], count=because)
        transaction.on_commit(lambda: files.remove([handle]))
