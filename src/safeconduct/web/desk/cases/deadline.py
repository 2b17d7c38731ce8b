"""A limit of the law that runs against the person: added, and said to be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today
from safeconduct.casework.actions import deadlines
from safeconduct.casework.faults import CaseworkFault, NotYet, RuleHasNoSuchDay
from safeconduct.casework.models import Deadline
from safeconduct.casework.queries import find_case
from safeconduct.casework.rules import limits_to_choose
from safeconduct.casework.schedule import limit_of
from safeconduct.core.calendar.days import NATIONS, BeyondCalendar, Nation

from ...access import Request
from ...forms import DayField
from ...words import dates
from ...words import limits as words
from .links import case_address
from .present_case import about_case
from .present_clock import how_limit_stands


class DeadlineForm(forms.Form):
    """Which limit, from which day, and where the person is."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Which limit"), error_messages={"required": gettext_lazy("Choose which limit runs.")}
    )
    on = DayField(
        label=gettext_lazy("The day it counts from"),
        help_text=gettext_lazy("Which day that is stands beside each limit. For example 7 nov, -3d or 07/11/2026."),
        error_messages={"required": gettext_lazy("Give the day the limit counts from.")},
    )
    letter_on = DayField(
        label=gettext_lazy("Day of the letter ending support"),
        required=False,
        help_text=gettext_lazy("Only where support ends after a grant: the later of two days counts."),
    )
    nation = forms.ChoiceField(
        label=gettext_lazy("Where the person is"), choices=[(one.value, words.NATIONS[one]) for one in NATIONS]
    )
    abroad = forms.BooleanField(label=gettext_lazy("They are outside the United Kingdom"), required=False)
    detained = forms.BooleanField(label=gettext_lazy("They are in detention"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        rules = {rule.id: rule for rule in limits_to_choose(today())}
        choices = [("", _("Choose")), *words.groups(rules)]
        self.fields["rule"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own


class MetForm(forms.Form):
    """The day what the limit asks for was done; or that it should not be there."""

    on = DayField(
        label=gettext_lazy("Day it was done"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it was done.")},
    )
    mistake = forms.BooleanField(
        label=gettext_lazy("It was not done: this limit is a mistake"),
        required=False,
        help_text=gettext_lazy(
            "It never ran, or counts from a wrong day. It is taken away; the log keeps that it was there."
        ),
    )


def new(request: Request, handle: UUID) -> HttpResponse:
    """Add a limit; the case's page then shows its days and how they were counted."""
    by, case = request.actor, find_case(request.actor, handle)
    office = by.organisation.nation
    initial = {
        "on": request.GET.get("on", ""),
        "nation": Nation.ENGLAND_AND_WALES.value if office == Nation.ANY_UK else office,
    }
    form = DeadlineForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            deadlines.set_deadline(by=by, case=case, **form.cleaned_data)
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error(_field_of(fault, form.cleaned_data), str(fault))
        else:
            return redirect(case_address(request, case, done="limit"))
    context = {
        "section": "cases",
        "heading": _("Add a time limit"),
        "about": about_case(by, case),
        "lede": _lede(advises=by.organisation.gives_advice),
        "form": form,
        "save": _("Add the limit"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/form.html", context)


def met(request: Request, handle: UUID, deadline: UUID) -> HttpResponse:
    """Say that what a limit asks for was done, or take away one that is a mistake."""
    by, case = request.actor, find_case(request.actor, handle)
    found = get_object_or_404(Deadline, case=case, handle=deadline)
    form = MetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        mistake = form.cleaned_data["mistake"]
        try:
            if mistake:
                deadlines.drop_deadline(by=by, case=case, deadline=found)
            else:
                deadlines.meet_deadline(by=by, case=case, deadline=found, on=form.cleaned_data["on"])
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("on" if isinstance(fault, (NotYet, BeyondCalendar)) else None, str(fault))
        else:
            return redirect(case_address(request, case, done="limit_gone" if mistake else "met"))
    limit = limit_of(found)
    said = {"title": limit.rule.title, "day": dates.full(limit.act_by or limit.last_day)}
    context = {
        "section": "cases",
        "heading": _("A time limit was met"),
        "about": about_case(by, case),
        "lede": _("%(title)s: %(day)s.") % said + " " + how_limit_stands(limit, today()),
        "form": form,
        "save": _("Save"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/form.html", context)


def _lede(*, advises: bool) -> str:
    if advises:
        return _("The desk counts the days and says how. Whoever advises decides what is to be done.")
    return _("The desk counts the days and says how. It gives no advice: a solicitor decides what is to be done.")


def _field_of(fault: Exception, typed: Mapping[str, Any]) -> str | None:
    """The field a fault belongs to."""
    if isinstance(fault, RuleHasNoSuchDay):
        return "letter_on" if typed["letter_on"] else "on"
    return "on" if isinstance(fault, (NotYet, BeyondCalendar)) else None
