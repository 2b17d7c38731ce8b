"""Recovery kits: making a round of them, each guardian's own on paper, and the drill."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from safeconduct.accounts.actions import kits as actions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import (
    AccountsFault,
    CannotVerifyKey,
    HoursOutOfRange,
    KitNotHere,
    KitsDoNotOpen,
    NothingToOpen,
    NotThoseWords,
    WhichGuardians,
)
from safeconduct.accounts.models import Member
from safeconduct.core.sealing.shares import KitsDoNotFit, WordsDoNotCheck, WordUnknown

from ...access import Request
from ...forms import KitField, NumberField
from ...words.dates import day

# What is wrong with words, as the page says it at the field: never the words themselves.
WRONG_WORDS: Final = (WordUnknown, WordsDoNotCheck, KitsDoNotFit, KitsDoNotOpen)


class KitsForm(forms.Form):
    """Who gets a kit, and how long a recovery waits."""

    guardians = forms.MultipleChoiceField(
        label=gettext_lazy("Guardians who get a kit"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Three or more: any two kits are enough. Where there are only one or two guardians, choose one: that kit is"
            " enough by itself."
        ),
        error_messages={"required": gettext_lazy("Choose one guardian, or three and more.")},
    )
    hours = NumberField(
        label=gettext_lazy("Hours a recovery waits"),
        min_value=actions.FEWEST_HOURS,
        max_value=actions.MOST_HOURS,
        help_text=gettext_lazy(
            "Everybody sees it meanwhile and can stop it. 72 is three days: enough for somebody to come back from a"
            " weekend. It cannot be made shorter without new kits."
        ),
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        rows = by.organisation.members.filter(is_guardian=True, state=Member.State.ACTIVE).order_by("name")
        self.everybody = list(rows)
        guardians = self.fields["guardians"]
        assert isinstance(guardians, forms.MultipleChoiceField)
        guardians.choices = [(one.handle.hex, one.name) for one in self.everybody]
        all_of_them = [one.handle.hex for one in self.everybody]
        self.initial.setdefault("guardians", all_of_them if len(all_of_them) != 2 else [by.member.handle.hex])
        self.initial.setdefault("hours", by.organisation.recovery_hours)


class ConfirmForm(forms.Form):
    """The guardian's own words, from the paper."""

    words = KitField(label=gettext_lazy("The twenty words on your paper"))


class DrillForm(forms.Form):
    """The words of enough kits."""

    first = KitField(label=gettext_lazy("Words of one kit"))
    second = KitField(
        label=gettext_lazy("Words of another kit"),
        required=False,
        help_text=gettext_lazy("Where there are three kits or more."),
    )


def new(request: Request) -> HttpResponse:
    """Make a round of kits."""
    by = request.actor
    form = KitsForm(request.POST if request.method == "POST" else None, by=by)
    if form.is_valid():
        chosen = [one for one in form.everybody if one.handle.hex in form.cleaned_data["guardians"]]
        try:
            actions.make(by=by, guardians=chosen, hours=form.cleaned_data["hours"])
        except (WhichGuardians, CannotVerifyKey) as fault:
            form.add_error("guardians", str(fault))
        except HoursOutOfRange as fault:
            form.add_error("hours", str(fault))
        else:
            return redirect("guardian")
    context = {
        "form": form,
        "again": bool(by.organisation.recovery_round),
        "save": _("Make the kits"),
        "cancel_url": reverse("guardian"),
    }
    return render(request, "desk/kits_new.html", context)


def own(request: Request) -> HttpResponse:
    """The guardian's own kit: what it is, and, once asked for, its words to print or write down."""
    context: dict[str, Any] = {"kit": None, "problem": "", "office": request.actor.organisation.name}
    if request.method == "POST":
        try:
            context["kit"] = _kit(actions.open_own(by=request.actor))
        except KitNotHere as fault:
            context["problem"] = str(fault)
    context["waits"] = actions.waits(by=request.actor)
    return render(request, "desk/kit.html", context, status=409 if context["problem"] else 200)


@sensitive_post_parameters()
def confirm(request: Request) -> HttpResponse:
    """The guardian types their own kit back from the paper."""
    if request.method == "GET" and not actions.waits(by=request.actor):
        return redirect("kit")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.confirm(by=request.actor, typed=form.cleaned_data["words"])
        except (*WRONG_WORDS, NotThoseWords, KitNotHere) as fault:
            form.add_error("words", str(fault))
        else:
            return redirect("guardian")
    context = {
        "form": form,
        "heading": _("Confirm your kit"),
        "lede": _("Type the words from your paper. Once they are right, they exist on your paper only."),
        "save": _("Confirm my kit"),
        "cancel_url": reverse("kit"),
    }
    return render(request, "desk/kit_words.html", context)


@sensitive_post_parameters()
def drill(request: Request) -> HttpResponse:
    """Try the kits: that they make the key, and that the key opens what is sealed to it."""
    form = DrillForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.try_out(by=request.actor, typed=[form.cleaned_data["first"], form.cleaned_data["second"]])
        except (*WRONG_WORDS, NothingToOpen) as fault:
            say_wrong(form, fault)
        else:
            return redirect(f"{reverse('guardian')}?done=drill")
    context = {
        "form": form,
        "heading": _("Try the kits"),
        "lede": _(
            "Once a year, fetch the papers and type them here. The desk says whether they would work and changes"
            " nothing; that you tried is in the log."
        ),
        "save": _("Try them"),
        "cancel_url": reverse("guardian"),
    }
    return render(request, "desk/kit_words.html", context)


def say_wrong(form: forms.Form, fault: Exception) -> None:
    """What is wrong with words, at the field they were typed in, or above the form."""
    kit = fault.kit if isinstance(fault, WordUnknown | WordsDoNotCheck) else 0
    assert isinstance(fault, (*WRONG_WORDS, AccountsFault))
    form.add_error({1: "first", 2: "second"}.get(kit), str(fault))


def _kit(opened: actions.OpenedKit) -> dict[str, Any]:
    return {
        "round": opened.kit.round,
        "made": day(opened.kit.made_on),
        "words": opened.words,
        "alone": opened.needed == 1,
    }
