"""Incidents: a reply about somebody else, and what is done about it. What was sent by mistake is not shown here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.accounts.keys import today as day_it_is
from safeconduct.casework.faults import CaseworkFault
from safeconduct.post.actions import incidents as actions
from safeconduct.post.faults import MailFault
from safeconduct.post.models import Incident, IncidentStep
from safeconduct.post.queries import find_incident, incidents_of

from ...access import Request
from ...forms import DayField
from ...words import dates
from ...words import incidents as words
from ..pages import page_of

DONE: Final[Mapping[str, Promise]] = {
    "opened": gettext_lazy("The incident is open. The message is out of the tray, and set apart."),
    "step": gettext_lazy("Noted."),
    "closed": gettext_lazy("The incident is closed. What was done stays on record."),
}
_CLOSED_ROWS: Final = 20


class StepForm(forms.Form):
    """The day a step was done."""

    on = DayField(
        label=gettext_lazy("Day"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day it was done.")},
    )


def listing(request: Request) -> HttpResponse:
    """The incidents of the member's teams: what is open, the oldest first, and what was closed."""
    by, today = request.actor, day_it_is()
    rows = incidents_of(by)
    closed = rows.filter(closed_on__isnull=False).order_by("-closed_on", "-id")
    pages = page_of(closed.count(), request.GET.get("page", ""), reverse("incidents"), {}, rows=_CLOSED_ROWS)
    context = {
        "open": [_line(one, today) for one in rows.filter(closed_on__isnull=True).order_by("on", "id")],
        "closed": [_line(one, today) for one in closed[pages.start : pages.start + _CLOSED_ROWS]],
        "pages": pages,
    }
    return render(request, "desk/incidents.html", context)


def view(request: Request, handle: UUID) -> HttpResponse:
    """One incident, step by step; ``do`` is the code of a step that was done, or close."""
    by, incident = request.actor, find_incident(request.actor, handle)
    does = request.POST.get("do", "") if request.method == "POST" else ""
    form, problem = StepForm(request.POST if does and does != "close" else None), ""
    try:
        if does == "close":
            actions.close_incident(by=by, incident=incident, on=day_it_is())
            return redirect(f"{reverse('incident', args=[handle])}?done=closed")
        if does in actions.steps_of(incident) and form.is_valid():
            actions.do_step(by=by, incident=incident, step=does, on=form.cleaned_data["on"])
            return redirect(f"{reverse('incident', args=[handle])}?done=step")
    except (MailFault, CaseworkFault) as fault:
        problem = str(fault)
    return _page(request, incident, does, form, problem)


def _page(request: Request, incident: Incident, does: str, form: StepForm, problem: str) -> HttpResponse:
    done = {step.step: step for step in incident.steps.select_related("by")}
    left = [code for code in actions.steps_of(incident) if code not in done]
    is_open = incident.closed_on is None
    following = left[0] if left and is_open else ""
    said = request.GET.get("done", "")
    context = {
        "title": words.KINDS[incident.kind],
        "state": _state(incident),
        "who": incident.worker.name if incident.worker else "",
        "message_url": reverse("message", args=[incident.message.handle]) if incident.message else "",
        "case_url": reverse("case", args=[incident.case.handle]) if incident.case else "",
        "steps": [
            {
                "code": code,
                "title": words.STEPS[code],
                "how": words.how(incident.kind, code),
                "done": _done(done[code]) if code in done else "",
                "next": code == following,
                "form": _form(code, does, form) if is_open and code not in done else None,
                "erase_url": _erase(incident) if code == "destroy_copies" and is_open else "",
            }
            for code in actions.steps_of(incident)
        ],
        "form": form,
        "may_close": is_open and not left,
        "close_note": _still(len(left)) if left and is_open else "",
        "problem": problem,
        "notices": [{"text": str(DONE[said]), "kind": "done", "title": ""}] if said in DONE else [],
    }
    return render(request, "desk/incident.html", context)


def _form(code: str, does: str, form: StepForm) -> StepForm:
    """The form of one step, its fields called apart from the other steps' by their ids alone."""
    if code == does and form.is_bound:
        return form
    return StepForm(auto_id=f"{code}_%s")


def _state(incident: Incident) -> str:
    if incident.closed_on:
        return _("Closed on %(day)s") % {"day": dates.plain(incident.closed_on)}
    return _("Open since %(day)s") % {"day": dates.plain(incident.on)}


def _done(step: IncidentStep) -> str:
    return _("%(day)s, %(member)s") % {"day": dates.full(step.on), "member": step.by.name}


def _still(left: int) -> str:
    return ngettext(
        "%(left)d step is left. One that is not needed here is done once you have decided so.",
        "%(left)d steps are left. One that is not needed here is done once you have decided so.",
        left,
    ) % {"left": left}


def _erase(incident: Incident) -> str:
    return reverse("erase", args=[incident.message.handle]) if incident.message else ""


def _line(incident: Incident, today: date) -> dict[str, Any]:
    steps = actions.steps_of(incident)
    done = {step.step for step in incident.steps.all()}
    left = [code for code in steps if code not in done]
    is_open = incident.closed_on is None
    return {
        "url": reverse("incident", args=[incident.handle]),
        "title": words.KINDS[incident.kind],
        "on": dates.brief(incident.on, today),
        "done": _("%(done)d of %(all)d steps done") % {"done": len(steps) - len(left), "all": len(steps)},
        "next": _("Next: %(step)s") % {"step": words.STEPS[left[0]]} if left and is_open else "",
        "who": incident.worker.name if incident.worker else "",
        # Until the sender knows, somebody else's data lies in the wrong place.
        "needs": is_open and "tell_sender" in left,
    }
