"""An office whose archive holds a thread with a gap, a letter that was copied, and a file in confidence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.faults import NotTakenIn
from safeconduct.archive.models import Quarantined
from tests import builders
from tests.archive.reading import made

LETTER = b"""<!doctype html><html lang="en"><head><title>Open letter on the Harbour hotel</title>
<meta name="author" content="Campaign of Made-Up Town"></head><body><article><h1>Open letter on the Harbour hotel</h1>
<p>18th September 2020</p><p>Forty people were moved from the Harbour hotel at night. Quillan Featherby, who lives
there, said that nobody told them why, and that the children were asleep when the buses came for them.</p>
<p>We ask the council, the company that runs the hotel and the ministry that pays it to say in writing who
decided this, when they decided it, and where each family was taken. We ask that nobody is moved again without a week of
notice, an interpreter and the school told.</p></article>
<script>document.title = "ran"; new Image().src = "https://elsewhere.example/seen"</script></body></html>
"""
COPY = b"""Handed on from a page of Made-Up Town:

Forty people were moved from the Harbour hotel at night. Quillan Featherby, who lives there, said that nobody told them
why, and that the children were asleep when the buses came for them.

We ask the council, the company that runs the hotel and the ministry that pays it to say in writing who decided this,
when they decided it, and where each family was taken. We ask that nobody is moved again without a week of notice, an
interpreter and the school told about it.
"""
CONFIDED = b"A letter of Zahraqanoor Canarysworth.\n\nThe Harbour hotel closes on 4 December 2020.\n"


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SimpleNamespace]:
    """The office and its sources, once for a module: each test's own transaction lies within this one."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # what the desk commits durably commits within it
        with whole:
            yield _office()
            transaction.set_rollback(True)


def _office() -> SimpleNamespace:
    place = builders.office()
    worker = builders.member(place)
    by = worker.actor
    thread = take_in(by=by, data=made.THREAD.encode(), name="thread.html").source
    letter = take_in(by=by, data=LETTER, address="https://campaign.example/2020/09/letter").source
    copied = take_in(by=by, data=COPY).source
    confided = take_in_confidence(by=by, team=place.team, data=CONFIDED, name="letter.txt", note="From a nurse").source
    with contextlib.suppress(NotTakenIn):
        take_in(by=by, data=b"PK\x03\x04 and nothing more")
    return SimpleNamespace(
        place=place,
        worker=worker,
        lead=builders.member(place, "Lena Lead", role="lead"),
        outside=builders.member(place, "Nona Neighbour", team=builders.team(place)),
        thread=thread,
        letter=letter,
        copied=copied,
        confided=confided,
        refused=Quarantined.objects.get(),
    )
