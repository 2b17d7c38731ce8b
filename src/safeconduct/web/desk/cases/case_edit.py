"""Changing what a case says of itself, over the revision that was read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.casework.actions import cases
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Case, Enquiry
from safeconduct.casework.queries import find_case, open_named
from safeconduct.people.facets import CaseHead, EnquiryHead
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import LineField, ProseField
from ...why_form import ASKED, WhyForm, takes_away
from ...words import cases as words
from ..day.sitting_fields import lines_of
from .case_form import CaseForm
from .links import case_address
from .present_case import about

_OF_A_LETTER = ("subject", "questions", "sent_to", "unit", "their_reference")
_LABELS = {
    "subject": gettext_lazy("What it is about"),
    "questions": gettext_lazy("What it asks"),
    "sent_to": gettext_lazy("To whom exactly"),
    "unit": gettext_lazy("Who has it there"),
    "their_reference": gettext_lazy("Their reference for it"),
}


class _NoReason(Exception):
    """A reference on record is changed or taken away, and nobody said why."""


class EditForm(CaseForm):
    """The case, and each of its letters in a part of its own."""

    note = ProseField(label=gettext_lazy("Notes"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, letters: list[Enquiry], **named: Any) -> None:
        super().__init__(*args, **named)
        self.letters = letters
        parts: list[dict[str, Any]] = [
            {"legend": _("The case"), "fields": ("kind", "exact_kind", "our_reference", "worker", "note")}
        ]
        for number, letter in enumerate(letters, start=1):
            names = [f"{name}-{letter.handle.hex}" for name in _OF_A_LETTER]
            for name in names:
                self.fields[name] = _field(name.partition("-")[0])
            self.fields[names[-1]].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag
            legend = _("Letter %(number)d: %(route)s") % {"number": number, "route": words.ROUTES[letter.route]}
            parts.append({"legend": legend, "fields": names})
        self.sections = parts

    def head(self, before: CaseHead) -> CaseHead:
        """The head as the form has it; whom the case concerns is not the form's to change."""
        typed = self.cleaned_data
        letters = {
            letter.handle.hex: msgspec.structs.replace(
                before.enquiries.get(letter.handle.hex, EnquiryHead()),
                **{name: _read(name, typed[f"{name}-{letter.handle.hex}"]) for name in _OF_A_LETTER},
            )
            for letter in self.letters
        }
        return msgspec.structs.replace(
            before,
            our_reference=typed["our_reference"],
            exact_kind=typed["exact_kind"],
            note=typed["note"],
            enquiries=before.enquiries | letters,
        )


def _field(name: str) -> forms.Field:
    if name != "questions":
        return LineField(label=_LABELS[name], required=False)
    return ProseField(
        label=_LABELS[name],
        required=False,
        max_length=4000,
        help_text=_("Each question on a line of its own. Keep their order: what a reply answered is noted by it."),
    )


def _read(name: str, typed: str) -> str | tuple[str, ...]:
    return lines_of(typed) if name == "questions" else typed


def _written(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def view(request: Request, handle: UUID) -> HttpResponse:
    """Change the case. Where somebody saved in between, nothing is overwritten: the form says what is there now."""
    by, case = request.actor, find_case(request.actor, handle)
    letters = list(case.enquiries.order_by("id"))
    opened, concerned = open_named(by=by, case=case)
    now = _as_typed(case, opened.content, letters) | {"revision": opened.revision}
    form = EditForm(request.POST if request.method == "POST" else None, team=case.team, letters=letters, initial=now)
    overtaken = False
    why = WhyForm(request.POST or None)
    if form.is_bound and all([form.is_valid(), why.is_valid()]):
        try:
            head = form.head(opened.content)
            if form.cleaned_data["revision"] != opened.revision:
                raise Changed("read at another revision")
            if takes_away(opened.content, head) and not why.cleaned_data["reason"]:
                why.ask()
                raise _NoReason(ASKED)
            cases.change_case(
                by=by,
                case=case,
                head=head,
                read=opened.revision,
                kind=form.cleaned_data["kind"],
                worker=form.worker_chosen(),
                why=why.why(),
            )
        except Changed:
            form, overtaken = _overtaken(request, form, now), True
        except _NoReason as fault:
            form.add_error(None, str(fault))
        except CaseworkFault as fault:
            form.add_error("worker", str(fault))
        else:
            return redirect(case_address(request, case, done="saved"))
    context = {
        "about": about(opened.content, concerned),
        "form": form,
        "why": why,
        "problem": _CHANGED if overtaken else "",
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/case_edit.html", context, status=409 if overtaken else 200)


_CHANGED = gettext_lazy(
    "Somebody else saved this case while you were writing. Nothing of theirs was overwritten, and what you typed is "
    "below. Where the two differ, the field says what they saved: keep yours or theirs, then save again."
)


def _overtaken(request: Request, typed: EditForm, now: dict[str, Any]) -> EditForm:
    """The form again with what was typed, over the revision that is there now, each difference told."""
    data = request.POST.copy()
    data["revision"] = str(now["revision"])
    again = EditForm(data, team=typed.team, letters=typed.letters)
    for name, field in again.fields.items():
        theirs, ours = str(now.get(name, "")).splitlines(), str(typed.cleaned_data.get(name, "")).splitlines()
        if name != "revision" and ours != theirs:
            shown = dict(getattr(field, "choices", ())).get(now[name], now[name])
            field.help_text = _("Saved by them: %(value)s") % {"value": shown or _("nothing")}
    return again


def _as_typed(case: Case, head: CaseHead, letters: list[Enquiry]) -> dict[str, Any]:
    """What is saved, by the names of the form's fields."""
    saved: dict[str, Any] = {
        "kind": case.kind,
        "exact_kind": head.exact_kind,
        "our_reference": head.our_reference,
        "worker": case.worker.handle.hex if case.worker else "",
        "note": head.note,
    }
    for letter in letters:
        of_it = head.enquiries.get(letter.handle.hex, EnquiryHead())
        saved |= {f"{name}-{letter.handle.hex}": _written(getattr(of_it, name)) for name in _OF_A_LETTER}
    return saved
