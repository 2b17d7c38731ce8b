"""T2 for what is sealed to a team as a whole: the search index, staged imports, entries of the log; and nonces.

A piece of the index cannot be changed, moved or exchanged: its seal says. The log commits to which pieces there are, so
one that is taken out or put back, and the whole index of yesterday, is refused at the next search.
"""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

import safeconduct
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.models import Arrival
from safeconduct.core.sealing import boxes, bundles, envelopes, epochs, members, wraps
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox
from safeconduct.journal import sequencer
from safeconduct.journal.models import Entry
from safeconduct.journal.verify import verify
from safeconduct.people import at_hand, facets, index, journaling, queries
from safeconduct.people.actions import change_identity
from safeconduct.people.models import SearchDelta, SearchGeneration
from safeconduct.people.records import PutBack
from tests import builders

database = pytest.mark.django_db(transaction=True)
SHEET = b"Name,Our ref\r\nAnn Quillfeather,Q/1\r\nBen Oatsworth,Q/2\r\n"
SOURCE = Path(safeconduct.__file__).parent


@pytest.fixture
def scene() -> SimpleNamespace:
    office = builders.office()
    return SimpleNamespace(office=office, lowri=builders.member(office), housing=builders.team(office))


def found(scene: SimpleNamespace, text: str) -> list[str]:
    by = scene.lowri.actor
    hits = queries.found(by=by, handle=queries.search(by=by, text=text).handle)[1]
    return [hit.identity.names[0].text for hit in hits if hit.identity]


def rename(scene: SimpleNamespace, person: object, name: str) -> None:
    by = scene.lowri.actor
    record = queries.open_person(by=by, person=person)
    named = facets.Identity(names=(facets.SpelledName(text=name),))
    change_identity(by=by, person=person, identity=named, read=record.identity.revision, status=record.status.content)


# The search index


@database
def test_pieces_of_the_index_do_not_open_elsewhere(scene: SimpleNamespace) -> None:
    guardian = scene.office.guardian
    builders.person(scene.lowri, "Ann Quillfeather")
    builders.person(guardian, "Cai Farrow", team=scene.housing)
    for team in (scene.office.team, scene.housing):
        index.fold_in(guardian.actor, team)
        index.fold_in(guardian.actor, team)
    builders.person(scene.lowri, "Ben Oatsworth")
    builders.person(guardian, "Dai Elder", team=scene.housing)
    mine, theirs = (SearchGeneration.objects.get(team=team) for team in (scene.office.team, scene.housing))
    one, other = (SearchDelta.objects.get(team=team) for team in (scene.office.team, scene.housing))
    attacks = [
        (SearchGeneration, mine, {"body": theirs.body}),
        (SearchGeneration, mine, {"number": mine.number + 1}),
        (SearchGeneration, mine, {"body": bytes(mine.body)[:-4096]}),
        (SearchGeneration, mine, {"body": one.body}),
        (SearchDelta, one, {"body": other.body}),
        (SearchDelta, one, {"body": mine.body}),
        (SearchDelta, other, {"team": scene.office.team}),
        (SearchDelta, one, {"body": bytes(one.body)[:40]}),
        (SearchDelta, one, {"body": b""}),
    ]
    for model, row, change in attacks:
        before = {name: getattr(row, name) for name in change}
        model.objects.filter(pk=row.pk).update(**change)
        at_hand.clear()  # what is at hand already is the true one
        with pytest.raises((CannotOpen, NotASealedBox, PutBack)):
            index.opened(scene.lowri.actor, scene.office.team)
        model.objects.filter(pk=row.pk).update(**before)
    assert index.opened(scene.lowri.actor, scene.office.team)


@database
def test_a_piece_of_the_index_taken_out_is_noticed_at_the_next_search(scene: SimpleNamespace) -> None:
    builders.person(scene.lowri, "Ann Quillfeather")
    builders.person(scene.lowri, "Ben Oatsworth")
    assert found(scene, "quillfeather ann") == ["Ann Quillfeather"]
    SearchDelta.objects.order_by("id")[0].delete()
    for text in ("quillfeather ann", "oatsworth ben"):
        with pytest.raises(PutBack):
            found(scene, text)
    assert index.is_as_logged(scene.office.team) is False


@database
def test_an_index_put_back_is_refused(scene: SimpleNamespace) -> None:
    """Somebody would be found under a name they lost, and not under the one they have."""
    person = builders.person(scene.lowri, "Ann Quillfeather")
    old_deltas = list(SearchDelta.objects.all())
    rename(scene, person, "Zuhra Wardak")
    assert found(scene, "quillfeather ann") == []
    SearchDelta.objects.all().delete()
    SearchDelta.objects.bulk_create(old_deltas)
    for text in ("quillfeather ann", "zuhra wardak"):
        with pytest.raises(PutBack):
            found(scene, text)


@database
def test_a_generation_put_back_after_a_compaction_is_refused(scene: SimpleNamespace) -> None:
    by, team = scene.lowri.actor, scene.office.team
    builders.person(scene.lowri, "Ann Quillfeather")
    index.fold_in(by, team)
    old = SearchGeneration.objects.get(team=team)
    builders.person(scene.lowri, "Ben Oatsworth")
    index.fold_in(by, team)
    assert found(scene, "oatsworth ben") == ["Ben Oatsworth"]
    SearchGeneration.objects.filter(team=team).delete()
    old.save(force_insert=True)
    with pytest.raises(PutBack):
        found(scene, "quillfeather ann")


@database
def test_a_piece_that_was_folded_in_and_is_put_back_is_refused(scene: SimpleNamespace) -> None:
    person = builders.person(scene.lowri, "Ann Quillfeather")
    [old] = SearchDelta.objects.all()
    rename(scene, person, "Zuhra Wardak")
    index.fold_in(scene.lowri.actor, scene.office.team)
    SearchDelta.objects.bulk_create([old])
    with pytest.raises(PutBack):
        found(scene, "quillfeather ann")


# Staged imports


def staged(scene: SimpleNamespace) -> Arrival:
    return arrivals.stage(
        by=scene.lowri.actor, team=scene.office.team, name="cases.csv", data=SHEET, as_of=date(2026, 9, 7)
    )


@database
def test_what_one_import_staged_does_not_open_in_another(scene: SimpleNamespace) -> None:
    first, second = staged(scene), staged(scene)
    Arrival.objects.filter(pk=first.pk).update(staged=second.staged)
    with pytest.raises(PutBack):
        arrivals.open_arrival(by=scene.lowri.actor, arrival=Arrival.objects.get(pk=first.pk))
    stolen = Arrival.objects.get(pk=first.pk)
    from safeconduct.casework.arrivals.staged import open_staged

    with pytest.raises(CannotOpen):
        open_staged(scene.lowri.actor, stolen)
    stolen.team = scene.housing
    with pytest.raises(CannotOpen):
        open_staged(scene.office.guardian.actor, stolen)


@database
def test_an_import_put_back_as_it_was_before_a_decision_is_refused(scene: SimpleNamespace) -> None:
    by, arrival = scene.lowri.actor, staged(scene)
    earlier = bytes(arrival.staged)
    first, _ = arrivals.open_arrival(by=by, arrival=arrival)
    arrivals.choose_columns(by=by, arrival=arrival, staged=first, columns={1: Field.IGNORE})
    Arrival.objects.filter(pk=arrival.pk).update(staged=earlier)
    with pytest.raises(PutBack):
        arrivals.open_arrival(by=by, arrival=Arrival.objects.get(pk=arrival.pk))
    Arrival.objects.filter(pk=arrival.pk).update(staged=earlier, revision=1)
    put_back = Arrival.objects.get(pk=arrival.pk)
    for act in (arrivals.open_arrival, bring_in.start):
        with pytest.raises(PutBack):
            act(by=by, arrival=put_back)


# Entries of the log


@database
def test_what_an_entry_says_is_changed_or_exchanged_in_sight_of_whoever_verifies(scene: SimpleNamespace) -> None:
    ann, ben = (builders.person(scene.lowri, name) for name in ("Ann Quillfeather", "Ben Oatsworth"))
    for person in (ann, ben):
        queries.open_person(by=scene.lowri.actor, person=person)
    sequencer.sequence()
    first, second = Entry.objects.filter(act="opened_person").order_by("id")
    assert journaling.read_body(scene.lowri.actor, scene.office.team, first) == {"subject": ann.handle.hex}
    Entry.objects.filter(pk=first.pk).update(body=second.body, label=second.label)
    assert [one.code for one in verify(scene.office.organisation.handle)] == ["entry_changed"]
    Entry.objects.filter(pk=first.pk).update(body=bytes(first.body)[:-1] + b"\0", label=first.label)
    with pytest.raises(CannotOpen):
        journaling.read_body(scene.lowri.actor, scene.office.team, Entry.objects.get(pk=first.pk))


# Nonces


SAID = re.compile(r"nonce|counter|(?<![a-z])iv(?![a-z])|ciphers|hpke|fernet|crypto|nacl", re.IGNORECASE)


@cache
def modules() -> list[tuple[str, ast.Module]]:
    """Those in which any of the words is at all that the tests below look for."""
    texts = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in sorted(SOURCE.rglob("*.py"))}
    return [(name, ast.parse(text)) for name, text in texts.items() if SAID.search(text)]


def test_no_function_anywhere_takes_a_nonce() -> None:
    taking = [
        f"{name}:{node.name}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if argument.arg.strip("_").lower() in {"nonce", "iv", "counter"}
    ]
    assert taking == []
    for room in (boxes, bundles, envelopes, epochs, members, wraps):
        for function in vars(room).values():
            if inspect.isfunction(function) and function.__module__ == room.__name__:
                kinds = {one.kind for one in inspect.signature(function).parameters.values()}
                if room is not boxes or function.__name__ != "context":
                    assert inspect.Parameter.VAR_POSITIONAL not in kinds, function
                assert inspect.Parameter.VAR_KEYWORD not in kinds, function


def test_only_the_box_and_the_key_pair_touch_a_cipher() -> None:
    """Whatever could be given a nonce is imported in these two modules and nowhere else."""
    importing = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for imported in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if any(word in imported for word in ("ciphers", "hpke", "fernet", "Crypto", "nacl"))
    }
    assert importing == {"core/sealing/boxes.py", "core/sealing/members.py"}


def test_the_same_words_never_give_the_same_bytes() -> None:
    key, place = boxes.new_key(), boxes.context("test", "one")
    assert len({boxes.seal(key, b"the same words", place)[1:13] for _ in range(5000)}) == 5000
    pair = members.KeyPair.generate()
    assert len({members.send(b"the same words", pair.public, b"info") for _ in range(50)}) == 50
