"""Bringing in a spreadsheet: choosing the file, and the imports there have been."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.casework.actions.arrivals import stage
from safeconduct.casework.arrivals.listing import earlier, waiting
from safeconduct.casework.importing.errors import UnreadableSheet
from safeconduct.casework.models import Arrival

from ...access import Request
from ...upload_fields import UploadField, megabytes
from ...words import dates
from ...words.imports import unreadable
from ..team_field import offer_teams
from .import_state import where

_EARLIER: Final = 20
DONE: Final = {
    "thrown-away": gettext_lazy("The import was thrown away. Nothing of it was kept."),
}


class UploadForm(forms.Form):
    """A file, and the team whose members will be able to open what is in it."""

    team = forms.ChoiceField(
        label=gettext_lazy("Team"), error_messages={"required": gettext_lazy("Choose the team it is for.")}
    )
    file = UploadField(
        label=gettext_lazy("Spreadsheet"),
        error_messages={
            "required": gettext_lazy("Choose the file to read."),
            "empty": gettext_lazy("There is nothing in this file. Save the sheet again and choose that file."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        offer_teams(self, by.teams)
        self.fields["team"].help_text = gettext_lazy(
            "Its members will be able to open what you bring in; nobody else will."
        )
        self.fields["file"].help_text = _("CSV or Excel (.xlsx), up to %(mb)d MB. It is sealed as it arrives.") % {
            "mb": megabytes()
        }


def view(request: Request) -> HttpResponse:
    """Read a sheet and keep it, sealed, until somebody has decided what to do with it."""
    by = request.actor
    if not by.teams:
        problem = _(
            "You are in no team yet, so there is nowhere to bring a sheet in. A guardian or a lead can add you."
        )
        return render(request, "desk/import_upload.html", {"form": None, "problem": problem}, status=403)
    form = UploadForm(request.POST or None, request.FILES or None, by=by)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["file"]
        chosen = next(one for one in by.teams if one.handle.hex == form.cleaned_data["team"])
        try:
            arrival = stage(by=by, team=chosen, name=sheet.name, data=sheet.read(), as_of=today())
        except UnreadableSheet as fault:
            form.add_error("file", unreadable(fault))
        else:
            return redirect("import-columns", arrival.handle)
    done = request.GET.get("done", "")
    context = {
        "form": form,
        "waiting": [{"text": _how_it_waits(one), "url": where(one)} for one in waiting(by)],
        "past": [_line(one) for one in earlier(by)[:_EARLIER]],
        "notices": [{"text": DONE[done], "kind": "done", "title": ""}] if done in DONE else [],
    }
    return render(request, "desk/import_upload.html", context)


def rows(count: int) -> str:
    """`214 rows`."""
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": f"{count:,}"}


def _how_it_waits(arrival: Arrival) -> str:
    said = {
        "rows": rows(arrival.rows_in_all),
        "at": dates.instant(arrival.at).text,
        "by": arrival.member.name,
        "done": f"{arrival.rows_done:,}",
    }
    if arrival.state == Arrival.State.RUNNING:
        return _("%(by)s began to bring in %(rows)s on %(at)s; %(done)s are in.") % said
    return _("%(by)s sent %(rows)s on %(at)s. Nothing of them is kept yet.") % said


def _line(arrival: Arrival) -> dict[str, Any]:
    assert arrival.done_at is not None
    text = rows(arrival.rows_in_all)
    undone = arrival.state == Arrival.State.UNDONE
    return {
        "at": dates.instant(arrival.done_at),
        "by": arrival.member.name,
        "text": _("%(rows)s, undone since") % {"rows": text} if undone else text,
        "url": where(arrival),
    }
