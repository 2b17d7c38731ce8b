"""Second factors: codes and security keys, added and removed by their own member, or removed by a guardian."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max

from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import authenticators
from safeconduct.core.sealing.faults import SealingFault
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act as Entered

from .. import attempts, codes, policies, security_keys
from ..actor import Actor
from ..faults import FactorNotAdded, NoSuchFactor, WrongPassphrase
from ..keys import today
from ..models import CodeFactor, Member, SecurityKey
from ..security_keys import Answer

MOST_KEYS: Final = 10
_NOT_YOURS: Final = "That passphrase does not open your key. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Proposed:
    """A secret for an authenticator app: in clear for the page, and sealed to the member for the form's way back."""

    secret: bytes
    sealed: bytes


def propose_code(*, by: Actor) -> Proposed:
    """A new secret for codes. Nothing is kept until `add_code`. Raises `Refused`."""
    policies.require(by, Act.CHANGE_OWN_FACTORS, policies.of_account(by.member))
    secret = codes.new_secret()
    return Proposed(secret, codes.seal(secret, by.pair.public, member=by.member.handle.hex))


def proposed_again(*, by: Actor, sealed: bytes) -> Proposed | None:
    """The same secret once more, for a form with a mistake in it; None where it does not open."""
    secret = codes.open_secret(sealed, by.pair, member=by.member.handle.hex)
    return Proposed(secret, sealed) if secret is not None and len(secret) == codes.SECRET_BYTES else None


def add_code(*, by: Actor, passphrase: str, sealed: bytes, code: str) -> None:
    """Take up codes, in place of those there were, once one of them and the passphrase are right.

    Raises:
        Refused: policy.
        WrongPassphrase, TooSoon: as when unlocking.
        FactorNotAdded: the code is not one of the secret's at this time.
    """
    policies.require(by, Act.CHANGE_OWN_FACTORS, policies.of_account(by.member))
    _confirm(by, passphrase)
    proposed = proposed_again(by=by, sealed=sealed)
    step = codes.step_of(proposed.secret, code, now=datetime.now(UTC)) if proposed else None
    if proposed is None or step is None:
        raise FactorNotAdded("That code is not right for this secret now. Wait for the next one and type it.")
    with transaction.atomic():
        _require_same_key(by)
        CodeFactor.objects.update_or_create(
            member=by.member, defaults={"secret": proposed.sealed, "added_on": today(), "last_step": step}
        )
        _record(by, Entered.FACTOR_ADDED, by.member)


def add_key(*, by: Actor, passphrase: str, answer: Answer, prf: bytes | None = None) -> SecurityKey:
    """Take up a security key. With ``prf``, what it made of `salt_for` (32 bytes), it will unlock the desk too.

    Raises:
        Refused, WrongPassphrase, TooSoon: as `add_code`.
        FactorNotAdded: the answer does not hold, the key is known already, or there are ten.
    """
    policies.require(by, Act.CHANGE_OWN_FACTORS, policies.of_account(by.member))
    _confirm(by, passphrase)
    made = security_keys.verify_new(answer, verified=prf is not None)
    if made is None:
        raise FactorNotAdded("That security key's answer is not right. Nothing was changed; try once more.")
    kept = None
    if prf is not None:
        try:
            kept = authenticators.keep(by.pair, prf, member=by.member.handle.hex, credential=made.id)
        except SealingFault:
            raise FactorNotAdded("That security key cannot unlock the desk. Add it without that.") from None
    try:
        with transaction.atomic():
            # Held until the end: two keys added at once get two numbers.
            _require_same_key(by)
            mine = SecurityKey.objects.filter(member=by.member)
            if mine.count() >= MOST_KEYS:
                raise FactorNotAdded("You have ten security keys. Remove one first.")
            key = SecurityKey.objects.create(
                member=by.member,
                number=(mine.aggregate(most=Max("number"))["most"] or 0) + 1,
                credential=made.id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                prf_salt=salt_for(answer.challenge),
                kept=kept,
                added_on=today(),
            )
            _record(by, Entered.FACTOR_ADDED, by.member)
    except IntegrityError:
        raise FactorNotAdded("That security key is known to this desk already.") from None
    return key


def salt_for(challenge: bytes) -> bytes:
    """The salt (32 bytes) a key added by this challenge is asked for ever after: as random as the challenge."""
    return hashlib.sha256(b"safeconduct/prf-salt\0" + challenge).digest()


def remove_code(*, by: Actor, passphrase: str) -> None:
    """Take the member's own codes away. Raises `Refused`, `WrongPassphrase`, `TooSoon`, `NoSuchFactor`."""
    policies.require(by, Act.CHANGE_OWN_FACTORS, policies.of_account(by.member))
    _confirm(by, passphrase)
    with transaction.atomic():
        _gone(CodeFactor.objects.filter(member=by.member).delete()[0])
        _record(by, Entered.FACTOR_REMOVED, by.member)


def remove_key(*, by: Actor, key: SecurityKey, passphrase: str) -> None:
    """Take one of the member's own security keys away. Raises as `remove_code` does."""
    policies.require(by, Act.CHANGE_OWN_FACTORS, policies.of_account(key.member))
    _confirm(by, passphrase)
    with transaction.atomic():
        _gone(SecurityKey.objects.filter(pk=key.pk).delete()[0])
        _record(by, Entered.FACTOR_REMOVED, by.member)


def remove_all(*, by: Actor, member: Member, passphrase: str) -> None:
    """A guardian takes every second factor of another member away; that member signs in by passphrase alone.

    Raises as `remove_code` does; ``passphrase`` is the guardian's own.
    """
    policies.require(by, Act.REMOVE_FACTORS, policies.of_account(member))
    _confirm(by, passphrase)
    with transaction.atomic():
        policies.require_now(by, Act.REMOVE_FACTORS, policies.of_account(member))
        codes_gone, _ = CodeFactor.objects.filter(member=member).delete()
        keys_gone, _ = SecurityKey.objects.filter(member=member).delete()
        _gone(codes_gone + keys_gone)
        _record(by, Entered.FACTOR_REMOVED, member)


def carry_over(*, member: Member, before: KeyPair | None, after: KeyPair) -> None:
    """Bring a member's second factors to a new key pair. Inside the transaction that replaces the pair.

    Codes are sealed anew; without ``before`` (a recovery) nobody can open their secret, and they are taken away.
    Security keys stay second factors, and unlock nothing any more. Typed text kept for the old pair is taken away.
    """
    factor = CodeFactor.objects.filter(member=member).first()
    if factor is not None:
        handle = member.handle.hex
        secret = codes.open_secret(bytes(factor.secret), before, member=handle) if before else None
        if secret is None:
            factor.delete()
        else:
            factor.secret = codes.seal(secret, after.public, member=handle)
            factor.save(update_fields=["secret"])
    SecurityKey.objects.filter(member=member, kept__isnull=False).update(kept=None)
    member.drafts.all().delete()


def _confirm(by: Actor, passphrase: str) -> None:
    """Whoever changes factors is the member, and not somebody at their unlocked screen."""
    tries = attempts.count("confirm", by.member.handle.hex)
    try:
        pair = by.member.lock.open(passphrase, member=by.member.handle.hex)
    except SealingFault:
        raise WrongPassphrase(_NOT_YOURS) from None
    if pair.public != by.pair.public:
        raise WrongPassphrase(_NOT_YOURS)
    attempts.forget(tries)


def _require_same_key(by: Actor) -> None:
    """What is sealed to a key that was replaced while the passphrase was stretched would be asked for and never open.

    The member is held until the end of the caller's transaction: a new passphrase brings over what is there then.
    """
    stands = Member.objects.select_for_update().get(pk=by.member.pk)
    if stands.state != Member.State.ACTIVE or bytes(stands.public_key) != by.pair.public:
        raise WrongPassphrase("Your key or your account was changed elsewhere just now. Nothing was changed here.")


def _gone(count: int) -> None:
    if not count:
        raise NoSuchFactor("That second factor was removed already.")


def _record(by: Actor, act: Entered, about: Member) -> None:
    record_write(
        organisation=by.organisation.handle,
        act=act,
        member=by.member.handle,
        about=about.handle if about.pk != by.member.pk else None,
    )
