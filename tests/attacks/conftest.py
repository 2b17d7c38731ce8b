"""What the attacks share: a scene that is made once for a module, and put back after each of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import builders
from tests.attacks.held import hold
from tests.attacks.world import NOWHERE


@pytest.fixture(scope="module")
def office_kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for what a whole module shares: each test's own transaction lies within this one."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # what the desk commits durably commits within it
        with whole:
            yield
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def offices(office_kept: None) -> SimpleNamespace:
    """Two teams and two organisations, each with everything a desk can hold; and what was here and is gone."""
    office, far = builders.office(), builders.other_office()
    housing = builders.team(office)
    worker, lead = builders.member(office), builders.member(office, "Lena Lead", role="lead")
    neighbour = builders.member(office, "Nona Neighbour", team=housing)
    outside = builders.member(office, "Olwen Outside", guardian=True, team=housing)
    own = hold(worker, office.team, "xqo")
    objects = {
        "own": own,
        "other": hold(neighbour, housing, "xqt"),
        "foreign": hold(far.guardian, far.team, "xqf"),
        "gone": replace(NOWHERE, **own.gone),
        "random": NOWHERE,
    }
    # A found page is its searcher's own: of the rest, nobody may open it.
    return SimpleNamespace(
        office=office, far=far, worker=worker, lead=lead, neighbour=neighbour, outside=outside, objects=objects
    )
