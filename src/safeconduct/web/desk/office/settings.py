"""Settings: what a member chooses for this browser, and the office's own days for guardians."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts.actions.office import FEWEST, LONGEST_KEPT, LONGEST_SILENCE, MOST, Days, Ways
from safeconduct.accounts.models import Membership, Organisation
from safeconduct.casework.actions.office import set_office_days

from ...access import Request
from ...cookies import set_single_keys, single_keys
from ...forms import NumberField
from ...language import choose, chosen
from ...words.accounts import ADVICE, NATIONS, OFFICE_DAYS, OFFICE_WAYS


class MineForm(forms.Form):
    """Kept in this browser, in cookies that say nothing about anybody."""

    single_keys = forms.BooleanField(
        label=gettext_lazy("Shortcuts of one key (such as / and j)"),
        required=False,
        help_text=gettext_lazy("Turn them off if you speak to your computer, or press keys by accident."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the desk"), choices=settings.LANGUAGES)


def _days(key: str) -> NumberField:
    words = OFFICE_DAYS[key]
    return NumberField(label=words["label"], help_text=words["help_text"], min_value=FEWEST, max_value=MOST)


class DaysForm(forms.Form):
    """The office's own days, how long it keeps, and whether it gives advice."""

    first_letter = _days("first_letter")
    follow_up = _days("follow_up")
    chase = _days("chase")
    tell = _days("tell")
    silence = NumberField(**OFFICE_WAYS["silence"], min_value=FEWEST, max_value=LONGEST_SILENCE)
    keep_months = NumberField(**OFFICE_WAYS["keep_months"], min_value=1, max_value=LONGEST_KEPT, required=False)
    gives_advice = forms.BooleanField(**OFFICE_WAYS["gives_advice"], required=False)

    sections = (
        {"legend": gettext_lazy("Days, working days"), "fields": (*OFFICE_DAYS, "silence")},
        {"legend": gettext_lazy("Closed cases"), "fields": ("keep_months",)},
        {"legend": gettext_lazy("Advice on the law"), "fields": ("gives_advice",)},
    )


def view(request: Request) -> HttpResponse:
    """The page, and the member's own choices."""
    if request.method == "POST":
        form = MineForm(request.POST)
        if form.is_valid():
            response = redirect("settings")
            set_single_keys(response, on=form.cleaned_data["single_keys"])
            choose(response, form.cleaned_data["language"])
            return response
    else:
        form = MineForm(initial={"single_keys": single_keys(request), "language": chosen(request)})
    may_set = request.actor.member.is_guardian
    context = {
        "form": form,
        "leads": any(one.role == Membership.Role.LEAD for one in request.actor.memberships.values()),
        "sections": [_office(request.actor.organisation, may_set=may_set)],
        "cover_url": reverse("cover", args=[request.actor.member.handle]),
    }
    return render(request, "desk/settings.html", context)


def days(request: Request) -> HttpResponse:
    """The office's own days and ways; every clock that runs by them is set anew."""
    office = request.actor.organisation
    now = Days(office.first_letter_days, office.follow_up_days, office.chase_days, office.tell_days)
    ways = Ways(office.silence_days, office.keep_months, office.gives_advice)
    stands = {name: getattr(now, name) for name in OFFICE_DAYS} | {name: getattr(ways, name) for name in OFFICE_WAYS}
    form = DaysForm(request.POST if request.method == "POST" else None, initial=stands)
    if form.is_valid():
        typed = form.cleaned_data
        set_office_days(
            by=request.actor,
            days=Days(**{name: typed[name] for name in OFFICE_DAYS}),
            ways=Ways(**{name: typed[name] for name in OFFICE_WAYS}),
        )
        return redirect("settings")
    context = {
        "form": form,
        "section": "settings",
        "heading": _("The office's own days and ways"),
        "lede": _("The days are your habit, not law: nothing counts as late by them."),
        "cancel_url": reverse("settings"),
    }
    return render(request, "desk/form.html", context)


def _office(office: Organisation, *, may_set: bool) -> dict[str, Any]:
    change = reverse("office-days") if may_set else ""
    rows: list[dict[str, Any]] = [{"label": _("Where it works"), "value": NATIONS[office.nation]}]
    values = {key: _working_days(getattr(office, f"{key}_days")) for key in (*OFFICE_DAYS, "silence")}
    kept = office.keep_months
    values["keep_months"] = ngettext("%(count)d month", "%(count)d months", kept or 0) % {"count": kept or 0}
    if kept is None:
        values["keep_months"] = _("Not chosen")
    values["gives_advice"] = str(ADVICE[office.gives_advice])
    for key, words in {**OFFICE_DAYS, **OFFICE_WAYS}.items():
        rows.append({"label": words["label"], "value": values[key], "change_url": change})
    return {
        "title": office.name,
        "why": _("The days are the office's own habit: what is due by them stands in Today, and is never called late."),
        "rows": rows,
    }


def _working_days(count: int) -> str:
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
