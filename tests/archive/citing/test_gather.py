"""A collection that came from elsewhere: little work to look for, and only as large as others can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from safeconduct.archive.actions import gather as acts
from safeconduct.archive.actions.hand_over import hand_over
from safeconduct.archive.actions.notes import add_collection, collect
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.capture import NotPacked, annotations
from safeconduct.archive.capture.annotations import Gathered, Piece, Quotation
from safeconduct.archive.faults import TooMuchAlong
from safeconduct.journal.models import Act, Entry
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


def _other(files: dict[str, Any], **said: Any) -> bytes:
    return json.dumps({**files, "first": {"items": [said]}}).encode()


def test_whatever_a_stranger_wrote_is_read_or_is_damaged() -> None:
    sha256 = "ab" * 32
    piece = Piece(sha256, Quotation("Forty", "", " people", 0, 5))
    whole = json.loads(annotations.write(Gathered("Quailcopse", (piece,)), {sha256: "1"}))
    assert annotations.read(json.dumps(whole).encode(), [sha256]).pieces == (piece,)
    target = whole["first"]["items"][0]["target"]
    halved = {**target["selector"][0], "exact": "\ud800"}
    awkward = [
        {**target, "selector": one} for one in ("x", 7, None, [[]], [{"type": []}], [halved, target["selector"][1]])
    ]
    for one in ("text", 7, None, [target], {"source": "text"}, {"source": None}, *awkward):
        with pytest.raises(NotPacked):
            annotations.read(_other(whole, target=one), [sha256])
    with pytest.raises(NotPacked):
        annotations.read(json.dumps({**whole, "label": "\udfff"}).encode(), [sha256])


@pytest.mark.parametrize("bound", ["MOST_ITEMS", "MOST_NAME", "MOST_BYTES"])
def test_what_nobody_could_read_in_does_not_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    office = builders.office()
    by = office.guardian.actor
    source = take_in(by=by, data=b"The hotel closes.").source
    row = add_collection(by=by, team=office.team, name="Quailcopse")
    collect(by=by, collection=row, source=source)
    monkeypatch.setattr(annotations, bound, 0)
    with pytest.raises(TooMuchAlong):
        hand_over(by=by, sources=[source], folder=tmp_path / "to", signed=lambda _: ("", ""), collection=row)
    assert not (tmp_path / "to").exists()
    assert not Entry.objects.filter(act=Act.HANDED_OVER_SOURCE).exists()
    sent = {"named": "on"}
    answer = office.guardian.client.post(reverse("collection-hand-over", args=[row.handle]), sent)
    assert "Shorten its name" in answer.content.decode()
