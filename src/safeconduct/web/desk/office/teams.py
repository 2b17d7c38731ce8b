"""Teams: making one, handing its keys to a member, taking one out, and the renewal of its keys."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from safeconduct.accounts import policies, queries
from safeconduct.accounts.actions import leaving
from safeconduct.accounts.actions import members as actions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import CannotVerifyKey, LastHolder, NoLongerHere, NotAMember, TeamNameTaken
from safeconduct.accounts.models import Member, Membership, Team
from safeconduct.core.policy.facts import Act
from safeconduct.people.actions import rekey

from ...access import Request
from ...forms import LineField
from ...words.accounts import ROLES

_SECONDS: Final = 1.5


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


class LeaveForm(forms.Form):
    """Who goes."""

    member = forms.ChoiceField(label=gettext_lazy("Member"))

    def __init__(self, *args: Any, team: Team, **named: Any) -> None:
        super().__init__(*args, **named)
        member = self.fields["member"]
        assert isinstance(member, forms.ChoiceField)
        there = Member.objects.filter(memberships__team=team).order_by("name")
        member.choices = [(one.handle.hex, one.name) for one in there]


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


def leave(request: Request, handle: UUID) -> HttpResponse:
    """Take a member out of a team, whose keys are renewed then."""
    by = request.actor
    team = queries.team(by, handle)
    policies.require(by, Act.CHANGE_MEMBERSHIP, policies.of_team(team, by.organisation))
    form = LeaveForm(request.POST if request.method == "POST" else None, team=team)
    if form.is_valid():
        member = queries.member(by, UUID(form.cleaned_data["member"]))
        try:
            leaving.leave_team(by=by, team=team, member=member)
        except (LastHolder, NotAMember) as fault:
            form.add_error("member", str(fault))
        else:
            return redirect("members")
    context = {
        "form": form,
        "section": "settings",
        "heading": _("Take out of a team"),
        "eyebrow": team.name,
        "lede": _(
            "Their copy of this team's keys goes at once, and the team gets new keys as soon as somebody of it unlocks."
            " To move somebody, add them to the other team first."
        ),
        "destroys": True,
        "save": _("Take out of the team"),
        "cancel_url": reverse("members"),
    }
    return render(request, "desk/form.html", context)


def keys(request: Request, handle: UUID) -> HttpResponse:
    """How far the renewal of a team's keys is; a form sent here does one more part. Raises `NotInTeam`."""
    by = request.actor
    team = queries.team(by, handle)
    by.bundle(team.pk)
    alone = bool(request.htmx)  # type: ignore[attr-defined]  # set by django_htmx: then only the progress is wanted
    far = rekey.progress(team)
    if request.method == "POST":
        far = rekey.go_on(by=by, team=team, seconds=_SECONDS)
        if far.finished:
            return HttpResponseClientRedirect(reverse("members")) if alone else redirect("members")
    run = {
        "label": _("Renewing the keys"),
        "done": far.done,
        "total": far.in_all,
        "text": _("%(done)s of %(all)s records") % {"done": f"{far.done:,}", "all": f"{far.in_all:,}"},
        "action": reverse("team-keys", args=[team.handle]),
        "problem": "",
    }
    context = {"run": None if far.finished else run, "team": team.name}
    return render(request, "components/import_progress.html" if alone else "desk/team_keys.html", context)
