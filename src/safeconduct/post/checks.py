"""Checking messages against the log, without a key: what ``safeconduct check`` runs. Papers and envelopes of messages
are checked with everybody's (see ``people.checks``).
"""

from collections.abc import Iterator

from safeconduct.accounts.models import Organisation
from safeconduct.journal.queries import latest_commitments
from safeconduct.people.models import Subject

from . import facts
from .models import Incident, Message

_AT_ONCE = 500


def messages_not_as_logged(organisation: Organisation) -> int:
    """How many messages and incidents have open facts other than the log last said."""
    return sum(1 for _ in _messages(organisation)) + sum(1 for _ in _incidents(organisation))


def messages_without_rows(organisation: Organisation) -> int:
    """How many sealed messages no row speaks of any more: somebody took them out of the tray in the database."""
    rows = Subject.objects.filter(organisation=organisation, kind=Subject.Kind.MESSAGE, waiting=False, message=None)
    return rows.count()


def _messages(organisation: Organisation) -> Iterator[Message]:
    last = 0
    rows = Message.objects.filter(organisation=organisation).order_by("pk")
    rows = rows.select_related("organisation", "team", "by", "case", "event")
    while chunk := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        last = chunk[-1].pk
        known = latest_commitments(facts.handle(one.handle) for one in chunk)
        for one in chunk:
            _, said = known.get(facts.handle(one.handle), (0, b""))
            if said != facts.digest(one):
                yield one


def _incidents(organisation: Organisation) -> Iterator[Incident]:
    rows = Incident.objects.filter(organisation=organisation).prefetch_related("steps__by")
    for one in rows.select_related("organisation", "team", "message", "case", "worker"):
        known = latest_commitments([facts.incident_handle(one.handle)])
        _, said = known.get(facts.incident_handle(one.handle), (0, b""))
        if said != facts.incident_digest(one):
            yield one
