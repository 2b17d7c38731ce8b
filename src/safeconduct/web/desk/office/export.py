"""Taking out everything a team holds, sealed; and the list of its cases, for other programs. For leads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actions.confirm import confirm
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import TooSoon, WrongPassphrase
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Membership, Team
from safeconduct.casework.exporting import case_list, taking
from safeconduct.casework.importing.formula import Written, write_csv
from safeconduct.core.sealing.agefiles import LockedKey
from safeconduct.core.sealing.faults import NotStretched, WeakPassphrase

from ...access import Request
from ...forms import NumberField, PassphraseField
from ...words import exports as words
from ...words.accounts import TWO_DIFFER
from ...words.cases import TOPICS
from ...words.closing import OUTCOMES
from ..door.slowed import slowed
from ..team_field import offer_teams

_STATES: Final = {"open": gettext_lazy("Open"), "closed": gettext_lazy("Closed")}


class _TeamForm(forms.Form):
    """Which team, chosen where there are several; and the member's own passphrase."""

    team = forms.ChoiceField(
        label=gettext_lazy("Team"), error_messages={"required": gettext_lazy("Choose the team whose records leave.")}
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **named: Any) -> None:
        super().__init__(*args, **named)
        self.teams = offer_teams(self, teams)

    @property
    def chosen(self) -> Team:
        return self.teams[self.cleaned_data["team"]]


class ExportForm(_TeamForm):
    """The number typed back, the passphrase of the file, and the member's own."""

    people = NumberField(
        label=gettext_lazy("How many people will be in the file"),
        min_value=0,
        help_text=gettext_lazy("Type the number from the list above. Another number makes nothing."),
        error_messages={"required": gettext_lazy("Type the number from the list above.")},
    )
    new = PassphraseField(
        label=gettext_lazy("Passphrase of the file"),
        help_text=gettext_lazy(
            "At least 12 characters, and not your own. Whoever opens the file needs it; without it the file is lost."
        ),
        error_messages={"required": gettext_lazy("Choose a passphrase for the file.")},
    )
    again = PassphraseField(
        label=gettext_lazy("Passphrase of the file again"),
        error_messages={"required": gettext_lazy("Type the passphrase of the file a second time.")},
    )
    own = PassphraseField(
        label=gettext_lazy("Your own passphrase, to say that it is you"),
        error_messages={"required": gettext_lazy("Type your own passphrase.")},
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", TWO_DIFFER)
        return typed


class CaseListForm(_TeamForm):
    """The number typed back, and the member's own passphrase."""

    cases = NumberField(
        label=gettext_lazy("How many cases will be in the list"),
        min_value=0,
        help_text=gettext_lazy("Type the number from the list above. Another number makes nothing."),
        error_messages={"required": gettext_lazy("Type the number from the list above.")},
    )
    own = PassphraseField(
        label=gettext_lazy("Your own passphrase, to say that it is you"),
        error_messages={"required": gettext_lazy("Type your own passphrase.")},
    )


def view(request: Request) -> HttpResponseBase:
    """How much there is; and the file, streamed as it is sealed."""
    by, wait = request.actor, 0
    teams = _led(by)
    if not teams:
        return _nothing(request)
    form = ExportForm(request.POST if request.method == "POST" else None, teams=teams)
    if form.is_valid():
        typed = form.cleaned_data
        key = partial(LockedKey.under, typed["new"])
        try:
            confirm(by=by, passphrase=typed["own"])
            taken = taking.begin(by=by, teams=[form.chosen], people=typed["people"], key=key)
        except (WrongPassphrase, TooSoon) as fault:
            form.add_error("own", str(fault))
            wait = fault.seconds if isinstance(fault, TooSoon) else 0
        except (WeakPassphrase, NotStretched) as fault:
            form.add_error("new", str(fault))
        except taking.AnotherNumber as fault:
            form.add_error("people", words.another_number(fault.there))
        else:
            response = StreamingHttpResponse(taken.pieces(), content_type="application/zip")
            response.headers["Content-Disposition"] = f'attachment; filename="safeconduct-{today().isoformat()}.zip"'
            return response
    context = {
        "heading": _("Take out everything a team holds"),
        "lede": _(
            "One file, sealed to a passphrase you choose: people with their history, cases, letters, papers. Another "
            "desk can bring it in, and its form is open. Guardians are told. Sources of the archive are not in it: "
            "they are handed over from their own pages, or by safeconduct archive export --all."
        ),
        "held": [_held(by, team) for team in teams],
        "form": form,
        "save": _("Make the file"),
        "other": {"url": reverse("export-cases"), "text": _("A list of cases for another program, not sealed")},
    }
    return slowed(_drawn(request, context), wait)


def cases(request: Request) -> HttpResponse:
    """The list of a team's cases as CSV."""
    by, wait = request.actor, 0
    teams = _led(by)
    if not teams:
        return _nothing(request)
    form = CaseListForm(request.POST if request.method == "POST" else None, teams=teams)
    if form.is_valid():
        try:
            confirm(by=by, passphrase=form.cleaned_data["own"])
            found = case_list.list_cases(by=by, team=form.chosen, cases=form.cleaned_data["cases"])
        except (WrongPassphrase, TooSoon) as fault:
            form.add_error("own", str(fault))
            wait = fault.seconds if isinstance(fault, TooSoon) else 0
        except taking.AnotherNumber as fault:
            form.add_error("cases", words.another_number(fault.there))
        else:
            response = HttpResponse(write_csv(_csv(found)), content_type="text/csv; charset=utf-8")
            response.headers["Content-Disposition"] = f'attachment; filename="cases-{today().isoformat()}.csv"'
            return response
    context = {
        "heading": _("A list of cases for another program"),
        "lede": _(
            "A CSV file that anybody who gets it can read: references, names, days and how each case stands. No "
            "nationality, birth, address or note is in it. Guardians are told."
        ),
        "held": [
            {"team": team.name, "lines": [words.cases(case_list.count_cases(by=by, team=team))]} for team in teams
        ],
        "form": form,
        "save": _("Make the list"),
        "other": {"url": reverse("export"), "text": _("Everything the team holds, sealed")},
    }
    return slowed(_drawn(request, context), wait)


def _csv(found: Sequence[case_list.ListedCase]) -> list[Sequence[Written]]:
    heading = [
        *(_("Our reference"), _("Name"), _("Case type"), _("Status"), _("Opened"), _("Worker"), _("Date sent")),
        *(_("Sent to"), _("Last chased"), _("Reply received"), _("Closed"), _("How it ended")),
    ]
    rows: list[Sequence[Written]] = [heading]
    for one in found:
        rows.append(
            [
                *(one.our_reference, one.name, str(TOPICS[one.kind]), str(_STATES[one.state]), one.opened_on),
                *(one.worker, one.sent_on, one.sent_to, one.chased_on, one.replied_on, one.closed_on),
                str(OUTCOMES[one.outcome]) if one.outcome else "",
            ]
        )
    return rows


def _held(by: Actor, team: Team) -> dict[str, Any]:
    return {"team": team.name, "lines": words.held(taking.count(by=by, teams=[team]))}


def _led(by: Actor) -> list[Team]:
    return [one.team for one in by.memberships.values() if one.role == Membership.Role.LEAD]


def _nothing(request: Request) -> HttpResponse:
    context = {
        "heading": _("Take out everything a team holds"),
        "lede": _("You lead no team. What a team holds is taken out by its lead."),
        "form": None,
    }
    return render(request, "desk/export.html", context | {"section": "settings"})


def _drawn(request: Request, context: dict[str, Any]) -> HttpResponse:
    return render(request, "desk/export.html", context | {"section": "settings", "cancel_url": reverse("settings")})
