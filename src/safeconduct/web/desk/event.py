"""Logging what happened on a case, and saying that something logged was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.casework.actions import events
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Case, Event
from safeconduct.casework.queries import find_case

from ..access import Request
from ..forms import DayField, ProseField
from ..words import dates
from ..words import events as words
from .links import case_address
from .present_case import about_case


class LogForm(forms.Form):
    """What happened, when, on which letter, and what was written. It is filled in from top to bottom by keyboard."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=[("", gettext_lazy("Choose, or type its first letters")), *words.TO_LOG.items()],
        error_messages={"required": gettext_lazy("Choose what happened.")},
    )
    on = DayField(
        label=gettext_lazy("Day"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it happened.")},
    )
    enquiry = forms.ChoiceField(label=gettext_lazy("Which letter"))
    shape = forms.ChoiceField(
        label=gettext_lazy("What a holding reply said"),
        required=False,
        choices=[("", gettext_lazy("Nothing more, or it was no holding reply")), *words.SHAPE_CHOICES.items()],
    )
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("Sealed: only your team can read it."),
    )

    def __init__(self, *args: Any, letters: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        if len(letters) > 1:
            self.name_letters(letters)
        else:
            del self.fields["enquiry"]
        if not letters:
            kept = [(kind, text) for kind, text in words.TO_LOG.items() if kind in _WITHOUT_A_LETTER]
            choices = [("", _("Choose, or type its first letters")), *kept]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # as above

    def name_letters(self, letters: Sequence[tuple[str, str]]) -> None:
        """Say what each letter to choose from is called, where there is a choice."""
        if "enquiry" in self.fields:
            self.fields["enquiry"].choices = list(letters)  # type: ignore[attr-defined]  # a ChoiceField's own

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        holding = typed.get("kind") == Event.Kind.HOLDING_REPLY
        if holding and not typed.get("shape"):
            typed["shape"] = Event.Shape.HOLDING_REPLY.value
        elif typed.get("kind") and not holding and typed.get("shape"):
            self.add_error(
                "shape", _("Only a holding reply has one of these. Leave it empty, or choose Holding reply.")
            )
        return typed


# A case that nothing was sent for has no clock: what belongs to a letter waits until there is one.
_WITHOUT_A_LETTER = (Event.Kind.CAME_IN, Event.Kind.PHONED, Event.Kind.DECIDED, Event.Kind.TOLD_PERSON)


class CorrectForm(forms.Form):
    """Why an entry was wrong."""

    note = ProseField(
        label=gettext_lazy("What was wrong"),
        required=False,
        help_text=gettext_lazy("It stands beside the entry, for whoever reads it later."),
    )


def correct(request: Request, handle: UUID, event: UUID) -> HttpResponse:
    """Take an entry back. It stays in the timeline, struck out; the clocks forget it."""
    case = find_case(request.actor, handle)
    wrong = get_object_or_404(Event.objects.exclude(kind=Event.Kind.CORRECTED), case=case, handle=event)
    form = CorrectForm(request.POST if request.method == "POST" else None)
    problem = ""
    if form.is_valid():
        try:
            events.correct_event(by=request.actor, case=case, event=wrong, note=form.cleaned_data["note"])
        except CaseworkFault as fault:
            problem = str(fault)
        else:
            return redirect(case_address(request, case, done="corrected"))
    return render(request, "desk/form.html", _context(request, case, wrong, form, problem))


def _context(request: Request, case: Case, wrong: Event, form: CorrectForm, problem: str) -> dict[str, Any]:
    said = {"event": words.title(wrong.kind, wrong.shape), "day": dates.full(wrong.on)}
    return {
        "section": "cases",
        "heading": _("Take an entry back"),
        "about": about_case(request.actor, case),
        "lede": _("%(event)s, %(day)s. It stays in the timeline, struck out, and no clock counts it any more.") % said,
        "form": form,
        "problem": problem,
        "save": _("Take it back"),
        "cancel_url": case_address(request, case),
    }
