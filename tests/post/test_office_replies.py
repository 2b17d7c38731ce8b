"""The sample replies of an office against what a person said of them, on the office's own sheet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safeconduct.post.actions.take_in import take_in
from safeconduct.post.models import Message
from tests import builders
from tests.support.importing import brought_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.shared]


def test_labels_candidates_and_matches_are_those_a_person_gave(shared: Path) -> None:
    if not (shared / "data" / "replies").is_dir():
        pytest.skip("the shared sample of replies is absent")
    expected = {one["file"]: one for one in json.loads((shared / "data" / "expected.json").read_text())["replies"]}
    by = builders.office().guardian
    brought_in(by, (shared / "data" / "office-export.csv").read_bytes(), rule="reference")
    files = [(path.name, path.read_bytes()) for path in sorted((shared / "data" / "replies").iterdir())]
    done = take_in(by=by.actor, team=by.actor.teams[0], files=files)
    assert not done.refused
    said = {row.name: (sorted(row.labels), sorted(row.candidates), row.our_reference) for row in done.rows}
    # A newsletter is about no case, and no person gave it a line.
    assert said.pop("zz-not-about-a-case.eml") == ([], [], None)
    assert said == {
        name: (sorted(one["labels"]), sorted(one["candidates"]), one["our_ref"]) for name, one in expected.items()
    }
    # Nothing an authority wrote is filed by itself.
    assert set(Message.objects.values_list("state", "direction")) == {("waiting", "in")}
