"""A new case for somebody on record."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.casework.actions.sitting import Matter, open_matter
from safeconduct.casework.faults import CaseworkFault, NotYet
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.facets import EnquiryHead
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord, open_person, subject

from ...access import Request
from ...forms import LineField
from ..day.filters import address
from ..people import present_contact
from .case_form import CaseForm
from .letter_fields import FirstLetter
from .present_case import About


class NewCaseForm(CaseForm, FirstLetter):
    """A case and its first letter."""

    sent_to = LineField(label=gettext_lazy("To whom exactly"), required=False)
    subject = LineField(label=gettext_lazy("What it is about"), required=False)

    sections = (
        {"legend": gettext_lazy("The case"), "fields": ("kind", "exact_kind", "our_reference", "worker", "came_in_on")},
        {"legend": gettext_lazy("The first letter"), "fields": ("route", "sent_to", "subject", "sent_on")},
    )

    def matter(self) -> Matter:
        """The case with its first letter, once the form is valid."""
        typed = self.cleaned_data
        return Matter(
            kind=typed["kind"],
            exact_kind=typed["exact_kind"],
            our_reference=typed["our_reference"],
            worker=self.worker_chosen(),
            came_in_on=typed["came_in_on"],
            route=typed["route"],
            letter=EnquiryHead(subject=typed["subject"], sent_to=typed["sent_to"]),
            sent_on=typed["sent_on"],
        )


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
            case = open_matter(by=by, team=record.keyed.team, person=record.subject, matter=form.matter())
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


def _name(record: PersonRecord) -> str:
    names = record.identity.content.names
    return str(names[0].text) if names else ""
