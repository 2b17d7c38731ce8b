"""Checking the second factor of somebody whose passphrase was just tried.

The same costly steps are taken whoever it is: one opening of a sealed secret, three codes to compare, and, where the
browser sent a security key's answer, one signature to verify. Where there is nothing to open or verify, a decoy stands
in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from safeconduct.core.sealing.members import KeyPair

from . import codes, security_keys
from .models import CodeFactor, Member, Organisation, SecurityKey
from .security_keys import Answer

_NOBODY: Final = -1


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """What somebody gave beside the passphrase: a code as typed, a security key's answer, or neither."""

    code: str = ""
    answer: Answer | None = None


NOTHING: Final = Given()


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a factor is needed and whether one held; `spend` takes it, so that it cannot be used again."""

    needed: bool
    held: bool
    _spend: tuple[Callable[[], bool], ...] = ()

    def spend(self) -> bool:
        """Take the code's time step or the key's count: False where another request was quicker with the same one."""
        return not self.needed or any(one() for one in self._spend)


def has_any(member: Member) -> bool:
    """Whether the member has a second factor."""
    return CodeFactor.objects.filter(member=member).exists() or SecurityKey.objects.filter(member=member).exists()


def who_has_any(organisation: Organisation) -> set[int]:
    """The ids of the organisation's members who have a second factor."""
    with_code = CodeFactor.objects.filter(member__organisation=organisation).values_list("member_id", flat=True)
    with_key = SecurityKey.objects.filter(member__organisation=organisation).values_list("member_id", flat=True)
    return set(with_code) | set(with_key)


def code_of(member: Member) -> CodeFactor | None:
    """The member's codes, None where there are none."""
    return CodeFactor.objects.filter(member=member).first()


def keys_of(member: Member) -> QuerySet[SecurityKey]:
    """The member's security keys, by number."""
    return SecurityKey.objects.filter(member=member).order_by("number")


def key_of(member: Member, handle: UUID) -> SecurityKey:
    """One of the member's security keys. Raises `SecurityKey.DoesNotExist`, as for anybody else's."""
    return SecurityKey.objects.select_related("member__organisation").get(member=member, handle=handle)


def check(member: Member | None, pair: KeyPair | None, given: Given) -> Checked:
    """Check ``given`` for a member whose passphrase opened ``pair``; None for a member or pair that is not there."""
    pk = member.pk if member else _NOBODY
    factor = CodeFactor.objects.filter(member_id=pk).first()
    keys = {bytes(one.credential): one for one in SecurityKey.objects.filter(member_id=pk)}
    spend: list[Callable[[], bool]] = []
    step = _step(member, pair, factor, given.code)
    if factor is not None and step is not None and step > factor.last_step:
        spend.append(lambda: _take_step(factor, step))
    if given.answer is not None:
        key = keys.get(given.answer.id)
        count = security_keys.verify(
            given.answer,
            public_key=bytes(key.public_key) if key else security_keys.decoy(),
            sign_count=key.sign_count if key else 0,
        )
        if key is not None and count is not None:
            spend.append(lambda: take_count(key, count))
    return Checked(factor is not None or bool(keys), bool(spend), tuple(spend))


def take_count(key: SecurityKey, count: int) -> bool:
    """Keep a security key's new count of signatures, unless another request did meanwhile."""
    return bool(SecurityKey.objects.filter(pk=key.pk, sign_count=key.sign_count).update(sign_count=count))


def _step(member: Member | None, pair: KeyPair | None, factor: CodeFactor | None, code: str) -> int | None:
    """The time step of the code, None where it is not the member's. Always one opening and three comparisons."""
    opens, sealed, place, real = *codes.decoy(), "", False
    if member is not None and pair is not None and factor is not None:
        opens, sealed, place, real = pair, bytes(factor.secret), member.handle.hex, True
    secret = codes.open_secret(sealed, opens, member=place)
    step = codes.step_of(secret or bytes(codes.SECRET_BYTES), code, now=datetime.now(UTC))
    return step if real and secret is not None else None


def _take_step(factor: CodeFactor, step: int) -> bool:
    return bool(CodeFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))
