"""What is known of a removal: one form, of which only the day has to be filled in."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today
from safeconduct.casework import removals
from safeconduct.casework.actions.urgent import set_urgent
from safeconduct.casework.faults import AlreadyOver, CaseworkFault
from safeconduct.casework.models import Case
from safeconduct.casework.queries import find_case, open_named
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.facets import CaseHead, Urgent
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import DayField, LineField, ProseField
from ...words.dates import typed_again
from ...words.urgent import ANSWERS, CONSENTS
from ..day.filters import address
from ..people.person_forms import RevisionForm
from .links import case_address
from .present_case import about

_PLAIN: Final = (
    "time",
    "flight",
    "to",
    "held_at",
    "held_phone",
    "reference",
    "medical",
    "children",
    "documents",
    "note",
)
_DAYS: Final = ("held_since", "papers_served_on")
_SOLICITOR: Final = ("name", "firm", "reach")


class UrgentForm(RevisionForm):
    """The removal, where they are, the papers, the solicitor, each consent, what will be asked."""

    removal_on = DayField(
        label=gettext_lazy("Day of the removal"),
        ahead=True,
        help_text=gettext_lazy("Or the first day on which it may be. For example fri, 27 nov or +2d."),
        error_messages={"required": gettext_lazy("Give the day. Where none was said, give the first it may be.")},
    )
    time = LineField(label=gettext_lazy("Time"), required=False, max_length=40)
    flight = LineField(label=gettext_lazy("Flight"), required=False, max_length=80)
    to = LineField(label=gettext_lazy("Where to"), required=False)
    held_at = LineField(label=gettext_lazy("Where they are held"), required=False)
    held_phone = LineField(label=gettext_lazy("How to ring them there"), required=False)
    held_since = DayField(label=gettext_lazy("Held since"), required=False)
    reference = LineField(label=gettext_lazy("Reference on the papers"), required=False)
    papers_served_on = DayField(
        label=gettext_lazy("Day the papers were served"),
        required=False,
        help_text=gettext_lazy("The notice of removal, or the directions."),
    )
    solicitor_name = LineField(label=gettext_lazy("Solicitor"), required=False)
    solicitor_firm = LineField(label=gettext_lazy("Firm"), required=False)
    solicitor_reach = LineField(label=gettext_lazy("How to reach them out of hours"), required=False, max_length=500)
    medical = ProseField(
        label=gettext_lazy("Health"),
        required=False,
        rows=2,
        help_text=gettext_lazy(
            "Only what has to be said tonight: illness, pregnancy, risk of harm, who wrote about it."
        ),
    )
    children = ProseField(
        label=gettext_lazy("Children"), required=False, rows=2, help_text=gettext_lazy("Who they are with now.")
    )
    documents = ProseField(
        label=gettext_lazy("Documents"),
        required=False,
        rows=2,
        help_text=gettext_lazy("What there is, and who has it."),
    )
    note = ProseField(label=gettext_lazy("Note"), required=False, rows=2)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("flight", "reference"):
            self.fields[name].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag
        self.fields["held_phone"].desk_kind = "phone"  # type: ignore[attr-defined]  # as above
        self.fields["removal_on"].widget.attrs["autofocus"] = True
        consents = []
        for to in removals.CONSENTS:
            consents.append(f"consent-{to}")
            self.fields[f"consent-{to}"] = forms.ChoiceField(
                label=str(CONSENTS[to]), choices=list(ANSWERS.items()), required=False
            )
        self.sections: list[dict[str, Any]] = [
            {"legend": _("The removal"), "fields": ("removal_on", "time", "flight", "to")},
            {"legend": _("Where they are"), "fields": ("held_at", "held_phone", "held_since")},
            {"legend": _("The papers"), "fields": ("reference", "papers_served_on")},
            {"legend": _("Their solicitor"), "fields": [f"solicitor_{name}" for name in _SOLICITOR]},
            {
                "legend": _("Consents"),
                "why": _("Asked one by one. Who agrees to one thing has not agreed to another."),
                "fields": consents,
            },
            {"legend": _("What will be asked"), "fields": ("medical", "children", "documents", "note")},
        ]


def view(request: Request, handle: UUID) -> HttpResponse:
    """The form, as the case stands or as it was typed."""
    by, case = request.actor, find_case(request.actor, handle)
    opened, concerned = open_named(by=by, case=case)
    head: CaseHead = opened.content
    form = UrgentForm(
        request.POST if request.method == "POST" else None, initial=_as_it_stands(case, head, opened.revision)
    )
    problem = ""
    if form.is_valid():
        typed = form.cleaned_data
        try:
            if typed["revision"] != opened.revision:
                raise Changed("Somebody else changed this while you were writing.")
            set_urgent(
                by=by,
                case=case,
                head=head,
                read=opened.revision,
                urgent=_urgent(head, typed),
                removal_on=typed["removal_on"],
                outside=removals.with_solicitor(head.outside, *(typed[f"solicitor_{name}"] for name in _SOLICITOR)),
            )
        except Changed:
            data = request.POST.copy()
            data["revision"] = str(opened.revision)
            form = UrgentForm(data)
            problem = _(
                "Somebody else saved this case while you were writing. Nothing of theirs was overwritten, and what you"
                " typed is below. Look at the case in another tab, then save again."
            )
        except (CaseworkFault, BeyondCalendar) as fault:
            form.add_error("removal_on" if isinstance(fault, (AlreadyOver, BeyondCalendar)) else None, str(fault))
        else:
            return redirect(address(reverse("case-urgent", args=[handle]), {"done": "saved"}))
    stands = case.removal_on is not None
    context = {
        "section": "urgent",
        "heading": _("The removal"),
        "about": about(head, concerned),
        "lede": _("Only the day has to be filled in. Everything else may come later, and is sealed."),
        "form": form,
        "problem": problem,
        "cancel_url": reverse("case-urgent", args=[handle]) if stands else case_address(request, case),
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _as_it_stands(case: Case, head: CaseHead, revision: int) -> dict[str, Any]:
    urgent, solicitor = head.urgent, removals.solicitor_of(head.outside)
    shown: dict[str, Any] = {name: getattr(urgent, name) for name in _PLAIN}
    shown |= {name: typed_again(getattr(urgent, name)) for name in _DAYS}
    shown |= {f"consent-{to}": one.answer for to, one in removals.consents_of(urgent).items()}
    if solicitor is not None:
        named = (solicitor.name, solicitor.organisation, solicitor.reach)
        shown |= {f"solicitor_{name}": text for name, text in zip(_SOLICITOR, named, strict=True)}
    return shown | {"revision": revision, "removal_on": typed_again(case.removal_on)}


def _urgent(head: CaseHead, typed: dict[str, Any]) -> Urgent:
    answers = {to: typed[f"consent-{to}"] for to in removals.CONSENTS}
    return msgspec.structs.replace(
        head.urgent,
        **{name: typed[name] for name in (*_PLAIN, *_DAYS)},
        consents=removals.answered(head.urgent, answers, today=today()),
    )
