"""Bringing a member's keys back with guardians' kits: asked for, announced, waited for, then done.

There is no session here: who has the words of enough kits acts, and nobody else is told anything. The wait and the
stopping are rules of the house. The words are the lock: they are used where they are typed and kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import shares
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.faults import SealingFault
from safeconduct.core.sealing.members import KeyPair, fingerprint
from safeconduct.core.sealing.passphrase import check_strength
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import escrows, policies, recovery_key, rosters, sign_in_names, team_keys
from ..actor import Actor, seal_bundle
from ..faults import HeldAlone, KitsDoNotOpen, NobodyToRecover, NothingToOpen, NotYet, RecoveryOver
from ..keys import KEY_FIELDS, commit_key, set_key
from ..models import CodeFactor, Escrow, Member, Organisation, Recovery, SecurityKey, Team
from . import factors

# A recovery that nobody came back for does not lie ready for ever.
LAPSES_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Recovered:
    """In how many teams a recovery brought keys back, in how many it did not, and of how many nobody has keys now."""

    member: Member
    teams: int
    lost: int
    gone: int


def now() -> datetime:
    """This instant. Everything here that waits asks for it here."""
    return datetime.now(UTC)


def ask(*, name: str, typed: Sequence[str]) -> Recovery:
    """Ask for a member's keys to be brought back; one that is asked for already is returned as it stands.

    Args:
        name: the member's sign-in name.
        typed: the words of enough kits, one kit a text.

    Raises:
        WordUnknown, WordsDoNotCheck, KitsDoNotFit, KitsDoNotOpen: the words; nobody is named and nothing was done.
        NobodyToRecover: the words are right, and no member at work here signs in by that name.
        JournalUnavailable: nothing was done.
    """
    office, _ = _office_of(typed)
    with transaction.atomic():
        member = _member(office, name)
        open_now = pending(office).filter(member=member).first()
        if open_now is not None:
            return open_now
        at = now()
        asked = Recovery.objects.create(
            member=member, asked_at=at, ready_at=at + timedelta(hours=office.recovery_hours)
        )
        record_write(organisation=office.handle, act=Entered.RECOVERY_ASKED, member=None, about=member.handle)
    return asked


def complete(
    *, name: str, typed: Sequence[str], passphrase: str, lost_factors: bool, without_teams: bool = False
) -> Recovered:
    """Give the member a new key pair under a new passphrase, and send it the keys of their teams from escrow.

    Codes go in any case, since the new key pair cannot open their secret; security keys go with ``lost_factors``.

    Raises:
        As `ask`. NotYet: the wait is not over. RecoveryOver: nobody asked, it was stopped, or it lapsed.
        WeakPassphrase: it would not protect a copied disk.
        NothingToOpen: no team of theirs has its newest keys in escrow; nothing was changed.
        HeldAlone: nobody else holds a team that is not in escrow; nothing was changed. Not ``without_teams``.
    """
    office, recovery_pair = _office_of(typed)
    check_strength(passphrase)
    pair = KeyPair.generate()
    with transaction.atomic():
        member = _member(office, name)
        waiting = pending(office).filter(member=member).select_for_update(of=("self",)).first()
        if waiting is None:
            raise RecoveryOver(_why_over(member))
        if now() < waiting.ready_at:
            raise NotYet("The wait is not over yet. Everybody at the desk can see when it will be.")
        set_key(member, pair, passphrase)
        member.must_change = False
        member.save(update_fields=[*KEY_FIELDS, "must_change"])
        back, lost, gone = _bring_back(office, member, recovery_pair, without_teams=without_teams)
        if not back:
            raise NothingToOpen("No team of this member's has its keys in escrow. A colleague has to unlock first.")
        member.sessions.all().delete()
        _let_factors_go(office, member, pair, lost_factors=lost_factors)
        waiting.done_at = now()
        waiting.save(update_fields=["done_at"])
        record_write(
            organisation=office.handle,
            act=Entered.RECOVERED,
            member=None,
            about=member.handle,
            count=back,
            written=[commit_key(member)],
        )
    return Recovered(member, back, lost, gone)


def stop(*, by: Actor, handle: UUID) -> None:
    """Stop a recovery that waits. Any member may. Raises `Refused`; `RecoveryOver` for one that is done or stopped."""
    policies.require(by, Act.STOP_RECOVERY, policies.of_organisation(by.organisation))
    with transaction.atomic():
        # The recovery's row alone: finishing it holds its member first.
        waiting = pending(by.organisation).filter(handle=handle).select_for_update(of=("self",)).first()
        policies.require_now(by, Act.STOP_RECOVERY, policies.of_organisation(by.organisation))
        if waiting is None:
            raise RecoveryOver("That recovery is over already.")
        waiting.stopped_at, waiting.stopped_by = now(), by.member
        waiting.save(update_fields=["stopped_at", "stopped_by"])
        record_write(
            organisation=by.organisation.handle,
            act=Entered.RECOVERY_STOPPED,
            member=by.member.handle,
            about=waiting.member.handle,
        )


def pending(office: Organisation) -> QuerySet[Recovery]:
    """Recoveries that wait or lie ready: what every member is told of on every page."""
    still = Recovery.objects.filter(member__organisation=office, stopped_at=None, done_at=None)
    # Nothing is brought back for somebody who has gone since.
    still = still.exclude(member__state__in=(Member.State.LEFT, Member.State.DISABLED))
    return still.filter(ready_at__gt=now() - LAPSES_AFTER).select_related("member").order_by("ready_at")


def _why_over(member: Member) -> str:
    """Why a member's recovery cannot be finished: a second click on the button must not read like a failure."""
    last = Recovery.objects.filter(member=member).order_by("-asked_at", "-pk").first()
    if last is not None and last.done_at is not None and now() < last.done_at + LAPSES_AFTER:
        return "It is finished: the member signs in with the new passphrase. If nobody knows that one, ask again."
    return "There is no recovery to finish: it was stopped or has lapsed. Ask again."


def _office_of(typed: Sequence[str]) -> tuple[Organisation, KeyPair]:
    """The organisation whose key the words make. Says nothing of any member to who lacks the words."""
    secret = shares.join(typed)
    for office in Organisation.objects.filter(recovery_round__gt=0).order_by("pk"):
        pair = shares.pair_of(secret, organisation=office.handle.hex, round=office.recovery_round)
        if pair.public == recovery_key.public(office):
            if not recovery_key.is_as_logged(office):
                raise rosters.KeySubstituted("the recovery key is not the one in the log")
            return office, pair
    raise KitsDoNotOpen("These kits make no key of this desk. They may be of an older round.")


def _member(office: Organisation, name: str) -> Member:
    rows = office.members.select_for_update(of=("self",)).select_related("organisation")
    member = sign_in_names.whose(name, rows.filter(state=Member.State.ACTIVE))
    if member is None:
        raise NobodyToRecover("No member at work here signs in by that name. Check its spelling with a colleague.")
    return member


def _bring_back(
    office: Organisation, member: Member, recovery_pair: KeyPair, *, without_teams: bool
) -> tuple[int, int, int]:
    """Seal each team's bundle from escrow to the member's new key: see `Recovered` for the three numbers.

    In a team without its newest keys in escrow the member no longer holds any: somebody there adds them again. Where
    there is nobody, the key pair that is replaced here is the last that opens its records.
    """
    back = lost = gone = 0
    mine = Team.objects.filter(memberships__member=member).order_by("pk").select_related("organisation")
    for team in mine.select_for_update(of=("self",)):
        membership = member.memberships.get(team=team)
        bundle = _from_escrow(office, team, recovery_pair)
        if bundle is None:
            alone = not team.memberships.exclude(member=member).exists()
            if alone and not without_teams:
                raise HeldAlone(
                    "The member alone holds the keys of a team that these kits do not open. Once this is finished,"
                    " nobody can ever open its records again. If the old passphrase may still be found, wait. If not,"
                    " tick the last box and type the new passphrase once more."
                )
            membership.delete()
            record_write(
                organisation=office.handle, act=Entered.TEAM_LEFT, member=None, about=member.handle, team=team.handle
            )
            lost, gone = lost + (not alone), gone + alone
            continue
        pins = rosters.read(team, bundle)
        rosters.write(team, bundle, pins | {member.handle.hex: fingerprint(bytes(member.public_key))})
        team.save(update_fields=["roster"])
        membership.epoch, membership.bundle = seal_bundle(bundle, team, member)
        membership.save(update_fields=["epoch", "bundle"])
        back += 1
    return back, lost, gone


def _from_escrow(office: Organisation, team: Team, recovery_pair: KeyPair) -> TeamBundle | None:
    held = Escrow.objects.filter(team=team, round=office.recovery_round, key_number=team.key_number)
    escrow = held.select_related("team").first()
    if escrow is None:
        return None
    try:
        bundle = escrows.open_escrow(escrow, recovery_pair, office)
        team_keys.check(team, bundle)
    except (SealingFault, rosters.KeySubstituted):
        return None
    return bundle


def _let_factors_go(office: Organisation, member: Member, pair: KeyPair, *, lost_factors: bool) -> None:
    before = _factors(member)
    if lost_factors:
        SecurityKey.objects.filter(member=member).delete()
    factors.carry_over(member=member, before=None, after=pair)
    if _factors(member) < before:
        record_write(organisation=office.handle, act=Entered.FACTOR_REMOVED, member=None, about=member.handle)


def _factors(member: Member) -> int:
    return CodeFactor.objects.filter(member=member).count() + SecurityKey.objects.filter(member=member).count()
