"""Setting up: the organisation, its first member and its first team, once."""

from dataclasses import dataclass

from django.db import transaction

from safeconduct.core.calendar.days import Nation
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.members import KeyPair, fingerprint
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act

from .. import keyring, rosters, sign_in_names
from ..actor import seal_bundle
from ..faults import AlreadySetUp
from ..keys import commit_key, set_key, today
from ..models import Member, Membership, Organisation, Team


@dataclass(frozen=True, slots=True)
class SetUp:
    """What setting up made."""

    organisation: Organisation
    member: Member
    team: Team


def set_up(*, organisation: str, nation: Nation, team: str, name: str, sign_in: str, passphrase: str) -> SetUp:
    """Make the organisation with a first member, who is a guardian and leads the first team.

    Raises:
        AlreadySetUp: there is an organisation.
        WeakPassphrase: the passphrase would not protect a copied disk.
    """
    with transaction.atomic():
        if Organisation.objects.select_for_update().exists():
            raise AlreadySetUp("This desk already has an organisation. Sign in instead.")
        keyring.begin_epochs()
        office = Organisation.objects.create(name=organisation, nation=nation.value, started_on=today())
        pair = KeyPair.generate()
        member = Member(
            organisation=office,
            name=name,
            sign_in=sign_in_names.folded(sign_in),
            is_guardian=True,
            joined_on=today(),
        )
        set_key(member, pair, passphrase)
        member.save()
        record_write(organisation=office.handle, act=Act.SET_UP, member=member.handle, written=[commit_key(member)])
        first = new_team(office, member, team)
        record_write(organisation=office.handle, act=Act.TEAM_CREATED, member=member.handle, team=first.handle)
    return SetUp(office, member, first)


def new_team(organisation: Organisation, lead: Member, name: str) -> Team:
    """A team with fresh secrets whose only member is ``lead``. Inside the caller's transaction."""
    bundle = TeamBundle.generate()
    team = Team(organisation=organisation, name=name, started_on=today())
    rosters.write(team, bundle, {lead.handle.hex: fingerprint(bytes(lead.public_key))})
    team.save()
    epoch, sealed = seal_bundle(bundle, team, lead)
    Membership.objects.create(team=team, member=lead, role=Membership.Role.LEAD, epoch=epoch, bundle=sealed)
    return team
