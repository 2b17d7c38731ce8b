"""A surgery: many people in a row. What is the same for all is set once; then a sheet for each, and the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.accounts.models import Team
from safeconduct.casework.actions.surgery import Settled, see, see_on_new_case
from safeconduct.casework.calls import seen_on
from safeconduct.casework.faults import AlreadyOver, CaseworkFault
from safeconduct.casework.models import Task
from safeconduct.casework.queries import find_case, open_named
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.core.calendar.typed import NotADay, parse_day
from safeconduct.people.facets import CaseHead, Contact, Needs
from safeconduct.people.keys import NotHeld
from safeconduct.people.records import Changed

from ...access import Request
from ...words import cases as words
from ...words import dates
from . import surgery_set
from .calls_safe import contacts_of, ringing
from .filters import address
from .present_row import who
from .sitting_who import cases_and_people, doubles, record_of, search
from .surgery_form import NOT_RUNG, SetForm, SheetForm
from .surgery_set import Setting, worker_of


class MustNotRing(Exception):
    """A call was promised against what the person said."""


def view(request: Request) -> HttpResponse:
    """Set what is the same for everybody who comes."""
    by = request.actor
    if not by.teams:
        return redirect("people")
    stands = surgery_set.kept(request, by)
    initial: dict[str, Any] = {"worker": by.member.handle.hex}
    if stands is not None:
        setting = stands[1]
        initial = {name: getattr(setting, name) for name in Setting.__struct_fields__}
        initial["on"] = dates.typed_again(setting.on)
    form = SetForm(request.POST if request.method == "POST" else None, by=by, initial=initial)
    if form.is_valid():
        response = redirect("surgery-next")
        surgery_set.keep(response, by, *form.setting())
        return response
    return render(request, "desk/surgery.html", {"form": form, "save": _("Begin"), "cancel_url": reverse("calls")})


def sheet(request: Request) -> HttpResponse:
    """The sheet of one person, and beside it who was seen that day already."""
    by = request.actor
    stands = surgery_set.kept(request, by)
    if stands is None:
        return redirect("surgery")
    team, setting = stands
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        by=by,
        team=team,
        initial={"kind": setting.kind, "route": setting.route},
    )
    if "find" in request.POST:
        form = _searched(request, by, team, form)
    elif form.is_valid():
        if _save(by, form, setting):
            return redirect(address(reverse("surgery-next"), {"done": "seen"}))
    elif form.answered:
        form.offer(cases_and_people(by=by, found=doubles(by=by, team=team, said=form.said())))
    done = request.GET.get("done") == "seen" and request.method == "GET"
    context = {
        "form": form,
        "parts": _parts(form),
        "found": form.found,
        "day": dates.day(setting.on),
        "place": setting.place,
        "team": team.name,
        "seen": _seen(by, setting.on),
        "list_url": address(reverse("surgery-list"), {"on": setting.on.isoformat()}),
        "save": _("Save and the next person"),
        "notices": [{"text": _("Saved. The next person."), "kind": "done", "title": ""}] if done else [],
    }
    return render(request, "desk/surgery_sheet.html", context)


def end(request: Request) -> HttpResponse:
    """The surgery is over: the browser forgets what was set for it, and the day's list is shown."""
    stands = surgery_set.kept(request, request.actor)
    on = stands[1].on if stands else day_it_is()
    response = redirect(address(reverse("surgery-list"), {"on": on.isoformat()}))
    surgery_set.forget(response)
    return response


def blank(request: Request) -> HttpResponse:
    """Empty sheets to print, for where there is no screen. Nothing sealed is on them."""
    form = SheetForm(by=request.actor, team=request.actor.teams[0]) if request.actor.teams else None
    return render(request, "desk/surgery_blank.html", {"parts": _parts(form) if form else []})


def day_list(request: Request) -> HttpResponse:
    """Who was seen on a day, to print."""
    on = _day(request.GET.get("on", ""))
    context = {"day": dates.day(on), "seen": _seen(request.actor, on), "again_url": reverse("surgery")}
    return render(request, "desk/surgery_list.html", context)


def _save(by: Actor, form: SheetForm, setting: Setting) -> bool:
    """Save one person's sheet. False where it cannot be, or they may be here already: then the form says so."""
    said, (kind, handle) = form.said(), form.chosen
    if kind == "":
        found = doubles(by=by, team=form.team_chosen, said=said)
        if found:
            form.offer(cases_and_people(by=by, found=found))
            return False
    try:
        if kind == "case" and handle is not None:
            _see_on(by, form, setting, handle)
        else:
            record = record_of(by, handle) if kind == "person" and handle is not None else None
            team = record.keyed.team if record else form.team_chosen
            if record is not None:
                _check_ringing(form, [record.contact.content])
            see_on_new_case(
                by=by,
                team=team,
                who=(record, said) if record else said,
                needs=Needs() if record else form.needs(),
                matter=form.matter(by, setting, worker_of(setting, team)),
                seen=form.seen(setting),
            )
    except MustNotRing:
        form.add_error("promised", NOT_RUNG)
        return False
    except (CaseworkFault, BeyondCalendar) as fault:
        form.add_error("promised_by" if isinstance(fault, AlreadyOver) else None, str(fault))
        return False
    except Changed:
        text = _("Somebody else changed this record at this moment. Nothing was saved: send it once more.")
        form.add_error(None, text)
        return False
    except NotHeld as fault:
        form.add_error(None, str(fault))
        return False
    return True


def _see_on(by: Actor, form: SheetForm, setting: Setting, handle: UUID) -> None:
    case = find_case(by, handle)
    opened, concerned = open_named(by=by, case=case)
    _check_ringing(form, contacts_of(concerned))
    head: CaseHead = opened.content
    intake = form.intake(head.intake, by=by, on=setting.on, covers=form.cleaned_data["name"])
    settled = Settled(head=head, read=opened.revision, intake=intake)
    see(by=by, case=case, seen=form.seen(setting), settled=settled)


def _check_ringing(form: SheetForm, contacts: Sequence[Contact]) -> None:
    """Raises `MustNotRing` where a call was promised to somebody whose record says that they must not be rung."""
    if form.cleaned_data["promised"] == Task.Kind.RING_BACK and ringing(contacts).never:
        raise MustNotRing


def _searched(request: Request, by: Actor, team: Team, form: SheetForm) -> SheetForm:
    """The same sheet with whoever a search by name or reference finds; nothing is checked or saved."""
    typed = {name: request.POST.get(name, "") for name in form.fields if name != "who"}
    text = (typed["name"] or typed["references"]).strip()
    again = SheetForm(by=by, team=team, initial=typed)
    again.searched = True
    if text:
        again.offer(search(by=by, text=text))
    return again


def _seen(by: Actor, on: date) -> list[dict[str, Any]]:
    """The shape of components/seen.html: who was seen on a day, in the order they came."""
    return [
        {
            "url": reverse("case", args=[one.case.handle]),
            "who": who(one.concerned),
            "ref": one.head.our_reference,
            "kind": str(words.TOPICS[one.case.kind]),
            "by": event.by.name,
            "new": one.case.opened_on == on,
        }
        for event, one in seen_on(by=by, on=on)
    ]


def _day(text: str) -> date:
    """The day an address names; today where it names none."""
    try:
        return parse_day(text, today=day_it_is()) if text else day_it_is()
    except NotADay:
        return day_it_is()


def _parts(form: SheetForm) -> list[dict[str, Any]]:
    """The questions of a sheet, as they are printed."""
    return [{"legend": part["legend"], "fields": [form[name] for name in part["fields"]]} for part in form.sections]
