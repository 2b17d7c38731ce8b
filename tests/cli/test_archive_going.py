"""`safeconduct archive fetch`, `watch` and `receive`, as they are typed."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings

from safeconduct.accounts.actor import Actor
from safeconduct.archive import capture
from safeconduct.archive.capture.fetching import Reach, Way, steps
from safeconduct.archive.models import Quarantined, Watch
from safeconduct.cli import archive, archive_due, archive_going
from safeconduct.config.folder import DataFolder
from tests import builders
from tests.archive.capture import made
from tests.archive.capture.servers import Server, page, serving

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = (
    b"<!doctype html><html lang=en><title>Letter</title><body><article><h1>Letter</h1><p>The centre in Farvale closes"
    b" at the end of the month, and every family is to pack. Two have school places for September.</p></article></html>"
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that stands for the public network, and a desk whose commands act as its first member."""
    office = builders.office()

    @contextmanager
    def acting(_folder: Path, _member: str | None, *, role: str) -> Iterator[Actor]:
        yield office.guardian.actor

    for commands in (archive_going, archive_due):
        monkeypatch.setattr(commands, "acting", acting)
    monkeypatch.setattr(archive_due, "open_desk", lambda _path: None)
    monkeypatch.setattr(DataFolder, "require_private", lambda _self: None)
    with serving(lambda line, _question: line.sendall(server.says)) as server:
        server.says = page(LETTER)
        way = Way(Reach((ipaddress.ip_network("::1"),), frozenset({server.port})), seconds=30, most=1 << 20)
        monkeypatch.setattr(capture, "fetch", lambda address, **_: steps.fetch(address, way=way))
        yield server


def run(*arguments: str | Path, code: int = 0) -> str:
    line = [*(str(one) for one in arguments), "--folder", str(settings.DATA_FOLDER.path)]
    result = CliRunner().invoke(archive.command, line)
    assert result.exit_code == code, result.output
    return result.stdout


def said(*arguments: str | Path, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code))


def test_an_address_is_fetched_and_watched(server: Server) -> None:
    address = f"{server.address}/letter"
    [first] = said("fetch", address)
    assert (first["kind"], len(first["posts"]), first["again"]) == ("html", 1, False)
    assert said("watch", first["source"])[0]["outcome"] == "unchanged"
    server.says = page(b"no", status="404 Not Found")
    assert said("watch", first["source"])[0]["why"] == "not_found"
    assert "unreachable (not found)" in run("watch", first["source"])
    server.says = page(LETTER.replace(b"month", b"year"))
    lines = run("watch", first["source"]).splitlines()
    assert "changed. There now: " in lines[0]
    assert [line.strip() for line in lines[2:]] == ["- month", "+ year"]


def test_what_is_due_is_looked_at_by_a_timer(server: Server) -> None:
    [first] = said("fetch", f"{server.address}/letter")
    run("watch", first["source"], "--every", "daily")
    assert run("watch", "--due") == ""
    Watch.objects.update(due_at=datetime.now(UTC))
    server.says = page(b"no", status="503 Later")
    [one] = said("watch", "--due")
    assert (one["source"], one["outcome"], one["why"]) == (first["source"], "unreachable", "throttled")
    assert said("watch", "--due") == []
    run("watch", first["source"], "--every", "never")
    assert not Watch.objects.exists()
    run("watch", code=2)
    run("watch", first["source"], "--due", code=2)


def test_what_was_refused_is_discarded(server: Server, tmp_path: Path) -> None:
    server.says = page(b"PK\x03\x04 no archive at all")
    [kept] = said("fetch", server.address, code=1)
    assert "discarded" in run("discard", kept["quarantined"], "--because", "unused")
    assert not Quarantined.objects.exists()
    run("discard", kept["quarantined"], "--because", "unused", code=2)


def test_an_address_that_gives_no_page_is_named(server: Server) -> None:
    server.says = page(b"no", status="429 Too Many Requests")
    inside = "http://169.254.169.254/latest"
    assert said("fetch", server.address, inside, code=1) == [
        {"address": server.address, "unreached": "no_page"},
        {"address": inside, "unreached": "refused_address"},
    ]
    assert "not reached (refused address)" in run("fetch", inside, code=1)


def test_a_folder_of_another_office_is_received(server: Server, tmp_path: Path) -> None:
    capture.hand_over([capture.HandOver(capture.pack(made.fetched()))], tmp_path / "given")
    [one] = said("receive", tmp_path / "given")
    assert (one["kind"], one["doubts"]) == ("html", ["nothing_outside"])
    assert "Not known here: nothing outside" in run("receive", tmp_path / "given")
    (tmp_path / "given" / "1" / "source.wacz").write_bytes(b"x")
    run("receive", tmp_path / "given", code=2)
