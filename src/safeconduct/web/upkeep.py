"""Keys kept up as members work: a renewal that waits goes on a little with each page, and escrows are looked after.

It happens once the page is made and can only make it a moment later. Whatever goes wrong here shows on the guardians'
page and never on the page somebody asked for.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from safeconduct.accounts import escrows
from safeconduct.accounts.actions import rekey as renewals
from safeconduct.accounts.actor import Actor, NotInTeam
from safeconduct.accounts.models import Session, Team
from safeconduct.accounts.policies import Refused
from safeconduct.accounts.rosters import KeySubstituted
from safeconduct.accounts.standing import StaffNotAsLogged
from safeconduct.core.sealing.faults import SealingFault
from safeconduct.journal.actions import JournalUnavailable
from safeconduct.people.actions import rekey
from safeconduct.people.index import IndexBusy
from safeconduct.people.records import PutBack

_log = logging.getLogger("safeconduct.web")
SECONDS: Final = 0.3
_SESSIONS_KEPT: Final = 1000
_FAULTS: Final = (
    SealingFault,
    KeySubstituted,
    StaffNotAsLogged,
    PutBack,
    NotInTeam,
    Refused,
    DatabaseError,
    JournalUnavailable,
    IndexBusy,
)

# By session, for which unlock its teams were looked after: what is kept of its key is another one each time.
_looked: dict[int, bytes] = {}


class KeyUpkeep:
    """Runs after the view, for members who are unlocked and were just shown a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page as it is, and keys a little further."""
        response = self._get_response(request)
        actor: Actor | None = getattr(request, "actor", None)
        session: Session | None = getattr(request, "session_row", None)
        # A form may have changed whose key this is; the page that follows it comes by here as well.
        shown = request.method == "GET" and response.status_code == 200
        if shown and actor is not None and session is not None and not actor.member.must_change:
            _keep_up(actor, session)
        return response


def _keep_up(actor: Actor, session: Session) -> None:
    unlocked = hashlib.sha256(bytes(session.kept or b"")).digest()
    try:
        if _looked.get(session.pk) != unlocked:
            if len(_looked) >= _SESSIONS_KEPT:
                _looked.clear()
            _looked[session.pk] = unlocked
            _look_after(actor)
        for team in actor.teams:
            if team.rekey_since or team.rewrapping:
                rekey.go_on(by=actor, team=Team.objects.get(pk=team.pk), seconds=SECONDS)
    except _FAULTS as fault:
        _log.error("a team's keys could not be kept up: %s", fault)


def _look_after(actor: Actor) -> None:
    """Once an unlock: escrows that are missing or old, and what was written under former keys during a renewal."""
    escrows.keep(by=actor)
    for team in actor.teams:
        if not team.rekey_since and rekey.is_behind(team):
            renewals.begin_again(team=team)
            team.rewrapping = True
