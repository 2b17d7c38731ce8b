"""What is set once for a surgery and kept in the browser, sealed: the day, the place, where letters go.

The place stands in no column and no address. It travels in a cookie that only this member, in this team, can open, and
is written into what is sealed of each person seen. The cookie ends with the browser.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Member, Team
from safeconduct.core.sealing import boxes, padding
from safeconduct.core.sealing.faults import SealingFault

from ...cookies import SURGERY

_PATH: Final = "/surgery"
_PURPOSE: Final = "surgery-set"


class Setting(msgspec.Struct, frozen=True):
    """``team`` and ``worker`` are handles (hex); ``worker`` is "" for nobody yet."""

    team: str
    on: date
    place: str = ""
    kind: str = ""
    route: str = ""
    worker: str = ""


def kept(request: HttpRequest, by: Actor) -> tuple[Team, Setting] | None:
    """What was set in this browser by this member; None where nothing was, or their team does not hold it any more."""
    team_handle, _dot, text = request.COOKIES.get(SURGERY, "").partition(".")
    team = next((one for one in by.teams if one.handle.hex == team_handle), None)
    if team is None:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text.encode("ascii"))
        raw = padding.unpad(by.bundle(team.pk).open_box(sealed, _place(by, team), _PURPOSE, by.member.handle.hex))
        setting = msgspec.msgpack.decode(raw, type=Setting)
    except (SealingFault, msgspec.DecodeError, binascii.Error, UnicodeEncodeError):
        return None
    return (team, setting) if setting.team == team.handle.hex else None


def keep(response: HttpResponse, by: Actor, team: Team, setting: Setting) -> None:
    """Have the browser keep it, for the pages of a surgery alone."""
    key = by.bundle(team.pk).key_for(_PURPOSE, by.member.handle.hex)
    sealed = boxes.seal(key, padding.pad(msgspec.msgpack.encode(setting)), _place(by, team))
    value = f"{team.handle.hex}.{base64.urlsafe_b64encode(sealed).decode('ascii')}"
    https = bool(settings.OPTIONS.https)
    response.set_cookie(SURGERY, value, path=_PATH, httponly=True, samesite="Strict", secure=https)


def forget(response: HttpResponse) -> None:
    """End it: the browser keeps nothing of it."""
    response.delete_cookie(SURGERY, path=_PATH, samesite="Strict")


def worker_of(setting: Setting, team: Team) -> Member | None:
    """Who works on the cases, where they are still in the team."""
    if not setting.worker:
        return None
    rows = team.memberships.filter(member__handle=setting.worker, member__state=Member.State.ACTIVE)
    found = rows.select_related("member").first()
    return found.member if found else None


def _place(by: Actor, team: Team) -> bytes:
    return boxes.context(_PURPOSE, team.handle.hex, by.member.handle.hex)
