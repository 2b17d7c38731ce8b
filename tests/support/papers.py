"""Invented papers, drawn when they are needed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

WORDS = "docxword"


def png(width: int = 60, height: int = 40, *, colour: str = "navy") -> bytes:
    """A picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def jpeg(*, place: bool = False, width: int = 60, height: int = 40) -> bytes:
    """A photograph; with ``place`` the camera wrote where it was taken, and a word of its own."""
    from PIL import Image

    out = io.BytesIO()
    picture = Image.new("RGB", (width, height), "olive")
    if not place:
        picture.save(out, "JPEG")
        return out.getvalue()
    exif = Image.Exif()
    exif[0x010E] = "QUIETHARBOUR"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 29.0, 3.0), 3: "W", 4: (0.0, 7.0, 1.0)})
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def pdf(pages: int = 1, *, text: str = "An invented letter") -> bytes:
    """A letter of some pages."""
    from PIL import Image, ImageDraw

    sheets = []
    for number in range(pages):
        sheet = Image.new("RGB", (300, 420), "white")
        ImageDraw.Draw(sheet).text((20, 20), f"{text} {number + 1}", fill="black")
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def docx(more: Mapping[str, bytes] | None = None, *, types: bytes = b"") -> bytes:
    """A letter of a word processor, as small as one can be."""
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return archive(
        {
            "[Content_Types].xml": b"<Types><Override ContentType='" + (types or kind) + b"'/></Types>",
            "word/document.xml": f"<w:document>{WORDS}</w:document>".encode(),
            **(more or {}),
        }
    )


def odt(more: Mapping[str, bytes] | None = None) -> bytes:
    """The same for the other family of word processors."""
    return archive(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>", **(more or {})}
    )


def png_of_size(width: int, height: int) -> bytes:
    """A picture that says it is as large as this and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
