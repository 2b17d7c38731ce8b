"""Alarms, for guardians, and from how many records on there is one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts import alarms, witness
from safeconduct.accounts.actions import alarms as actions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.faults import BoundsOutOfRange, OwnAlarm
from safeconduct.journal.models import Alarm

from ...access import Request
from ...forms import NumberField
from ...words import alarms as words
from ...words.dates import instant


class AnswerForm(forms.Form):
    """Nothing to fill in: the button says it."""


class TripwireForm(forms.Form):
    """Records an hour and records in thirty days."""

    slow_from = NumberField(
        label=words.BOUNDS["slow_from"]["label"],
        help_text=words.BOUNDS["slow_from"]["help_text"],
        min_value=actions.SLOW[0],
        max_value=actions.SLOW[1],
    )
    stop_from = NumberField(
        label=words.BOUNDS["stop_from"]["label"],
        help_text=words.BOUNDS["stop_from"]["help_text"],
        min_value=actions.STOP[0],
        max_value=actions.STOP[1],
    )
    tell_from = NumberField(
        label=words.BOUNDS["tell_from"]["label"],
        help_text=words.BOUNDS["tell_from"]["help_text"],
        min_value=actions.TELL[0],
        max_value=actions.TELL[1],
    )


def view(request: Request) -> HttpResponse:
    """Those nobody has answered first."""
    return _draw(request)


def answer(request: Request, handle: UUID) -> HttpResponse:
    """Say that a guardian has looked."""
    try:
        actions.answer_alarm(by=request.actor, alarm=alarms.alarm(by=request.actor, handle=handle))
    except OwnAlarm as fault:
        form = AnswerForm({})
        form.add_error(None, str(fault))
        return _draw(request, form)
    return redirect("alarms")


def tripwire(request: Request) -> HttpResponse:
    """From how many records on a member is slowed and stopped, and guardians are told."""
    office = request.actor.organisation
    form = TripwireForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(office, name) for name in words.BOUNDS},
    )
    if form.is_valid():
        try:
            actions.set_tripwire(by=request.actor, tripwire=actions.Tripwire(**form.cleaned_data))
        except BoundsOutOfRange as fault:
            form.add_error("stop_from", str(fault))
        else:
            return redirect("alarms")
    context = {
        "form": form,
        "section": "log",
        "heading": _("How many records a member may open"),
        "lede": _("For everybody alike, guardians too. Changing it is written into the log."),
        "cancel_url": reverse("alarms"),
    }
    return render(request, "desk/form.html", context)


def _draw(request: Request, form: AnswerForm | None = None) -> HttpResponse:
    by = request.actor
    names = dict(by.organisation.members.values_list("handle", "name"))
    rows = [_row(by, alarm, names) for alarm in alarms.alarms(by=by)]
    office = by.organisation
    context = {
        "form": form,
        "waiting": [row for row in rows if not row["answered"]],
        "answered": [row for row in rows if row["answered"]],
        "bounds": [
            {"label": text["label"], "value": str(getattr(office, name)), "change_url": reverse("tripwire")}
            for name, text in words.BOUNDS.items()
        ],
    }
    return render(request, "desk/alarms.html", context, status=200 if form is None else 409)


def _row(by: Actor, alarm: Alarm, names: dict[UUID, str]) -> dict[str, Any]:
    of_log = alarm.kind == Alarm.Kind.LOG
    of_member = alarm.kind not in actions.OF_NOBODY
    return {
        "at": instant(alarm.at),
        "who": names.get(alarm.member, _("somebody who is no member here")) if of_member else "",
        "what": words.told(alarm.kind, alarm.count),
        "why": _where(by) if of_log and alarm.seen_at is None else "",
        "answered": None
        if alarm.seen_at is None
        else {"who": names.get(alarm.seen_by, "") if alarm.seen_by else "", "at": instant(alarm.seen_at)},
        "button": words.BUTTONS[alarm.kind],
        "url": reverse("alarm-answer", args=[alarm.handle]),
    }


def _where(by: Actor) -> str:
    """Where the log parts from what the epoch file last saw; another browser may have seen more."""
    parted = witness.difference(by.organisation.handle)
    return words.parted(parted.seen, parted.size, parted.first) if parted else ""
