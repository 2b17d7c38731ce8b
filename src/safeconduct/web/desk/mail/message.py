"""One message of the tray: what it says, what is proposed for it, and filing it; then the next one opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.casework.faults import CaseworkFault, NotYet
from safeconduct.casework.models import Case, Event
from safeconduct.casework.queries import find_case
from safeconduct.core.calendar.days import BeyondCalendar
from safeconduct.people.keys import NotHeld
from safeconduct.people.records import Changed
from safeconduct.post.actions.filing import file_message, put_back, set_aside
from safeconduct.post.faults import MailFault
from safeconduct.post.models import Message
from safeconduct.post.queries import MessageRecord, find_message, open_message

from ...access import Request
from ...repeat import Group
from ...templatetags.small import beside
from ..day.filters import address
from . import message_find, present_mail
from .message_form import ProposalForm, found_before, known_letters, promises, searches
from .message_html import AROUND
from .tray_form import DONE, dealt_with
from .tray_queue import WAITING, TrayFilters, place


@csp_update(AROUND)  # type: ignore[arg-type]  # its type knows only views that take no handle
def view(request: Request, handle: UUID) -> HttpResponse:
    """The page. ``do`` is file, find, aside or incident; Enter in the search means find."""
    message = find_message(request.actor, handle)
    if request.method != "POST":
        return _page(request, message)
    does = request.POST.get("do", "file")
    if does == "incident":
        return redirect(address(reverse("message-incident", args=[handle]), _carried(request)))
    if "add" in request.POST or searches(request.POST):
        return _page(request, message, request.POST, again=True)
    if does == "aside":
        return _aside(request, message)
    return _file(request, message)


def aside(request: Request, handle: UUID) -> HttpResponse:
    """Set a message aside as it stands."""
    return _aside(request, find_message(request.actor, handle))


def back(request: Request, handle: UUID) -> HttpResponse:
    """Put a message back into the tray; of one that came in and was filed, its entry on the case goes first."""
    by, message = request.actor, find_message(request.actor, handle)
    try:
        put_back(by=by, message=message, note=_("The message it came from was put back into the tray."))
    except (MailFault, CaseworkFault) as fault:
        return _page(request, message, problem=str(fault))
    return redirect(address(reverse("message", args=[handle]), {"done": "back", **_carried(request)}))


def _file(request: Request, message: Message) -> HttpResponse:
    """File it as the form says, and go on; or the page again, saying what is wrong."""
    by, ours = request.actor, message.direction == Message.Direction.OUT
    form = ProposalForm(request.POST, ours=ours)
    case = _chosen(by, form)
    form.allow(known_letters(case, request.POST.get("about", "")) if case else ())
    lines = None if ours else promises(request.POST, ())
    if not (form.is_valid() and (lines is None or lines.formset.is_valid()) and case is not None):
        return _page(request, message, request.POST)
    onwards = place(by, message, request.GET.dict())
    try:
        _as_typed(by, message, case, form, lines)
    except (CaseworkFault, BeyondCalendar) as fault:
        return _page(request, message, request.POST, wrong=(_where(fault), str(fault)))
    except MailFault as fault:
        return _page(request, message, problem=str(fault))
    except Changed:
        problem = _("Somebody else changed this message or the case at this moment. Look again, and file it once more.")
        return _page(request, message, request.POST, problem=problem)
    return redirect(_told(onwards.go_on, "filed", message))


def _as_typed(by: Actor, message: Message, case: Case, form: ProposalForm, lines: Group | None) -> Event:
    typed = form.cleaned_data
    letter = form.letter[1]
    return file_message(
        by=by,
        message=message,
        read=typed["revision"],
        case=case,
        enquiry=case.enquiries.get(handle=UUID(hex=letter)) if letter else None,
        shapes=typed.get("said", ()),
        on=typed["on"],
        note=typed["note"],
        answered=form.answers,
        promises=[(row["until"], row["what"]) for row in (lines.formset.rows if lines else ())],
        unit=typed["unit"],
        reference=typed["reference"],
        kind=typed.get("kind") or None,
    )


def _aside(request: Request, message: Message) -> HttpResponse:
    onwards = place(request.actor, message, request.GET.dict())
    sent = request.POST.get("revision", "")
    read = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 1
    try:
        set_aside(by=request.actor, message=message, read=read, note=request.POST.get("note", "")[:20_000].strip())
    except MailFault as fault:
        return _page(request, message, problem=str(fault))
    except Changed:
        return _page(
            request, message, problem=_("Somebody else changed this message at this moment. Look at it again.")
        )
    return redirect(_told(onwards.go_on, "aside", message))


def _page(
    request: Request,
    message: Message,
    data: QueryDict | None = None,
    *,
    again: bool = False,
    problem: str = "",
    wrong: tuple[str | None, str] | None = None,
) -> HttpResponse:
    """The page as it is now. ``data`` is what was typed: checked or, with ``again``, only kept."""
    by = request.actor
    found = message_find.cases(by, data) if data is not None and again and searches(data) else []
    kept = [] if data is None else message_find.again(by, found_before(data), found)
    record = open_message(by=by, message=message, also=[*found, *kept])
    filters = TrayFilters(by, {name: text for name, text in request.GET.dict().items() if name != "state"})
    context = {
        "mail": present_mail.head(record),
        "text": present_mail.text(record),
        "html_url": reverse("message-html", args=[message.handle]) if record.mail.content.html else "",
        "papers": present_mail.papers(record),
        "original_url": present_mail.original_url(record),
        "thread": present_mail.thread(record, filters),
        "queue": place(by, message, request.GET.dict()),
        "incident": _incident(message),
        "was": dealt_with(request),
        "problem": problem,
        "notices": _notices(request),
    }
    if message.state == WAITING:
        context |= _proposal(request, record, [*found, *kept], data, again=again, wrong=wrong)
    else:
        context["filed"] = present_mail.filed(message)
    return render(request, "desk/message.html", context, status=409 if problem else 200)


def _proposal(
    request: Request,
    record: MessageRecord,
    found: Sequence[Case],
    data: QueryDict | None,
    *,
    again: bool,
    wrong: tuple[str | None, str] | None,
) -> dict[str, Any]:
    ours = record.message.direction == Message.Direction.OUT
    offers = present_mail.offered(record, found)
    if data is None:
        form = ProposalForm(initial=present_mail.initial(record), ours=ours)
        lines = promises(None, present_mail.proposed_promises(record))
    elif again:
        form = ProposalForm(initial=message_find.kept(data, offers, found, searched=searches(data)), ours=ours)
        lines = promises(data, ())
    else:
        form = ProposalForm(data, ours=ours)
        lines = promises(data, ())
    form.offer(offers)
    if data is not None and not again:
        form.is_valid()
    if wrong is not None:
        form.add_error(*wrong)
    about = str(form["about"].value() or "")
    said = set() if ours else set(form["said"].value() or ())
    astray = "wrong_person" in said and not form.is_bound
    form.ready = bool(about and (said or ours)) and not astray and not form.errors
    promised = [one["until"] for one in present_mail.proposed_promises(record)] if data is None else []
    nothing = again and data is not None and searches(data) and not found
    more = [str(form[name].value() or "") for name in ("unit", "reference")]
    return {
        "form": form,
        "targets": form.targets(),
        "sayings": form.sayings(),
        "says": form["kind" if ours else "said"],
        "groups": [] if ours else [lines],
        "astray": astray,
        "proposed": present_mail.summed_up(offers, about, said, promised) if form.ready else "",
        "not_found": _("Nothing like that is on record, or none of it is a case of your teams.") if nothing else "",
        "more_open": bool(promised or (data is not None and (form.errors or "add" in data))),
        "more_note": beside(more),
        "save": _("File it"),
        "incident_url": address(reverse("message-incident", args=[record.message.handle]), _carried(request)),
    }


def _chosen(by: Actor, form: ProposalForm) -> Case | None:
    """The case that was chosen, found among those the member's teams hold."""
    sent = str(form.data.get("about", "")).partition(".")[0]
    try:
        return find_case(by, UUID(hex=sent))
    except (ValueError, NotHeld):
        return None


def _where(fault: Exception) -> str | None:
    return "on" if isinstance(fault, (NotYet, BeyondCalendar)) else None


def _told(onwards: str, done: str, message: Message) -> str:
    """The address to go on to, with what was just done: a code and a handle."""
    return f"{onwards}{'&' if '?' in onwards else '?'}done={done}&was={message.handle.hex}"


def _notices(request: Request) -> list[dict[str, str]]:
    done = request.GET.get("done", "")
    if done not in DONE or request.GET.get("was"):
        return []
    return [{"text": str(DONE[done]), "kind": "done", "title": ""}]


def _incident(message: Message) -> dict[str, str] | None:
    incident = getattr(message, "incident", None)
    if incident is None:
        return None
    return {"text": _("It is about somebody else."), "url": reverse("incident", args=[incident.handle])}


def _carried(request: Request) -> dict[str, str]:
    return TrayFilters(request.actor, request.GET.dict()).chosen
