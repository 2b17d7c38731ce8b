"""A new passphrase makes a new key pair."""

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing.faults import SealingFault, WeakPassphrase
from safeconduct.core.sealing.members import KeyPair, fingerprint
from safeconduct.core.sealing.passphrase import normalise
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import attempts, policies, rosters
from ..actor import Actor, open_bundle, seal_bundle
from ..faults import WrongPassphrase
from ..keys import KEY_FIELDS, commit_key, set_key
from ..models import Member, Session, Team
from . import factors, kits, sessions


def change(*, by: Actor, current: str, new: str) -> tuple[Session, bytes]:
    """Change the member's own passphrase: new key pair, bundles sealed to it, every session ended, one new begun.

    Returns the new session and its cookie half.

    Raises:
        WrongPassphrase: ``current`` does not open the member's key, or it was replaced meanwhile.
        TooSoon: wrong tries came before.
        WeakPassphrase: ``new`` would not protect a copied disk, or is ``current`` once more.
        Refused: policy.
    """
    member = by.member
    policies.require(by, Act.CHANGE_OWN_PASSPHRASE, policies.of_account(member))
    tries = attempts.count("confirm", member.handle.hex)
    try:
        member.lock.open(current, member=member.handle.hex)
    except SealingFault:
        raise WrongPassphrase("The current passphrase is not right. Nothing was changed.") from None
    attempts.forget(tries)
    if normalise(new) == normalise(current):
        raise WeakPassphrase("That is the passphrase you have now. Choose another: somebody may have seen this one.")
    pair = KeyPair.generate()
    set_key(member, pair, new)
    member.must_change = False
    with transaction.atomic():
        stands = Member.objects.select_for_update().get(pk=member.pk)
        if stands.state != Member.State.ACTIVE or bytes(stands.public_key) != by.pair.public:
            raise WrongPassphrase("Your key or your account was changed elsewhere just now. Nothing was changed here.")
        member.save(update_fields=[*KEY_FIELDS, "must_change"])
        # Read now: a team joined while the new key was being made holds its bundle for the old one.
        for team in Team.objects.filter(memberships__member=member).order_by("pk").select_for_update():
            # Once the team is locked: its keys may be renewed at this moment, and older ones must not be kept.
            membership = member.memberships.select_related("team__organisation").get(team=team)
            bundle = open_bundle(membership, member, by.pair)
            pins = rosters.read(team, bundle)
            rosters.write(team, bundle, pins | {member.handle.hex: fingerprint(pair.public)})
            team.save(update_fields=["roster"])
            membership.epoch, membership.bundle = seal_bundle(bundle, team, member)
            membership.save(update_fields=["epoch", "bundle"])
        kits.carry_over(member=member, before=by.pair, after=pair)
        factors.carry_over(member=member, before=by.pair, after=pair)
        member.sessions.all().delete()
        session, half = sessions.begin(member, pair)
        record_write(
            organisation=by.organisation.handle,
            act=Entered.PASSPHRASE_CHANGED,
            member=member.handle,
            written=[commit_key(member)],
        )
    return session, half
