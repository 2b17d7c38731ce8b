"""What each column of a sheet holds: as the desk understood it, and as somebody who knows the sheet says."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.casework.actions import arrivals
from safeconduct.casework.arrivals.reading import Reading
from safeconduct.casework.arrivals.staged import Staged
from safeconduct.casework.importing.columns import Column, ColumnMap
from safeconduct.casework.importing.errors import UnreadableSheet
from safeconduct.casework.importing.fields import SEVERAL, Field
from safeconduct.casework.importing.sheet import Sheet, cell_text, column_letter
from safeconduct.casework.models import Arrival

from ...access import Request
from ...words import imports as words
from .import_state import about_import, where
from .imports import rows

_NAMES: Final = frozenset({Field.NAME, Field.GIVEN_NAME, Field.FAMILY_NAME})
_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 80


class ColumnsForm(forms.Form):
    """One choice a column. A field that is read from one column only may be chosen once; the name must be chosen."""

    keep = forms.BooleanField(
        label=gettext_lazy("Keep columns that were not recognised as notes on each case"), required=False
    )

    def __init__(self, *args: Any, columns: ColumnMap, **named: Any) -> None:
        super().__init__(*args, **named)
        self.columns = columns
        choices = [(field.value, label) for field, label in words.FIELDS.items()]
        for column in columns.columns:
            self.fields[_key(column)] = forms.ChoiceField(
                label=_("%(column)s is") % {"column": column.label}, choices=choices, initial=column.field.value
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        taken: dict[Field, Column] = {}
        for column in self.columns.columns:
            if not (value := typed.get(_key(column))):
                continue
            field = Field(value)
            if field in SEVERAL:
                continue
            if field in taken:
                self.add_error(
                    _key(column),
                    _("Column %(letter)s is “%(field)s” already. Choose it for one of the two.")
                    % {"letter": column_letter(taken[field].index), "field": words.FIELDS[field]},
                )
            taken.setdefault(field, column)
        if not self.errors and not _NAMES & taken.keys():
            raise forms.ValidationError(str(words.UNREADABLE["no_name_column"]), code="no_name_column")
        return typed

    def chosen(self) -> dict[int, Field]:
        """What each column was said to be, by its position."""
        found = {column.index: Field(self.cleaned_data[_key(column)]) for column in self.columns.columns}
        if self.cleaned_data["keep"]:
            for column in self.columns.columns:
                if found[column.index] is Field.NOT_MAPPED and column.filled:
                    found[column.index] = Field.NOTES
        return found


@about_import
def view(request: Request, arrival: Arrival) -> HttpResponse:
    """Show what each column was taken for; read the rows again as somebody says."""
    by = request.actor
    if arrival.state != Arrival.State.STAGED:
        return redirect(where(arrival))
    staged, reading = arrivals.open_arrival(by=by, arrival=arrival)
    posted = request.method == "POST"
    if posted and "sheet" in request.POST:
        return _other_sheet(request, arrival, staged, reading)
    form = ColumnsForm(request.POST if posted else None, columns=reading.columns)
    if posted and form.is_valid():
        arrivals.choose_columns(by=by, arrival=arrival, staged=staged, columns=form.chosen())
        return redirect("import-preview", arrival.handle)
    return _page(request, reading, form)


def _page(request: Request, reading: Reading, form: ColumnsForm, *, problem: str = "") -> HttpResponse:
    sheet = reading.sheet
    unmapped = [column.label for column in reading.columns.unmapped]
    context = {
        "form": form,
        "sheet": {"name": sheet.sheet_title, "text": _about(sheet)},
        "sheets": _sheets(sheet),
        "columns": [
            {
                "letter": column_letter(column.index),
                "heading": column.heading,
                "samples": _samples(sheet, column),
                "field": form[_key(column)],
                "guessed": column.field is not Field.NOT_MAPPED and column.why not in ("chosen", "remembered"),
                "needs": column.field is Field.NOT_MAPPED and column.filled,
            }
            for column in reading.columns.columns
        ],
        "unmapped": _unmapped(unmapped),
        "remarks": [words.notice(one) for one in sheet.notices],
        "back_url": reverse("imports"),
        "problem": problem,
    }
    return render(request, "desk/import_columns.html", context)


def _other_sheet(request: Request, arrival: Arrival, staged: Staged, reading: Reading) -> HttpResponse:
    """Read another visible sheet, named by its place in the list so that no address or log holds its name."""
    names = [one["name"] for one in _sheets(reading.sheet)]
    asked = request.POST["sheet"]
    chosen = names[int(asked)] if asked.isascii() and asked.isdigit() and int(asked) < len(names) else ""
    try:
        arrivals.choose_sheet(by=request.actor, arrival=arrival, staged=staged, sheet=chosen)
    except UnreadableSheet as fault:
        return _page(request, reading, ColumnsForm(columns=reading.columns), problem=words.unreadable(fault))
    return redirect("import-columns", arrival.handle)


def _sheets(sheet: Sheet) -> list[dict[str, Any]]:
    """The visible sheets of a workbook with several, the one being read first."""
    if not sheet.other_sheets:
        return []
    names = [sheet.sheet_title, *sheet.other_sheets]
    return [{"name": name, "value": at, "current": at == 0} for at, name in enumerate(names)]


def _about(sheet: Sheet) -> str:
    return _("%(rows)s below the headings in row %(number)d") % {
        "rows": rows(len(sheet.rows)),
        "number": sheet.header_number,
    }


def _samples(sheet: Sheet, column: Column) -> list[str]:
    found: dict[str, None] = {}
    for row in sheet.rows:
        text = cell_text(row.cells[column.index])
        if text:
            found.setdefault(text if len(text) <= _LONGEST_SAMPLE else f"{text[:_LONGEST_SAMPLE]}…")
        if len(found) == _SAMPLES:
            break
    return list(found)


def _unmapped(labels: list[str]) -> str:
    if not labels:
        return ""
    text = ngettext(
        "%(count)d column was not recognised and is left out unless you say what it is: %(labels)s.",
        "%(count)d columns were not recognised and are left out unless you say what they are: %(labels)s.",
        len(labels),
    )
    return text % {"count": len(labels), "labels": ", ".join(labels)}


def _key(column: Column) -> str:
    return f"column-{column.index}"
