"""What somebody sent and the desk could not take yet, as while it was locked: sealed to them, carried by their browser.

The server keeps none of it and the page on the locked screen shows none of it: the form's fields go into the page of
the lock as one sealed value. It opens with the member's key only, for the address it was sent to only. Pages that say
"not now" carry it in the same way: browsers do not bring back what was typed into a page they may not keep.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest, QueryDict

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import is_as_logged
from safeconduct.accounts.models import Member
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.core.sealing import boxes, members, padding
from safeconduct.core.sealing.faults import SealingFault

FIELD: Final = "held-form"
TO: Final = "held-to"
# Sealed and in base64 it must still fit into the next request, which Django bounds at 2 MB.
_LONGEST: Final = 1024 * 1024
_OURS: Final = frozenset({"csrfmiddlewaretoken", FIELD, TO})

Fields = list[tuple[str, list[str]]]


def seal(request: HttpRequest, member: Member) -> str | None:
    """The fields of a form sealed to ``member``; None where they cannot be held (a file, or too long).

    Raises:
        KeySubstituted: the member's row holds a key the log does not know.
    """
    if request.FILES:
        return None
    fields: Fields = [(key, values) for key, values in request.POST.lists() if key not in _OURS]
    raw = msgspec.msgpack.encode(fields)
    if len(raw) > _LONGEST:
        return None
    # The key stands in a row that whoever writes to the database could exchange: it must be the one the log knows.
    if not is_as_logged(member):
        raise KeySubstituted("a member's key is not the one the log knows; nothing was sealed to it")
    sealed = members.send(padding.pad(raw), bytes(member.public_key), _place(member, request.path))
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def carried(request: HttpRequest) -> dict[str, str] | None:
    """The shape of components/held.html for a form that could not be taken: {to, name, sealed}.

    None where nothing was sent, nobody is at the desk, or it cannot be held: see `seal`.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if request.method != "POST" or actor is None or getattr(request, "htmx", False):
        return None
    sealed = request.POST.get(FIELD)  # one that was sent again, and refused before it was put back
    if sealed is None:
        try:
            sealed = seal(request, actor.member)
        except (KeySubstituted, DatabaseError):
            return None
    return {"to": request.get_full_path(), "name": FIELD, "sealed": sealed} if sealed else None


def put_back(request: HttpRequest, actor: Actor) -> bool:
    """Make a replayed request the one that was held. False where what was held does not open: nothing may go on."""
    try:
        sealed = base64.urlsafe_b64decode(request.POST[FIELD].encode("ascii"))
        raw = padding.unpad(actor.pair.open_sent(sealed, _place(actor.member, request.path)))
        fields = msgspec.msgpack.decode(raw, type=Fields)
    except (SealingFault, msgspec.DecodeError, binascii.Error, UnicodeEncodeError):
        return False
    held = QueryDict(mutable=True)
    for key, values in fields:
        held.setlist(key, values)
    held._mutable = False  # as Django itself leaves a request's fields
    request.POST = held  # type: ignore[assignment]  # the stubs know only the fixed kind
    return True


def _place(member: Member, path: str) -> bytes:
    return boxes.context("held-form", member.handle.hex, path)
