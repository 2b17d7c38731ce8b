"""Checking public keys against the log, without a key: what ``safeconduct check`` runs."""

from collections.abc import Iterator

from . import recovery_key, standing, team_keys
from .keys import is_as_logged
from .models import Escrow, Member, Organisation, Team


def keys_not_as_logged(organisation: Organisation) -> Iterator[Member]:
    """Members whose row holds another public key than the log last committed to."""
    for member in organisation.members.order_by("pk"):
        if not is_as_logged(member):
            yield member


def recovery_key_not_as_logged(organisation: Organisation) -> bool:
    """Whether the recovery key in the database is another than the one the log last committed to."""
    return not recovery_key.is_as_logged(organisation)


def team_keys_not_as_logged(organisation: Organisation) -> Iterator[Team]:
    """Teams whose keys were renewed more or less often than the log says: older ones may have been put back."""
    for team in organisation.teams.order_by("pk"):
        if not team_keys.is_number_as_logged(team):
            yield team


def escrows_missing(organisation: Organisation) -> Iterator[Team]:
    """Teams whose newest keys the present kits could not bring back. None are missed before kits are made."""
    if not organisation.recovery_round:
        return
    held = dict(
        Escrow.objects.filter(team__organisation=organisation, round=organisation.recovery_round).values_list(
            "team", "key_number"
        )
    )
    for team in organisation.teams.order_by("pk"):
        if held.get(team.pk) != team.key_number:
            yield team


def staff_not_as_logged(organisation: Organisation) -> bool | None:
    """Whether members, their states or their parts in teams are other than the log says; None where it says nothing."""
    found = standing.is_as_logged(organisation.handle)
    return None if found is None else not found
