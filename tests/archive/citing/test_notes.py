"""Notes, tags and collections: sealed to a team, in the log, and gone when they are removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.notes import (
    NotTheirs,
    NotWritten,
    add_collection,
    add_note,
    add_tag,
    collect,
    remove,
    rewrite,
    take_out,
    take_tag,
)
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.citing.checks import not_as_logged
from safeconduct.archive.citing.models import Collected, Collection, Note, Tag
from safeconduct.archive.citing.writing import WritingPutBack, open_all
from safeconduct.archive.faults import Changed
from safeconduct.archive.models import Source
from safeconduct.archive.policies import Refused
from safeconduct.journal.models import Act, Entry
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Any:
    return builders.office()


@pytest.fixture
def by(office: Any) -> Any:
    return office.guardian.actor


@pytest.fixture
def source(by: Any) -> Source:
    return take_in(by=by, data=b"A page that others published, in a few words.\n").source


def words(by: Any, model: Any, team: Any) -> list[str]:
    return sorted(open_all(by, model.objects.all(), team).values())


def test_what_was_written_is_read_by_the_team_alone_and_stands_nowhere_else(office, by, source):
    add_note(by=by, team=office.team, source=source, text="Ask Quillan Featherby ")
    add_tag(by=by, team=office.team, source=source, word="Featherby  hotel")
    add_collection(by=by, team=office.team, name="Featherby's own")
    assert words(by, Note, office.team) == ["Ask Quillan Featherby"]
    assert words(by, Tag, office.team) == ["Featherby hotel"]
    assert words(by, Collection, office.team) == ["Featherby's own"]
    assert list(Entry.objects.order_by("-pk").values_list("act", flat=True)[:3]) == [Act.OPENED_NOTES] * 3
    other = builders.member(office, team=builders.team(office, "Another")).actor
    with pytest.raises(Refused):
        words(other, Note, office.team)
    with pytest.raises(Refused):
        add_note(by=other, team=office.team, source=source, text="Mine")
    if connection.vendor == "sqlite":
        assert b"Featherby" not in Path(connection.settings_dict["NAME"]).read_bytes()


def test_a_team_has_a_word_once_whatever_its_case_and_it_goes_from_the_last_source(office, by, source):
    tag = add_tag(by=by, team=office.team, source=source, word="Hotel closures")
    other = take_in(by=by, data=b"Another page that others published.\n").source
    assert add_tag(by=by, team=office.team, source=other, word="hotel\u00a0CLOSURES") == tag
    take_tag(by=by, tag=tag, source=source)
    assert list(tag.sources.all()) == [other]
    take_tag(by=by, tag=tag, source=other)
    assert not Tag.objects.exists()
    with pytest.raises(Changed):
        take_tag(by=by, tag=tag, source=other)


def test_a_note_is_written_anew_over_what_was_read(office, by, source):
    note = add_note(by=by, team=office.team, source=source, text="First")
    rewrite(by=by, row=note, text="Second", read=1)
    with pytest.raises(Changed):
        rewrite(by=by, row=note, text="Third", read=1)
    assert words(by, Note, office.team) == ["Second"]
    assert not list(not_as_logged(office.organisation))
    Note.objects.update(body=note.body, revision=note.revision)
    assert list(not_as_logged(office.organisation)) == [note.handle.hex]
    with pytest.raises(WritingPutBack):
        words(by, Note, office.team)
    remove(by=by, row=note)
    assert words(by, Note, office.team) == []
    with pytest.raises(Changed):
        remove(by=by, row=note)


def test_a_collection_keeps_its_order_and_each_thing_once(office, by, source):
    other = take_in(by=by, data=b"Another page that others published.\n").source
    kept = add_collection(by=by, team=office.team, name="Evidence")
    first = collect(by=by, collection=kept, source=other)
    collect(by=by, collection=kept, source=source)
    assert collect(by=by, collection=kept, source=other) == first
    assert [one.source for one in kept.items.order_by("place")] == [other, source]
    take_out(by=by, item=first)
    assert [one.source for one in kept.items.all()] == [source]
    with pytest.raises(Changed):
        take_out(by=by, item=first)
    remove(by=by, row=kept)
    assert not Collected.objects.exists()
    assert Source.objects.count() == 2


def test_a_source_in_confidence_is_written_about_by_its_own_team(office, by):
    another = builders.team(office, "Another")
    by = office.guardian.actor
    held = take_in_confidence(by=by, team=office.team, data=b"Handed over, in a few words.\n").source
    add_note(by=by, team=office.team, source=held, text="Ours")
    with pytest.raises(NotTheirs):
        add_note(by=by, team=another, source=held, text="Not ours")
    with pytest.raises(NotTheirs):
        collect(by=by, collection=add_collection(by=by, team=another, name="Theirs"), source=held)


@pytest.mark.parametrize("text", ["", " \n", "x" * 20_001])
def test_nothing_and_far_too_much_are_refused(office, by, source, text):
    with pytest.raises(NotWritten):
        add_note(by=by, team=office.team, source=source, text=text)
