"""Refused tries to sign in, written into the log so that nobody outside can make it grow without a bound.

The first of an hour have entries of their own. From then on they are counted, and each member's count, and that of
names nobody has, becomes one entry. What is done depends on how many were refused at the whole desk and never on the
name, so that a refusal tells nothing about it.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act, Alarm

from ..models import RefusalSpan, RefusedTries

SPAN: Final = timedelta(hours=1)
# A morning's slips of the hand of a network of offices; an office by itself hardly has ten.
OWN_ENTRIES: Final = 100
# Beyond those: so many refused at one office that its guardians are told.
TELL_FROM: Final = 100
NOBODY: Final = UUID(int=0)
_THE_SPAN: Final = 1


def write_down(*, organisation: UUID, member: UUID | None) -> None:
    """Write one refused try down, or count it. ``member`` is None for a name nobody has. Its own transaction.

    Raises:
        JournalUnavailable: nothing was kept.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        RefusalSpan.objects.bulk_create([RefusalSpan(pk=_THE_SPAN, began_at=now)], ignore_conflicts=True)
        span = RefusalSpan.objects.select_for_update().get(pk=_THE_SPAN)
        if _is_over(span, now):
            _write(RefusedTries.objects.all(), now)
            span.began_at, span.written = now, 0
        if span.written < OWN_ENTRIES:
            record_write(organisation=organisation, act=Act.SIGN_IN_REFUSED, member=member)
            span.written += 1
        else:
            # The same two statements whether or not this name was counted before.
            whose = {"organisation": organisation, "member": member or NOBODY}
            RefusedTries.objects.bulk_create([RefusedTries(**whose)], ignore_conflicts=True)
            RefusedTries.objects.filter(**whose).update(count=F("count") + 1)
        span.save(update_fields=["began_at", "written"])


def write_sums(*, organisation: UUID | None = None) -> None:
    """Write what was counted into the log: of an organisation whose log is about to be read, or of an hour now over.

    Raises:
        JournalUnavailable: nothing was written; what was counted stays.
    """
    counted = RefusedTries.objects.filter(organisation=organisation) if organisation else RefusedTries.objects.all()
    if not counted.exists():
        return
    now = datetime.now(UTC)
    with transaction.atomic():
        span = RefusalSpan.objects.select_for_update().get(pk=_THE_SPAN)
        if organisation or _is_over(span, now):
            _write(counted, now)


def _is_over(span: RefusalSpan, now: datetime) -> bool:
    # A clock that was put back ends it too: nothing may stay counted for ever.
    return not timedelta() <= now - span.began_at < SPAN


def _write(counted: QuerySet[RefusedTries], now: datetime) -> None:
    """One entry for each row of ``counted``, which then goes. The span is held."""
    offices: dict[UUID, int] = {}
    rows = list(counted.order_by("pk"))
    for row in rows:
        record_write(
            organisation=row.organisation,
            act=Act.SIGN_IN_REFUSED,
            member=None if row.member == NOBODY else row.member,
            count=row.count,
        )
        offices[row.organisation] = offices.get(row.organisation, 0) + row.count
    RefusedTries.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for office, count in offices.items():
        tries = Alarm.objects.filter(organisation=office, kind=Alarm.Kind.TRIES)
        if count >= TELL_FROM and not tries.filter(seen_at__isnull=True).exists():
            Alarm.objects.create(organisation=office, member=NOBODY, kind=Alarm.Kind.TRIES, at=now, count=count)
