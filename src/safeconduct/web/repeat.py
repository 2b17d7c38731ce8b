"""Parts of a form that repeat: names, births, references, ways to reach somebody. See components/repeat.html.

Adding a line works without JavaScript: the page comes again with one more line and whatever was typed. A line whose
first field is empty is no line, so emptying it takes it away, and so does "Remove".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_MOST: Final = 200

Row = Mapping[str, Any]


class RowForm(forms.Form):
    """One line. ``main`` names the field without which there is no line; ``beside`` those that say nothing alone.

    ``more`` are those that are folded away under the words ``more_label`` as long as nothing stands in them.
    """

    main: ClassVar[str]
    beside: ClassVar[frozenset[str]] = frozenset()
    more: ClassVar[Sequence[str]] = ()
    more_label: ClassVar[str | Promise] = ""

    def first_fields(self) -> list[forms.BoundField]:
        """The fields that are drawn at once, without the box that removes the line."""
        return [bound for bound in self.visible_fields() if bound.name not in {*self.more, "DELETE"}]

    def more_fields(self) -> list[forms.BoundField]:
        """Those that are folded away."""
        return [bound for bound in self.visible_fields() if bound.name in self.more]

    def removal(self) -> forms.BoundField | None:
        """The box that removes the line; None on a line that is new."""
        return self["DELETE"] if "DELETE" in self.fields else None

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        others = {key: value for key, value in typed.items() if key not in {self.main, "DELETE", *self.beside}}
        missing = self.main in typed and not typed[self.main]
        if missing and any(others.values()) and not typed.get("DELETE"):
            self.add_error(self.main, _("Fill this in, or remove the line."))
        return typed


if TYPE_CHECKING:  # Django's own class takes no parameter while it runs
    _Base = BaseFormSet[RowForm]
else:
    _Base = BaseFormSet


class Rows(_Base):
    """The lines of one part."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: RowForm, index: int | None) -> None:
        """Name the deletion in the desk's words, and give each hint once, on the first line."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove")
        if index:
            for field in form.fields.values():
                field.help_text = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was typed, line by line, after validation."""
        kept = [one.cleaned_data for one in self.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        return [row for row in kept if row[self.forms[0].main]]


@dataclass(frozen=True, slots=True)
class Part:
    """What a part is called and made of."""

    key: str
    form: type[RowForm]
    legend: str | Promise
    add_label: str | Promise
    why: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A part on a page: the shape of components/repeat.html."""

    key: str
    legend: str | Promise
    why: str | Promise
    formset: Rows
    add_label: str | Promise


def group(part: Part, data: QueryDict | None, stands: Sequence[Row]) -> Group:
    """A part as it stands, or as it was typed where ``data`` is given; with one empty line where it is not bound."""
    made = formset_factory(
        part.form,
        formset=Rows,
        extra=0 if data else 1,
        can_delete=True,
        can_delete_extra=False,
        max_num=_MOST,
        absolute_max=_MOST,
    )
    formset = made(data or None, initial=list(stands), prefix=part.key, auto_id="id_%s")
    assert isinstance(formset, Rows)
    return Group(part.key, part.legend, part.why, formset, part.add_label)


def typed(part: Part, data: QueryDict) -> list[dict[str, Any]]:
    """What stands in the lines of a request, unchecked: for a page that comes again because a line is added."""
    total = data.get(f"{part.key}-TOTAL_FORMS", "0")
    count = min(int(total), _MOST) if total.isascii() and total.isdigit() else 0
    names = list(part.form.base_fields)
    lines = [{name: data.get(f"{part.key}-{at}-{name}", "") for name in names} for at in range(count)]
    return [line for line in lines if any(line.values())]
