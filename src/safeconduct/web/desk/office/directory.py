"""A team's own contacts: whom it reaches for what, and when somebody last said that each is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.accounts.models import Team
from safeconduct.casework.actions.directory import check_contact, save_directory
from safeconduct.casework.directory import DirectoryRecord, open_directory
from safeconduct.casework.faults import CaseworkFault
from safeconduct.casework.models import Directory
from safeconduct.casework.queries import find_case
from safeconduct.casework.rungs import ladder, later, tonight
from safeconduct.people.facets import Reached
from safeconduct.people.keys import NotHeld
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import LineField
from ...repeat import Group, Part, Row, RowForm, group, typed
from ...words import urgent as words
from ..cases.present_urgent import shown
from ..day.filters import address
from ..people.person_forms import RevisionForm

_KEPT: Final = ("rung", "name", "phone", "email", "hours", "note")


def _choices() -> list[tuple[str, str]]:
    return [(one.id, one.title) for one in ladder().values()]


class ContactForm(RowForm):
    """One contact."""

    main = "name"
    beside = frozenset({"rung", "checked"})
    rung = forms.ChoiceField(label=gettext_lazy("What for"), choices=_choices, required=False)
    name = LineField(label=gettext_lazy("Who"), required=False)
    phone = LineField(label=gettext_lazy("Phone"), required=False, widget=forms.TextInput(attrs={"dir": "ltr"}))
    email = LineField(label=gettext_lazy("Email"), required=False, widget=forms.TextInput(attrs={"dir": "ltr"}))
    hours = LineField(label=gettext_lazy("When they answer"), required=False)
    note = LineField(label=gettext_lazy("Note"), required=False, max_length=500)
    checked = forms.BooleanField(label=gettext_lazy("Tried today, and right"), required=False)


CONTACTS: Final = Part(
    "contacts",
    ContactForm,
    gettext_lazy("Contacts"),
    gettext_lazy("Add another contact"),
    gettext_lazy(
        "Those of one kind are tried in the order in which they stand here. Sealed: only your team reads them."
    ),
)


def view(request: Request) -> HttpResponse:
    """The contacts of one of the member's teams, by what they are for."""
    by, today = request.actor, day_it_is()
    teams = by.teams
    if not teams:
        return render(request, "desk/directory.html", {"team": None})
    team = next((one for one in teams if one.handle.hex == request.GET.get("team")), _first(teams))
    record = open_directory(by=by, team=team)
    done = request.GET.get("done", "")
    context = {
        "team": team,
        "teams": _others(teams, team),
        "groups_shown": _by_rung(record, today),
        "revision": record.revision,
        "edit_url": reverse("directory-edit", args=[team.handle]),
        "checked_url": reverse("directory-checked", args=[team.handle]),
        "notices": [{"text": str(_DONE[done]), "kind": "done", "title": ""}] if done in _DONE else [],
    }
    return render(request, "desk/directory.html", context)


def edit(request: Request, handle: UUID) -> HttpResponse:
    """Change the contacts. One whose number changed is no longer checked until somebody says so."""
    by, team = request.actor, _team(request.actor, handle)
    record = open_directory(by=by, team=team)
    form, contacts = _forms(request, record)
    problem = ""
    if form.is_bound and form.is_valid() and contacts.formset.is_valid():
        try:
            if form.cleaned_data["revision"] != record.revision:
                raise Changed("Somebody else changed this while you were writing.")
            save_directory(by=by, team=team, contacts=_typed(by, record, contacts.formset.rows), read=record.revision)
        except Changed:
            data = request.POST.copy()
            data["revision"] = str(record.revision)
            form = RevisionForm(data)
            problem = _(
                "Somebody else saved the contacts while you were writing. Nothing of theirs was overwritten, and what"
                " you typed is below. Look at them in another tab, then save again."
            )
        except CaseworkFault as fault:
            form.add_error(None, str(fault))
        else:
            return redirect(_address(team, done="saved"))
    context = {
        "section": "urgent",
        "heading": _("Change the team's contacts"),
        "lede": _("A number that changes counts as unchecked again."),
        "form": form,
        "groups": [contacts],
        "problem": problem,
        "cancel_url": _address(team),
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def checked(request: Request, handle: UUID) -> HttpResponse:
    """Say of one contact that it was tried today and is right; then back to where that was said."""
    by, team = request.actor, _team(request.actor, handle)
    record = open_directory(by=by, team=team)
    number, revision = request.POST.get("contact", ""), request.POST.get("revision", "")
    if revision != str(record.revision):
        raise Changed("the contacts were saved since this page was shown")
    try:
        check_contact(by=by, record=record, number=int(number) if number.isascii() and number.isdigit() else -1)
    except CaseworkFault:
        raise NotHeld("There is no such contact any more.") from None
    return redirect(_back(request, team))


_DONE: Final = {
    "saved": gettext_lazy("Saved."),
    "checked": gettext_lazy("Marked as checked today."),
}


def _back(request: Request, team: Team) -> str:
    """The removal it was said from, where the form names one; else the contacts."""
    try:
        case = find_case(request.actor, UUID(request.POST.get("case", "")))
    except (ValueError, NotHeld):
        return _address(team, done="checked")
    return address(reverse("case-urgent", args=[case.handle]), {"done": "checked"})


def _team(by: Actor, handle: UUID) -> Team:
    """One of the member's own teams. Raises `NotHeld`."""
    team = next((one for one in by.teams if one.handle == handle), None)
    if team is None:
        raise NotHeld("There is no such team, or you are not in it.")
    return team


def _first(teams: Sequence[Team]) -> Team:
    """The first that has contacts, else the first."""
    kept = set(Directory.objects.filter(team__in=teams).values_list("team_id", flat=True))
    return next((one for one in teams if one.pk in kept), teams[0])


def _address(team: Team, **query: str) -> str:
    return address(reverse("directory"), {"team": team.handle.hex, **query})


def _others(teams: Sequence[Team], here: Team) -> list[dict[str, Any]]:
    if len(teams) < 2:
        return []
    return [{"name": one.name, "url": _address(one), "current": one == here} for one in teams]


def _by_rung(record: DirectoryRecord, today: date) -> list[dict[str, Any]]:
    out = []
    for rung in (*tonight(), *later()):
        theirs = [shown(number, one, today=today) for number, one in enumerate(record.contacts) if one.rung == rung.id]
        if theirs:
            out.append({"title": rung.title, "published": words.published(rung), "contacts": theirs})
    return out


def _forms(request: Request, record: DirectoryRecord) -> tuple[RevisionForm, Group]:
    if request.method == "POST" and "add" not in request.POST:
        return RevisionForm(request.POST), group(CONTACTS, request.POST, ())
    if request.method == "POST":
        form = RevisionForm(initial={"revision": request.POST.get("revision", "")})
        return form, group(CONTACTS, None, typed(CONTACTS, request.POST))
    rows: list[Row] = [{name: getattr(one, name) for name in _KEPT} for one in record.contacts]
    return RevisionForm(initial={"revision": record.revision}), group(CONTACTS, None, rows)


def _typed(by: Actor, record: DirectoryRecord, rows: Sequence[Row]) -> list[Reached]:
    before = {(one.rung, one.name, one.phone, one.email): one for one in record.contacts}
    out = []
    for row in rows:
        now = Reached(**{name: row[name] for name in _KEPT})
        was = before.get((now.rung, now.name, now.phone, now.email))
        if row["checked"]:
            now = msgspec.structs.replace(now, checked_on=day_it_is(), checked_by=by.member.name)
        elif was is not None:
            now = msgspec.structs.replace(now, checked_on=was.checked_on, checked_by=was.checked_by)
        out.append(now)
    return out
