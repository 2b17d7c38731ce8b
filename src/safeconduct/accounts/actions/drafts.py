"""What somebody had typed when the desk locked: sealed to their own key at once, given back the same day.

A draft names its page inside the seal, so the database says neither what was typed nor where. Anybody could seal to a
public key, and what is given back goes into a form; so a second seal is around it, under the folder's own secret, which
is not in the database.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from safeconduct.core.sealing import boxes, members, padding
from safeconduct.core.sealing.faults import SealingFault

from ..actor import Actor
from ..keys import LONDON, is_as_logged, today
from ..models import Draft, Member
from ..rosters import KeySubstituted

# The newest of one member; a page has one, and few people leave twenty pages half typed in a day.
MOST: Final = 20
LONGEST: Final = 512 * 1024

Fields = list[tuple[str, list[str]]]


class TooLong(Exception):
    """More was typed than a draft keeps."""


class Typed(msgspec.Struct, frozen=True, array_like=True):
    """The fields of one form: ``path`` of its page, ``form`` its number among the page's guarded forms."""

    path: str
    form: int
    fields: Fields


def keep(*, member: Member, actor: Actor | None, typed: Typed, instead_of: UUID | None = None) -> UUID:
    """Seal what was typed to the member; ``actor`` is None while the desk is locked. Returns the draft's handle.

    Sealed to the public half of the key in use, or, while locked, to the one the log committed to.

    Raises:
        TooLong: over 512 KiB.
        KeySubstituted: the member's row holds a key the log does not know; nothing was sealed to it.
    """
    raw = msgspec.msgpack.encode(typed)
    if len(raw) > LONGEST:
        raise TooLong("What you typed is too long to be kept while the desk is locked.")
    if actor is None and not is_as_logged(member):
        raise KeySubstituted("a member's key is not the one the log knows; nothing was sealed to it")
    public = actor.pair.public if actor else bytes(member.public_key)
    with transaction.atomic():
        draft = Draft(member=member, at=datetime.now(UTC))
        place = _place(member, draft.handle)
        draft.body = boxes.seal(_desk_key(), members.send(padding.pad(raw), public, place), place)
        if instead_of is not None:
            member.drafts.filter(handle=instead_of).delete()
        draft.save(force_insert=True)
        newest = member.drafts.order_by("-pk").values_list("pk", flat=True)[:MOST]
        member.drafts.exclude(pk__in=list(newest)).delete()
    handle: UUID = draft.handle
    return handle


def opened(*, by: Actor, path: str) -> list[tuple[UUID, Typed]]:
    """The member's own drafts of one page, of today, oldest first, each with its handle."""
    out = []
    for draft in by.member.drafts.filter(at__gte=_midnight()).order_by("pk"):
        typed = _open(draft, by)
        if typed is not None and typed.path == path:
            out.append((draft.handle, typed))
    return out


def of_today() -> QuerySet[Draft]:
    """Every draft of today, whoever's it is."""
    return Draft.objects.filter(at__gte=_midnight())


def has_any(member: Member) -> bool:
    """Whether anything of today is kept for the member."""
    return of_today().filter(member=member).exists()


def remove(*, member: Member, handle: UUID) -> None:
    """Take away one of the member's own drafts, now that its text is back in the form or was sent."""
    member.drafts.filter(handle=handle).delete()


def remove_old() -> None:
    """Take away every draft of an earlier day, whoever's it is."""
    Draft.objects.filter(at__lt=_midnight()).delete()


def _open(draft: Draft, by: Actor) -> Typed | None:
    try:
        place = _place(by.member, draft.handle)
        sealed = boxes.open_box(_desk_key(), bytes(draft.body), place)
        raw = padding.unpad(by.pair.open_sent(sealed, place))
        return msgspec.msgpack.decode(raw, type=Typed)
    except (SealingFault, msgspec.DecodeError):
        return None  # of a key pair that was replaced since, or put there by somebody else


def _place(member: Member, handle: UUID) -> bytes:
    return boxes.context("draft", member.handle.hex, handle.hex)


def _desk_key() -> bytes:
    return boxes.derive(settings.SECRET_KEY.encode(), boxes.context("draft-desk"))


def _midnight() -> datetime:
    return datetime.combine(today(), datetime.min.time(), LONDON)
