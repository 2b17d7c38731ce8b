"""Which page answers which fault."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.accounts.actions.log import note_refusal
from safeconduct.accounts.actor import NotInTeam
from safeconduct.accounts.alarms import guardians
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.accounts.standing import StaffNotAsLogged
from safeconduct.archive.citing.keeping import PassagePutBack
from safeconduct.archive.citing.writing import WritingPutBack
from safeconduct.archive.faults import Changed as SourceChanged
from safeconduct.archive.faults import FileGone, NoSource
from safeconduct.archive.finding.sealed import IndexPutBack
from safeconduct.core.policy.errors import Refused
from safeconduct.core.sealing.faults import SealingFault
from safeconduct.journal.actions import JournalUnavailable
from safeconduct.journal.tripwire import LogDiffers, ReadingSlowed, ReadingStopped
from safeconduct.people.facets import FacetUnreadable
from safeconduct.people.index import IndexBusy
from safeconduct.people.keys import NotHeld
from safeconduct.people.papers.preview import Busy
from safeconduct.people.records import Changed, PutBack

from . import held

_log = logging.getLogger("safeconduct.web")

Answer = Callable[[HttpRequest], HttpResponse]


def not_here(request: HttpRequest) -> HttpResponse:
    """404: no such record, not held, or not allowed on a record; the page is the same for all of them."""
    return render(request, "desk/not_found.html", status=404)


def not_allowed(request: HttpRequest) -> HttpResponse:
    """403: the member's part does not include this page or act."""
    return render(
        request, "desk/not_allowed.html", {"ask": _("A guardian of the organisation can say more.")}, status=403
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the log or the database cannot be written."""
    return _unavailable(request, "")


def busy(request: HttpRequest) -> HttpResponse:
    """503: the search index was being tidied."""
    return _unavailable(request, _("The search is being tidied at this moment."))


def overtaken(request: HttpRequest) -> HttpResponse:
    """409: somebody else saved in between, on a page that has no form of its own to show again."""
    return render(request, "desk/overtaken.html", status=409)


def does_not_open(request: HttpRequest) -> HttpResponse:
    """409: a form that was held does not open any more, so it is not taken for an empty one."""
    return render(request, "desk/stale_form.html", status=409)


def does_not_match(request: HttpRequest) -> HttpResponse:
    """409: what is stored is not what the log says was last saved, or it does not open."""
    return render(request, "desk/does_not_match.html", status=409)


def slowed(request: HttpRequest, fault: ReadingSlowed) -> HttpResponse:
    """429: many records were opened within the hour. The browser asks again by itself where nothing was sent."""
    seconds = ngettext("This one opens in %(count)d second.", "This one opens in %(count)d seconds.", fault.seconds)
    asked = request.method in {"GET", "HEAD"}
    context: dict[str, Any] = {
        "heading": _("You have opened many records"),
        "text": seconds % {"count": fault.seconds},
        "then": _("The office slows everybody down who opens very many within an hour. Guardians see that it happened.")
        if asked
        else "",
        "held": held.carried(request),
        "again": request.get_full_path() if asked else "",
    }
    answer = render(request, "desk/halted.html", context, status=429)
    answer.headers["Retry-After"] = str(fault.seconds)
    if asked:
        answer.headers["Refresh"] = str(fault.seconds)
    return answer


def drawing(request: HttpRequest) -> HttpResponse:
    """503: as many papers are being drawn as the desk can at a time."""
    context: dict[str, Any] = {
        "heading": _("Papers are being drawn for others"),
        "text": _("The desk draws a few at a time. Try again in a moment."),
        "held": held.carried(request),
        "again": request.get_full_path() if request.method == "GET" else "",
    }
    answer = render(request, "desk/halted.html", context, status=503)
    answer.headers["Retry-After"] = "5"
    return answer


def stopped(request: HttpRequest) -> HttpResponse:
    """429: very many records were opened within an hour; a guardian has to allow more."""
    actor = getattr(request, "actor", None)
    context = {
        "heading": _("You have opened very many records"),
        "text": _(
            "No more opens until a guardian has allowed it. They have been told; say to one of them what you are doing."
        ),
        "then": ", ".join(guardians(actor)) if actor else "",
        "held": held.carried(request),
        "alarms": bool(actor and actor.member.is_guardian),
    }
    return render(request, "desk/halted.html", context, status=429)


def log_differs(request: HttpRequest) -> HttpResponse:
    """409: the log is not the one last seen."""
    actor = getattr(request, "actor", None)
    context = {
        "heading": _("The log is not the one last seen"),
        "text": _(
            "It does not go on from where this browser or the epoch file last saw it. An older copy of the database may"
            " have been put back. Until a guardian has looked, no record is opened."
        ),
        "then": _("Guardians: %(names)s.") % {"names": ", ".join(guardians(actor))} if actor else "",
        "held": held.carried(request),
        "alarms": bool(actor and actor.member.is_guardian),
    }
    return render(request, "desk/halted.html", context, status=409)


_PAGES: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], Answer], ...]] = (
    ((NotHeld, NotInTeam, NoSource, ObjectDoesNotExist), not_here),
    # PostgreSQL says the last of a database that takes no writes, as a standby does.
    ((JournalUnavailable, OperationalError, InternalError), unavailable),
    (IndexBusy, busy),
    (Busy, drawing),
    (ReadingStopped, stopped),
    (LogDiffers, log_differs),
    ((Changed, SourceChanged), overtaken),
    (
        (
            *(PutBack, FileGone, IndexPutBack, PassagePutBack, WritingPutBack),
            *(KeySubstituted, StaffNotAsLogged, FacetUnreadable, SealingFault),
        ),
        does_not_match,
    ),
)


def answer(request: HttpRequest, fault: Exception, *, about_record: bool) -> HttpResponse | None:
    """The page for a fault, None for one that is a mistake of ours (500). ``about_record``: see `Access.RECORD`."""
    if isinstance(fault, Refused):
        if getattr(request, "actor", None):
            note_refusal(by=request.actor)  # type: ignore[attr-defined]  # see access.Request
        return not_here(request) if about_record else not_allowed(request)
    if isinstance(fault, ReadingSlowed):
        return slowed(request, fault)
    if type(fault) is DatabaseError:  # not its kinds: SQLite's word for a page of its file that cannot be read
        _log.error("a page could not be shown: %s", fault)
        return unavailable(request)
    for kinds, page in _PAGES:
        if isinstance(fault, kinds):
            if page in (unavailable, does_not_match):
                _log.error("a page could not be shown: %s", fault)
            return page(request)
    return None


def _unavailable(request: HttpRequest, why: str) -> HttpResponse:
    context = {"why": why, "sent": request.method == "POST", "held": held.carried(request)}
    return render(request, "desk/unavailable.html", context, status=503)
