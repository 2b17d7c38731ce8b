"""The server: what it refuses, what it keeps off the disk, how it begins and ends."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import waitress.buffers
from waitress.server import create_server

from safeconduct.cli import serve
from safeconduct.config import uploads
from safeconduct.config.folder import DataFolder
from tests.support.desk import LiveDesk, run

MEGABYTE = 1024 * 1024


def get(desk: LiveDesk, path: str = "/", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(desk.address).netloc, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.fixture(scope="module")
def desk(_desks: Callable[..., LiveDesk], tmp_path_factory: pytest.TempPathFactory) -> LiveDesk:
    """One desk for the tests that leave it as it was."""
    return _desks(tmp_path_factory.mktemp("desk") / "office")


# What it refuses


def test_a_demo_folder_is_refused(tmp_path: Path) -> None:
    DataFolder.create(tmp_path / "demo", "demo", environment={})
    ended = run("serve", "--folder", str(tmp_path / "demo"), "--port", "0")
    assert ended.returncode == 2
    assert "safeconduct demo --folder" in ended.stderr


def test_unsafe_settings_are_refused_with_the_fix_and_nothing_is_made(data_folder: DataFolder) -> None:
    data_folder.path.chmod(0o755)
    ended = run("serve", "--folder", str(data_folder.path), "--host", "0.0.0.0", "--port", "0")
    assert ended.returncode == 2
    assert "chmod -R go=" in ended.stderr
    assert "https = true" in ended.stderr
    assert not data_folder.database_path.exists()


def test_a_setting_that_does_not_fit_is_a_sentence(data_folder: DataFolder) -> None:
    ended = run("serve", "--folder", str(data_folder.path), extra={"SAFECONDUCT_IDLE_MINUTES": "soon"})
    assert (ended.returncode, ended.stderr) == (2, "Error: SAFECONDUCT_IDLE_MINUTES must be a whole number.\n")


def test_a_database_that_does_not_answer_is_a_sentence(data_folder: DataFolder, tmp_path: Path) -> None:
    address = f"postgresql://nobody@/nothing?host={tmp_path}"
    ended = run("serve", "--folder", str(data_folder.path), "--port", "0", extra={"SAFECONDUCT_DATABASE": address})
    assert ended.returncode == 2
    assert "the database cannot be opened" in ended.stderr


# How it begins and ends


def test_first_use_and_a_clean_end(live_desk: LiveDesk) -> None:
    assert live_desk.setup_code is not None
    assert get(live_desk).status in {200, 302, 303}
    DataFolder.open(live_desk.folder, environment={}).require_private()
    assert live_desk.stop() == 0
    assert "Stopped. Every session is locked." in live_desk.said()
    assert live_desk.setup_code not in live_desk.log.read_text(encoding="utf-8")


def test_a_folder_has_one_desk(desk: LiveDesk) -> None:
    ended = run("serve", "--folder", str(desk.folder), "--port", "0")
    assert ended.returncode == 2
    assert "another desk is already running" in ended.stderr


def test_a_desk_that_was_killed_starts_again(start_desk: Callable[..., LiveDesk], tmp_path: Path) -> None:
    first = start_desk(tmp_path / "office")
    first.kill()
    second = start_desk(tmp_path / "office")
    assert get(second).status in {200, 302, 303}
    assert second.setup_code != first.setup_code


def test_a_port_in_use_is_a_sentence(desk: LiveDesk, tmp_path: Path) -> None:
    port = str(urlsplit(desk.address).port)
    ended = run("serve", "--folder", str(tmp_path / "other"), "--port", port)
    assert ended.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in ended.stderr


def test_keys_in_memory_stay_out_of_core_dumps(desk: LiveDesk) -> None:
    limits = Path(f"/proc/{desk.process.pid}/limits").read_text(encoding="ascii")
    (row,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert row.split()[4:6] == ["0", "0"]


def test_other_processes_of_the_account_may_not_read_its_memory() -> None:
    program = (
        "import ctypes; from safeconduct.cli.serve import keep_memory_private;"
        "ask = lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0);"  # PR_GET_DUMPABLE
        "before = ask(); keep_memory_private(); print(before, ask())"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["1", "0"]


# What it answers


def test_a_page_trusts_nobody_else(desk: LiveDesk) -> None:
    answer = get(desk)
    directives = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Server" not in answer.headers


def test_a_page_called_by_a_name_of_somebody_elses_is_refused(desk: LiveDesk) -> None:
    assert get(desk, Host="hostile.example").status == 400
    assert "hostile" not in desk.said()


def test_a_path_is_not_written_to_the_log(live_desk: LiveDesk) -> None:
    assert get(live_desk, "/Zahra-Invented").status in {302, 303, 404}
    live_desk.stop()
    assert "Zahra" not in live_desk.said()


# What it keeps off the disk


@contextmanager
def echo(**settings: Any) -> Iterator[tuple[str, int]]:
    """A waitress whose application gives back what it was sent."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    server = create_server(application, host="127.0.0.1", port=0, **settings)
    running = threading.Thread(target=server.asyncore.loop, kwargs={"timeout": 0.1, "map": server._map}, daemon=True)
    running.start()
    try:
        yield server.effective_host, server.effective_port
    finally:
        # In the loop's own thread: closing a socket it is waiting on would end the loop with a fault.
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        running.join(timeout=60)
        server.task_dispatcher.shutdown()


def send(where: tuple[str, int], body: bytes) -> int:
    connection = http.client.HTTPConnection(*where, timeout=60)
    connection.request("POST", "/", body=body)
    answer = connection.getresponse()
    assert answer.read() == body
    connection.close()
    return answer.status


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The temporary files waitress moves something to during the test, closed at its end."""
    files: list[Any] = []
    make = waitress.buffers.TempfileBasedBuffer.newfile

    def newfile(buffer: waitress.buffers.TempfileBasedBuffer) -> Any:
        files.append(make(buffer))
        return files[-1]

    monkeypatch.setattr(waitress.buffers.TempfileBasedBuffer, "newfile", newfile)
    yield files
    for file in files:
        file.close()


def test_neither_a_request_nor_an_answer_is_spooled(spooled: list[Any]) -> None:
    with echo(**serve.waitress_settings(https=False)) as where:
        assert send(where, bytes(6 * MEGABYTE)) == 200
    assert spooled == []


def test_waitress_would_spool_them_otherwise(spooled: list[Any]) -> None:
    with echo() as where:
        assert send(where, bytes(6 * MEGABYTE)) == 200
    assert spooled


def test_a_body_beyond_the_bound_is_refused_before_it_is_sent() -> None:
    with echo(**serve.waitress_settings(https=False)) as where:
        connection = http.client.HTTPConnection(*where, timeout=60)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(uploads.MAX_BODY_BYTES + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()
