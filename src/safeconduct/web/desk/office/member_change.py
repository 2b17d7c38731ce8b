"""Where a member stands: on leave and back, gone, and whether they are a guardian. Each is asked once more first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts import queries
from safeconduct.accounts.actions.leaving import bring_back, set_guardian
from safeconduct.accounts.faults import LastGuardian, LastHolder, NoLongerHere
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions import leaving

from ...access import Request


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what is said about it, and the act."""

    heading: Promise
    lede: Promise
    save: Promise
    act: Callable[..., None]
    destroys: bool = False


CHANGES: Final[Mapping[str, Change]] = {
    "on-leave": Change(
        _("Put a member on leave"),
        _("Their sessions end and they cannot sign in until a guardian brings them back. They keep their keys."),
        _("Put on leave"),
        leaving.put_on_leave,
    ),
    "back": Change(
        _("Bring a member back"),
        _("They sign in with the passphrase they had, and find their teams as they are now."),
        _("Bring back"),
        bring_back,
    ),
    "left": Change(
        _("A member leaves"),
        _(
            "Their sessions end and their copies of team keys go, at once. Each team they were in gets new keys as soon"
            " as somebody of it unlocks. What they wrote stays, and so does their name in the log. They cannot be"
            " brought back: add them anew."
        ),
        _("They have left"),
        partial(leaving.end_access, state=Member.State.LEFT),
        destroys=True,
    ),
    "disable": Change(
        _("Disable a member"),
        _(
            "For somebody who must not come in again, as when they leave: their sessions end and their copies of team"
            " keys go, at once, and their teams get new keys. What they wrote stays, and so does their name in the"
            " log. They cannot be enabled again: add them anew."
        ),
        _("Disable this member"),
        partial(leaving.end_access, state=Member.State.DISABLED),
        destroys=True,
    ),
    "guardian": Change(
        _("Make a guardian"),
        _(
            "Guardians add members, put them on leave and end their access, read the log and hold recovery kits. It"
            " opens no record by itself. Make new kits afterwards, so that this guardian has one."
        ),
        _("Make a guardian"),
        partial(set_guardian, guardian=True),
    ),
    "not-guardian": Change(
        _("A guardian no longer"),
        _("Their kit still opens: make new kits afterwards, and the old ones open nothing."),
        _("A guardian no longer"),
        partial(set_guardian, guardian=False),
    ),
}


def view(request: Request, handle: UUID, what: str) -> HttpResponse:
    """Ask, then do it."""
    member = queries.member(request.actor, handle)
    change = CHANGES[what]
    context = {
        "section": "settings",
        "heading": change.heading,
        "eyebrow": member.name,
        "lede": change.lede,
        "form": forms.Form(),
        "destroys": change.destroys,
        "save": change.save,
        "cancel_url": reverse("members"),
    }
    if request.method == "POST":
        try:
            change.act(by=request.actor, member=member)
        except (LastGuardian, LastHolder, NoLongerHere) as fault:
            return render(request, "desk/form.html", {**context, "problem": str(fault)}, status=409)
        stays = member.pk != request.actor.member.pk or what == "not-guardian"
        return redirect("members" if stays else "sign-in")
    return render(request, "desk/form.html", context)
