"""Speaking to one web server over a line that is already there, in a process that can do nothing else.

    python -I visit.py LINE   < what to ask, as JSON   > one line of JSON, then the answer as it came, then its content

Run by `steps`, never imported by the desk. It is handed a connected socket and its question; then it gives up every
file, every further connection and every process, and only then hears what the server says. One line of its answer is

    {"wire": 5120, "body": 20480, "status": 200, "headers": [["Content-Type", "text/html"]], "media_type": "text/html"}

or ``{"fault": "too_large"}``, a value of `captured.Unreached`.
"""

import base64
import contextlib
import http.client
import io
import json
import os
import ssl
import sys
import zlib
from pathlib import Path
from typing import Any, Final

from safeconduct.archive.capture.captured import Unreached
from safeconduct.archive.capture.fetching import response
from safeconduct.core.confining import bound, confine

_STEP: Final = 1 << 16
_HEAD: Final = 1 << 20
_BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


class Line(io.RawIOBase):
    """The socket's bytes, through TLS where there is one, each kept as it came."""

    def __init__(self, number: int, tls: ssl.SSLContext | None, host: str, most: int) -> None:
        self._number = number
        self._most = most
        self.wire = bytearray()
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = tls.wrap_bio(self._in, self._out, server_hostname=host) if tls else None

    def shake(self) -> None:
        """Agree on keys, and on who the server is."""
        while self._tls is not None:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._turn()
            else:
                self._flush()
                return

    def sendall(self, data: bytes) -> None:
        if self._tls is None:
            self._send(data)
            return
        self._tls.write(data)
        self._flush()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._receive(len(buffer))
        self.wire += data
        if len(self.wire) > self._most:
            raise response.TooLarge("the answer is larger than is taken in")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """The line stays open: it is the process that ends."""

    def _receive(self, most: int) -> bytes:
        if self._tls is None:
            return os.read(self._number, most)
        while True:
            try:
                return self._tls.read(most)
            except ssl.SSLWantReadError:
                self._turn()
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def _turn(self) -> None:
        self._flush()
        data = os.read(self._number, _STEP)
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def _flush(self) -> None:
        self._send(self._out.read())

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._number, data) :]


def trust(extra: str) -> ssl.SSLContext:
    """Whom this machine trusts, loaded at once: afterwards no file can be opened."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    usual = ssl.get_default_verify_paths().cafile
    for path in (usual, *_BUNDLES):
        if path and Path(path).is_file():
            context.load_verify_locations(path)
            break
    if extra:
        context.load_verify_locations(cadata=extra)
    return context


def ask(line: Line, question: dict[str, Any]) -> dict[str, Any]:
    """Ask, and hear the whole answer."""
    line.shake()
    connection = http.client.HTTPConnection(question["host"], question["port"])
    connection.default_port = 443 if question["tls"] else 80
    held: Any = line
    connection.sock = held
    body = base64.b64decode(question["body"])
    connection.putrequest(question["method"], question["path"], skip_accept_encoding=True)
    for name, value in question["headers"]:
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    answer = response.take_apart(io.BufferedReader(line, _STEP), most=question["most"], method=question["method"])
    return {
        "status": answer.status,
        "headers": answer.headers,
        "media_type": answer.media_type,
        "wire": len(line.wire),
        "body": len(answer.body),
        "content": answer.body,
    }


def warm_up() -> None:
    """Have loaded what is loaded on first use."""
    packed = zlib.compressobj(wbits=31)
    content = packed.compress(b"warm") + packed.flush()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)
    response.take_apart(io.BytesIO(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk))
    with contextlib.suppress(response.NotHttp):
        response.take_apart(io.BytesIO(b"\xff\xfe nothing\r\n\r\n"))
    with contextlib.suppress(response.Cut):
        response.take_apart(io.BytesIO(b"HTTP/1.1 200 OK\r\nX: \xe9\r\nContent-Length: 9\r\n\r\n1"))
    json.dumps({"é": 1})


def answered(number: int, question: dict[str, Any]) -> tuple[dict[str, Any], bytes, bytes]:
    """Give everything up, ask, and say what came, or why nothing did."""
    warm_up()
    line = Line(
        number, trust(question["trusted"]) if question["tls"] else None, question["host"], question["most"] + _HEAD
    )
    bound()
    if not confine():
        return {"fault": Unreached.NOT_HERE}, b"", b""
    try:
        said = ask(line, question)
    except response.TooLarge:
        return {"fault": Unreached.TOO_LARGE}, b"", b""
    except response.NotHttp:
        return {"fault": Unreached.NOT_HTTP}, b"", b""
    except ssl.SSLCertVerificationError:
        return {"fault": Unreached.NO_TRUST}, b"", b""
    except (response.Cut, OSError):  # of TLS too
        return {"fault": Unreached.NO_ANSWER}, b"", b""
    except MemoryError:
        return {"fault": Unreached.TOO_LARGE}, b"", b""
    return said, bytes(line.wire), said.pop("content")


def main() -> None:
    """Read what to ask, ask it, answer."""
    said, wire, body = answered(int(sys.argv[1]), json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + wire + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    code = 0
    try:
        main()
    except BaseException:  # nothing of a fault is told: its text could quote the page
        code = 3
    os._exit(code)
