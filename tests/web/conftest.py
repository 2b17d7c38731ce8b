"""An office with one case, for the tests of a case's pages."""

import pytest

from safeconduct.casework.models import Case
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago


@pytest.fixture
def place() -> Office:
    return builders.office()


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


@pytest.fixture
def case(worker: Colleague) -> Case:
    return builders.case(
        worker,
        builders.person(worker, "محمد رحیمی", safe_note="Never ring; text Wadad first"),
        sent_on=days_ago(60),
        reference="IM/0214",
        exact_kind="A scheme for one country",
        worker=worker.member,
    )
