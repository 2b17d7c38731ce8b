"""Small servers on this machine that answer exactly what a test says, and count who came."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[socket.socket, bytes], None]


class Server:
    """``answer(line, question)`` is called for each connection, which is closed afterwards."""

    def __init__(self, answer: Answer, *, host: str = "::1", tls: ssl.SSLContext | None = None) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.socket(family)
        self._listening.bind((host, 0))
        self._listening.listen(16)
        self._answer, self._tls = answer, tls
        self.host, self.port = host, int(self._listening.getsockname()[1])
        self.asked: list[bytes] = []
        self.came = 0
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{shown}:{self.port}"

    def stop(self) -> None:
        self.ended.set()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self.came += 1
            threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line: socket.socket) -> None:
        try:
            if self._tls:
                line = self._tls.wrap_socket(line, server_side=True)
            with line:
                question = b""
                while b"\r\n\r\n" not in question:
                    more = line.recv(4096)
                    if not more:
                        return
                    question += more
                head, _, body = question.partition(b"\r\n\r\n")
                length = next(
                    (int(row[15:]) for row in head.split(b"\r\n") if row[:15].lower() == b"content-length:"), 0
                )
                while len(body) < length:
                    body += line.recv(4096)
                question = head + b"\r\n\r\n" + body
                self.asked.append(question)
                self._answer(line, question)
        except OSError:  # whoever asked went away, as some tests have it
            pass


@contextmanager
def serving(answer: Answer | bytes, *, host: str = "::1", tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for the time of a test. Bytes are sent as they are."""
    if isinstance(answer, bytes):
        said = answer

        def answer(line: socket.socket, _question: bytes) -> None:
            line.sendall(said)

    server = Server(answer, host=host, tls=tls)
    try:
        yield server
    finally:
        server.stop()


def page(body: bytes = b"<p>hello</p>", *head: str, status: str = "200 OK") -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}", *head]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to: str) -> bytes:
    """An answer that sends elsewhere."""
    return page(b"", f"Location: {to}", status="302 Found")
