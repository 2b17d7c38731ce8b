"""The tray: mail that waits, what becomes of it, and putting more in, from here or from any page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today as day_it_is
from safeconduct.people.papers.preview import Busy
from safeconduct.post.actions.take_in import take_in
from safeconduct.post.faults import MailFault
from safeconduct.post.models import Message
from safeconduct.post.queries import TrayRow, incidents_of, open_tray, waiting

from ...access import Request
from ...words import dates
from ...words import mail as words
from ..day.present_row import who
from ..pages import ROWS, page_of
from .tray_form import Took, TrayForm, dealt_with, told
from .tray_queue import WAITING, TrayFilters


def view(request: Request) -> HttpResponse:
    """One page of the list, opened under one entry; and taking in what was sent."""
    by = request.actor
    if not by.teams:
        problem = _("You are in no team yet, so there is no tray to look into. A guardian or a lead can add you.")
        return render(request, "desk/tray.html", {"form": None, "problem": problem}, status=403)
    form = TrayForm(request.POST or None, request.FILES or None, by=by)
    if request.method != "POST":
        return _page(request, form, _took(request))
    took = _take(by, form)
    if request.headers.get("Accept") == "application/json":
        return _in_short(by, form, took)
    if took is None or took.refused:
        return _page(request, TrayForm(by=by) if took else form, took)
    return redirect(f"{reverse('tray')}?{urlencode(took.counts)}")


def _take(by: Actor, form: TrayForm) -> Took | None:
    """Take in what the form holds. None where it cannot be; then the form says why."""
    if not form.is_valid():
        return None
    try:
        return told(take_in(by=by, team=form.team_chosen(), files=form.sent()))
    except MailFault as fault:
        form.add_error("file", str(fault))
        return None
    except Busy:
        again = _(
            "Others are putting papers in at this moment. Send it again in a moment: what is here is known again."
        )
        form.add_error("file", again)
        return None


def _in_short(by: Actor, form: TrayForm, took: Took | None) -> JsonResponse:
    """What tray.js tells of files that were dropped on a page."""
    faults = [str(text) for errors in form.errors.values() for text in errors]
    answer = {
        "said": took.said if took else _("Nothing was taken in."),
        "refused": took.refused if took else faults,
        "waiting": waiting(by).count(),
    }
    return JsonResponse(answer)


def _page(request: Request, form: TrayForm, took: Took | None) -> HttpResponse:
    by, today = request.actor, day_it_is()
    filters = TrayFilters(by, request.GET.dict())
    found = filters.messages()
    pages = page_of(found.count(), request.GET.get("page", ""), reverse("tray"), filters.chosen)
    messages = list(found[pages.start : pages.start + ROWS])
    context = {
        "rows": _rows(open_tray(by=by, messages=messages), filters, today) if messages else [],
        "count_text": words.waiting(pages.count) if filters.state == WAITING and pages.count else "",
        "filters": filters.bar() if messages or filters.chosen else None,
        "pages": pages,
        "form": form,
        "took": took,
        "state": filters.state,
        "incidents": incidents_of(by).filter(closed_on__isnull=True).count(),
        "tray_here": True,
        "was": dealt_with(request),
    }
    return render(request, "desk/tray.html", context)


def _took(request: HttpRequest) -> Took | None:
    """What was just put in, from the counts in the address."""
    counts = {name: request.GET.get(name, "") for name in ("new", "again")}
    if not all(text.isascii() and text.isdigit() and len(text) < 8 for text in counts.values()):
        return None
    return Took(int(counts["new"]), int(counts["again"]), [])


def _rows(rows: Sequence[TrayRow], filters: TrayFilters, today: date) -> list[dict[str, Any]]:
    return [_row(row, filters, today) for row in rows]


def _row(row: TrayRow, filters: TrayFilters, today: date) -> dict[str, Any]:
    message, mail = row.message, row.mail
    return {
        "url": filters.to(message),
        "from": mail.sender_name or mail.sender or _("Nobody named"),
        "subject": mail.subject or _("Without a subject"),
        "on": dates.brief(message.on, today),
        "what": "; ".join(str(words.LABELS[code]) for code in mail.labels if code in words.LABELS),
        "about": {"who": who(row.case.concerned), "ref": row.case.head.our_reference} if row.case else None,
        "several": words.several(len(row.candidates)) if len(row.candidates) > 1 else "",
        "more": words.files(len(mail.attached)) if mail.attached else "",
        "ours": message.direction == Message.Direction.OUT,
        "needs": "wrong_person" in mail.labels,
    }
