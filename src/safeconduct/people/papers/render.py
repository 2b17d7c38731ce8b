"""Drawing one page of a file, in a process that can do nothing else. Run by `preview`, never imported by the desk.

    python -I render.py pdf|jpeg|png PAGE WIDTH   < the file   > "pages format length\\n" and the picture

It gets the file by its standard input, first gives up everything but computing (no file, no network, no process can be
opened from then on), then reads. It exits with 0, 3 (does not open: damaged), 4 (opens with a password only), 5 (this
machine cannot confine it) or 6 (no such page); killed by the system where it takes too much time or memory.
"""

import contextlib
import io
import os
import sys
from typing import Final

from safeconduct.core.confining import MEMORY as MEMORY
from safeconduct.core.confining import bound, confine

DAMAGED, PASSWORD, UNCONFINED, NO_PAGE = 3, 4, 5, 6
MOST_PIXELS: Final = 64_000_000
MOST_HIGH: Final = 4000


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
