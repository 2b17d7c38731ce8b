"""A web server's answer, taken apart by the standard library within bounds: where it comes, and where it is kept."""

import http.client
import io
import zlib
from dataclasses import dataclass
from typing import Any, Final

MOST_BYTES: Final = 64 * 1024 * 1024
_STEP: Final = 1 << 16
_ANY_HEAD: Final = 47  # zlib: a gzip or a zlib head, whichever is there
_BARE: Final = -15


class TooLarge(Exception):
    """More bytes than were allowed, as they came or unpacked."""


class NotHttp(Exception):
    """No answer as the protocol has it."""


class Cut(Exception):
    """The answer ends before it said it would."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of an answer, and its content: unpacked where ``headers`` say that it is gzip or deflate."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value for each, value in self.headers if each.lower() == name), "")

    @property
    def media_type(self) -> str:
        """The type the server claims, with its parameters."""
        return self.header("content-type").strip() or "application/octet-stream"


class _Line:
    """What `http.client` takes for a socket."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        return self._stream


def take_apart(stream: io.BufferedIOBase, *, most: int = MOST_BYTES, method: str = "GET", whole: bool = True) -> Answer:
    """Read one answer to its end. ``most`` bounds its content, packed and unpacked.

    Raises:
        TooLarge: as soon as the bound is passed. NotHttp: it is none. Cut: it ends early and ``whole`` was asked for.
    """
    line: Any = _Line(stream)
    answer = http.client.HTTPResponse(line, method=method)
    try:
        answer.begin()
        packed = _content(answer, most, whole)
    except (http.client.IncompleteRead, http.client.RemoteDisconnected) as fault:
        raise Cut("the answer ends before it said it would") from fault
    except (http.client.HTTPException, ValueError) as fault:
        raise NotHttp("what came is no answer of a web server") from fault
    headers = tuple((name, value) for name, value in answer.headers.items())
    return Answer(answer.status, headers, _unpacked(packed, answer.headers.get("content-encoding", ""), most, whole))


def take_apart_bytes(wire: bytes, *, most: int = MOST_BYTES) -> Answer:
    """The same of an answer that was kept: what is missing at its end is missing. Raises `TooLarge`, `NotHttp`."""
    return take_apart(io.BytesIO(wire), most=most, whole=False)


def _content(answer: http.client.HTTPResponse, most: int, whole: bool) -> bytes:
    parts: list[bytes] = []
    length = 0
    announced = answer.length
    while True:
        try:
            part = answer.read(min(_STEP, most + 1 - length))
        except http.client.IncompleteRead as fault:
            if whole:
                raise
            part, announced = fault.partial, None
            parts.append(part)
            length += len(part)
            break
        if not part:
            break
        parts.append(part)
        length += len(part)
        if length > most:
            raise TooLarge("the answer is larger than is taken in")
    if whole and announced is not None and length < announced:
        raise http.client.IncompleteRead(b"", announced - length)
    return b"".join(parts)


def _unpacked(packed: bytes, coding: str, most: int, whole: bool) -> bytes:
    coding = coding.strip().lower()
    if coding not in ("gzip", "x-gzip", "deflate") or not packed:
        return packed  # as it came: what nobody here can unpack is kept all the same
    try:
        return unpack(packed, most=most, whole=whole)
    except zlib.error:
        if coding == "deflate":  # many servers leave its two bytes of head out
            try:
                return unpack(packed, most=most, bits=_BARE, whole=whole)
            except zlib.error:
                pass
        raise NotHttp("the content is not packed as the head says") from None


def unpack(packed: bytes, *, most: int, bits: int = _ANY_HEAD, whole: bool = True) -> bytes:
    """Unpack gzip, of one member or several, or zlib. Raises `TooLarge`, `Cut`, `zlib.error`."""
    parts: list[bytes] = []
    left = most
    while packed:
        member = zlib.decompressobj(bits)
        part = member.decompress(packed, left + 1)
        if len(part) > left or member.unconsumed_tail:
            raise TooLarge("it unpacks to more than is taken in")
        parts.append(part)
        left -= len(part)
        if not member.eof:
            if whole:
                raise Cut("it ends before it said it would")
            break
        packed = member.unused_data
        if bits == _ANY_HEAD and packed[:2] != b"\x1f\x8b":  # what follows the last member is padding
            break
    return b"".join(parts)
