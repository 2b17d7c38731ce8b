"""Fields of a case's letters, shared by the pages that open a case and the one that logs a further letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today
from safeconduct.core.calendar.typed import Problem
from safeconduct.people.facets import EnquiryHead

from ...forms import DayField, LineField, ProseField
from ...words import cases as words
from ...words.dates import PROBLEMS
from ..day.sitting_fields import lines_of


class FirstLetter(forms.Form):
    """When a case came in, where its first letter goes, and when it went."""

    came_in_on = DayField(
        label=gettext_lazy("Day it came in"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day they asked for help.")},
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Where the letter goes"),
        choices=[("", gettext_lazy("Choose")), *words.ROUTES.items()],
        error_messages={"required": gettext_lazy("Choose where the letter goes: the clock runs by it.")},
    )
    sent_on = DayField(
        label=gettext_lazy("Day it was sent"),
        required=False,
        help_text=gettext_lazy("Leave it empty until it has gone: Today reminds you."),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for name in ("came_in_on", "sent_on"):
            if typed.get(name) and typed[name] > today():
                self.add_error(name, str(PROBLEMS[Problem.IN_THE_FUTURE]))
        came, sent = typed.get("came_in_on"), typed.get("sent_on")
        if came and sent and sent < came:
            self.add_error("sent_on", _("That is before the day it came in. Check both."))
        return typed


class AboutLetter(forms.Form):
    """What a letter is about and what it asks. All of it is sealed."""

    sent_to = LineField(label=gettext_lazy("To whom exactly"), required=False)
    subject = LineField(label=gettext_lazy("What it is about"), required=False)
    questions = ProseField(
        label=gettext_lazy("What it asks"),
        required=False,
        rows=4,
        max_length=4000,
        help_text=gettext_lazy("Each question on a line of its own: a reply is held against each."),
    )
    their_reference = LineField(label=gettext_lazy("Their reference for it"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["their_reference"].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag

    def letter(self) -> EnquiryHead:
        """What is sealed of it, once the form is valid."""
        typed = self.cleaned_data
        return EnquiryHead(
            subject=typed["subject"],
            sent_to=typed["sent_to"],
            their_reference=typed["their_reference"],
            questions=lines_of(typed["questions"]),
        )
