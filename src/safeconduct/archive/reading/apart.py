"""Reading in a process that can do nothing else. Run by `read`; never imported by the desk but for its numbers.

    python -I apart.py

It loads what it needs once. For each file it gets by its standard input it forks: the child gives up everything but
computing (no file, no network, no process can be opened from then on), reads, and answers by a pipe. What one file does
to its child is gone with it. The parent looks at no byte of any file.

    request:  4 bytes length, JSON {"name", "media_type"}; 8 bytes length, the file
    answer:   1 byte (0 read, 1 not read), 8 bytes length, JSON of the reading or the reason
"""

import contextlib
import encodings
import gc
import importlib
import os
import pkgutil
import signal
import struct
import sys
from datetime import datetime
from typing import BinaryIO, Final

import msgspec

from safeconduct.archive.reading.shape import NotRead, Reading, Unfit

READ, NOT_READ = 0, 1
ASKED: Final = struct.Struct(">I")
SENT: Final = struct.Struct(">Q")
ANSWERED: Final = struct.Struct(">BQ")
MOST_ANSWER: Final = 1 << 28


class Asked(msgspec.Struct):
    """What is said of a file beside its bytes."""

    name: str = ""
    media_type: str | None = None


def warm_up() -> None:
    """Have everything loaded that is loaded on first use: afterwards no file can be opened."""
    from safeconduct.archive.reading.door import read_here

    datetime.strptime("2020+0000", "%Y%z")
    for codec in pkgutil.iter_modules(encodings.__path__):  # imported when a source first names it
        if codec.name not in {"mbcs", "oem"}:  # another system's
            importlib.import_module(f"encodings.{codec.name}")
    page = "<html><head><title>A page</title></head><body><p>" + "Words that say nothing to anybody at all. " * 20
    feed = (
        "<rss version='2.0'><channel><title>A</title><item><title>B</title><pubDate>Fri, 18 Sep 2020 09:30:00 GMT"
        "</pubDate><description>&lt;p&gt;C</description></item></channel></rss>"
    )
    for text in (page, feed, "Some text.\n\nMore of it."):
        read_here(text.encode())
    with contextlib.suppress(NotRead):
        read_here(b"%PDF-1.7\n")
    with contextlib.suppress(NotRead):
        read_here(b"WARC/1.1\r\n\r\n")
    with contextlib.suppress(NotRead):
        read_here(b"PK\x05\x06" + bytes(18))


def child(data: bytes, asked: Asked, out: int) -> None:
    """Give everything up, read, answer. Never returns."""
    from safeconduct.archive.reading.door import read_here
    from safeconduct.core.confining import bound, confine

    bound()
    if not confine():
        answer(out, NOT_READ, Unfit.NOT_HERE.value.encode())
        os._exit(0)
    try:
        reading = read_here(data, name=asked.name, media_type=asked.media_type)
        said, body = READ, msgspec.json.encode(reading)
    except NotRead as fault:
        said, body = NOT_READ, fault.reason.value.encode()
    except MemoryError:
        said, body = NOT_READ, Unfit.TOO_COSTLY.value.encode()
    except BaseException:  # nothing of a fault is told: its text could quote the file
        said, body = NOT_READ, Unfit.DAMAGED.value.encode()
    answer(out, said, body)
    os._exit(0)


def answer(out: int, said: int, body: bytes) -> None:
    """Write an answer out whole."""
    left = memoryview(ANSWERED.pack(said, len(body)) + body)
    while left:
        left = left[os.write(out, left) :]


def one(data: bytes, asked: Asked) -> bytes:
    """What a child answers, or that it was ended by the system for taking too much."""
    inlet, outlet = os.pipe()
    identifier = os.fork()
    if identifier == 0:
        for line in (inlet, 0, 1):  # neither the next file nor the line its answer goes by
            os.close(line)
        child(data, asked, outlet)
    os.close(outlet)
    with os.fdopen(inlet, "rb") as pipe:
        whole = pipe.read(MOST_ANSWER + 1)
    with contextlib.suppress(ProcessLookupError):
        os.kill(identifier, signal.SIGKILL)
    os.waitpid(identifier, 0)
    if len(whole) > MOST_ANSWER:
        return _refused(Unfit.TOO_LARGE)
    if len(whole) < ANSWERED.size or len(whole) != ANSWERED.size + ANSWERED.unpack_from(whole)[1]:
        return _refused(Unfit.TOO_COSTLY)
    return whole


def _refused(reason: Unfit) -> bytes:
    body = reason.value.encode()
    return ANSWERED.pack(NOT_READ, len(body)) + body


def main(source: BinaryIO, out: int) -> None:
    """Answer until there is nothing more to read."""
    warm_up()
    gc.collect()
    gc.freeze()  # a child that collected what the parent loaded would copy all of its memory
    answer(out, READ, b"")
    while len(head := source.read(ASKED.size)) == ASKED.size:
        asked = msgspec.json.decode(source.read(ASKED.unpack(head)[0]), type=Asked)
        data = source.read(SENT.unpack(source.read(SENT.size))[0])
        whole = one(data, asked)
        del data
        left = memoryview(whole)
        while left:
            left = left[os.write(out, left) :]


DECODER: Final = msgspec.json.Decoder(Reading)

if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.fileno())
