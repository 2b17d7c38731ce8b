"""Removing a source: its rows and its file, and of one in confidence first of all its key."""

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act
from safeconduct.journal.models import Act as Entered

from .. import files, journaling, policies, sealed
from ..finding import index
from ..models import Observation, Source


def remove(*, by: Actor, source: Source) -> None:
    """Remove a source. The log keeps that one was removed, by whom, and the hashes it committed to.

    Of a source in confidence the wrap of its key goes: what backups hold of it opens no more once their epochs end.

    Raises `Refused`, `NoSource`, `JournalUnavailable`.
    """
    policies.require_of(by, Act.REMOVE_SOURCE, source)
    keyed = sealed.hold(by, source) if source.plane == Source.Plane.SEALED else None
    file = source.file.handle
    with transaction.atomic():
        locked = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        # A source that changed names what it became: that is known no more, and the log is told so.
        before = list(Source.objects.filter(observations__other=locked).exclude(pk=locked.pk).distinct())
        Observation.objects.filter(other=locked).update(other=None)
        locked.delete()
        index.tidy()
        written = [journaling.gone(source.handle), *(journaling.committed(one) for one in before)]
        journaling.wrote(by, Entered.REMOVED_SOURCE, written, keyed)
        transaction.on_commit(lambda: files.remove([file]))
