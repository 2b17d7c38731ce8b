"""A collection that came from elsewhere: little work to look for, and only as large as others can read."""

from __future__ import annotations

from typing import Any

import pytest

from safeconduct.archive.actions import gather as acts
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.capture.annotations import Gathered, Piece, Quotation
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_stands_elsewhere_is_looked_for_only_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    office = builders.office()
    by = office.guardian.actor
    source = take_in(by=by, data=b"The hotel closes. Forty people were moved.").source
    sha256 = bytes(source.sha256 or b"").hex()
    moved = Quotation("Forty people", "The hotel closes. ", " were moved.", 1, 13)
    there = Quotation("The hotel", "", " closes. Forty people were moved.", 0, 9)
    gathered = Gathered("Quailcopse", tuple(Piece(sha256, one) for one in (moved, there)))

    def restored() -> Any:
        return acts.restore(by=by, team=office.team, gathered=gathered, sources=[source])

    monkeypatch.setattr(acts, "_MOST_LOOKED_THROUGH", 1)
    assert restored().missing == gathered.pieces[:1]
    monkeypatch.undo()
    assert restored().missing == ()
