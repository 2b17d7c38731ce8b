"""Escrows: each team's bundle sealed to the recovery key, so that enough kits can bring a member's keys back."""

from django.db import transaction

from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.members import KeyPair

from . import keyring, recovery_key, rosters
from .actor import Actor, place_of_escrow
from .models import Escrow, Organisation, Team


@transaction.atomic
def keep(*, by: Actor, only: Team | None = None) -> None:
    """Renew what is missing or old among the escrows of the actor's teams.

    A team whose roster does not pin the present round yet takes the pin from another team of this member's.

    Raises:
        KeySubstituted: the recovery key is not the one a roster pins; nothing was sealed to it.
    """
    if not Organisation.objects.filter(pk=by.organisation.pk, recovery_round__gt=0).exists():
        return
    teams = Team.objects.filter(pk__in=list(by.memberships)).order_by("pk").select_related("organisation")
    rows = list(teams.select_for_update(of=("self",)))
    # Once they are held: whoever makes new kits at this moment holds them too.
    office = Organisation.objects.get(pk=by.organisation.pk)
    opened = {team.pk: by.bundle(team.pk, number=team.key_number) for team in rows}
    pins = {team.pk: rosters.read(team, opened[team.pk]) for team in rows}
    pinned = {team.pk for team in rows if recovery_key.is_pinned(office, pins[team.pk])}
    if not pinned:
        return
    for team in rows:
        if only is not None and team.pk != only.pk:
            continue
        if team.pk not in pinned:
            pin(team, opened[team.pk], office)
        if not is_current(team, office):
            put(team, opened[team.pk], office)


def pin(team: Team, bundle: TeamBundle, office: Organisation) -> None:
    """Pin the recovery key in a team's roster. For who knows it is the right one; the team's row is locked."""
    pins = rosters.read(team, bundle)
    rosters.write(team, bundle, pins | {recovery_key.PIN: recovery_key.pin(office)})
    team.save(update_fields=["roster"])


def put(team: Team, bundle: TeamBundle, office: Organisation) -> None:
    """Seal a team's bundle to the recovery key, in place of what was there."""
    sealed = bundle.escrow_to(
        recovery_key.public(office), organisation=office.handle.hex, team=team.handle.hex, round=office.recovery_round
    )
    epoch, layered = keyring.epochs().layer(sealed, place_of_escrow(team.handle))
    Escrow.objects.update_or_create(
        team=team,
        defaults={
            "round": office.recovery_round,
            "key_number": bundle.number,
            "epoch": epoch,
            "bundle": layered,
        },
    )


def is_current(team: Team, office: Organisation) -> bool:
    """Whether a team's escrow holds its newest keys for the present round."""
    return Escrow.objects.filter(team=team, round=office.recovery_round, key_number=team.key_number).exists()


def open_escrow(escrow: Escrow, pair: KeyPair, office: Organisation) -> TeamBundle:
    """A team's bundle, by the recovery pair. Raises `EpochMissing`, `CannotOpen`, `NotASealedBox`."""
    team = escrow.team
    sealed = keyring.epochs().peel(escrow.epoch, bytes(escrow.bundle), place_of_escrow(team.handle))
    return TeamBundle.from_escrow(
        sealed, pair, organisation=office.handle.hex, team=team.handle.hex, round=escrow.round
    )
