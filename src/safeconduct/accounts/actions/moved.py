"""What the log says when the records went to another database."""

from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from ..models import Organisation


def record_move() -> list[Entry]:
    """Say in every organisation's log that the records were moved. In the caller's transaction.

    Nobody signs in for it: whoever can run the command has the folder and needs no leave from within, so the entry
    names no member. Raises `JournalUnavailable`.
    """
    return [
        record_write(organisation=one.handle, act=Entered.DATABASE_MOVED, member=None)
        for one in Organisation.objects.order_by("id")
    ]
