"""Asking a member for their passphrase once more, before something that an unlocked browser alone should not do."""

from safeconduct.core.sealing.faults import SealingFault

from .. import attempts
from ..actor import Actor
from ..faults import WrongPassphrase


def confirm(*, by: Actor, passphrase: str) -> None:
    """Raises `WrongPassphrase`; `TooSoon` where wrong tries came before."""
    tries = attempts.count("confirm", by.member.handle.hex)
    try:
        by.member.lock.open(passphrase, member=by.member.handle.hex)
    except SealingFault:
        raise WrongPassphrase("Your passphrase is not right. Nothing was made.") from None
    attempts.forget(tries)
