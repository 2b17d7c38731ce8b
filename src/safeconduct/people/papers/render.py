"""Drawing one page of a file, in a process that can do nothing else. Run by `preview`, never imported by the desk.

    python -I render.py pdf|jpeg|png PAGE WIDTH   < the file   > "pages format length\\n" and the picture

It gets the file by its standard input, first gives up everything but computing (no file, no network, no process can be
opened from then on), then reads. It exits with 0, 3 (does not open: damaged), 4 (opens with a password only), 5 (this
machine cannot confine it) or 6 (no such page); killed by the system where it takes too much time or memory.
"""

import contextlib
import ctypes
import io
import os
import platform
import resource
import sys
from typing import Final

DAMAGED, PASSWORD, UNCONFINED, NO_PAGE = 3, 4, 5, 6
MEMORY: Final = 1 << 30
SECONDS: Final = 20
MOST_PIXELS: Final = 64_000_000
MOST_HIGH: Final = 4000

# By number, since names differ from one C library to the next (Linux: arch/x86/entry/syscalls, asm-generic/unistd.h).
# Reading and writing what is open, memory, clocks, threads waiting for one another, and leaving.
_ALLOWED: Final = {
    "x86_64": (
        0xC000003E,
        "0 1 3 5 8 9 10 11 12 13 14 15 20 24 25 28 35 39 60 96 131 186 202 228 230 231 262 318 334",
    ),
    "aarch64": (
        0xC00000B7,
        "57 62 63 64 66 79 80 93 94 98 99 101 113 115 124 131 132 134 135 139 169 172 178 214 215 216 222 226 233 278"
        " 293",
    ),
}
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER, _DUMPABLE = 38, 22, 2, 4
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def confine() -> bool:
    """Give up every call to the system but those of `_ALLOWED`: whatever else is tried fails. False: not here."""
    known = _ALLOWED.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    machine, calls = known
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    steps += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]  # the other numbering of the same machine
    for call in calls.split():
        steps += [(_EQUAL, 0, 1, int(call)), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _REFUSE))
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    library = ctypes.CDLL(None)
    library.prctl(_DUMPABLE, 0, 0, 0, 0)
    done: bool = library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    return done and library.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0


def bound() -> None:
    """Limits of memory, time and written bytes: none may be written to a file."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def draw_pdf(data: bytes, page: int, width: int) -> tuple[int, str, bytes]:
    """How many pages there are, and one of them as PNG."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        sys.exit(PASSWORD if "password" in str(fault).lower() else DAMAGED)
    try:
        pages = len(document)
        if not 1 <= page <= pages:
            sys.exit(NO_PAGE if pages else DAMAGED)
        one = document[page - 1]
        wide, high = one.get_size()
        scale = min(width / max(wide, 1), MOST_HIGH / max(high, 1))
        picture = one.render(scale=scale, may_draw_forms=False).to_pil()
    except (pypdfium2.PdfiumError, ValueError, OSError):
        sys.exit(DAMAGED)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return pages, "png", out.getvalue()


def draw_picture(data: bytes, kind: str, width: int) -> tuple[int, str, bytes]:
    """A picture drawn anew, upright, with nothing of what the camera wrote about it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=(kind.upper(),)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                sys.exit(DAMAGED)
            picture.draft("RGB", (width, width))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((width, MOST_HIGH))
            plain = upright.convert("RGBA" if kind == "png" else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        sys.exit(DAMAGED)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    bare.save(out, kind.upper(), **({"quality": 85} if kind == "jpeg" else {}))
    return 1, kind, out.getvalue()


def warm_up(kind: str) -> None:
    """Have everything loaded that is loaded on first use: afterwards no file can be opened."""
    from PIL import Image

    Image.init()
    out = io.BytesIO()
    small = Image.new("RGB", (9, 9), "white")
    small.save(out, kind.upper())
    if kind == "pdf":
        draw_pdf(out.getvalue(), 1, 9)
    else:
        draw_picture(out.getvalue(), kind, 9)


def main() -> None:
    """Warm up, give everything up, read, draw, answer."""
    kind, page, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    warm_up(kind)
    bound()
    if not confine():
        os._exit(UNCONFINED)
    data = sys.stdin.buffer.read()
    pages, form, picture = draw_pdf(data, page, width) if kind == "pdf" else draw_picture(data, kind, width)
    sys.stdout.buffer.write(b"%d %s %d\n" % (pages, form.encode(), len(picture)) + picture)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    code = 0
    try:
        main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else DAMAGED
    except BaseException:  # nothing of a fault is told: its text could quote the file
        code = DAMAGED
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    os._exit(code)
