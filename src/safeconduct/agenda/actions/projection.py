"""Writing what is due. Only the room that owns a clock calls these, in the transaction that moved the clock."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from safeconduct.accounts.models import Member
from safeconduct.journal import bulk

from ..models import Item

_AT_ONCE = 500


def replace(*, handles: Iterable[UUID], items: Sequence[Item]) -> None:
    """Take away what stood for ``handles`` and put ``items`` in its place. Inside the caller's transaction."""
    gone = list(handles)
    for start in range(0, len(gone), _AT_ONCE):
        Item.objects.filter(handle__in=gone[start : start + _AT_ONCE]).delete()
    bulk.insert(items)


def move_to(worker: Member | None, *, handles: Sequence[UUID]) -> None:
    """Let what stands for ``handles`` be a member's, or nobody's. Inside the caller's transaction."""
    for start in range(0, len(handles), _AT_ONCE):
        Item.objects.filter(handle__in=handles[start : start + _AT_ONCE]).update(worker=worker)
