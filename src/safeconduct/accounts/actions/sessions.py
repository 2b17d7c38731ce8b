"""Signing in and out, locking and unlocking."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from safeconduct.core.sealing import passphrase as passphrases
from safeconduct.core.sealing import sessions as splits
from safeconduct.core.sealing.faults import CannotOpen, SealingFault
from safeconduct.core.sealing.members import KeyPair
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act

from .. import keyring
from ..actor import Actor
from ..faults import CannotSignIn, WrongPassphrase
from ..keys import passphrase_cost
from ..models import Member, Session

_ONE_ANSWER: Final = "That sign-in name and passphrase do not go together. Check both and try again."
_NOBODY: Final = bytes(16)
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and the half of its key that goes into the cookie and nowhere else."""

    session: Session
    half: bytes
    actor: Actor


def sign_in(*, name: str, passphrase: str) -> SignedIn:
    """A new session for a member.

    Raises:
        CannotSignIn: the same for an unknown member, a wrong passphrase and a disabled member, at the same cost.
    """
    member = Member.objects.select_related("organisation").filter(sign_in=name.strip().casefold()).first()
    if member is None:
        passphrases.stretch(passphrase, _NOBODY, passphrase_cost())
        raise CannotSignIn(_ONE_ANSWER)
    try:
        pair = member.lock.open(passphrase, member=member.handle.hex)
    except SealingFault:
        pair = None
    if pair is None or member.state != Member.State.ACTIVE:
        with transaction.atomic():
            record_write(organisation=member.organisation.handle, act=Act.SIGN_IN_REFUSED, member=member.handle)
        raise CannotSignIn(_ONE_ANSWER)
    with transaction.atomic():
        session, half = begin(member, pair)
        record_write(organisation=member.organisation.handle, act=Act.SIGNED_IN, member=member.handle)
    return SignedIn(session, half, Actor(member, pair))


def begin(member: Member, pair: KeyPair) -> tuple[Session, bytes]:
    """A session's row and its cookie half. Inside the caller's transaction."""
    half, now = splits.new_half(), datetime.now(UTC)
    session = Session.objects.create(
        member=member,
        token=splits.token(half),
        kept=splits.keep(pair, half, keyring.BOOT_KEY),
        started_at=now,
        seen_at=now,
    )
    return session, half


def resume(*, half: bytes) -> tuple[Session, Actor | None] | None:
    """The session a cookie belongs to, and its actor unless it is locked. None where there is no such session.

    Idle beyond the office's minutes counts as locked, and so does a session of before a restart: what was kept no
    longer opens.
    """
    session = (
        Session.objects.select_related("member__organisation")
        .filter(token=splits.token(half), member__state=Member.State.ACTIVE)
        .first()
    )
    if session is None:
        return None
    now = datetime.now(UTC)
    if session.kept is not None and now - session.seen_at > timedelta(minutes=settings.IDLE_MINUTES):
        lock(session=session)
    if session.kept is None:
        return session, None
    try:
        pair = splits.resume(bytes(session.kept), half, keyring.BOOT_KEY)
    except CannotOpen:
        return session, None
    if now - session.seen_at > _SEEN_EVERY:
        Session.objects.filter(pk=session.pk).update(seen_at=now)
    return session, Actor(session.member, pair)


def unlock(*, session: Session, half: bytes, passphrase: str) -> Actor:
    """Open a locked session again. Raises `WrongPassphrase`."""
    member = session.member
    try:
        pair = member.lock.open(passphrase, member=member.handle.hex)
    except SealingFault:
        with transaction.atomic():
            record_write(organisation=member.organisation.handle, act=Act.SIGN_IN_REFUSED, member=member.handle)
        raise WrongPassphrase("That passphrase does not open your key. Nothing is lost; try again.") from None
    with transaction.atomic():
        session.kept, session.seen_at = splits.keep(pair, half, keyring.BOOT_KEY), datetime.now(UTC)
        session.save(update_fields=["kept", "seen_at"])
        record_write(organisation=member.organisation.handle, act=Act.UNLOCKED, member=member.handle)
    return Actor(member, pair)


def lock(*, session: Session) -> None:
    """Forget the key; the session and its place stay."""
    with transaction.atomic():
        # Another tab may have locked it, or signed out, at this very moment: then there is nothing to say.
        if Session.objects.filter(pk=session.pk, kept__isnull=False).update(kept=None):
            record_write(organisation=session.member.organisation.handle, act=Act.LOCKED, member=session.member.handle)
    session.kept = None


def sign_out(*, session: Session) -> None:
    """End the session."""
    with transaction.atomic():
        record_write(organisation=session.member.organisation.handle, act=Act.SIGNED_OUT, member=session.member.handle)
        session.delete()
