"""The form of an export is the one that is written down, and has every column."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from safeconduct.casework import leaving as casework
from safeconduct.casework.exporting import read_me
from safeconduct.casework.models import Case, Deadline, Enquiry, Event, Said, Task
from safeconduct.people import leaving
from safeconduct.people.models import Subject
from safeconduct.post import leaving as post
from safeconduct.post.models import Incident, IncidentStep, Message
from tests.support.exports import taken_apart
from tests.support.whole_office import exported, whole_office

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference" / "export-format.md"
SAYS: list[tuple[Any, Any, frozenset[str]]] = [
    (Case, casework.CaseSays, casework.NOT_SAID | {"handle"}),  # the handle is its subject's
    (Enquiry, casework.EnquirySays, casework.NOT_SAID),
    (Event, casework.EventSays, casework.NOT_SAID),
    (Deadline, casework.DeadlineSays, casework.NOT_SAID),
    (Task, casework.TaskSays, casework.NOT_SAID),
    (Message, post.MessageSays, (post.NOT_SAID | {"handle"}) - {"case", "event"}),
    (Incident, post.IncidentSays, post.NOT_SAID),
    (IncidentStep, post.StepSays, post.NOT_SAID),
]


@pytest.mark.parametrize(("model", "says", "not_said"), SAYS, ids=lambda one: getattr(one, "__name__", ""))
def test_every_column_leaves_or_is_said_not_to(model: Any, says: Any, not_said: frozenset[str]) -> None:
    columns = {field.name for field in model._meta.concrete_fields}
    assert columns - not_said == columns & set(says.__struct_fields__)


def test_the_further_labels_leave_with_their_event() -> None:
    assert {field.name for field in Said._meta.concrete_fields} == {"id", "event", "shape"}
    assert "said" in casework.EventSays.__struct_fields__


def test_every_kind_of_record_leaves() -> None:
    assert {part.kind for part in leaving.parts() if part.kind} == set(Subject.Kind.values)


def test_how_to_open_it_without_the_program_is_written_down_as_the_file_says() -> None:
    [command] = [line for line in read_me.TEXT.decode().splitlines() if line.startswith("    age ")]
    assert command in DOCS.read_text("utf-8").splitlines()


@pytest.mark.django_db(transaction=True)
def test_it_is_in_the_form_that_is_written_down() -> None:
    files = taken_apart(exported(whole_office()))
    manifest, about = json.loads(files["manifest.json"]), json.loads(files["export.json"])
    people = [json.loads(line) for line in files["people/000001.jsonl"].splitlines()]
    assert len(people) == manifest["counts"]["people"] == 3
    names = {person["facets"]["identity"]["says"]["names"][0]["text"] for person in people}
    assert "Fatima Rahimi" in names
    papers = [name for name in files if name.startswith("papers/")]
    assert len(papers) == manifest["counts"]["papers"] == 2
    # A paper follows the lines of the record it is of.
    [fatimas] = [name for name in papers if files[name] == b"A letter, as text.\n"]
    assert list(files)[1:3] == ["people/000001.jsonl", fatimas]
    # What the page shows of either is all that they say.
    shown = [json.loads(one) for one in re.findall(r"```json\n(\{\n.+?)```", DOCS.read_text("utf-8"), flags=re.DOTALL)]
    assert [set(one) for one in shown] == [set(about), set(manifest)]
    assert set(shown[1]["counts"]) == set(manifest["counts"])
