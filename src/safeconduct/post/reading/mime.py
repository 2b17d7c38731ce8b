"""A message as it travels (.eml): headers, text and what is attached, within bounds, by the standard library."""

import codecs
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import errors, policy
from email.header import decode_header
from email.parser import HeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from .letter import (
    MOST_ADDRESSES,
    MOST_ANSWERED,
    MOST_ATTACHED,
    MOST_BYTES,
    MOST_TEXT,
    MOST_VALUE,
    Attachment,
    Fault,
    Letter,
    Refused,
    Unread,
    line,
    printable,
)
from .parts import Part, parse

_HEADER: Final = re.compile(rb"^[!-9;-~]{1,76}[ \t]*:", re.MULTILINE)
_KNOWN: Final = re.compile(
    rb"^(from|to|subject|date|message-id|received|return-path|mime-version|delivered-to|sender)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_ID: Final = re.compile(r"<([^<>\s]{1,250})>")
# Ways of writing in letters and digits alone, which take for ever to undo; no text is sent in them.
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape"})
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})


def is_mail(data: bytes) -> bool:
    """Whether this begins as a message does: with headers, one of them of the kind every message has."""
    head = data[: 64 * 1024].lstrip(b"\xef\xbb\xbf\r\n \t")
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return _HEADER.match(block) is not None and _KNOWN.search(block) is not None


def read(data: bytes) -> Letter:
    """The letter in ``data``. Raises `Refused`."""
    data = data.lstrip(b"\xef\xbb\xbf\r\n \t") if not is_plain_start(data) else data
    _require_bounded(data)
    try:
        return _Reading(parse(data), data).letter()
    except (RecursionError, MemoryError, errors.MessageError, ValueError, LookupError, TypeError, AttributeError):
        # What the parser of the standard library makes of damaged structures is not always a fault of its own kind.
        raise Refused(Unread.DAMAGED) from None


def is_plain_start(data: bytes) -> bool:
    """Whether the first byte is of a header already."""
    return _HEADER.match(data) is not None


def _require_bounded(data: bytes) -> None:
    """Look at the bytes before anything is made of them: a parser is only as quick as what it is given."""
    if len(data) > MOST_BYTES:
        raise Refused(Unread.TOO_LARGE)
    if not data.strip():
        raise Refused(Unread.EMPTY)
    if not is_mail(data):
        raise Refused(Unread.NOT_MAIL)


class _Reading:
    """One message on its way into a letter."""

    def __init__(self, message: Part, data: bytes) -> None:
        self._message, self._data = message, data
        self._faults: dict[str, None] = {}
        self._plain: list[str] = []
        self._html: list[str] = []
        self._attached: list[Attachment] = []

    def letter(self) -> Letter:
        self._walk(self._message)
        sender_name, sender = self._sender()
        sent_at = self._sent_at()
        plain, html = self._text(self._plain), self._text(self._html)
        if sent_at is None:
            self._note(Fault.NO_DATE)
        if not sender:
            self._note(Fault.NO_SENDER)
        return Letter(
            data=self._data,
            media="eml",
            message_id=next(iter(ids(self._header(self._message, "message-id"))), ""),
            answers=self._answers(),
            sender=sender,
            sender_name=sender_name,
            to=tuple(address for _, address in self._addresses("to", "cc"))[:MOST_ADDRESSES],
            subject=line(self._header(self._message, "subject")),
            sent_at=sent_at,
            plain=plain,
            html=html,
            attached=tuple(self._attached),
            faults=tuple(self._faults),
        )

    def _walk(self, part: Part) -> None:
        if part.defects:
            self._note(Fault.STRUCTURE)
        kind, attached = self._kind(part)
        inside = part.inside()
        if kind == "message/rfc822" and inside:
            self._inner(inside)
        elif part.is_multipart():
            for one in inside:
                self._walk(one)
        elif kind in _SEALED:
            self._note(Fault.ENCRYPTED)
        elif kind == "text/plain" and not attached:
            self._plain.append(self._decoded(part))
        elif kind == "text/html" and not attached:
            self._html.append(self._decoded(part))
        else:
            self._attach(self._name(part) or kind.replace("/", "."), self._raw(part))

    def _inner(self, inside: Sequence[Part]) -> None:
        """A message inside a message is kept as a file."""
        for one in inside:
            subject = line(self._header(one, "subject"))
            self._attach(f"{subject or 'message'}.eml", one.as_bytes(policy=policy.compat32))

    def _kind(self, part: Part) -> tuple[str, bool]:
        """The type of a part, and whether it is meant as a file."""
        raw = _raw_header(part, "content-type")
        if len(raw) > MOST_VALUE:
            return "application/octet-stream", True
        said = _raw_header(part, "content-disposition").strip().lower()
        kind = raw.split(";", 1)[0].strip().lower()
        if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}", kind) is None:
            kind = "text/plain"
        return kind, said.startswith("attachment")

    def _decoded(self, part: Part) -> str:
        raw = self._raw(part)
        declared = _parameter(_raw_header(part, "content-type"), "charset") or "utf-8"
        for name in dict.fromkeys((declared, "utf-8")):
            try:
                if codecs.lookup(name).name not in _NO_CHARSETS:
                    return raw.decode(name)
            except (LookupError, UnicodeError, ValueError):
                pass
            self._note(Fault.CHARSET)
        return raw.decode("cp1252", "replace")

    def _raw(self, part: Part) -> bytes:
        found = part.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""

    def _attach(self, name: str, data: bytes) -> None:
        if len(self._attached) == MOST_ATTACHED:
            raise Refused(Unread.TOO_MANY_PARTS)
        self._attached.append(Attachment(line(name)[:200], data))

    def _name(self, part: Part) -> str:
        if max(len(_raw_header(part, one)) for one in ("content-disposition", "content-type")) > MOST_VALUE:
            return ""
        try:
            return part.get_filename() or ""
        except (ValueError, LookupError, IndexError, AttributeError, TypeError, errors.MessageError):
            return ""

    def _text(self, parts: list[str]) -> str:
        text = "\n\n".join(printable(one).strip("\n") for one in parts)
        if len(text) > MOST_TEXT:
            self._note(Fault.CUT)
        return text[:MOST_TEXT]

    def _sender(self) -> tuple[str, str]:
        return next(iter(self._addresses("from", "sender")), ("", ""))

    def _addresses(self, *names: str) -> list[tuple[str, str]]:
        return addresses(", ".join(filter(None, (self._header(self._message, name) for name in names))))

    def _sent_at(self) -> datetime | None:
        return when(self._header(self._message, "date"))

    def _answers(self) -> tuple[str, ...]:
        found = [*ids(self._header(self._message, "references")), *ids(self._header(self._message, "in-reply-to"))]
        # The newest stand last, and are what counts.
        return tuple(dict.fromkeys(found))[-MOST_ANSWERED:]

    def _header(self, part: Part, name: str) -> str:
        return _decoded_header(_raw_header(part, name)[:MOST_VALUE])

    def _note(self, fault: str) -> None:
        self._faults[fault] = None


def when(written: str) -> datetime | None:
    """The instant a header of dates names; None where it names none between 1990 and 2100."""
    try:
        found = parsedate_to_datetime(written.strip()[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if 1990 <= found.year < 2100 else None


def addresses(header: str) -> list[tuple[str, str]]:
    """Names and addresses of a header, each address once."""
    found: dict[str, str] = {}
    try:
        read = getaddresses([header[: 2 * MOST_VALUE]])
    except (RecursionError, IndexError, ValueError):  # comments within comments, thousands deep
        read = [("", one) for one in re.findall(r"[^\s<>(),;:\"]{1,64}@[^\s<>(),;:\"]{1,190}", header)]
    for name, address in read[:MOST_ADDRESSES]:
        if "@" in address:
            found.setdefault(line(address).lower()[:254], line(name)[:200])
    return [(name, address) for address, name in found.items()]


def headers_of(block: str) -> dict[str, str]:
    """The first header of each name in a block of them, by name in lower case, with encoded words read."""
    message = HeaderParser(policy=policy.compat32).parsestr(block)
    out: dict[str, str] = {}
    for name, value in message.raw_items():
        out.setdefault(name.lower(), _decoded_header(re.sub(r"[\r\n]+[ \t]?", " ", str(value))[:MOST_VALUE]))
    return out


def ids(header: str) -> Iterator[str]:
    """Ids of messages as a header names them, in lower case only behind the @."""
    for one in _ID.findall(header):
        local, at, domain = one.rpartition("@")
        yield f"{local}{at}{domain.lower()}"


def _raw_header(part: Part, name: str) -> str:
    """The first header of that name as it stands, unfolded: the parser of values never sees it."""
    for header, value in part.raw_items():
        if header.lower() == name:
            return re.sub(r"[\r\n]+[ \t]?", " ", str(value))
    return ""


def _decoded_header(raw: str) -> str:
    """A header with its encoded words read."""
    out = []
    try:
        pieces = decode_header(raw)
    except (errors.HeaderParseError, ValueError):
        return raw
    for piece, charset in pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        for name in (charset or "utf-8", "utf-8", "cp1252"):
            try:
                out.append(piece.decode(name))
                break
            except (LookupError, UnicodeError, ValueError):
                continue
        else:
            out.append(piece.decode("cp1252", "replace"))
    # Raw bytes above ASCII come out of the parser as surrogates: they are UTF-8 far more often than not.
    try:
        return "".join(out).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return "".join(out)  # surrogates of another origin: `printable` leaves them out


def _parameter(header: str, name: str) -> str:
    found = re.search(rf"{name}\s*=\s*(?:\"([^\"]{{1,60}})\"|([^\s;\"]{{1,60}}))", header[:MOST_VALUE], re.IGNORECASE)
    return (found.group(1) or found.group(2)) if found else ""
