"""A person's page, and the decision that two records are of two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.casework.due import next_items
from safeconduct.casework.queries import open_cases_of
from safeconduct.people import actions, merging, queries
from safeconduct.people.households import households_of
from safeconduct.people.index import IndexBusy
from safeconduct.people.lookalikes import Lookalike, possible_doubles
from safeconduct.people.merging import Together
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord

from ...access import Request
from ...words import dates
from ...words.people import reason
from ..cases.cases import lines
from . import present_contact, present_looked, present_needs, present_together
from .present_person import line_of, other_names, sections, shown_name
from .whose import kept_with


class DoubleForm(forms.Form):
    """Whether two records are of one person: only what the desk can act on is offered."""

    decision = forms.ChoiceField(
        label=gettext_lazy("What do you know?"),
        choices=[
            ("two", gettext_lazy("They are two people: do not offer them again")),
            ("one", gettext_lazy("They are one person: see both first")),
            ("later", gettext_lazy("Not decided: offer them again")),
        ],
        widget=forms.RadioSelect,
        initial="later",
    )


def view(request: Request, handle: UUID) -> HttpResponse:
    """The record, opened after the entry that says so."""
    by = request.actor
    record = queries.open_person(by=by, person=queries.subject(by, handle, Subject.Kind.PERSON))
    seen = merging.together(by=by, record=record)
    cases = open_cases_of(
        by=by,
        people=[one.subject.handle.hex for one in seen.all],
        earlier=[case for one in seen.all for case in one.links.content.earlier_cases],
    )
    looks = queries.who_has_looked(by=by, record=record.subject, keyed=record.keyed)
    identity = record.identity.content
    context = {
        "person": {
            "name": shown_name(identity),
            "also": other_names(identity),
            "safe": present_contact.safe(record.contact.content),
            "needs": present_needs.strip(record.needs.content),
            "team": record.keyed.team.name,
        },
        "sections": [part | {"others": present_together.others(seen, part["key"])} for part in sections(record)],
        "together": present_together.present(seen),
        "same_url": reverse("person-same", args=[handle]),
        "households": _households(by, seen),
        "new_household_url": reverse("household-new", args=[handle]),
        "cases": lines(cases, next_items([one.case for one in cases]), today=today(), named=False),
        "new_case_url": reverse("case-new", args=[handle]),
        "doubles": [_double(one, at, record) for at, one in enumerate(_doubles(by, seen))],
        "kept": kept_with(record.subject),
        "looked": present_looked.present(looks, me=by.member.name),
    }
    return render(request, "desk/person.html", context)


def not_same(request: Request, handle: UUID, other: UUID) -> HttpResponse:
    """Keep the decision on both records."""
    form = DoubleForm(request.POST)
    if form.is_valid() and form.cleaned_data["decision"] == "one" and handle != other:
        return redirect("person-merge", handle=handle, other=other)
    if form.is_valid() and form.cleaned_data["decision"] == "two" and handle != other:
        by = request.actor
        one, two = (queries.subject(by, which, Subject.Kind.PERSON) for which in (handle, other))
        mine, theirs = queries.open_person(by=by, person=one), queries.open_person(by=by, person=two)
        actions.say_not_same(by=by, person=one, links=mine.links, other=two, other_links=theirs.links)
    return redirect("person", handle=handle)


def _households(by: Actor, seen: Together) -> list[dict[str, str]]:
    handles = dict.fromkeys(one for record in seen.all for one in record.links.content.households)
    return [
        {
            "url": reverse("household", args=[one.handle]),
            "text": _("Household added %(day)s") % {"day": dates.plain(one.started_on)},
        }
        for one in households_of(by, list(handles))
    ]


def _doubles(by: Actor, seen: Together) -> list[Lookalike]:
    try:
        return possible_doubles(by=by, record=seen.asked, merged=[one.subject for one in seen.others])
    except IndexBusy:
        return []  # the page matters more; they are offered the next time


def _double(one: Lookalike, at: int, record: PersonRecord) -> dict[str, Any]:
    reasons = one.likeness.reasons
    form = DoubleForm(auto_id=f"double{at}_%s")
    mine = record.identity.content
    return {
        "action": reverse("person-not-same", args=[record.subject.handle, one.subject.handle]),
        "proposal": {
            "title": _("Another record"),
            "sides": [
                {
                    "name": shown_name(mine),
                    "where": _("This record"),
                    "lines": line_of(mine, record.status.content.references),
                    "url": "",
                },
                {
                    "name": shown_name(one.identity),
                    "where": _("Added %(day)s") % {"day": dates.plain(one.subject.started_on)},
                    "lines": line_of(one.identity, ()),
                    "url": reverse("person", args=[one.subject.handle]),
                },
            ],
            "reasons": [reason(why) for why in reasons if not why.code.against],
            "against": [reason(why) for why in reasons if why.code.against],
            "field": form["decision"],
        },
    }
