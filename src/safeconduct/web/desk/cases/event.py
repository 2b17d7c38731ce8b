"""Logging what happened on a case, and saying that something logged was wrong."""

from __future__ import annotations

import re
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

from ...access import Request
from ...forms import DayField, ProseField
from ...words import dates
from ...words import events as words
from .links import case_address
from .present_case import about_case
from .present_event import title


class QuestionsField(forms.MultipleChoiceField):
    """Questions of a case's letters, ticked: `<the letter's handle>-<the question's place>`.

    What is ticked is taken before the questions are known, since they are sealed: nothing is opened to check a form.
    """

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return re.fullmatch(r"[0-9a-f]{32}-\d{1,2}", str(value)) is not None


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
        label=gettext_lazy("What their reply said"),
        required=False,
        choices=[("", gettext_lazy("Nothing more, or it was no reply")), *words.SHAPE_CHOICES.items()],
    )
    answered = QuestionsField(label=gettext_lazy("Which questions it answered"), required=False)
    promised = DayField(
        ahead=True,
        label=gettext_lazy("Promised by"),
        required=False,
        help_text=gettext_lazy("Only if they named a day. It becomes due by itself: 4 dec, or in 8 weeks."),
    )
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("Sealed: only your team can read it."),
    )

    def __init__(
        self,
        *args: Any,
        letters: Sequence[tuple[str, str]],
        questions: Sequence[tuple[str, str]] | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*args, **named)
        if questions is not None:
            self.name_questions(questions)
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

    def name_questions(self, questions: Sequence[tuple[str, str]]) -> None:
        """Say what the letters ask, where they were written down one by one."""
        if questions:
            self.fields["answered"].choices = list(questions)  # type: ignore[attr-defined]  # a ChoiceField's own
        else:
            del self.fields["answered"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        kind, shape = typed.get("kind", ""), typed.get("shape", "")
        if kind == Event.Kind.HOLDING_REPLY:
            typed["shape"] = shape or Event.Shape.HOLDING_REPLY.value
        elif kind in _ANSWERS and shape and shape not in words.OF_AN_ANSWER:
            self.add_error("shape", _("A reply that says this answers nothing. Choose Holding reply, or another."))
        elif kind and shape and kind not in _ANSWERS:
            self.add_error("shape", _("Only a reply has one of these. Leave it empty, or choose Holding reply."))
        if kind and typed.get("answered") and kind not in _REPLIES:
            self.add_error("answered", _("Only a reply answers questions. Tick none, or choose what kind of reply."))
        if kind and typed.get("promised") and kind not in (*_REPLIES, Event.Kind.PHONED):
            self.add_error("promised", _("They promise something in a reply or a call. Leave it empty, or choose one."))
        return typed

    def answered_of(self, letter: str) -> tuple[int, ...]:
        """The places of the ticked questions of one letter (its handle, hex)."""
        ticked = (one.partition("-") for one in self.cleaned_data.get("answered", ()))
        return tuple(sorted(int(place) for of, _dash, place in ticked if of == letter))


_ANSWERS = (Event.Kind.ANSWERED, Event.Kind.DECIDED)
_REPLIES = (*_ANSWERS, Event.Kind.HOLDING_REPLY, Event.Kind.ACKNOWLEDGED)
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
            back = events.correct_event(by=request.actor, case=case, event=wrong, note=form.cleaned_data["note"])
        except CaseworkFault as fault:
            problem = str(fault)
        else:
            return redirect(case_address(request, case, done="corrected", event=back.handle.hex))
    return render(request, "desk/form.html", _context(request, case, wrong, form, problem))


def _context(request: Request, case: Case, wrong: Event, form: CorrectForm, problem: str) -> dict[str, Any]:
    said = {"event": title(wrong), "day": dates.full(wrong.on)}
    lede = _("%(event)s, %(day)s. It stays in the timeline, struck out, and no clock counts it any more.") % said
    if wrong.kind == Event.Kind.DECIDED and case.deadlines.filter(met_on=None).exists():
        lede += " " + _("The time limits stay as they are: look at each, and take away what counts from a wrong day.")
    if days := [dates.full(one.until) for one in events.promised_in(wrong) if one.until]:
        lede += " " + _("So is what was promised in it: by %(days)s.") % {"days": ", ".join(days)}
    return {
        "section": "cases",
        "heading": _("Take an entry back"),
        "about": about_case(request.actor, case),
        "lede": lede,
        "form": form,
        "problem": problem,
        "save": _("Take it back"),
        "cancel_url": case_address(request, case),
    }
