"""Today and the case page: whole requests as a browser causes them, and the query layer under them by itself.

Every request writes its entry in the log, durably, as at the desk. The sequencer is not running: it does not answer
requests.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.office import TEAM_SIZE, Built, SignIn
from bench.timing import once
from safeconduct.accounts.actions import sessions
from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.agenda.queries import Wanted
from safeconduct.casework.due import agenda_due, open_rows
from safeconduct.casework.models import Case
from safeconduct.casework.queries import find_case, open_case_record
from safeconduct.people.queries import who_has_looked
from safeconduct.web.cookies import SESSION, written
from safeconduct.web.desk.day.today import ROWS

_HOST = "127.0.0.1"


class NotThePage(Exception):
    """A measured request was not answered with the page it asked for."""


class Reader:
    """A member with a browser, and the cases they will open."""

    def __init__(self, who: SignIn, seed: int) -> None:
        signed = sessions.sign_in(name=who.sign_in, passphrase=who.passphrase)
        self._half = signed.half
        self._browser = Client(SERVER_NAME=_HOST)
        self._browser.cookies[SESSION] = written(signed.half)
        handles = list(
            Case.objects.filter(team__in=list(signed.actor.memberships), state="open").values_list("handle", flat=True)
        )
        self._order = random.Random(seed)
        self._cases: Sequence[UUID] = sorted(handles)

    def page(self, address: str) -> None:
        """Ask for a page. Raises `NotThePage`."""
        answer = self._browser.get(address)
        if answer.status_code != 200:
            raise NotThePage(f"{answer.status_code} instead of a page")

    def today_page(self) -> None:
        """The whole of Today's first page."""
        self.page(reverse("today"))

    def case_page(self) -> None:
        """The whole page of a case, another one each time."""
        self.page(reverse("case", args=[self._next_case()]))

    def today_rows(self) -> None:
        """What Today reads: the count, the first page's rows, and whom they concern."""
        by = self._actor()
        due = agenda_due(by, Wanted(), on=today())
        due.count()
        open_rows(by=by, items=list(due[:ROWS]))

    def case_record(self) -> None:
        """What a case page reads: the case, and who has looked at it."""
        by = self._actor()
        record = open_case_record(by=by, case=find_case(by, self._next_case()))
        who_has_looked(by=by, record=record.case.subject, keyed=record.keyed)

    def _actor(self) -> Actor:
        known = sessions.resume(half=self._half)
        assert known is not None
        assert known[1] is not None
        return known[1]

    def _next_case(self) -> UUID:
        return self._order.choice(self._cases)


def take_turns(built: Built, *, seed: int) -> None:
    """Do as the lines of the standard input say (see `bench.turns`), until it ends: an act's name, or how many
    questions it asks the database.
    """
    readers = {"one team": Reader(built.workers[0], seed)}
    if built.people > TEAM_SIZE:
        readers["every team"] = Reader(built.lead, seed)
    acts: dict[str, Callable[[], None]] = {}
    for of, reader in readers.items():
        acts |= {
            f"Today, query layer|{of}": reader.today_rows,
            f"Today, whole page|{of}": reader.today_page,
            f"case, query layer|{of}": reader.case_record,
            f"case, whole page|{of}": reader.case_page,
        }
    print(json.dumps(list(acts)), flush=True)
    for line in sys.stdin:
        what, name = json.loads(line)
        if what == "count":
            with CaptureQueriesContext(connection) as captured:
                acts[name]()
            answer: Any = len(captured)
        else:
            begun = time.process_time()
            answer = [once(acts[name]), (time.process_time() - begun) * 1000]
        print(json.dumps(answer), flush=True)
