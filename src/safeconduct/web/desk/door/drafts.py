"""What drafts.js sends of a form half typed when the desk locks, and asks back afterwards.

Without JavaScript a form that is sent while locked is held all the same (`web/held.py`).
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.http import HttpResponse, JsonResponse

from safeconduct.accounts.actions import drafts
from safeconduct.accounts.actions.drafts import Fields, TooLong, Typed

from ...access import Request


def keep(request: Request) -> HttpResponse:
    """Seal what was typed. Answers with the draft's handle, to name it by; 400 for what is no draft or too long."""
    try:
        fields = msgspec.json.decode(request.POST.get("fields", ""), type=Fields)
        typed = Typed(request.POST.get("path", "")[:2000], int(request.POST.get("form", "")), fields)
        handle = drafts.keep(
            member=request.session_row.member, actor=request.actor, typed=typed, instead_of=_handle(request)
        )
    except (msgspec.DecodeError, ValueError, OverflowError, TooLong):
        return JsonResponse({}, status=400)
    return JsonResponse({"draft": handle.hex})


def open_(request: Request) -> HttpResponse:
    """What was typed on one page, oldest first."""
    found = drafts.opened(by=request.actor, path=request.POST.get("path", ""))
    return JsonResponse(
        {"drafts": [{"draft": handle.hex, "form": one.form, "fields": one.fields} for handle, one in found]}
    )


def drop(request: Request) -> HttpResponse:
    """Take a draft away: its text is back in the form, was sent, or was left behind on purpose."""
    handle = _handle(request)
    if handle is not None:
        drafts.remove(member=request.session_row.member, handle=handle)
    return JsonResponse({})


def _handle(request: Request) -> UUID | None:
    try:
        return UUID(request.POST.get("draft", ""))
    except ValueError:
        return None
