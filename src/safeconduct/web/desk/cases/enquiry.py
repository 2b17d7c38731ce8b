"""A further letter on a case: its own enquiry, with its own clock."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.casework.actions import events
from safeconduct.casework.faults import CaseworkFault, NotYet
from safeconduct.casework.queries import find_case, open_named
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import DayField
from ...words import cases as words
from .letter_fields import AboutLetter
from .links import case_address
from .present_case import about


class EnquiryForm(AboutLetter):
    """Where the letter went, when, and what it asks. Only where and when are kept in the open."""

    route = forms.ChoiceField(
        label=gettext_lazy("Where it went"),
        choices=[("", gettext_lazy("Choose")), *words.ROUTES.items()],
        error_messages={"required": gettext_lazy("Choose where it went: the clock runs by it.")},
        help_text=gettext_lazy(
            "The clock runs by it. Where no standard is published there is only your office's own day."
        ),
    )
    sent_on = DayField(
        label=gettext_lazy("Day it was sent"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it was sent: the clock starts there.")},
    )

    field_order = ("route", "sent_on", "sent_to", "subject", "questions", "their_reference")


def new(request: Request, handle: UUID) -> HttpResponse:
    """Log a letter that went out."""
    by, case = request.actor, find_case(request.actor, handle)
    head, concerned = open_named(by=by, case=case)
    form = EnquiryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            events.add_enquiry(
                by=by,
                case=case,
                head=head.content,
                read=head.revision,
                route=typed["route"],
                about=form.letter(),
                sent_on=typed["sent_on"],
            )
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("sent_on" if isinstance(fault, (NotYet, BeyondCalendar)) else None, str(fault))
        except Changed:
            form.add_error(None, _("Somebody else changed this case at this moment. Send it once more."))
        else:
            return redirect(case_address(request, case, done="letter"))
    context = {
        "section": "cases",
        "heading": _("Add a letter"),
        "about": about(head.content, concerned),
        "form": form,
        "save": _("Add the letter"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/form.html", context)
