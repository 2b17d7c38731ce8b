"""Going to an address: what is there is taken in; what became of a source is recorded, and never taken for more."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from safeconduct.archive import capture, queries
from safeconduct.archive.actions import read_anew as again
from safeconduct.archive.actions import watch
from safeconduct.archive.actions.masking import mask_word
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.actions.watch import observe, take_in_address
from safeconduct.archive.capture import Unreached
from safeconduct.archive.capture.fetching import Reach, Way
from safeconduct.archive.capture.watching import Why
from safeconduct.archive.faults import Changed, NoAddress, NotReached
from safeconduct.archive.models import Observation, Source
from safeconduct.archive.policies import Refused
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.archive.capture.servers import Server, page, serving

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = (
    b"<!doctype html><html lang=en><head><title>Letter from Farvale</title></head><body><article><h1>Letter from"
    b" Farvale</h1><p>The office wrote on Monday that the centre closes at the end of the month, and that every family"
    b" is to pack. Two of them have school places for September.</p></article></body></html>"
)


@pytest.fixture
def office() -> Any:
    return builders.office()


@pytest.fixture
def server() -> Iterator[Server]:
    """It says ``LETTER`` until a test has it say something else."""
    with serving(lambda line, _question: line.sendall(server.says)) as server:
        server.says = page(LETTER)
        yield server


def way_to(server: Server) -> Way:
    return Way(Reach((ipaddress.ip_network("::1"),), frozenset({server.port})), seconds=30, most=1 << 20)


def taken(office: Any, server: Server) -> Source:
    return take_in_address(by=office.guardian.actor, address=f"{server.address}/letter", way=way_to(server)).source


def test_what_an_address_answers_is_kept_as_it_came(office: Any, server: Server) -> None:
    source = taken(office, server)
    kept = capture.unpack(queries.package(office.guardian.actor, source))
    assert kept.wire == server.says
    assert (kept.body, kept.status, kept.server) == (LETTER, 200, "::1")
    assert source.address == f"{server.address}/letter"
    assert source.title == "Letter from Farvale"


@pytest.mark.parametrize("status", ["404 Not Found", "429 Too Many Requests", "500 Oh"])
def test_an_error_is_not_taken_in_for_the_source(office: Any, server: Server, status: str) -> None:
    server.says = page(b"<p>Nothing here</p>", status=status)
    with pytest.raises(NotReached) as caught:
        taken(office, server)
    assert caught.value.reason == Unreached.NO_PAGE
    assert not Source.objects.exists()


def test_an_address_inside_is_not_gone_to(office: Any, server: Server) -> None:
    with pytest.raises(NotReached) as caught:
        take_in_address(by=office.guardian.actor, address=server.address.replace("[::1]", "127.0.0.1"))
    assert caught.value.reason == Unreached.REFUSED_ADDRESS
    assert server.came == 0


def test_what_became_of_a_source_is_recorded(office: Any, server: Server) -> None:
    by, source, way = office.guardian.actor, taken(office, server), way_to(server)
    assert observe(by=by, source=source, way=way).found.exact
    server.says = page(b"", status="404 Not Found")
    assert observe(by=by, source=source, way=way).found.why == Why.NOT_FOUND
    server.says = page(LETTER.replace(b"the end of the month", b"the end of the year"))
    changed = observe(by=by, source=source, way=way)
    assert changed.other is not None
    assert [one.text for one in changed.found.posts[0].changes if one.what == "added"] == ["year"]
    server.says = page(b"<title>Farvale</title><p>This page has been withdrawn.</p>")
    gone = observe(by=by, source=source, way=way)
    assert gone.other is not None  # the page that says so is evidence too
    server.stop()
    rows = Observation.objects.filter(source=source).order_by("pk")
    assert [(one.outcome, one.status) for one in rows] == [
        ("unchanged", 200),
        ("unreachable", 404),
        ("changed", 200),
        ("gone", 200),
    ]
    assert [one.other for one in rows] == [None, None, changed.other, gone.other]
    # What was captured first is there as it was.
    assert capture.unpack(queries.package(by, source)).body == LETTER
    assert Entry.objects.filter(act=Act.OBSERVED_SOURCE).count() == 4


def test_what_is_masked_stays_masked_in_what_is_there_now(office: Any, server: Server) -> None:
    by, way = office.guardian.actor, way_to(server)
    named = LETTER.replace(b"The office wrote", b"Quillan Featherby says that the office wrote")
    server.says = page(named)
    source = taken(office, server)
    mask_word(by=by, source=source, word="Quillan Featherby")
    server.says = page(named.replace(b"end of the month", b"end of the year"))
    watched = observe(by=by, source=queries.source(by, source.handle), way=way)
    assert watched.other is not None
    shown = "".join(each.text for one in watched.found.posts for each in one.changes)
    assert "year" in shown
    assert "Featherby" not in shown
    assert "Featherby" not in queries.shown(by, watched.other).raw
    assert b"Featherby" in capture.unpack(queries.package(by, watched.other)).body  # never in the bytes


def test_a_source_read_anew_while_it_is_looked_at_gives_no_name_away(office: Any, server: Server, monkeypatch) -> None:
    by, way = office.guardian.actor, way_to(server)
    named = LETTER.replace(b"The office wrote", b"Quillan Featherby says that the office wrote")
    server.says = page(named)
    source = taken(office, server)
    mask_word(by=by, source=source, word="Quillan Featherby")
    server.says = page(named.replace(b"end of the month", b"end of the year"))
    reading_of, moved = queries.reading_of, []

    def then_anew(one: Source) -> Any:
        read = reading_of(one)
        if not moved:
            moved.append(True)
            longer = replace(
                read, raw="Menu\n" + read.raw, posts=(replace(read.posts[0], text="Menu", start=0, end=4),)
            )
            monkeypatch.setattr(again, "look", lambda *_, **__: longer)
            assert again.read_anew(by=by, source=queries.source(by, one.handle)).changed
            monkeypatch.undo()
        return read

    monkeypatch.setattr(queries, "reading_of", then_anew)
    with pytest.raises(Changed):
        observe(by=by, source=queries.source(by, source.handle), way=way)
    assert Source.objects.count() == 1, "what is there now would show the name"


def test_a_file_has_nowhere_to_return_to_and_not_everybody_may(office: Any, server: Server) -> None:
    by = office.guardian.actor
    with pytest.raises(NoAddress):
        observe(by=by, source=take_in(by=by, data=LETTER).source)
    source = taken(office, server)
    stranger = builders.other_office().guardian.actor
    came = server.came
    with pytest.raises(Refused):
        observe(by=stranger, source=source, way=way_to(server))
    assert server.came == came


def test_what_was_seen_is_recorded_though_it_cannot_be_compared_at_that_moment(
    office: Any, server: Server, monkeypatch
) -> None:
    by = office.guardian.actor
    server.says = page(LETTER)
    source = taken(office, server)
    mask_word(by=by, source=source, word="Farvale")
    server.says = page(LETTER.replace(b"end of the month", b"end of the year"))

    def anew_meanwhile(*_: Any) -> Any:
        raise Changed

    monkeypatch.setattr(watch, "compare_shown", anew_meanwhile)
    watched = observe(by=by, source=queries.source(by, source.handle), way=way_to(server))
    assert watched.other is not None
    assert watched.found.posts == ()
    assert Observation.objects.get(source=source).other == watched.other
