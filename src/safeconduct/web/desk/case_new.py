"""A new case for somebody on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.casework.actions import cases, events
from safeconduct.casework.faults import CaseworkFault, NotYet
from safeconduct.casework.models import Case
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.core.calendar.typed import Problem
from safeconduct.people.facets import CaseHead, Concerns, EnquiryHead
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord, open_person, subject

from ..access import Request
from ..forms import DayField, LineField
from ..words import cases as words
from ..words.dates import PROBLEMS
from . import present_contact
from .case_form import CaseForm
from .filters import address
from .present_case import About


class NewCaseForm(CaseForm):
    """A case and its first letter."""

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
    sent_to = LineField(label=gettext_lazy("To whom exactly"), required=False)
    subject = LineField(label=gettext_lazy("What it is about"), required=False)
    sent_on = DayField(
        label=gettext_lazy("Day it was sent"),
        required=False,
        help_text=gettext_lazy("Leave it empty until it has gone: Today reminds you."),
    )

    sections = (
        {"legend": gettext_lazy("The case"), "fields": ("kind", "exact_kind", "our_reference", "worker", "came_in_on")},
        {"legend": gettext_lazy("The first letter"), "fields": ("route", "sent_to", "subject", "sent_on")},
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


def view(request: Request, handle: UUID) -> HttpResponse:
    """Open a case for a person; their record is opened for the name and the safe-contact note."""
    by = request.actor
    record = open_person(by=by, person=subject(by, handle, Subject.Kind.PERSON))
    form = NewCaseForm(
        request.POST if request.method == "POST" else None,
        team=record.keyed.team,
        initial={"worker": by.member.handle.hex},
    )
    if form.is_valid():
        try:
            case = _open(by, record, form)
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("came_in_on" if isinstance(fault, (NotYet, BeyondCalendar)) else None, str(fault))
        else:
            return redirect(address(reverse("case", args=[case.handle]), {"done": "opened"}))
    context = {
        "about": About(_name(record), "", present_contact.safe(record.contact.content)),
        "form": form,
        "save": _("Open the case"),
        "cancel_url": reverse("person", args=[handle]),
    }
    return render(request, "desk/case_new.html", context)


def _open(by: Actor, record: PersonRecord, form: NewCaseForm) -> Case:
    typed = form.cleaned_data
    case = cases.open_case(
        by=by,
        team=record.keyed.team,
        person=record.subject,
        head=CaseHead(
            our_reference=typed["our_reference"],
            exact_kind=typed["exact_kind"],
            concerns=(Concerns(person=record.subject.handle.hex),),
            enquiries={"": EnquiryHead(subject=typed["subject"], sent_to=typed["sent_to"])},
        ),
        kind=typed["kind"],
        worker=form.worker_chosen(),
        came_in_on=typed["came_in_on"],
        route=typed["route"],
    )
    if typed["sent_on"] is not None:
        events.log_event(by=by, case=case, enquiry=case.enquiries.get(), kind="sent", on=typed["sent_on"])
    return case


def _name(record: PersonRecord) -> str:
    names = record.identity.content.names
    return str(names[0].text) if names else ""
