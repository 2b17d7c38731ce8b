"""Who is around a case: adding somebody on record, changing what they are in it, and those who are only typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.casework.actions import around
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Case
from safeconduct.casework.queries import find_case, open_named
from safeconduct.people.facets import CaseHead, Concerns, Outside, Role
from safeconduct.people.records import Changed, Opened

from ...access import Request
from ...forms import LineField, NumberField
from ...repeat import Group, Part, Row, RowForm, group, typed
from ...words.roles import OUTSIDE, ROLES
from ..people.person_forms import RevisionForm
from ..people.pick import PickForm
from .links import case_address
from .present_case import about


class AddForm(PickForm):
    """Somebody on record, and what they are in the case."""

    role = forms.ChoiceField(
        label=gettext_lazy("What they are in the case"),
        choices=list(ROLES.items()),
        required=False,
        initial="dependant",
    )


class OutsideForm(RowForm):
    """Somebody who acts and has no record of their own."""

    main = "name"
    beside = frozenset({"role"})
    role = forms.ChoiceField(
        label=gettext_lazy("What they are in the case"), choices=list(OUTSIDE.items()), required=False
    )
    name = LineField(label=gettext_lazy("Name"), required=False)
    organisation = LineField(label=gettext_lazy("Firm or organisation"), required=False)
    reach = LineField(label=gettext_lazy("How to reach them"), required=False, max_length=500)
    note = LineField(label=gettext_lazy("Note"), required=False)


OUTSIDERS: Final = Part(
    "outside",
    OutsideForm,
    gettext_lazy("Those who act beside you"),
    gettext_lazy("Add somebody else"),
    gettext_lazy("A solicitor, a sponsor: typed here and kept with this case alone, without a record of their own."),
)


class AroundForm(RevisionForm):
    """Everybody on record, a part each, the one the case is listed under first."""

    def __init__(self, *args: Any, concerns: Sequence[Concerns], names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._concerns = concerns
        self.sections: list[dict[str, Any]] = []
        for place, one in enumerate(concerns, start=1):
            fields: dict[str, forms.Field] = {
                f"role-{one.person}": forms.ChoiceField(
                    label=_("What they are in the case"), choices=list(ROLES.items()), initial=one.role
                ),
                f"place-{one.person}": NumberField(
                    label=_("Place in the list"), min_value=1, max_value=999, initial=place
                ),
                f"gone-{one.person}": forms.BooleanField(label=_("No longer around this case"), required=False),
            }
            self.fields |= fields
            legend = names.get(one.person) or _("Somebody your teams do not hold")
            self.sections.append({"legend": legend, "fields": list(fields)})

    def typed(self) -> list[Concerns]:
        """Those who stay, as the form has them; two of one place keep the order they had."""
        said = self.cleaned_data
        stays = [one for one in self._concerns if not said[f"gone-{one.person}"]]
        stays.sort(key=lambda one: said[f"place-{one.person}"])
        return [msgspec.structs.replace(one, role=Role(said[f"role-{one.person}"])) for one in stays]


def add(request: Request, handle: UUID) -> HttpResponse:
    """Find somebody, and say what they are in the case."""
    by, case = request.actor, find_case(request.actor, handle)
    head, concerned = open_named(by=by, case=case)
    without = [one.person for one in head.content.concerns]
    form = AddForm(request.POST if request.method == "POST" else None, by=by, without=without)
    if form.is_valid() and form.chosen:
        try:
            around.add_person(
                by=by, case=case, head=head, person=form.opened(), role=form.cleaned_data["role"] or "dependant"
            )
        except CaseworkFault as fault:
            form.add_error(None, str(fault))
        except Changed:
            form.add_error(None, _("Somebody else changed the case or the person at this moment. Send it once more."))
        else:
            return redirect(case_address(request, case, done="saved"))
    form.offer()
    context = {
        "section": "cases",
        "heading": _("Add somebody to the case"),
        "about": about(head.content, concerned),
        "lede": _("Anybody on record whom this is about too. Their own page then leads to this case."),
        "form": form,
        "save": _("Add them") if form.found else _("Find"),
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/pick.html", context)


def view(request: Request, handle: UUID) -> HttpResponse:
    """What everybody is in the case; who is no longer; who is only typed."""
    by, case = request.actor, find_case(request.actor, handle)
    head, concerned = open_named(by=by, case=case)
    content: CaseHead = head.content
    form, outsiders = _forms(request, head, {one.person: one.name for one in concerned})
    problem = ""
    if form.is_bound and form.is_valid() and outsiders.formset.is_valid():
        try:
            _save(by, case, head, form, outsiders)
        except CaseworkFault as fault:
            form.add_error(None, str(fault))
        except Changed:
            problem = _("Somebody else saved this case while you were writing. Open it again: nothing was overwritten.")
        else:
            return redirect(case_address(request, case, done="saved"))
    context = {
        "section": "cases",
        "heading": _("Who is around the case"),
        "about": about(content, concerned),
        "lede": "",
        "form": form,
        "groups": [outsiders],
        "problem": problem,
        "cancel_url": case_address(request, case),
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _save(by: Actor, case: Case, head: Opened, form: AroundForm, outsiders: Group) -> None:
    if form.cleaned_data["revision"] != head.revision:
        raise Changed("Somebody else changed this while you were writing.")
    outside = [Outside(**{name: row[name] for name in OutsideForm.base_fields}) for row in outsiders.formset.rows]
    around.change_around(by=by, case=case, head=head, concerns=form.typed(), outside=outside, read=head.revision)


def _forms(request: Request, head: Opened, names: Mapping[str, str]) -> tuple[AroundForm, Group]:
    concerns = head.content.concerns
    if request.method == "POST" and "add" not in request.POST:
        return AroundForm(request.POST, concerns=concerns, names=names), group(OUTSIDERS, request.POST, ())
    if request.method == "POST":
        form = AroundForm(concerns=concerns, names=names)
        said = {name: request.POST.get(name, "") for name in form.fields}
        return AroundForm(initial=said, concerns=concerns, names=names), group(
            OUTSIDERS, None, typed(OUTSIDERS, request.POST)
        )
    rows: list[Row] = [msgspec.structs.asdict(one) for one in head.content.outside]
    form = AroundForm(initial={"revision": head.revision}, concerns=concerns, names=names)
    return form, group(OUTSIDERS, None, rows)
