"""A household: who belongs together, each with the rule for reaching them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.people import actions, households
from safeconduct.people.actions.households import AlreadyInHousehold, NoSuchRole
from safeconduct.people.facets import Household, InHousehold
from safeconduct.people.households import HouseholdRecord
from safeconduct.people.models import Subject
from safeconduct.people.queries import open_person, subject, who_has_looked
from safeconduct.people.records import Changed

from ...access import Request
from ...words import dates
from ...words.households import PARTS
from . import present_contact, present_looked, present_needs
from .household_forms import AddForm, HouseholdForm, NewForm
from .present_person import line_of, shown_name
from .whose import kept_with


def view(request: Request, handle: UUID) -> HttpResponse:
    """The household, opened after the entry that says so."""
    by = request.actor
    record = _opened(request, handle)
    content: Household = record.household.content
    looks = who_has_looked(by=by, record=record.subject, keyed=record.keyed)
    context = {
        "people": [_person(one, record) for one in content.members],
        "note": content.note,
        "team": record.keyed.team.name,
        "added": dates.plain(record.subject.started_on),
        "add_url": reverse("household-add", args=[handle]),
        "edit_url": reverse("household-edit", args=[handle]),
        "erase_url": reverse("erase", args=[handle]),
        "kept": kept_with(record.subject),
        "looked": present_looked.present(looks, me=by.member.name),
    }
    return render(request, "desk/household.html", context)


def new(request: Request, handle: UUID) -> HttpResponse:
    """Make a household around somebody."""
    by = request.actor
    person = open_person(by=by, person=subject(by, handle, Subject.Kind.PERSON))
    form = NewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            typed = form.cleaned_data
            made = actions.make_household(by=by, person=person, role=typed["role"], note=typed["note"])
        except Changed:
            form.add_error(None, _("Somebody else changed this person's record at this moment. Send it once more."))
        else:
            return redirect("household", handle=made.handle)
    context = {
        "section": "people",
        "heading": _("Make a household"),
        "about": {
            "name": shown_name(person.identity.content),
            "ref": "",
            "safe": present_contact.safe(person.contact.content),
        },
        "lede": _("People who belong together, each with a record of their own. Next you add the others."),
        "form": form,
        "save": _("Make the household"),
        "cancel_url": reverse("person", args=[handle]),
    }
    return render(request, "desk/form.html", context)


def add(request: Request, handle: UUID) -> HttpResponse:
    """Find somebody, and say what they are in the household."""
    by, record = request.actor, _opened(request, handle)
    without = [one.person for one in record.household.content.members]
    form = AddForm(request.POST if request.method == "POST" else None, by=by, without=without)
    if form.is_valid() and form.chosen:
        try:
            typed = form.cleaned_data
            actions.add_to_household(by=by, record=record, person=form.opened(), role=typed["role"], here=typed["here"])
        except (AlreadyInHousehold, NoSuchRole) as fault:
            form.add_error(None, str(fault))
        except Changed:
            form.add_error(None, _("Somebody else changed the household at this moment. Send it once more."))
        else:
            return redirect("household", handle=handle)
    form.offer()
    context = {
        "section": "people",
        "heading": _("Add somebody to the household"),
        "about": None,
        "form": form,
        "save": _("Add them") if form.found else _("Find"),
        "cancel_url": reverse("household", args=[handle]),
    }
    return render(request, "desk/pick.html", context)


def edit(request: Request, handle: UUID) -> HttpResponse:
    """Who is what, in which order, and who is no longer in it."""
    by, record = request.actor, _opened(request, handle)
    content: Household = record.household.content
    names = {one: shown_name(named.identity) for one, named in record.people.items()}
    stands = {"note": content.note, "revision": record.household.revision}
    form = HouseholdForm(
        request.POST if request.method == "POST" else None, household=content, names=names, initial=stands
    )
    problem = ""
    if form.is_valid():
        try:
            _save(by, record, form)
        except Changed:
            form = HouseholdForm(household=content, names=names, initial=stands)
            problem = _("Somebody else changed the household while you were writing. Here it is as it stands now.")
        else:
            return redirect("household", handle=handle)
    context = {
        "section": "people",
        "heading": _("Change the household"),
        "about": None,
        "form": form,
        "problem": problem,
        "cancel_url": reverse("household", args=[handle]),
    }
    return render(request, "desk/form.html", context, status=409 if problem else 200)


def _save(by: Actor, record: HouseholdRecord, form: HouseholdForm) -> None:
    """Save the household and, in the records that this member's teams hold, that somebody is no longer in it."""
    household, read = form.typed(), form.cleaned_data["revision"]
    if read != record.household.revision:
        raise Changed("Somebody else changed this while you were writing.")
    stays = {one.person for one in household.members}
    leaving = [
        open_person(by=by, person=record.people[one.person].subject)
        for one in record.household.content.members
        if one.person not in stays and one.person in record.people
    ]
    actions.change_household(by=by, record=record, household=household, read=read, leaving=leaving)


def _opened(request: Request, handle: UUID) -> HouseholdRecord:
    household = subject(request.actor, handle, Subject.Kind.HOUSEHOLD)
    return households.open_household(by=request.actor, household=household)


def _person(one: InHousehold, record: HouseholdRecord) -> dict[str, Any]:
    named = record.people.get(one.person)
    part = str(PARTS.get(one.role, PARTS["other"]))
    where = "" if one.here else _("Lives elsewhere")
    if named is None:
        return {"name": "", "url": "", "part": part, "where": where, "lines": [], "safe": "", "needs": []}
    return {
        "name": shown_name(named.identity),
        "url": reverse("person", args=[named.subject.handle]),
        "part": part,
        "where": where,
        "lines": line_of(named.identity, ()),
        "safe": present_contact.safe(named.contact),
        "needs": present_needs.strip(named.needs),
    }
