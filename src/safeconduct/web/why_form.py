"""Why something on record is changed: asked where a record is corrected, kept in its history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safeconduct.people.facets import CaseHead, Facet, Identity, Status
from safeconduct.people.history import Why

from .forms import LineField
from .words.history import GIVEN


class WhyForm(forms.Form):
    """The reason, and a few words with it. Nothing has to be said unless the page asks for it (`ask`)."""

    reason = forms.ChoiceField(
        label=_("Why is it changed?"),
        choices=[("", _("Not said")), *GIVEN.items()],
        required=False,
        help_text=_("Kept in the history with what it was before, sealed."),
    )
    said = LineField(label=_("In a few words"), required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("reason") == "other" and not typed.get("said"):
            self.add_error("said", _("Say what the other reason is."))
        return typed

    def ask(self) -> None:
        """Refuse the form until a reason is given."""
        self.add_error("reason", ASKED)

    def why(self) -> Why:
        """The reason as it is kept."""
        return Why(self.cleaned_data["reason"], self.cleaned_data["said"])


ASKED = _("Something that was on record is changed or taken away: say why. What it was before is kept.")


def takes_away(before: Facet, after: Facet) -> bool:
    """Whether a name, a birth, a nationality or a reference that was on record is not there any more."""
    if isinstance(before, Identity) and isinstance(after, Identity):
        births = {(one.year, one.month, one.day) for one in after.births}
        return bool({one.text for one in before.names} - {one.text for one in after.names}) or any(
            (one.year, one.month, one.day) not in births for one in before.births
        )
    if isinstance(before, Status) and isinstance(after, Status):
        references = {(one.kind, one.value) for one in after.references}
        return any((one.kind, one.value) not in references for one in before.references) or bool(
            {one.value for one in before.nationalities} - {one.value for one in after.nationalities}
        )
    if isinstance(before, CaseHead) and isinstance(after, CaseHead):
        kept = {letter: one.their_reference for letter, one in after.enquiries.items()}
        return bool(before.our_reference and before.our_reference != after.our_reference) or any(
            one.their_reference and one.their_reference != kept.get(letter) for letter, one in before.enquiries.items()
        )
    return False
