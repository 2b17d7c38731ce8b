"""Saying that a message is about somebody else: an incident with steps of its own, and the message leaves the tray."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from safeconduct.casework.faults import CaseworkFault
from safeconduct.post.actions.incidents import open_incident
from safeconduct.post.faults import MailFault
from safeconduct.post.models import Incident
from safeconduct.post.queries import MessageRecord, find_message, open_message

from ...access import Request
from ...forms import DayField
from ...words import incidents as words
from ..day.filters import address
from ..day.present_row import who
from .tray_queue import TrayFilters, place


class IncidentForm(forms.Form):
    """What happened, when it was noticed, and on which case."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        widget=forms.RadioSelect,
        choices=list(words.KINDS.items()),
        initial=Incident.Kind.ABOUT_SOMEBODY_ELSE.value,
        error_messages={"required": gettext_lazy("Say what happened.")},
    )
    case = forms.ChoiceField(
        label=gettext_lazy("Our case"),
        required=False,
        help_text=gettext_lazy("Whose letter this should have answered, if that can be seen."),
    )
    on = DayField(
        label=gettext_lazy("Day it was noticed"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it was noticed.")},
    )

    def __init__(self, *args: Any, cases: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["case"].choices = [("", gettext_lazy("It cannot be seen")), *cases]  # type: ignore[attr-defined]  # a ChoiceField's own


def view(request: Request, handle: UUID) -> HttpResponse:
    """The form, filled in as far as it can be; sending it opens the incident."""
    by, message = request.actor, find_message(request.actor, handle)
    record = open_message(by=by, message=message)
    cases = {one.listed.case.handle.hex: one.listed.case for one in record.candidates}
    form = IncidentForm(
        request.POST if request.method == "POST" else None, cases=_names(record), initial={"case": _only(record)}
    )
    problem = ""
    if form.is_valid():
        typed = form.cleaned_data
        try:
            incident = open_incident(
                by=by, message=message, kind=typed["kind"], case=cases.get(typed["case"]), on=typed["on"]
            )
        except (MailFault, CaseworkFault) as fault:
            problem = str(fault)
        else:
            if request.POST.get("then") == "stay":
                return redirect(f"{reverse('incident', args=[incident.handle])}?done=opened")
            onwards = place(by, message, request.GET.dict()).go_on
            return redirect(f"{onwards}{'&' if '?' in onwards else '?'}done=incident&was={handle.hex}")
    chosen = TrayFilters(by, request.GET.dict()).chosen
    context = {
        "form": form,
        "problem": problem,
        "cancel_url": address(reverse("message", args=[handle]), chosen),
    }
    return render(request, "desk/message_incident.html", context, status=409 if problem else 200)


def _names(record: MessageRecord) -> list[tuple[str, str]]:
    return [
        (one.listed.case.handle.hex, f"{one.listed.head.our_reference} {who(one.listed.concerned)}".strip())
        for one in record.candidates
    ]


def _only(record: MessageRecord) -> str:
    return record.candidates[0].listed.case.handle.hex if len(record.candidates) == 1 else ""
