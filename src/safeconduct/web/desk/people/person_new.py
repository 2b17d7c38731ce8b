"""Adding a person. Somebody like them who is already here is offered before a second record is made."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.people.actions import add_person
from safeconduct.people.actions.add import NoName
from safeconduct.people.facets import Identity
from safeconduct.people.lookalikes import Lookalike, known, offered

from ...access import Request
from ...forms import ProseField
from ...repeat import Part, group, typed
from ...words.people import reason
from ..team_field import offer_teams
from . import person_forms as parts
from .present_person import line_of, other_names, shown_name

_PARTS: Final[tuple[Part, ...]] = (
    parts.NAMES,
    parts.BIRTHS,
    parts.CONTACT_WAYS,
    parts.REFERENCE_LINES,
    parts.NATIONALITIES,
)


class PersonForm(forms.Form):
    """What does not repeat."""

    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Only its members will be able to open the record."),
        error_messages={"required": gettext_lazy("Choose the team it is for.")},
    )
    safe_note = ProseField(
        label=gettext_lazy("Safe contact"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("What must not happen when you contact them. It is shown wherever a contact is."),
    )
    none_of_them = forms.BooleanField(
        label=gettext_lazy("None of them: add a new person"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, by: Actor, offer: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = offer_teams(self, by.teams)
        if offer:
            self.fields["none_of_them"].widget = forms.CheckboxInput()

    @property
    def team_chosen(self) -> Team:
        """The team whose record it will be, once the form is valid."""
        return self._teams[self.cleaned_data["team"]]


def view(request: Request) -> HttpResponse:
    """As few questions as will do; each further line is one press away."""
    by = request.actor
    if not by.teams:
        return redirect("people")
    if request.method != "POST" or "add" in request.POST:
        data = request.POST if request.method == "POST" else None
        initial = {name: data.get(name, "") for name in PersonForm.base_fields} if data else None
        form = PersonForm(by=by, initial=initial)
        return _draw(request, form, [group(part, None, typed(part, data) if data else ()) for part in _PARTS])
    form = PersonForm(request.POST, by=by)
    groups = [group(part, request.POST, ()) for part in _PARTS]
    if not (form.is_valid() and all(one.formset.is_valid() for one in groups)):
        return _draw(request, form, groups)
    lines = {one.key: one.formset.rows for one in groups}
    identity = parts.identity_of(lines["names"], lines["births"], Identity())
    contact = parts.contact_of(lines["ways"], form.cleaned_data["safe_note"])
    status = parts.status_of(lines["references"], lines["nationalities"], "")
    team = form.team_chosen
    if identity.names and not form.cleaned_data["none_of_them"]:
        found = offered(by=by, team=team, asked=known(identity, contact, status), without=())
        if found:
            return _draw(request, PersonForm(request.POST, by=by, offer=True), groups, doubles=found)
    try:
        person = add_person(by=by, team=team, identity=identity, contact=contact, status=status)
    except NoName as fault:
        form.add_error(None, str(fault))
        return _draw(request, form, groups)
    return redirect("person", handle=person.handle)


def _draw(
    request: Request, form: PersonForm, groups: list[Any], *, doubles: list[Lookalike] | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "groups": groups,
        "doubles": [_double(one) for one in doubles or ()],
        "cancel_url": reverse("people"),
        "save": _("Add this person"),
    }
    return render(request, "desk/person_new.html", context)


def _double(one: Lookalike) -> dict[str, Any]:
    return {
        "name": shown_name(one.identity),
        "also": other_names(one.identity),
        "lines": line_of(one.identity, ()),
        "reasons": [reason(why) for why in one.likeness.reasons],
        "url": reverse("person", args=[one.subject.handle]),
    }
