"""The form of what somebody needs to be spoken with and written to, and the way from the facet to it and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from safeconduct.people.facets import Needs

from ...forms import LineField, ProseField
from ...repeat import Part, Row, RowForm
from ...words.needs import GENDERS, NO_INTERPRETER, languages
from .person_forms import RevisionForm


class LanguageForm(RowForm):
    """One language, and what they do in it."""

    main = "language"
    beside = frozenset({"speaks", "reads"})
    language = forms.ChoiceField(label=_("Language"), choices=languages(("", _("Choose"))), required=False)
    speaks = forms.BooleanField(label=_("Speaks it"), required=False)
    reads = forms.BooleanField(label=_("Reads it"), required=False)


LANGUAGES: Final = Part(
    "languages",
    LanguageForm,
    _("Languages"),
    _("Add another language"),
    _("Ask which they would rather use. Nationality does not tell, and many people speak one and read another."),
)


class NeedsForm(RevisionForm):
    """What does not repeat."""

    other_language = LineField(
        label=_("A language that is not in the list"), required=False, help_text=_("As they call it.")
    )
    reads_none = forms.BooleanField(label=_("Cannot read any language: nothing written reaches them"), required=False)
    audio = forms.BooleanField(label=_("Needs it spoken: a call, or a recording"), required=False)
    interpreter = forms.ChoiceField(
        label=_("Interpreter"),
        choices=languages(("", _("Nobody asked")), (NO_INTERPRETER, _("None wanted"))),
        required=False,
    )
    dialect = LineField(label=_("Dialect or region"), required=False)
    gender = forms.ChoiceField(label=_("The interpreter should be"), choices=list(GENDERS.items()), required=False)
    access = ProseField(
        label=_("Access needs"),
        required=False,
        max_length=2000,
        help_text=_("Steps, hearing, sight, time, somebody beside them. Only what the work needs."),
    )


def needs_fields(needs: Needs) -> dict[str, Any]:
    """What does not repeat, by the names of the form's fields."""
    return {name: getattr(needs, name) for name in NeedsForm.base_fields if name != "revision"}


def language_rows(needs: Needs) -> list[Row]:
    """Languages as lines of the form."""
    return [
        {"language": code, "speaks": code in needs.speaks, "reads": code in needs.reads}
        for code in dict.fromkeys((*needs.speaks, *needs.reads))
    ]


def needs_of(rows: Sequence[Row], fields: Row) -> Needs:
    """The needs typed. A language chosen without a tick is one they speak: that is what was meant."""
    return Needs(
        speaks=tuple(dict.fromkeys(row["language"] for row in rows if row["speaks"] or not row["reads"])),
        reads=tuple(dict.fromkeys(row["language"] for row in rows if row["reads"])),
        **{name: value for name, value in fields.items() if name != "revision"},
    )
