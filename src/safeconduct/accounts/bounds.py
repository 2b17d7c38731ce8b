"""What an office has set to hold its own members: the tripwire's numbers and the hours a recovery waits.

Open facts that the log commits to: raised in the database, the tripwire would be silent and nobody would be told.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from safeconduct.journal.commitments import Written, facts_digest, facts_handle
from safeconduct.journal.models import Act
from safeconduct.journal.queries import latest_commitments, next_written

from .models import Organisation

# Every act that sets one of these. It records itself after it has written.
BOUND_ACTS: Final = frozenset({Act.TRIPWIRE_SET, Act.KITS_MADE})
_COLUMNS: Final = ("slow_from", "stop_from", "tell_from", "recovery_hours")


def committed(organisation: UUID) -> Sequence[Written]:
    """What the log commits to now. Inside the transaction of the change."""
    # Two who set them at one moment each commit to what both have done.
    office = Organisation.objects.select_for_update(no_key=True).get(handle=organisation)
    return [next_written(_handle(office), _digest(office))]


def is_as_logged(organisation: Organisation) -> bool:
    """Whether they are as the log last said, or, while it has said nothing, as a new office has them."""
    office = Organisation.objects.get(pk=organisation.pk)
    known = latest_commitments([_handle(office)]).get(_handle(office))
    return _digest(office) == (known[1] if known else _digest(Organisation()))


def _digest(office: Organisation) -> bytes:
    return facts_digest([getattr(office, column) for column in _COLUMNS])


def _handle(office: Organisation) -> UUID:
    return facts_handle("bounds", office.handle)
