"""What is asked before an office acts on a case: a form over the head's revision, and how the case's page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.casework.actions.intake import set_intake
from safeconduct.casework.queries import find_case, open_named
from safeconduct.people.facets import Authority, Intake
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import DayField, LineField
from ...repeat import Group, Part, Row, RowForm, group, typed
from ...words.dates import typed_again
from ...words.intake import AGREES, CHECKED, CONSTITUENT, NOTICE
from ...words.needs import GENDERS, NO_INTERPRETER, languages
from ..people.person_forms import RevisionForm
from .links import case_address
from .present_case import about


class AuthorityForm(RowForm):
    """One signed authority."""

    main = "names"
    beside = frozenset({"seen"})
    names = LineField(
        label=gettext_lazy("Whom it names"), required=False, help_text=gettext_lazy("Who may act: the MP, the office.")
    )
    covers = LineField(
        label=gettext_lazy("Whom it covers"), required=False, help_text=gettext_lazy("Who signed, and for whom.")
    )
    signed_on = DayField(label=gettext_lazy("Signed on"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False, ahead=True)
    seen = forms.BooleanField(label=gettext_lazy("We have seen the paper"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("signed_on") and said.get("until") and said["until"] < said["signed_on"]:
            self.add_error("until", _("That is before the day it was signed. Check both."))
        return said


AUTHORITIES: Final = Part(
    "authorities",
    AuthorityForm,
    gettext_lazy("Authority to act"),
    gettext_lazy("Add another authority"),
    gettext_lazy("The Home Office asks for it signed and dated, naming both the person and who acts for them."),
)


class IntakeForm(RevisionForm):
    """The check, the notice, the interpreter."""

    constituent = forms.ChoiceField(
        label=gettext_lazy("Are they a constituent?"), choices=list(CONSTITUENT.items()), required=False
    )
    checked_how = forms.ChoiceField(
        label=gettext_lazy("How do you know?"), choices=list(CHECKED.items()), required=False
    )
    checked_on = DayField(label=gettext_lazy("Checked on"), required=False)
    checked_by = LineField(label=gettext_lazy("Checked by"), required=False)
    agrees = forms.ChoiceField(
        label=gettext_lazy("Do they agree that we write about them?"), choices=list(AGREES.items()), required=False
    )
    agreed_on = DayField(label=gettext_lazy("They said so on"), required=False)
    notice_on = DayField(label=gettext_lazy("Given on"), required=False)
    notice_how = forms.ChoiceField(label=gettext_lazy("How"), choices=list(NOTICE.items()), required=False)
    notice_language = forms.ChoiceField(
        label=gettext_lazy("In which language"), choices=languages(("", gettext_lazy("Not said"))), required=False
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Interpreter"),
        choices=languages(
            ("", gettext_lazy("As their own record says")), (NO_INTERPRETER, gettext_lazy("None wanted"))
        ),
        required=False,
    )
    dialect = LineField(label=gettext_lazy("Dialect or region"), required=False)
    gender = forms.ChoiceField(
        label=gettext_lazy("The interpreter should be"),
        choices=[("", gettext_lazy("As their own record says")), *list(GENDERS.items())[1:]],
        required=False,
    )

    sections = (
        {
            "legend": gettext_lazy("Constituent"),
            "fields": ("constituent", "checked_how", "checked_on", "checked_by"),
        },
        {"legend": gettext_lazy("What they said"), "fields": ("agrees", "agreed_on")},
        {"legend": gettext_lazy("Privacy notice"), "fields": ("notice_on", "notice_how", "notice_language")},
        {
            "legend": gettext_lazy("Interpreter for this case"),
            "fields": ("interpreter", "dialect", "gender"),
        },
    )


def view(request: Request, handle: UUID) -> HttpResponse:
    """The form, as the case stands or as it was typed."""
    by, case = request.actor, find_case(request.actor, handle)
    opened, concerned = open_named(by=by, case=case)
    stands: Intake = opened.content.intake
    form, authorities = _forms(request, stands, opened.revision)
    problem = ""
    if form.is_bound and form.is_valid() and authorities.formset.is_valid():
        try:
            if form.cleaned_data["revision"] != opened.revision:
                raise Changed("Somebody else changed this while you were writing.")
            intake = _typed(form.cleaned_data, authorities.formset.rows)
            set_intake(by=by, case=case, head=opened.content, read=opened.revision, intake=intake)
        except Changed:
            data = request.POST.copy()
            data["revision"] = str(opened.revision)
            form = IntakeForm(data)
            problem = _(
                "Somebody else saved this case while you were writing. Nothing of theirs was overwritten, and what you"
                " typed is below. Look at the case in another tab, then save again."
            )
        else:
            return redirect(case_address(request, case, done="saved"))
    context = {
        "section": "cases",
        "heading": _("Before we act"),
        "about": about(opened.content, concerned),
        "lede": _("Nothing here stands in the way of the work. The case says what is missing until it is settled."),
        "form": form,
        "groups": [authorities],
        "problem": problem,
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _forms(request: Request, stands: Intake, revision: int) -> tuple[IntakeForm, Group]:
    if request.method == "POST" and "add" not in request.POST:
        return IntakeForm(request.POST), group(AUTHORITIES, request.POST, ())
    if request.method == "POST":
        said = {name: request.POST.get(name, "") for name in IntakeForm.base_fields}
        return IntakeForm(initial=said), group(AUTHORITIES, None, typed(AUTHORITIES, request.POST))
    fields = {name: _shown(getattr(stands, name)) for name in IntakeForm.base_fields if name != "revision"}
    fields["checked_by"] = stands.checked_by or ("" if stands.constituent else request.actor.member.name)
    return IntakeForm(initial={"revision": revision, **fields}), group(AUTHORITIES, None, _rows(stands))


def _shown(value: Any) -> str:
    return typed_again(value) if value is None or isinstance(value, date) else value


def _rows(intake: Intake) -> list[Row]:
    return [
        {
            "names": one.names,
            "covers": one.covers,
            "signed_on": typed_again(one.signed_on),
            "until": typed_again(one.until),
            "seen": one.seen,
        }
        for one in intake.authorities
    ]


def _typed(fields: dict[str, Any], rows: Sequence[Row]) -> Intake:
    authorities = tuple(
        Authority(
            names=row["names"],
            covers=row["covers"],
            signed_on=row["signed_on"],
            until=row["until"],
            seen=bool(row["seen"]),
        )
        for row in rows
    )
    said = {name: value for name, value in fields.items() if name != "revision"}
    if not said["constituent"]:
        # Nobody has checked: who would have is not kept either.
        said |= {"checked_how": "", "checked_on": None, "checked_by": ""}
    if not said["agrees"]:
        said["agreed_on"] = None
    return Intake(authorities=authorities, **said)
