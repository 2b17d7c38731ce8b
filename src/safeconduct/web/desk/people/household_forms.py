"""The forms of a household, and the way from the facet to them and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.people.facets import Household, InHousehold

from ...forms import NumberField, ProseField
from ...words.households import PARTS
from .person_forms import RevisionForm
from .pick import PickForm

_NOTE = gettext_lazy("Note")


class NewForm(forms.Form):
    """A household around one person."""

    # Nothing is chosen beforehand: whoever presses the button in a hurry makes nobody a partner.
    role = forms.ChoiceField(
        label=gettext_lazy("What this person is in it"),
        choices=[("", gettext_lazy("Choose")), *PARTS.items()],
        error_messages={"required": gettext_lazy("Choose what this person is in it.")},
    )
    note = ProseField(label=_NOTE, required=False, max_length=2000)


class AddForm(PickForm):
    """Somebody else in it."""

    role = forms.ChoiceField(
        label=gettext_lazy("What they are in it"), choices=list(PARTS.items()), required=False, initial="other"
    )
    here = forms.BooleanField(label=gettext_lazy("Lives with the others"), required=False, initial=True)


class HouseholdForm(RevisionForm):
    """Everybody in it, a part each, in the order they are shown."""

    note = ProseField(label=_NOTE, required=False, max_length=2000)

    def __init__(self, *args: Any, household: Household, names: Mapping[str, str], **named: Any) -> None:
        super().__init__(*args, **named)
        self.household = household
        parts: list[dict[str, Any]] = []
        for place, one in enumerate(household.members, start=1):
            fields: dict[str, forms.Field] = {
                f"role-{one.person}": forms.ChoiceField(
                    label=_("What they are in it"), choices=list(PARTS.items()), initial=one.role
                ),
                f"here-{one.person}": forms.BooleanField(
                    label=_("Lives with the others"), required=False, initial=one.here
                ),
                f"place-{one.person}": NumberField(
                    label=_("Place in the list"), min_value=1, max_value=999, initial=place
                ),
                f"gone-{one.person}": forms.BooleanField(label=_("No longer in it"), required=False),
            }
            self.fields |= fields
            legend = names.get(one.person) or _("Somebody your teams do not hold")
            parts.append({"legend": legend, "fields": list(fields)})
        self.sections = [*parts, {"legend": _("About the household"), "fields": ["note"]}]

    def typed(self) -> Household:
        """The household as the form has it; two of one place keep the order they had."""
        said = self.cleaned_data
        stays = [one for one in self.household.members if not said[f"gone-{one.person}"]]
        stays.sort(key=lambda one: said[f"place-{one.person}"])
        members = tuple(
            InHousehold(person=one.person, role=said[f"role-{one.person}"], here=said[f"here-{one.person}"])
            for one in stays
        )
        return Household(members=members, note=said["note"])
