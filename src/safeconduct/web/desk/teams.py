"""Teams: making one, and handing its keys to a member."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts import queries
from safeconduct.accounts.actions import members as actions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import CannotVerifyKey, NoLongerHere, TeamNameTaken
from safeconduct.accounts.models import Member, Membership, Team

from ..access import Request
from ..forms import LineField
from ..words.accounts import ROLES


class TeamForm(forms.Form):
    """A new team."""

    name = LineField(label=gettext_lazy("Name of the team"), max_length=120)


class JoinForm(forms.Form):
    """Who joins, and as what."""

    member = forms.ChoiceField(label=gettext_lazy("Member"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role in this team"), choices=list(ROLES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: Actor, team: Team, **named: Any) -> None:
        super().__init__(*args, **named)
        others = queries.members(by).filter(state=Member.State.ACTIVE).exclude(memberships__team=team)
        member = self.fields["member"]
        assert isinstance(member, forms.ChoiceField)
        member.choices = [(one.handle.hex, one.name) for one in others]
        self.initial.setdefault("role", Membership.Role.CASEWORKER)


def new(request: Request) -> HttpResponse:
    """Make a team; whoever makes it leads it."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.create_team(by=request.actor, name=form.cleaned_data["name"])
        except TeamNameTaken as fault:
            form.add_error("name", str(fault))
        else:
            return redirect("members")
    return render(request, "desk/team_new.html", {"form": form, "cancel_url": reverse("members")})


def join(request: Request, handle: UUID) -> HttpResponse:
    """Hand a team's keys to a member. Raises `NotInTeam` for who does not hold them."""
    by = request.actor
    team = queries.team(by, handle)
    by.bundle(team.pk)
    form = JoinForm(request.POST if request.method == "POST" else None, by=by, team=team)
    if form.is_valid():
        member = queries.member(by, UUID(form.cleaned_data["member"]))
        try:
            actions.add_to_team(by=by, team=team, member=member, role=form.cleaned_data["role"])
        except (CannotVerifyKey, NoLongerHere) as fault:
            form.add_error("member", str(fault))
        else:
            return redirect("members")
    context = {
        "form": form,
        "section": "settings",
        "heading": _("Add to a team"),
        "eyebrow": team.name,
        "lede": _("They can open everything the team holds, from then on and from before."),
        "save": _("Add to the team"),
        "cancel_url": reverse("members"),
    }
    return render(request, "desk/form.html", context)
