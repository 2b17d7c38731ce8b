"""Members: who they are, and adding one. What changes where one stands is in `member_change`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts import queries, second_factor
from safeconduct.accounts.actions import members as actions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import NeedsTeam, SignInTaken
from safeconduct.accounts.models import Member, Membership, Team
from safeconduct.core.sealing.members import fingerprint

from ...access import ACCESS, Request
from ...announced import renewal
from ...forms import LineField, SignInField
from ...words.accounts import MEMBER_CHANGES, MEMBER_STATES, ROLES


class MemberForm(forms.Form):
    """A new member, for teams whoever adds them is in."""

    name = LineField(label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("As colleagues know them."))
    sign_in = SignInField(label=gettext_lazy("Sign-in name"))
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
        help_text=gettext_lazy("Adds and disables members and reads the log. Being one opens no record by itself."),
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
    state = str(MEMBER_STATES.get(member.state, ""))
    if member.state == Member.State.ACTIVE and member.must_change:
        state = _("Has not chosen a passphrase yet")
    shown = fingerprint(bytes(member.public_key)).hex()[:16]
    return {
        "name": member.name,
        "roles": ", ".join([*roles, _("Guardian")] if member.is_guardian else roles),
        "teams": ", ".join(sorted(one.team.name for one in memberships)),
        "state": state,
        "fingerprint": " ".join(shown[at : at + 4] for at in range(0, 16, 4)),
        "changes": _changes(member) if by.member.is_guardian else [],
        "factors_url": reverse("member-factors", args=[member.handle]) if factors and by.member.is_guardian else "",
    }


def _changes(member: Member) -> list[dict[str, Any]]:
    """What a guardian may change of where a member stands."""
    if member.state == Member.State.ACTIVE:
        names = ["on-leave", "left", "not-guardian" if member.is_guardian else "guardian"]
    elif member.state == Member.State.ON_LEAVE:
        names = ["back", "left"]
    else:
        return []
    links = [
        {"text": MEMBER_CHANGES[name], "url": reverse("member-change", args=[member.handle, name])} for name in names
    ]
    links.append({"text": MEMBER_CHANGES["cover"], "url": reverse("cover", args=[member.handle])})
    return [*links, {"text": MEMBER_CHANGES["disable"], "url": reverse("member-disable", args=[member.handle])}]


def _team(team: Team, by: Actor) -> dict[str, Any]:
    count = len(team.memberships.all())
    mine = by.memberships.get(team.pk)
    may_leave = by.member.is_guardian or (mine is not None and mine.role == Membership.Role.LEAD)
    may_join = mine is not None and may_leave
    return {
        "name": team.name,
        "text": ngettext("%(count)d member", "%(count)d members", count) % {"count": count},
        "join_url": reverse("team-join", args=[team.handle]) if may_join else "",
        "leave_url": reverse("team-leave", args=[team.handle]) if may_leave and count > 1 else "",
        "renewal": renewal(team) if team.rekey_since or team.rewrapping else "",
        "renewal_url": reverse("team-keys", args=[team.handle]) if mine is not None else "",
    }
