"""The forms a person's facets are typed into, one part a line, and the way from a facet to its form and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts.keys import today
from safeconduct.core.calendar.births import read_birth
from safeconduct.core.calendar.written import NotADay
from safeconduct.core.names.references import Kind, recognise
from safeconduct.people.facets import (
    Assertion,
    Birth,
    Contact,
    Identity,
    Referenced,
    SpelledName,
    Status,
    Way,
)

from ...forms import LineField, ProseField
from ...repeat import Part, Row, RowForm
from ...words import dates
from ...words.people import BASES, REFERENCES, WAYS, birth_typed

_SOURCE: Final = _("Where it was seen")


class NameForm(RowForm):
    """One spelling of a name."""

    main = "text"
    beside = frozenset({"by_person"})
    text = LineField(label=_("Name"), required=False)
    source = LineField(label=_SOURCE, required=False, help_text=_("Passport, Home Office letter, your sheet …"))
    by_person = forms.BooleanField(label=_("As they give it themselves"), required=False)


class BirthForm(RowForm):
    """One assertion of a birth."""

    main = "said"
    beside = frozenset({"basis"})
    said = LineField(
        label=_("Date of birth"),
        required=False,
        help_text=_("3 March 1987, March 1987, 1987 or abt 1987: only as much as is known."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    source = LineField(label=_SOURCE, required=False)
    basis = forms.ChoiceField(label=_("What it rests on"), choices=list(BASES.items()), required=False)

    def clean_said(self) -> Any:
        said: str = self.cleaned_data["said"]
        if not said:
            return None
        try:
            return read_birth(said, today=today())
        except NotADay as problem:
            raise forms.ValidationError(str(dates.PROBLEMS[problem.code])) from None


class WayForm(RowForm):
    """One way to reach somebody."""

    main = "value"
    beside = frozenset({"kind"})
    kind = forms.ChoiceField(label=_("Way"), choices=list(WAYS.items()), required=False)
    value = LineField(label=_("Number or address"), required=False, max_length=500)
    note = LineField(label=_("Note"), required=False, help_text=_("Whose it is, when to use it …"))


class ReferenceForm(RowForm):
    """One reference, or several in one line when its kind is left to the desk."""

    main = "value"
    beside = frozenset({"kind"})
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Tell it by its shape")), *REFERENCES.items()], required=False
    )
    value = LineField(label=_("Reference"), required=False, widget=forms.TextInput(attrs={"dir": "ltr"}))
    source = LineField(label=_SOURCE, required=False)


class NationalityForm(RowForm):
    """One nationality as somebody asserted it."""

    main = "value"
    value = LineField(label=_("Nationality"), required=False, help_text=_("As they say it; stateless is an answer."))
    source = LineField(label=_("Who says so"), required=False)


NAMES: Final = Part(
    "names",
    NameForm,
    _("Names"),
    _("Add another spelling"),
    _("Every spelling seen helps to find them. The first that is theirs is the one shown."),
)
BIRTHS: Final = Part(
    "births",
    BirthForm,
    _("Date of birth"),
    _("Add another date of birth"),
    _("It tells two people of one name apart. Papers often differ: write each with its source."),
)
CONTACT_WAYS: Final = Part("ways", WayForm, _("Ways to reach them"), _("Add another way"))
REFERENCE_LINES: Final = Part(
    "references",
    ReferenceForm,
    _("References"),
    _("Add another reference"),
    _("The Home Office answers by its own numbers. One that looks odd is kept, with a warning."),
)
NATIONALITIES: Final = Part("nationalities", NationalityForm, _("Nationality"), _("Add another nationality"))


class RevisionForm(forms.Form):
    """Which revision of the facet the page showed, so that nobody's change is overwritten unseen."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class StatusForm(RevisionForm):
    """Immigration history in a few lines."""

    history = ProseField(
        label=_("Immigration history"),
        required=False,
        rows=5,
        help_text=_("Only what the work needs. Nobody should have to tell it twice."),
    )


def name_rows(identity: Identity) -> list[Row]:
    """Names as lines of the form."""
    return [{"text": one.text, "source": one.source, "by_person": one.by_person} for one in identity.names]


def birth_rows(identity: Identity) -> list[Row]:
    """Births as lines of the form."""
    known = [one for one in identity.births if one.year is not None]
    return [{"said": birth_typed(one), "source": one.source, "basis": one.basis} for one in known]


def reference_rows(status: Status) -> list[Row]:
    """References as lines of the form."""
    return [{"kind": one.kind, "value": one.value, "source": one.source} for one in status.references]


def nationality_rows(status: Status) -> list[Row]:
    """Nationalities as lines of the form."""
    return [{"value": one.value, "source": one.source} for one in status.nationalities]


def identity_of(names: Sequence[Row], births: Sequence[Row], before: Identity) -> Identity:
    """The identity typed: names that are the person's own come first; what a form does not show is kept."""
    seen = {(one.text, one.source): one.seen_on for one in before.names}
    spelled = [
        SpelledName(
            text=row["text"],
            source=row["source"],
            by_person=bool(row["by_person"]),
            seen_on=seen.get((row["text"], row["source"])),
        )
        for row in names
    ]
    spelled.sort(key=lambda one: not one.by_person)
    return Identity(names=tuple(spelled), births=tuple(_birth(row) for row in births))


def contact_of(ways: Sequence[Row], safe_note: str) -> Contact:
    """The contact typed."""
    return Contact(
        ways=tuple(Way(kind=row["kind"] or "other", value=row["value"], note=row["note"]) for row in ways),
        safe_note=safe_note,
    )


def status_of(references: Sequence[Row], nationalities: Sequence[Row], history: str) -> Status:
    """The status typed; a reference without a kind is told by its shape, several in one line become several."""
    return Status(
        nationalities=tuple(Assertion(value=row["value"], source=row["source"]) for row in nationalities),
        references=tuple(dict.fromkeys(one for row in references for one in _referenced(row))),
        history=history,
    )


def _birth(row: Mapping[str, Any]) -> Birth:
    read = row["said"]
    return Birth(
        year=read.year,
        month=read.month,
        day=read.day,
        precision=read.precision.value,
        source=row["source"],
        basis=row["basis"] or "claimed",
    )


def _referenced(row: Mapping[str, Any]) -> list[Referenced]:
    if row["kind"]:
        return [Referenced(kind=row["kind"], value=row["value"], source=row["source"])]
    found = [(one.kind, one.value) for one in recognise(row["value"])] or [(Kind.OTHER, row["value"])]
    return [Referenced(kind=kind.value, value=value, source=row["source"]) for kind, value in found]
