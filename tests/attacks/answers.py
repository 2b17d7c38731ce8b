"""Asking the desk as somebody, and comparing what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from safeconduct.web.access import Rule, Who
from tests.attacks.world import Held, undone


@dataclass(frozen=True)
class Somebody:
    """A browser, and what it may do: ``teams`` hold what it may open; None where the desk must turn it away first."""

    browser: Client
    state: str = "in"  # in, out, locked, must change
    teams: tuple[str, ...] = ()
    guardian: bool = False
    lead: bool = False

    def admitted(self, rule: Rule) -> bool:
        return rule.who is Who.EVERYBODY or self.guardian or (rule.who is Who.LEAD_OR_GUARDIAN and self.lead)


def ask(who: Somebody, method: str, address: str, form: dict[str, Any]) -> HttpResponse:
    browser = Client()
    browser.cookies.update(who.browser.cookies)
    with undone():
        if method == "POST":
            return _whole(browser.post(address, form))
        return _whole(browser.generic(method, address))


def _whole(answer: Any) -> HttpResponse:
    """An answer that is sent piece by piece, such as an export, as one that is read here."""
    if not answer.streaming:
        return answer  # type: ignore[no-any-return]  # what the test's browser returns is not typed
    return HttpResponse(b"".join(answer), status=answer.status_code, headers=dict(answer.headers))


def steady(answer: HttpResponse) -> str:
    """A page without what differs each time: the form's token and number, the hour, what was sealed just now."""
    page = answer.content.decode(errors="replace")
    text = re.sub(r'name="(csrfmiddlewaretoken|held-form|once)" value="[^"]*"', "", page)
    return re.sub(r"\b\d\d:\d\d\b", "", text)


def not_typed(answer: HttpResponse, form: dict[str, Any]) -> str:
    """An answer with its headers, without what the form's fields repeat of what was typed into them just now."""
    said = answer.content.decode(errors="replace") + str(answer.headers)
    for typed in form.values():
        if isinstance(typed, str) and typed:
            said = said.replace(f'value="{escape(typed)}"', "")
    return said


def body(answer: HttpResponse, of: Held, address: str = "") -> str:
    """An answer without what differs from request to request, and without the handle that was asked for."""
    text = steady(answer)
    if address:
        text = text.replace(address, "ADDRESS")
    own = [getattr(of, one.name) for one in fields(of)]
    handles = [one for one in own if isinstance(one, UUID)]
    for handle in (*handles, *of.merged, *of.arrivals.values(), *of.gone.values()):
        text = text.replace(str(handle), "HANDLE").replace(handle.hex, "HANDLE")
    return text
