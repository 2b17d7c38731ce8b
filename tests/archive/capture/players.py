"""Others' programs for web archives, in an environment of their own: the validator wacz and the player pywb."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.needs import need

PLAYERS = Path(sys.prefix) / "players" / "bin"


def player(name: str) -> str:
    """The program of this name, or the test is skipped for want of it."""
    path = PLAYERS / name
    need(f"{name} (requirements-players.lock)", path.exists())
    return str(path)


def validate(package: Path) -> tuple[bool, str]:
    """Whether wacz takes a package. A traceback is a no, whatever its exit says."""
    ended = subprocess.run(
        [player("wacz"), "validate", "-f", str(package)], capture_output=True, text=True, check=False, env=_plain()
    )
    said = ended.stdout + ended.stderr
    return ended.returncode == 0 and "Traceback" not in said and "Validation succeeded" in said, said


@contextmanager
def playing(folder: Path, package: Path, *, policy: str | None) -> Iterator[str]:
    """pywb with the package in a collection: its address. ``policy`` is sent with every page."""
    run = {"cwd": folder, "check": True, "capture_output": True, "env": _plain()}
    subprocess.run([player("wb-manager"), "init", "held"], **run)  # type: ignore[call-overload]  # as given above
    subprocess.run([player("wb-manager"), "add", "--unpack-wacz", "held", str(package)], **run)  # type: ignore[call-overload]
    said = "framed_replay: false\nenable_auto_fetch: false\n"
    if policy is not None:
        said += f'csp-header: "{policy}"\n'
    (folder / "config.yaml").write_text(said)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [player("wayback"), "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log, env=_plain()
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/held"
    finally:
        process.kill()
        process.wait()
        log.close()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it listens, for as long as it runs."""
    pause = threading.Event()
    while process.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise AssertionError("pywb did not start")


def _plain() -> dict[str, str]:
    """No proxy and no settings of whoever runs the tests."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
