"""Saying that two records are of one person, and taking it back."""

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
from safeconduct.people import actions
from safeconduct.people.actions.merge import AlreadyOne, FirstElsewhere, NotMerged
from safeconduct.people.models import Subject
from safeconduct.people.queries import PersonRecord, open_person, subject
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import LineField
from ...words import dates
from . import present_contact
from .pick import PickForm
from .present_person import line_of, other_names, shown_name


class MergeForm(forms.Form):
    """Why somebody thinks so: whoever doubts it later reads it."""

    reason = LineField(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy("For example: she said so; the same passport."),
        error_messages={"required": gettext_lazy("Write how you know. It is kept with both records.")},
    )


def choose(request: Request, handle: UUID) -> HttpResponse:
    """Find the other record."""
    by, record = request.actor, _opened(request.actor, handle)
    form = PickForm(request.POST if request.method == "POST" else None, by=by, without=[handle.hex])
    if form.is_valid():
        if form.chosen:
            return redirect("person-merge", handle=handle, other=form.opened().subject.handle)
        form.offer()
    context = {
        "section": "people",
        "heading": _("Find their other record"),
        "about": _about(record),
        "lede": _("Nothing is joined yet: on the next page you see both."),
        "form": form,
        "save": _("See both") if form.found else _("Find"),
        "cancel_url": reverse("person", args=[handle]),
    }
    return render(request, "desk/pick.html", context)


def merge(request: Request, handle: UUID, other: UUID) -> HttpResponse:
    """Both side by side, and what saying so does."""
    by = request.actor
    record, twin = _opened(by, handle), _opened(by, other)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.merge(by=by, record=record, other=twin, reason=form.cleaned_data["reason"])
        except (AlreadyOne, FirstElsewhere) as fault:
            form.add_error(None, str(fault))
        except Changed:
            form.add_error(None, _("Somebody else changed one of them at this moment. Send it once more."))
        else:
            return redirect(f"{reverse('person', args=[handle])}#together")
    context = {
        "section": "people",
        "heading": _("One person, two records"),
        "about": None,
        "form": form,
        "sides": [_side(record), _side(twin)],
        "save": _("They are one person"),
        "cancel_url": reverse("person", args=[handle]),
    }
    return render(request, "desk/person_merge.html", context)


def unmerge(request: Request, handle: UUID, other: UUID) -> HttpResponse:
    """Take it back, after saying what that does."""
    by = request.actor
    record, twin = _opened(by, handle), _opened(by, other)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.unmerge(by=by, record=record, other=twin)
        except NotMerged as fault:
            form.add_error(None, str(fault))
        except Changed:
            form.add_error(None, _("Somebody else changed one of them at this moment. Send it once more."))
        else:
            return redirect("person", handle=handle)
    context = {
        "section": "people",
        "heading": _("Take back that they are one person"),
        "about": _about(record),
        "lede": _("Both records stay as they are, each with what was written in it. Nothing of either is lost."),
        "form": form,
        "save": _("They are two people"),
        "cancel_url": reverse("person", args=[handle]),
    }
    return render(request, "desk/form.html", context)


def _opened(by: Actor, handle: UUID) -> PersonRecord:
    return open_person(by=by, person=subject(by, handle, Subject.Kind.PERSON))


def _about(record: PersonRecord) -> dict[str, Any]:
    return {
        "name": shown_name(record.identity.content),
        "ref": "",
        "safe": present_contact.safe(record.contact.content),
    }


def _side(record: PersonRecord) -> dict[str, Any]:
    identity, status = record.identity.content, record.status.content
    return {
        "name": shown_name(identity),
        "where": _("Added %(day)s, %(team)s")
        % {"day": dates.plain(record.subject.started_on), "team": record.keyed.team.name},
        "lines": [*({"text": name, "kind": "name"} for name in other_names(identity)), *line_of(identity, ())]
        + [{"text": one.value, "kind": "ref"} for one in status.references],
        "url": reverse("person", args=[record.subject.handle]),
    }
