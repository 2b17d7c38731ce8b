"""Members: who they are, adding one, ending one's access."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts import queries, second_factor
from safeconduct.accounts.actions import members as actions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import LastGuardian, NeedsTeam, SignInTaken
from safeconduct.accounts.models import Member, Membership, Team
from safeconduct.core.sealing.members import fingerprint

from ..access import ACCESS, Request
from ..forms import LineField
from ..words.accounts import ROLES


class MemberForm(forms.Form):
    """A new member, for teams whoever adds them is in."""

    name = LineField(label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("As colleagues know them."))
    sign_in = LineField(label=gettext_lazy("Sign-in name"), max_length=60)
    role = forms.ChoiceField(
        label=gettext_lazy("Role in the team"), choices=list(ROLES.items()), widget=forms.RadioSelect
    )
    teams = forms.MultipleChoiceField(
        label=gettext_lazy("Teams"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only teams you are in yourself: only their members can hand on their keys."),
        error_messages={"required": gettext_lazy("Choose at least one team.")},
    )
    is_guardian = forms.BooleanField(
        label=gettext_lazy("Also a guardian"),
        required=False,
        help_text=gettext_lazy("Adds and disables members and reads the log. It opens no record by itself."),
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        choices = [(team.handle.hex, team.name) for team in by.teams]
        teams = self.fields["teams"]
        assert isinstance(teams, forms.MultipleChoiceField)
        teams.choices = choices
        self.initial.setdefault("role", Membership.Role.CASEWORKER)
        if len(choices) == 1:
            self.initial.setdefault("teams", [choices[0][0]])


def view(request: Request) -> HttpResponse:
    """Members and teams."""
    return draw(request)


def new(request: Request) -> HttpResponse:
    """Add a member; their first passphrase is shown on the page that follows and never again."""
    form = MemberForm(request.POST if request.method == "POST" else None, by=request.actor)
    if form.is_valid():
        typed = form.cleaned_data
        chosen = [team for team in request.actor.teams if team.handle.hex in typed["teams"]]
        try:
            added = actions.add_member(
                by=request.actor,
                name=typed["name"],
                sign_in=typed["sign_in"],
                is_guardian=typed["is_guardian"],
                roles={team.pk: typed["role"] for team in chosen},
            )
        except SignInTaken as fault:
            form.add_error("sign_in", str(fault))
        except NeedsTeam as fault:
            form.add_error("teams", str(fault))
        else:
            once = {
                "label": _("First passphrase of the new member"),
                "text": added.first_passphrase,
                "why": _("Shown this once and kept nowhere. Hand it over in person; they replace it at once."),
            }
            return draw(request, once=once)
    return render(request, "desk/member_new.html", {"form": form, "cancel_url": reverse("members")})


def disable(request: Request, handle: UUID) -> HttpResponse:
    """Ask once more, then end a member's access at once."""
    member = queries.member(request.actor, handle)
    context: dict[str, Any] = {
        "section": "settings",
        "heading": _("Disable a member"),
        "eyebrow": member.name,
        "lede": _(
            "Their sessions end and their copies of team keys go, at once. What they wrote stays, and so does"
            " their name in the log. They cannot be enabled again: add them anew."
        ),
        "form": forms.Form(),
        "destroys": True,
        "save": _("Disable this member"),
        "cancel_url": reverse("members"),
    }
    if request.method == "POST":
        try:
            actions.disable_member(by=request.actor, member=member)
        except LastGuardian as fault:
            return render(request, "desk/form.html", {**context, "problem": str(fault)}, status=409)
        return redirect("sign-in" if member.pk == request.actor.member.pk else "members")
    return render(request, "desk/form.html", context)


def draw(request: Request, *, once: dict[str, str] | None = None) -> HttpResponse:
    """The list, with a first passphrase above it when one was just made."""
    by = request.actor
    secured = second_factor.who_has_any(by.organisation)
    context = {
        "members": [_member(one, by, factors=one.pk in secured) for one in queries.members(by)],
        "teams": [_team(one, by) for one in by.organisation.teams.order_by("name").prefetch_related("memberships")],
        "once": once,
        "may_add": ACCESS["member-new"].admits(by),
    }
    return render(request, "desk/members.html", context)


def _member(member: Member, by: Actor, *, factors: bool) -> dict[str, Any]:
    memberships = list(member.memberships.all())
    roles = sorted({str(ROLES[one.role]) for one in memberships})
    active = member.state == Member.State.ACTIVE
    state = "" if active else _("Disabled")
    if active and member.must_change:
        state = _("Has not chosen a passphrase yet")
    shown = fingerprint(bytes(member.public_key)).hex()[:16]
    return {
        "name": member.name,
        "roles": ", ".join([*roles, _("Guardian")] if member.is_guardian else roles),
        "teams": ", ".join(sorted(one.team.name for one in memberships)),
        "state": state,
        "fingerprint": " ".join(shown[at : at + 4] for at in range(0, 16, 4)),
        "disable_url": reverse("member-disable", args=[member.handle]) if active and by.member.is_guardian else "",
        "factors_url": reverse("member-factors", args=[member.handle]) if factors and by.member.is_guardian else "",
    }


def _team(team: Team, by: Actor) -> dict[str, Any]:
    count = len(team.memberships.all())
    mine = by.memberships.get(team.pk)
    may_join = mine is not None and (by.member.is_guardian or mine.role == Membership.Role.LEAD)
    return {
        "name": team.name,
        "text": ngettext("%(count)d member", "%(count)d members", count) % {"count": count},
        "join_url": reverse("team-join", args=[team.handle]) if may_join else "",
    }
