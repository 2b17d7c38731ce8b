"""Bringing in a spreadsheet: choosing the file, and the imports there have been."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.casework.actions.arrivals import stage
from safeconduct.casework.importing.errors import UnreadableSheet

from ..access import Request


class UploadForm(forms.Form):
    """A file, and the team whose members will be able to open what is in it."""

    team = forms.ChoiceField(label=gettext_lazy("Team"))
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        error_messages={"required": gettext_lazy("Choose the file to read.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.handle.hex, one.name) for one in by.teams]
        if len(field.choices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = field.choices[0][0]


def view(request: Request) -> HttpResponse:
    """Read a sheet and keep it, sealed, until somebody has decided what to do with it."""
    by = request.actor
    form = UploadForm(request.POST or None, request.FILES or None, by=by)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["file"]
        chosen = next(one for one in by.teams if one.handle.hex == form.cleaned_data["team"])
        try:
            arrival = stage(by=by, team=chosen, name=sheet.name, data=sheet.read(), as_of=today())
        except UnreadableSheet as fault:
            form.add_error("file", str(fault))
        else:
            return redirect("import-columns", arrival.handle)
    return render(request, "desk/import_upload.html", {"form": form, "past": [], "running": None})
