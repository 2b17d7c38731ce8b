"""Ways of looking at Today that a member keeps. They are their own, and say nothing about anybody."""

from typing import Final

from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team

from ..faults import NothingAsked, TooManyKept
from ..models import SavedFilter

MOST: Final = 20


def keep_filter(
    *,
    by: Actor,
    whose: str = SavedFilter.Whose.ANYBODY,
    worker: Member | None = None,
    team: Team | None = None,
    topic: str = "",
    kind: str = "",
) -> SavedFilter:
    """Keep a filter; one that asks the same is kept once.

    ``worker`` goes with ``whose`` "member", and ``team`` is one of the actor's own: another is left out.

    Raises:
        NothingAsked, TooManyKept: see those.
    """
    if team is not None and team.pk not in by.memberships:
        team = None
    if whose == SavedFilter.Whose.ANYBODY and not (team or topic or kind):
        raise NothingAsked("Choose a filter first: with none this is the whole list.")
    with transaction.atomic():
        # Held, so that the same form sent twice keeps one filter.
        Member.objects.select_for_update().get(pk=by.member.pk)
        mine = SavedFilter.objects.filter(member=by.member)
        same = mine.filter(whose=whose, worker=worker, team=team, topic=topic or None, kind=kind or None).first()
        if same is not None:
            return same
        if mine.count() >= MOST:
            raise TooManyKept(f"You keep {MOST} filters already. Remove one first.")
        return SavedFilter.objects.create(
            member=by.member, whose=whose, worker=worker, team=team, topic=topic or None, kind=kind or None
        )


def drop_filter(*, by: Actor, saved: SavedFilter) -> None:
    """Keep one of the actor's own filters no longer."""
    SavedFilter.objects.filter(pk=saved.pk, member=by.member).delete()
