"""Fetching one address: each step of the way judged and connected to here, and spoken to in a process of its own.

The desk looks a name up, judges every address it has and connects (`reach`). What the server says is heard by a process
that was handed the line and can open nothing else (`visit`). Where it answers that it moved, the new address starts
again from the beginning.
"""

import base64
import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from ..captured import Captured, Hop, NotFetched, Unreached
from . import response, visit
from .reach import PUBLIC, Lookup, NotReached, Place, Reach, connect, place_of

SECONDS: Final = 60.0
MOST_HOPS: Final = 8
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_HEAD: Final = 4 << 20
_AT_ONCE: Final = threading.BoundedSemaphore(2)
# It says that a program asks, and not whose.
_HEADERS: Final = (
    ("User-Agent", "Mozilla/5.0 (compatible; archiving)"),
    ("Accept", "text/html,application/xhtml+xml,application/pdf,application/xml;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "identity"),
    ("Connection", "close"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """How an address is gone to: what may be reached, whom else to trust (PEM), the bounds, and the resolver."""

    reach: Reach = PUBLIC
    trusted: str = ""
    seconds: float = SECONDS
    most: int = response.MOST_BYTES
    lookup: Lookup | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one server answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    media_type: str
    wire: bytes
    body: bytes
    server: str

    @property
    def location(self) -> str:
        """Where it sends us, if it does."""
        if self.status not in _MOVED:
            return ""
        return next((value for name, value in self.headers if name.lower() == "location"), "").strip()


def fetch(address: str, *, way: Way | None = None) -> Captured | NotFetched:
    """Capture what an address answers with, whatever its status. It waits at most ``way.seconds`` altogether.

    A page that says 404 is captured as such: what to make of it is for whoever asked.
    """
    way = way or Way()
    until = time.monotonic() + way.seconds
    hops: list[Hop] = []
    here = address.partition("#")[0]
    try:
        while True:
            heard = ask(place_of(here), way=way, until=until)
            if not heard.location:
                break
            if len(hops) == MOST_HOPS:
                return NotFetched(Unreached.TOO_MANY_HOPS, tuple(hops))
            hops.append(Hop(here, heard.status, heard.location))
            here = _joined(here, heard.location)
    except NotReached as fault:
        return NotFetched(fault.reason, tuple(hops))
    return Captured(
        target=here,
        captured_at=datetime.now(UTC),
        media_type=heard.media_type,
        body=heard.body,
        status=heard.status,
        headers=heard.headers,
        wire=heard.wire,
        asked=address,
        server=heard.server,
        hops=tuple(hops),
    )


def ask(
    place: Place,
    *,
    way: Way,
    until: float,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
) -> Heard:
    """Put one question to one server. Raises `NotReached`."""
    question = {
        "tls": place.tls,
        "host": place.host,
        "port": place.port,
        "path": place.path,
        "method": method,
        "headers": [*_HEADERS, *headers],
        "body": base64.b64encode(body).decode(),
        "most": way.most,
        "trusted": way.trusted,
    }
    if not _AT_ONCE.acquire(timeout=max(0.0, until - time.monotonic())):
        raise NotReached(Unreached.TIME)
    try:
        line, server = connect(place, reach=way.reach, until=until, lookup=way.lookup)
        with line:
            late, answer = _visit(line, json.dumps(question).encode(), 2 * way.most + _HEAD, until)
    finally:
        _AT_ONCE.release()
    if late:
        raise NotReached(Unreached.TIME)
    return _read(answer, server)


def _visit(line: socket.socket, question: bytes, most: int, until: float) -> tuple[bool, bytes]:
    """Whether the time was over, and what the process answered. It has nothing open but its line and its pipes."""
    process = subprocess.Popen(  # noqa: S603 - this program's own file; the address goes by the pipe
        [sys.executable, "-I", "-B", str(Path(visit.__file__)), str(line.fileno())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(line.fileno(),),
        cwd="/",
        env={},
        start_new_session=True,
    )
    over = threading.Event()

    def end() -> None:
        over.set()
        process.kill()

    late = threading.Timer(max(0.0, until - time.monotonic()), end)
    late.start()
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(question)
            process.stdin.close()
        except BrokenPipeError:
            pass
        answer = process.stdout.read(most + 1)
        process.stdout.close()
        return over.is_set(), answer if len(answer) <= most else b""
    finally:
        late.cancel()
        process.kill()
        process.wait()


def _read(answer: bytes, server: str) -> Heard:
    head, _, rest = answer.partition(b"\n")
    try:
        said: dict[str, Any] = json.loads(head)
        if "fault" in said:
            raise NotReached(Unreached(said["fault"]))
        wire, body = int(said["wire"]), int(said["body"])
        headers = tuple((str(name), str(value)) for name, value in said["headers"])
        heard = Heard(int(said["status"]), headers, str(said["media_type"]), rest[:wire], rest[wire:], server)
    except (ValueError, KeyError, TypeError):
        raise NotReached(Unreached.NO_ANSWER) from None
    if len(heard.body) != body:
        raise NotReached(Unreached.NO_ANSWER)
    return heard


def _joined(here: str, location: str) -> str:
    try:
        return urljoin(here, location).partition("#")[0]
    except ValueError:
        raise NotReached(Unreached.NO_ADDRESS) from None
