"""A form that is sent twice is taken once: two clicks, a slow line, the same thing typed in two tabs.

Each form carries a random number of its own (see `templatetags.form_token`). Sent again with the same number and the
same fields, it gets the answer of the first time. The same fields from another page, where they would make something a
second time, are asked about. What is remembered is in this process's memory, by a keyed hash, and for a quarter of an
hour; a restart locks everybody anyway.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from safeconduct.accounts import keyring
from safeconduct.accounts.actor import Actor
from safeconduct.core.sealing import boxes

from . import held

FIELD: Final = "once"
AGAIN: Final = "again"
KEPT_SECONDS: Final = 15 * 60
MOST: Final = 5000
# Whoever clicks again waits for the first answer, which holds a thread of the server: so long, and so many.
WAIT_SECONDS: Final = 20
MOST_WAITING: Final = 3
# Where sending the same again makes a second one. Elsewhere it changes nothing, or the revision it names says so.
MAKES: Final = frozenset(
    {
        *("person-new", "household-new", "case-new", "case", "enquiry-new", "decision-new", "deadline-new"),
        *("task-new", "case-call", "narrative-new", "sitting", "surgery-next", "note-new", "collections"),
    }
)


@dataclass(slots=True)
class _Sent:
    """A form on its way, or what came of it: where it led to, None where it came back."""

    at: float
    done: threading.Event = field(default_factory=threading.Event)
    waiting: int = 0
    to: str | None = None
    # The page it came back with, while somebody waits for it: it may say what is said once, as a first passphrase.
    page: bytes | None = None


_lock: Final = threading.Lock()
_forms: Final[OrderedDict[bytes, _Sent]] = OrderedDict()
# The same without the number of the form, once it led somewhere: when, and where to.
_said: Final[OrderedDict[bytes, tuple[float, str]]] = OrderedDict()


def take(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Let a form through, None, or answer in its stead because it was sent before."""
    if request.method != "POST" or not request.POST.get(FIELD):
        return None
    body = _body(request)
    key = _key(actor, request, request.POST[FIELD], body)
    same = _key(actor, request, "", body)
    match = request.resolver_match
    makes = match is not None and match.url_name in MAKES and AGAIN not in request.GET
    with _lock:
        _forget_old()
        before = _forms.get(key)
        if before is None or (before.done.is_set() and before.to is None):
            if makes and same in _said:
                return _asked(request, _said[same][1])
            _forms[key] = _Sent(time.monotonic())
            request.sent_once = (key, same)  # type: ignore[attr-defined]  # read by `settle` alone
            return None
        waits = before.done.is_set() or before.waiting < MOST_WAITING
        before.waiting += waits
    is_done = waits and before.done.wait(WAIT_SECONDS)
    page = _page_of(before) if waits else None
    if page is not None:
        return page
    if is_done:
        # One that came back with a mistake comes back again, for whoever looks at the second answer.
        return HttpResponseRedirect(before.to) if before.to is not None else take(request, actor)
    return _still(request)


def settle(request: HttpRequest, response: HttpResponse | None) -> None:
    """Remember what came of a form that was let through; None where it ended in a fault that nobody answered."""
    claim: tuple[bytes, bytes] | None = getattr(request, "sent_once", None)
    if claim is None:
        return
    key, same = claim
    # An answer that gives the browser a cookie is its own: half of a session's key may be in it.
    leads = isinstance(response, HttpResponseRedirect) and response.status_code == 302 and not response.cookies
    with _lock:
        sent = _forms.get(key)
        if sent is None:
            return
        if leads:
            assert isinstance(response, HttpResponseRedirect)
            sent.to = response.url
            _said[same] = (time.monotonic(), response.url)
            _said.move_to_end(same)
        elif sent.waiting and isinstance(response, HttpResponse) and response.status_code == 200:
            sent.page = None if response.cookies else response.content
        sent.done.set()


def _page_of(sent: _Sent) -> HttpResponse | None:
    """The first click's page for one who waited for it; forgotten with the last of them."""
    with _lock:
        page, sent.waiting = sent.page, sent.waiting - 1
        if not sent.waiting:
            sent.page = None
    return HttpResponse(page) if page is not None else None


def _key(actor: Actor, request: HttpRequest, number: str, body: bytes) -> bytes:
    return boxes.derive(
        keyring.BOOT_KEY, boxes.context("sent-once", actor.member.handle.hex, request.path, number, body)
    )


def _body(request: HttpRequest) -> bytes:
    fields = [(name, said) for name, said in request.POST.lists() if name not in ("csrfmiddlewaretoken", FIELD)]
    files = [(name, one.name, one.size) for name, sent in request.FILES.lists() for one in sent]
    return hashlib.sha256(msgspec.msgpack.encode((fields, files))).digest()


def _forget_old() -> None:
    """What is older than a quarter of an hour, or beyond what is kept. The lock is held."""
    oldest = time.monotonic() - KEPT_SECONDS
    while _forms and (len(_forms) > MOST or next(iter(_forms.values())).at < oldest):
        _forms.popitem(last=False)
    while _said and (len(_said) > MOST or next(iter(_said.values()))[0] < oldest):
        _said.popitem(last=False)


def _asked(request: HttpRequest, to: str) -> HttpResponse:
    carried = held.carried(request)
    if carried is not None:
        mark = "&" if "?" in carried["to"] else "?"
        carried = {**carried, "to": f"{carried['to']}{mark}{AGAIN}=1"}
    context = {
        "heading": _("You sent just this a moment ago"),
        "text": _("It was saved then, so it was not saved a second time. Send it again if there are two."),
        "again": to,
        "held": carried,
    }
    return render(request, "desk/halted.html", context, status=409)


def _still(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": _("It is still being saved"),
        "text": _(
            "You sent this form before, and that is not done yet. Look whether it is there before you send it again."
        ),
        "held": held.carried(request),
    }
    return render(request, "desk/halted.html", context, status=409)
