"""New keys for a team somebody has left: the first of two steps, which makes the bundle and hands it out.

The second, bringing what the team holds under it, belongs to the room above: see ``people/actions/rekey.py``.
"""

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import escrows, policies, recovery_key, rosters, standing, team_keys
from ..actor import Actor, seal_bundle
from ..models import Organisation, Team


def renew(*, by: Actor, team: Team) -> bool:
    """Make the team's next bundle if somebody has left, sealed to the pinned key of each member. False: nothing to do.

    Raises:
        Refused: policy. NotInTeam.
        KeySubstituted: a member's key or the team's own is not the pinned one; nothing was changed.
        StaffNotAsLogged: somebody is in the team who left it; nothing was changed.
    """
    policies.require(by, Act.RENEW_KEYS, policies.of_team(team, by.organisation))
    with transaction.atomic():
        # Held until the end: of two members who unlock at one moment the second finds it done.
        locked = Team.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=team.pk)
        if locked.rekey_since is None:
            return False
        by.forget()
        bundle = by.bundle(locked.pk, number=locked.key_number)
        team_keys.check(locked, bundle)
        pins = rosters.read(locked, bundle)
        rows = list(locked.memberships.select_related("member").order_by("pk"))
        for row in rows:
            rosters.check(row.member, pins)
            standing.require_not_gone(row.member, locked)
        fresh = bundle.next()
        staying = {row.member.handle.hex for row in rows} | {recovery_key.PIN}
        rosters.write(locked, fresh, {name: pinned for name, pinned in pins.items() if name in staying})
        for row in rows:
            row.epoch, row.bundle = seal_bundle(fresh, locked, row.member)
            row.save(update_fields=["epoch", "bundle"])
        locked.key_number, locked.rekey_since, locked.rewrapping = fresh.number, None, True
        locked.save(update_fields=["roster", "key_number", "rekey_since", "rewrapping"])
        office = Organisation.objects.get(pk=locked.organisation_id)
        if _is_recoverable(office, pins):
            escrows.put(locked, fresh, office)
        record_write(
            organisation=by.organisation.handle,
            act=Entered.TEAM_REKEYED,
            member=by.member.handle,
            team=locked.handle,
            written=[team_keys.commit(locked, fresh)],
        )
    by.forget()
    return True


def _is_recoverable(office: Organisation, pins: dict[str, bytes]) -> bool:
    try:
        return office.recovery_round > 0 and recovery_key.is_pinned(office, pins)
    except rosters.KeySubstituted:
        return False  # guardians see it on their page; new keys do not wait for that


def begin_again(*, team: Team) -> None:
    """Something of the team's was found under former keys: it is brought under the newest as after a renewal."""
    Team.objects.filter(pk=team.pk, rekey_since=None).update(rewrapping=True)


def finish(*, team: Team, number: int) -> None:
    """Everything of the team's is under its bundle of that number. Not so where another was made meanwhile."""
    Team.objects.filter(pk=team.pk, key_number=number).update(rewrapping=False)
