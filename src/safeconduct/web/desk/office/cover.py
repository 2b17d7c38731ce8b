"""Who sees to a member's work while they are away: set by themselves, or by a guardian."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts import policies, queries
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member
from safeconduct.agenda.actions.cover import end_cover, set_cover
from safeconduct.agenda.faults import CoverOver, NotAColleague, NotThoseDays
from safeconduct.agenda.models import Cover
from safeconduct.agenda.queries import covers_of
from safeconduct.core.policy.facts import Act

from ...access import Request
from ...forms import DayField
from ...words import dates


class CoverForm(forms.Form):
    """Who, and from when until when."""

    colleague = forms.ChoiceField(
        label=gettext_lazy("Who sees to it"),
        help_text=gettext_lazy("A colleague in one of the same teams. It opens nothing that their teams do not hold."),
        error_messages={"required": gettext_lazy("Choose who sees to it.")},
    )
    from_on = DayField(
        label=gettext_lazy("From"),
        ahead=True,
        error_messages={"required": gettext_lazy("Give the first day they are away.")},
    )
    until_on = DayField(
        label=gettext_lazy("Until, this day counted"),
        ahead=True,
        error_messages={"required": gettext_lazy("Give the last day they are away.")},
    )

    def __init__(self, *args: Any, member: Member, **named: Any) -> None:
        super().__init__(*args, **named)
        colleagues = Member.objects.filter(
            memberships__team__in=member.memberships.values("team"), state=Member.State.ACTIVE
        )
        colleague = self.fields["colleague"]
        assert isinstance(colleague, forms.ChoiceField)
        others = colleagues.exclude(pk=member.pk).distinct().order_by("name")
        colleague.choices = [("", _("Choose")), *((one.handle.hex, one.name) for one in others)]


def view(request: Request, handle: UUID) -> HttpResponse:
    """What is set, and a form to set more."""
    member = queries.member(request.actor, handle)
    policies.require(request.actor, Act.SET_COVER, policies.of_account(member))
    form = CoverForm(request.POST if request.method == "POST" else None, member=member)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            set_cover(
                by=request.actor,
                member=member,
                colleague=queries.member(request.actor, UUID(typed["colleague"])),
                from_on=typed["from_on"],
                until_on=typed["until_on"],
            )
        except NotAColleague as fault:
            form.add_error("colleague", str(fault))
        except NotThoseDays as fault:
            form.add_error("until_on", str(fault))
        else:
            return redirect("cover", handle=member.handle)
    return _draw(request, member, form)


def end(request: Request, handle: UUID, cover: UUID) -> HttpResponse:
    """End one at once. Raises `Cover.DoesNotExist` for one of somebody else."""
    member = queries.member(request.actor, handle)
    policies.require(request.actor, Act.SET_COVER, policies.of_account(member))
    row = Cover.objects.filter(member=member, handle=cover).select_related("member").first()
    try:
        if row is None:
            raise CoverOver("This had ended already. Nothing was changed.")
        end_cover(by=request.actor, cover=row)
    except CoverOver as fault:
        return _draw(request, member, CoverForm(None, member=member), problem=str(fault), status=409)
    return redirect("cover", handle=member.handle)


def _draw(request: Request, member: Member, form: CoverForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    day = today()
    own = member.pk == request.actor.member.pk
    context = {
        "section": "settings",
        "heading": _("When you are away") if own else _("When a member is away"),
        "eyebrow": "" if own else member.name,
        "lede": _(
            "From the first day to the last a colleague sees your work among their own, each row with your name."
            " Nothing is handed over: your cases stay yours."
        )
        if own
        else _("From the first day to the last a colleague sees their work among their own, each row with their name."),
        "covers": [
            {
                "who": one.by.name,
                "from": dates.brief(one.from_on, day),
                "until": dates.brief(one.until_on, day),
                "now": one.from_on <= day,
                "end_url": reverse("cover-end", args=[member.handle, one.handle]),
            }
            for one in covers_of(member, after=day)
        ],
        "form": form,
        "problem": problem,
        "cancel_url": reverse("settings" if own else "members"),
    }
    return render(request, "desk/cover.html", context, status=status)
