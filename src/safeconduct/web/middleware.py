"""The outer door of the desk: the session behind the cookie, the terms of each address, and a page for each fault."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from safeconduct.accounts.actions import sessions
from safeconduct.accounts.actions.log import note_refusal
from safeconduct.accounts.models import Session
from safeconduct.accounts.queries import is_set_up

from . import faults, held, last_seen, once
from .access import ACCESS, Access, Rule
from .archive import once_told
from .cookies import half_of
from .desk.door import unlock

_log = logging.getLogger("safeconduct.web")


class DeskMiddleware:
    """Sets `session_row` and `actor` on a request and lets it through, or answers in the page's stead.

    It decides in `process_view`, after Django's own check that a form came from this desk: a form sent from elsewhere
    is never held, however locked the desk is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing that leaves the desk may be kept by a browser or a proxy."""
        request.session_row = request.actor = None  # type: ignore[attr-defined]  # see access.Request
        try:
            response = self._get_response(request)
        except BaseException:
            once.settle(request, None)
            raise
        once.settle(request, response)
        once_told.settle(request.session_row)  # type: ignore[attr-defined]  # set above
        last_seen.remember(request, response)
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _named: Any) -> HttpResponse | None:
        """Apply the address's terms. None lets the request through."""
        rule = _rule(request)
        if rule is None:
            _log.error("an address has no terms in the table of access, so it is refused")
            return faults.not_here(request)
        if request.method not in rule.methods:
            return HttpResponseNotAllowed(sorted(rule.methods))
        try:
            return self._admit(request, rule)
        except Exception as fault:
            page = faults.answer(request, fault, about_record=rule.access is Access.RECORD)
            if page is None:
                raise
            return page

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for what a view raised."""
        rule = _rule(request)
        return faults.answer(request, fault, about_record=rule is not None and rule.access is Access.RECORD)

    def _admit(self, request: HttpRequest, rule: Rule) -> HttpResponse | None:
        half = half_of(request)
        known = sessions.resume(half=half) if half is not None else None
        session, actor = known or (None, None)
        request.session_row, request.actor = session, actor  # type: ignore[attr-defined]  # see access.Request
        if rule.access is Access.OUTSIDE:
            return None
        if session is None:
            return _elsewhere(request, reverse("sign-in" if is_set_up() else "start"))
        if rule.access is Access.LOCKED_OK:
            return None
        if actor is None:
            return _ask_to_unlock(request, session)
        last_seen.look(request, session, actor)
        if actor.member.must_change and not rule.before_own_passphrase:
            return _elsewhere(request, reverse("passphrase"))
        if not rule.admits(actor):
            note_refusal(by=actor)
            return faults.not_allowed(request)
        if request.method == "POST" and held.FIELD in request.POST and not held.put_back(request, actor):
            return faults.does_not_open(request)
        return once.take(request, actor)


def _rule(request: HttpRequest) -> Rule | None:
    match = request.resolver_match
    return ACCESS.get(match.url_name or "") if match is not None else None


def _ask_to_unlock(request: HttpRequest, session: Session) -> HttpResponse:
    """A page somebody wanted to read comes after the passphrase; a form somebody sent is held meanwhile."""
    there = reverse("unlock")
    if request.method != "POST":
        return _elsewhere(request, f"{there}?{urlencode({held.TO: request.get_full_path()})}")
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx
        # A part of a page asked for this by itself: once unlocked, that page is where to go on.
        page = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]  # as above
        return _elsewhere(request, f"{there}?{urlencode({held.TO: page})}")
    sealed = held.seal(request, session.member)
    if sealed is None:
        return render(request, "desk/locked.html", {"unlock_url": there}, status=403)
    return unlock.page(request, to=request.get_full_path(), sealed=sealed, status=403)


def _elsewhere(request: HttpRequest, address: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]  # as above
        return HttpResponseClientRedirect(address)
    return redirect(address)
