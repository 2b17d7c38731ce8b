"""Recovery kits: made in rounds, opened and confirmed by each guardian alone, and tried now and then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import boxes, members, padding, shares
from safeconduct.core.sealing.faults import CannotOpen
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.actions import record_read, record_write
from safeconduct.journal.models import Act as Entered

from .. import escrows, policies, recovery_key, rosters, standing, team_keys
from ..actor import Actor
from ..faults import HoursOutOfRange, KitNotHere, KitsDoNotOpen, NothingToOpen, NotThoseWords, WhichGuardians
from ..keys import today
from ..models import Escrow, Member, Organisation, RecoveryKit, Team

FEWEST_HOURS: Final = 24
MOST_HOURS: Final = 336


@dataclass(frozen=True, slots=True)
class OpenedKit:
    """A guardian's own kit: its words in their order, for their eyes and their paper."""

    kit: RecoveryKit
    words: tuple[str, ...]
    needed: int


def make(*, by: Actor, guardians: Sequence[Member], hours: int) -> int:
    """A new recovery key in a new round of kits: three guardians and more hold shares of which two are enough.

    Where there are fewer, one guardian holds a kit that is enough by itself. Each kit is sealed to its guardian's
    pinned key until they confirm their paper. Kits of earlier rounds open nothing from now on. Returns the round.

    Args:
        guardians: active guardians of the organisation: three to sixteen, or one where there are one or two.
        hours: how long a recovery waits, `FEWEST_HOURS` to `MOST_HOURS`. It stays so until the next round.

    Raises:
        Refused: policy. WhichGuardians, HoursOutOfRange. CannotVerifyKey: ``by`` shares no team with one of them.
        KeySubstituted: a guardian's key, or a key of a team, is not the pinned one; nothing was made.
        StaffNotAsLogged: who is a guardian is not what the log says; nothing was made.
    """
    policies.require(by, Act.MAKE_KITS, policies.of_organisation(by.organisation))
    chosen = {one.pk: one for one in guardians}
    if len(chosen) != 1 and not shares.SPLIT_FROM <= len(chosen) <= shares.MOST:
        raise WhichGuardians("Choose one guardian, or three and more: with three, any two kits are enough.")
    if not FEWEST_HOURS <= hours <= MOST_HOURS:
        raise HoursOutOfRange(f"The wait is between {FEWEST_HOURS} and {MOST_HOURS} hours.")
    with transaction.atomic():
        # Members, then teams, then their organisation: the order everybody locks them in.
        at_work = Member.objects.filter(organisation=by.organisation, is_guardian=True, state=Member.State.ACTIVE)
        rows = list(at_work.filter(pk__in=chosen).order_by("pk").select_for_update())
        teams = list(Team.objects.filter(pk__in=list(by.memberships)).order_by("pk").select_for_update())
        office = Organisation.objects.select_for_update().get(pk=by.organisation.pk)
        policies.require_now(by, Act.MAKE_KITS, policies.of_organisation(by.organisation))
        if len(rows) != len(chosen):
            raise WhichGuardians("Kits are for guardians who are at work here now.")
        if len(rows) < shares.SPLIT_FROM <= at_work.count():
            raise WhichGuardians("There are three guardians or more: one kit must not be enough. Choose three or more.")
        standing.require_as_logged(office.handle)
        for one in rows:
            rosters.check(one, rosters.known(by, one))
        office.recovery_round += 1
        office.recovery_hours = hours
        secret = shares.new_secret()
        pair = shares.pair_of(secret, organisation=office.handle.hex, round=office.recovery_round)
        office.recovery_public = pair.public
        office.save(update_fields=["recovery_public", "recovery_round", "recovery_hours"])
        RecoveryKit.objects.filter(guardian__organisation=office).update(sealed=None)
        for one, words in zip(rows, shares.split(secret, len(rows)), strict=True):
            _seal_kit(one, words, office).save(force_insert=True)
        record_write(
            organisation=office.handle,
            act=Entered.KITS_MADE,
            member=by.member.handle,
            count=len(rows),
            written=[recovery_key.commit(office)],
        )
        _pin(by, teams, office)
    # What this request goes on with is the key it made.
    by.organisation.recovery_public, by.organisation.recovery_round = office.recovery_public, office.recovery_round
    by.organisation.recovery_hours = hours
    return office.recovery_round


def open_own(*, by: Actor) -> OpenedKit:
    """The member's own kit of the present round, to write down or print, after the entry that says so.

    Raises:
        Refused: policy. KitNotHere: they have none, confirmed it, or have another key pair now.
        JournalUnavailable: nothing was opened.
    """
    policies.require(by, Act.OPEN_OWN_KIT, policies.of_account(by.member))
    kit = own(by)
    if kit is None or kit.sealed is None:
        raise KitNotHere("There is no kit of yours to open here. One that was confirmed is on paper only.")
    record_read(reader=by.reader, act=Entered.OPENED_KIT)
    try:
        raw = padding.unpad(by.pair.open_sent(bytes(kit.sealed), _place(by.organisation, kit.round, by.member)))
    except CannotOpen:
        raise KitNotHere("This kit was sealed to a key you no longer have. Make new kits.") from None
    return OpenedKit(kit, tuple(raw.decode().split()), needed(by.organisation))


def confirm(*, by: Actor, typed: str) -> None:
    """The guardian's paper is right: the sealed copy goes, and the words exist on that paper only.

    Raises:
        Refused: policy. KitNotHere. WordUnknown, WordsDoNotCheck: which word, or that one is wrong.
        NotThoseWords: a sound kit, and not this one.
    """
    policies.require(by, Act.OPEN_OWN_KIT, policies.of_account(by.member))
    with transaction.atomic():
        kit = own(by, lock=True)
        if kit is None or kit.sealed is None:
            raise KitNotHere("There is no kit of yours that waits to be confirmed.")
        shares.check([typed])
        if _commitment(by.organisation, kit.round, typed) != bytes(kit.commitment):
            raise NotThoseWords("These are the words of another kit, or of an older round.")
        kit.sealed, kit.confirmed_on = None, today()
        kit.save(update_fields=["sealed", "confirmed_on"])
        record_write(
            organisation=by.organisation.handle,
            act=Entered.KIT_CONFIRMED,
            member=by.member.handle,
            about=by.member.handle,
        )


def try_out(*, by: Actor, typed: Sequence[str]) -> None:
    """A drill: the words make the key and the key opens a team's escrow. Nothing is changed but the day of the try.

    Raises:
        Refused: policy. WordUnknown, WordsDoNotCheck, KitsDoNotFit: as `shares.join`. KitsDoNotOpen: of another round.
        NothingToOpen: no team's keys are in escrow yet. CannotOpen, KeySubstituted: what is there is not as it was put.
    """
    policies.require(by, Act.TRY_KITS, policies.of_organisation(by.organisation))
    office = Organisation.objects.get(pk=by.organisation.pk)
    pair = pair_from(office, typed)
    held = Escrow.objects.filter(team__organisation=office, round=office.recovery_round).select_related("team")
    escrow = held.order_by("team").first()
    if escrow is None:
        raise NothingToOpen("The words are right, and no team's keys are sealed to them yet. A member has to unlock.")
    bundle = escrows.open_escrow(escrow, pair, office)
    if escrow.key_number == escrow.team.key_number:
        team_keys.check(escrow.team, bundle)
    kits = {_commitment(office, office.recovery_round, text) for text in typed if text.strip()}
    with transaction.atomic():
        for kit in RecoveryKit.objects.filter(guardian__organisation=office, round=office.recovery_round):
            if bytes(kit.commitment) in kits:
                RecoveryKit.objects.filter(pk=kit.pk).update(tried_on=today())
        record_write(
            organisation=office.handle, act=Entered.KIT_TRIED, member=by.member.handle, count=max(1, len(kits))
        )


def pair_from(office: Organisation, typed: Sequence[str]) -> KeyPair:
    """The recovery pair that enough kits of the present round make.

    Raises:
        WordUnknown, WordsDoNotCheck, KitsDoNotFit: as `shares.join`. KitsDoNotOpen: they make another key.
        KeySubstituted: the key in the database is not the one in the log.
    """
    pair = shares.pair_of(shares.join(typed), organisation=office.handle.hex, round=office.recovery_round)
    if pair.public != recovery_key.public(office):
        raise KitsDoNotOpen("These kits make no key of this desk. They may be of an older round.")
    if not recovery_key.is_as_logged(office):
        raise rosters.KeySubstituted("the recovery key is not the one in the log")
    return pair


def own(by: Actor, *, lock: bool = False) -> RecoveryKit | None:
    """The member's kit of the present round, if they were given one."""
    rows = RecoveryKit.objects.select_for_update() if lock else RecoveryKit.objects
    return rows.filter(guardian=by.member, round=by.organisation.recovery_round).first()


def waits(*, by: Actor) -> bool:
    """Whether the member's own kit is still here to be opened and confirmed."""
    kit = own(by)
    return kit is not None and kit.sealed is not None


def needed(office: Organisation) -> int:
    """How many kits of the present round are enough."""
    kits = RecoveryKit.objects.filter(guardian__organisation=office, round=office.recovery_round).count()
    return 2 if kits >= shares.SPLIT_FROM else 1


def carry_over(*, member: Member, before: KeyPair, after: KeyPair) -> None:
    """A kit that waits for its guardian follows them to a new key pair. Inside the caller's transaction."""
    office = member.organisation
    for kit in member.kits.filter(sealed__isnull=False):
        place = _place(office, kit.round, member)
        try:
            kit.sealed = members.send(before.open_sent(bytes(kit.sealed or b""), place), after.public, place)
        except CannotOpen:
            continue  # of a pair before this one: its guardian is told to make new kits
        kit.save(update_fields=["sealed"])


def _seal_kit(guardian: Member, words: str, office: Organisation) -> RecoveryKit:
    place = _place(office, office.recovery_round, guardian)
    return RecoveryKit(
        guardian=guardian,
        round=office.recovery_round,
        made_on=today(),
        sealed=members.send(padding.pad(words.encode()), bytes(guardian.public_key), place),
        commitment=_commitment(office, office.recovery_round, words),
    )


def _pin(by: Actor, teams: Sequence[Team], office: Organisation) -> None:
    """Pin the key made in this very request in every team of the member's, and seal their keys to it."""
    for team in teams:
        bundle = by.bundle(team.pk, number=team.key_number)
        team_keys.check(team, bundle)
        team.organisation = office
        escrows.pin(team, bundle, office)
        escrows.put(team, bundle, office)


def _commitment(office: Organisation, round: int, words: str) -> bytes:
    return shares.commitment(words, organisation=office.handle.hex, round=round)


def _place(office: Organisation, round: int, guardian: Member) -> bytes:
    return boxes.context("recovery-kit", office.handle.hex, round, guardian.handle.hex)
