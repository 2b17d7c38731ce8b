"""What every page's shell needs: see base.html. Nothing in it is sealed; members of staff are named in the open."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Session
from safeconduct.accounts.told import NOTHING, told
from safeconduct.agenda.queries import Wanted
from safeconduct.casework.due import agenda_due
from safeconduct.post.queries import waiting

from . import announced
from .cookies import single_keys
from .desk.mail.tray_form import bounds
from .language import right_to_left
from .words.dates import instant
from .words.due import number


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for the templates. Without an unlocked session it names no member."""
    session: Session | None = getattr(request, "session_row", None)
    actor: Actor | None = getattr(request, "actor", None)
    # Asked where a whole page is drawn, not for a part of one; and once, however often a template looks.
    besides = cache(lambda: told(actor) if actor else NOTHING)
    return {
        "shell": {
            "organisation": session.member.organisation.name if session else "",
            "member": {"name": actor.member.name} if actor else None,
            "guardian": bool(actor and actor.member.is_guardian),
            "demo": settings.DEMO,
            "today_count": cache(lambda: _count(request, actor) if actor else None),
            "tray_count": cache(lambda: waiting(actor).count() if actor else None),
            "tray": cache(lambda: bounds(actor.teams) if actor and actor.teams else None),
            "alarms": lambda: besides().alarms,
            "idle_minutes": settings.IDLE_MINUTES if actor else None,
            "drafts": lambda: besides().drafts,
            "recoveries": lambda: announced.recoveries(actor) if actor and besides().recoveries else [],
            "renewals": lambda: announced.renewals(actor) if actor else [],
            "single_keys": single_keys(request),
            "right_to_left": right_to_left(request),
            "printed": instant(timezone.now()).text,
        }
    }


def _count(request: HttpRequest, actor: Actor) -> str:
    counted: int | None = getattr(request, "due_today", None)
    if counted is None:
        counted = agenda_due(actor, Wanted(), on=today()).count()
    return number(counted) if counted else ""
