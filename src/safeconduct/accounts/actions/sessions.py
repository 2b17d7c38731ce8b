"""Signing in and out, locking and unlocking."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from safeconduct.core.sealing import authenticators
from safeconduct.core.sealing import sessions as splits
from safeconduct.core.sealing.faults import CannotOpen, SealingFault, WeakPassphrase
from safeconduct.core.sealing.members import KeyPair, Lock
from safeconduct.journal.actions import record_write
from safeconduct.journal.models import Act

from .. import attempts, devices, keyring, second_factor, security_keys, sign_in_names
from ..actor import Actor
from ..devices import Device
from ..faults import CannotSignIn, WrongPassphrase
from ..keys import KEY_FIELDS, LONDON, passphrase_cost, today
from ..models import Member, Organisation, SecurityKey, Session
from ..second_factor import NOTHING, Given
from ..security_keys import Answer
from . import drafts, refused_tries

_ONE_ANSWER: Final = (
    "That sign-in name and passphrase do not go together, or the code or security key with them. Check them and try"
    " again."
)
_STILL_LOCKED: Final = "That does not open your key. Nothing is lost; try again."
_NOBODY: Final = "0" * 32
_SEALED_KEY_BYTES: Final = 125
_SEEN_EVERY: Final = timedelta(minutes=1)
KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session and the half of its key that goes into the cookie and nowhere else."""

    session: Session
    half: bytes
    actor: Actor


def sign_in(
    *, name: str, passphrase: str, given: Given = NOTHING, device: Device | None = None, at_server: bool = False
) -> SignedIn:
    """A new session for a member. ``device`` is the browser; ``at_server`` is for commands, which ask for no factor.

    Raises:
        CannotSignIn: the same for an unknown member, a wrong passphrase, a wrong, used or missing code or key, and a
            member who is on leave, has left or was disabled: after the same queries, writes and costly steps.
        TooSoon: wrong tries at this name came before, from this browser or from those that never signed in with it.
    """
    wanted = sign_in_names.folded(name)
    known = device.number if device is not None and devices.is_known(device, wanted) else b""
    tries = attempts.count("sign-in", wanted, known)
    member = sign_in_names.whose(name, Member.objects.select_related("organisation"))
    somewhere = Organisation.objects.order_by("pk").first()
    pair = _open(member, passphrase)
    checked = second_factor.check(member, pair, given)
    enough = checked.held or not checked.needed or at_server
    if member is None or pair is None or member.state != Member.State.ACTIVE or not enough:
        # A try at a name that nobody has is written down like any other, so that both are the same work.
        office = member.organisation if member else somewhere
        _refuse(office, member)
        raise CannotSignIn(_ONE_ANSWER)
    with transaction.atomic():
        if not _stands(member) or not (at_server or checked.spend()):
            raise CannotSignIn(_ONE_ANSWER)
        # Whatever was counted in the night is in the log by the time somebody works.
        refused_tries.write_sums()
        session, half = begin(member, pair)
        record_write(organisation=member.organisation.handle, act=Act.SIGNED_IN, member=member.handle)
        attempts.forget(tries)
        _bring_to_cost(member, pair, passphrase)
    return SignedIn(session, half, Actor(member, pair))


def begin(member: Member, pair: KeyPair) -> tuple[Session, bytes]:
    """A session's row and its cookie half. Inside the caller's transaction. Sessions long unused are removed."""
    half, now = splits.new_half(), datetime.now(UTC)
    Session.objects.filter(seen_at__lt=now - KEPT_FOR).delete()
    drafts.remove_old()
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
    longer opens. Unused for thirty days, it has ended.
    """
    now = datetime.now(UTC)
    session = (
        Session.objects.select_related("member__organisation")
        .filter(token=splits.token(half), member__state=Member.State.ACTIVE, seen_at__gte=now - KEPT_FOR)
        .first()
    )
    if session is None:
        return None
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


def is_of_today(session: Session) -> bool:
    """Whether the session began on this day in London: then the passphrase alone unlocks it."""
    return session.started_at.astimezone(LONDON).date() == today()


def unlock(*, session: Session, half: bytes, passphrase: str, given: Given = NOTHING) -> SignedIn:
    """Open a locked session again. One of an earlier day asks for the second factor too, and is begun anew.

    Raises:
        WrongPassphrase: passphrase, code or key is not right; the session stays locked.
        TooSoon: wrong tries at this session came before.
    """
    member = session.member
    tries = _tries(session)
    pair = _open(member, passphrase)
    checked = second_factor.check(member, pair, given)
    fresh = is_of_today(session)
    if pair is None or not (fresh or checked.held or not checked.needed):
        _refuse(member.organisation, member)
        raise WrongPassphrase(_STILL_LOCKED)
    with transaction.atomic():
        if not (fresh or checked.spend()):
            raise WrongPassphrase(_STILL_LOCKED)
        return _reopen(session, half, pair, tries, fresh=fresh)


def unlock_by_key(*, session: Session, half: bytes, answer: Answer, prf: bytes) -> SignedIn:
    """Open a session locked today with a security key that keeps the member's key. ``prf`` is what it made, 32 bytes.

    The key must have asked for its PIN or a finger. Raises as `unlock` does.
    """
    member = session.member
    tries = _tries(session)
    key = SecurityKey.objects.filter(member=member, credential=answer.id, kept__isnull=False).first()
    opened = _opened_by(key, member, answer, prf) if key is not None and is_of_today(session) else None
    if key is None or opened is None:
        _refuse(member.organisation, member)
        raise WrongPassphrase("That security key does not open your key. Nothing is lost; use the passphrase.")
    pair, count = opened
    with transaction.atomic():
        if not second_factor.take_count(key, count):
            raise WrongPassphrase(_STILL_LOCKED)
        return _reopen(session, half, pair, tries, fresh=True)


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


def _open(member: Member | None, passphrase: str) -> KeyPair | None:
    """The member's pair; None for a wrong passphrase. Where there is no member a lock nobody can open is tried."""
    handle = member.handle.hex if member else _NOBODY
    locked = member.lock if member else Lock(bytes(16), passphrase_cost(), b"\x01" + os.urandom(_SEALED_KEY_BYTES - 1))
    try:
        return locked.open(passphrase, member=handle)
    except SealingFault:
        return None


def _stands(member: Member) -> bool:
    """Whether the member is at work and has the key that was opened: stretching a passphrase takes long enough for
    another to be chosen, for leave or for a recovery. Held until the end of the caller's transaction."""
    now = Member.objects.select_for_update().get(pk=member.pk)
    return now.state == Member.State.ACTIVE and bytes(now.public_key) == bytes(member.public_key)


def _bring_to_cost(member: Member, pair: KeyPair, passphrase: str) -> None:
    """Lock the same key anew where it was locked at another cost than the office's: until then its refusals can be told
    from a stranger's by how long they take. The key pair stays, so nothing else changes."""
    if member.lock.cost == passphrase_cost():
        return
    before = bytes(member.sealed_key)
    try:
        member.lock = Lock.make(pair, passphrase, member=member.handle.hex, cost=passphrase_cost())
    except WeakPassphrase:
        return  # chosen when less was asked for; it is raised when they choose another
    # Unless a new passphrase was chosen at this moment.
    Member.objects.filter(pk=member.pk, sealed_key=before).update(
        **{name: getattr(member, name) for name in KEY_FIELDS if name != "public_key"}
    )


def _opened_by(key: SecurityKey, member: Member, answer: Answer, prf: bytes) -> tuple[KeyPair, int] | None:
    count = security_keys.verify(answer, public_key=bytes(key.public_key), sign_count=key.sign_count, verified=True)
    if count is None or key.kept is None:
        return None
    try:
        pair = authenticators.open_kept(
            bytes(key.kept), prf, member=member.handle.hex, credential=bytes(key.credential)
        )
    except SealingFault:
        return None
    # One kept from before the passphrase was changed opens nothing any more, and must not seem to.
    return (pair, count) if pair.public == bytes(member.public_key) else None


def _reopen(session: Session, half: bytes, pair: KeyPair, tries: bytes, *, fresh: bool) -> SignedIn:
    """Unlock a session, or end one of an earlier day and begin another. Inside the caller's transaction.

    ``fresh`` is what was asked for by: midnight may have come since.
    """
    member = session.member
    if fresh:
        drafts.remove_old()
        session.kept, session.seen_at = splits.keep(pair, half, keyring.BOOT_KEY), datetime.now(UTC)
        # Ended elsewhere at this moment (another passphrase, a guardian): it must not come back.
        if not Session.objects.filter(pk=session.pk).update(kept=session.kept, seen_at=session.seen_at):
            raise WrongPassphrase(_STILL_LOCKED)
    else:
        if not Session.objects.filter(pk=session.pk).delete()[0]:
            raise WrongPassphrase(_STILL_LOCKED)  # as above
        session, half = begin(member, pair)
    record_write(organisation=member.organisation.handle, act=Act.UNLOCKED, member=member.handle)
    attempts.forget(tries)
    return SignedIn(session, half, Actor(member, pair))


def _tries(session: Session) -> bytes:
    return attempts.count("unlock", session.handle.hex)


def _refuse(office: Organisation | None, member: Member | None) -> None:
    if office is None:
        return  # nobody has set the desk up: there is no log to write to, and nobody to tell apart
    refused_tries.write_down(organisation=office.handle, member=member.handle if member else None)
