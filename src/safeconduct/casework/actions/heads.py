"""What cases show of the people they concern: a copy of the name and the safe-contact note, in each case's own head."""

from collections.abc import Iterable, Sequence

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.people import journaling
from safeconduct.people.facets import CaseHead
from safeconduct.people.history import NOT_SAID, Why
from safeconduct.people.keys import Keyed
from safeconduct.people.models import Envelope
from safeconduct.people.records import Opened, write_facet

from ..models import Case

# A head to write: the case's key, the revision read, and what it says afterwards.
Head = tuple[Keyed, int, CaseHead]


def stale(opened: Iterable[tuple[Keyed, Opened]], shown: dict[str, tuple[str, str]]) -> list[Head]:
    """Those opened heads that show another name or note than ``shown`` has for a person's handle, as they will be."""
    out: list[Head] = []
    for keyed, one in opened:
        head: CaseHead = one.content
        concerns = tuple(
            msgspec.structs.replace(about, shown_name=shown[about.person][0], safe_note=shown[about.person][1])
            if about.person in shown
            else about
            for about in head.concerns
        )
        if concerns != head.concerns:
            out.append((keyed, one.revision, msgspec.structs.replace(head, concerns=concerns)))
    return out


def lock(subjects: Iterable[int]) -> None:
    """Hold the rows of cases, by their subject's id, before any of their sealed parts, as every act on a case does."""
    wanted = sorted(set(subjects))
    for start in range(0, len(wanted), 500):
        list(Case.objects.select_for_update().filter(subject__in=wanted[start : start + 500]).order_by("subject"))


def write(by: Actor, heads: Sequence[Head], *, why: Why | None = None) -> None:
    """Save heads over the revisions read. Inside the caller's transaction. Raises `Changed`: one was saved since.

    Without a ``why`` only the copies of a name or a note changed, whose history is the person's.
    """
    for keyed, read, head in heads:
        written = write_facet(keyed, Envelope.Facet.HEAD, head, read=read, why=why or NOT_SAID, copied=why is None)
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"facet": "head"})])
