"""Reading accounts, each reader scoped to the actor's organisation."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from .actor import Actor
from .models import Member, Organisation, Team


def is_set_up() -> bool:
    """Whether first use is done."""
    return Organisation.objects.exists()


def members(by: Actor) -> QuerySet[Member]:
    """The organisation's members, by name."""
    return by.organisation.members.order_by("name").prefetch_related("memberships__team")


def member(by: Actor, handle: UUID) -> Member:
    """One member of the actor's organisation. Raises `Member.DoesNotExist`."""
    return by.organisation.members.get(handle=handle)


def team(by: Actor, handle: UUID) -> Team:
    """One team of the actor's organisation. Raises `Team.DoesNotExist`."""
    return by.organisation.teams.get(handle=handle)


# What only a member's own signing in takes: no list of names reads it, and each is quicker without.
OWN: Final = (
    "salt",
    "cost_memory_kib",
    "cost_passes",
    "cost_lanes",
    "sealed_key",
    "public_key",
    "sign_in",
    "must_change",
    "joined_on",
)


def own_of(*paths: str) -> list[str]:
    """The fields to leave out where a member is read for their name, at each of these paths from the rows read."""
    return [f"{path}__{name}" for path in paths for name in OWN]


def colleagues(by: Actor) -> QuerySet[Member]:
    """Active members who share a team with the actor, by name: those who can be given work."""
    return (
        Member.objects.filter(memberships__team__in=list(by.memberships), state=Member.State.ACTIVE)
        .distinct()
        .defer(*OWN)
        .order_by("name")
    )
