"""A message as Outlook saves it (.msg): a compound file, whose sizes are looked at before anything of it is read."""

import struct
from datetime import UTC, datetime
from email import errors
from io import BytesIO
from typing import Final

import olefile
from oxmsg import Message
from oxmsg.domain import constants
from oxmsg.domain.model import UnrecognizedCodePageError, UnsupportedEncodingError

from . import mime
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

SIGN: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_ENTRIES: Final = 20_000
_HEADERS: Final = constants.PID_TRANSPORT_MESSAGE_HEADERS
# [MS-OXPROPS]: the id of a message, the one it answers, and the ids before that.
_MESSAGE_ID, _IN_REPLY_TO, _REFERENCES = 0x1035, 0x1042, 0x1039


def read(data: bytes) -> Letter:
    """The letter in ``data``. Raises `Refused`."""
    if len(data) > MOST_BYTES:
        raise Refused(Unread.TOO_LARGE)
    try:
        _require_bounded(data)
        return _letter(data, Message.load(data))
    except (
        OSError,
        EOFError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        RecursionError,
        MemoryError,
        NotImplementedError,
        struct.error,
        errors.MessageError,
        UnrecognizedCodePageError,
        UnsupportedEncodingError,
    ):
        # Neither library says in advance what it raises on damaged files.
        raise Refused(Unread.DAMAGED) from None


def _require_bounded(data: bytes) -> None:
    """No stream says that it is larger than the file: one that does can be made to be read over and over."""
    with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as opened:
        entries = [entry for entry in opened.direntries if entry is not None]
        if len(entries) > _MOST_ENTRIES:
            raise Refused(Unread.TOO_MANY_PARTS)
        if sum(entry.size for entry in entries if entry.entry_type == olefile.STGTY_STREAM) > len(data):
            raise Refused(Unread.DAMAGED)


def _letter(data: bytes, message: Message) -> Letter:
    properties = message.properties
    faults: dict[str, None] = {}
    headers = mime.headers_of((properties.str_prop_value(_HEADERS) or "")[: 4 * MOST_VALUE])
    name, sender = _sender(message, headers)
    sent_at = mime.when(headers.get("date", "")) or _aware(message.sent_date)
    plain, html = _text(message, faults)
    if sent_at is None:
        faults[Fault.NO_DATE] = None
    if not sender:
        faults[Fault.NO_SENDER] = None
    answers = [
        *mime.ids(headers.get("references", "") or properties.str_prop_value(_REFERENCES) or ""),
        *mime.ids(headers.get("in-reply-to", "") or properties.str_prop_value(_IN_REPLY_TO) or ""),
    ]
    said = headers.get("message-id", "") or properties.str_prop_value(_MESSAGE_ID) or ""
    return Letter(
        data=data,
        media="msg",
        message_id=next(iter(mime.ids(said)), ""),
        answers=tuple(dict.fromkeys(answers))[-MOST_ANSWERED:],
        sender=sender,
        sender_name=name,
        to=_to(message, headers),
        subject=line(message.subject),
        sent_at=sent_at,
        plain=plain,
        html=html,
        attached=_attached(message, faults),
        faults=tuple(faults),
    )


def _sender(message: Message, headers: dict[str, str]) -> tuple[str, str]:
    found = mime.addresses(headers.get("from", "")) or mime.addresses(message.sender or "")
    if found:
        return found[0]
    return line(message.properties.str_prop_value(constants.PID_SENDER_NAME) or ""), ""


def _to(message: Message, headers: dict[str, str]) -> tuple[str, ...]:
    written = [one for _, one in mime.addresses(", ".join(headers.get(name, "") for name in ("to", "cc")))]
    named = [line(one.email_address).lower()[:254] for one in message.recipients if "@" in one.email_address]
    return tuple(dict.fromkeys([*written, *named]))[:MOST_ADDRESSES]


def _text(message: Message, faults: dict[str, None]) -> tuple[str, str]:
    plain, html = printable(message.body or ""), printable(message.html_body or "")
    if not plain.strip() and not html.strip():
        rtf = message.properties.binary_prop_value(constants.PID_RTF_COMPRESSED)
        faults[Fault.ONLY_RTF if rtf else Fault.NO_TEXT] = None
    if max(len(plain), len(html)) > MOST_TEXT:
        faults[Fault.CUT] = None
    return plain[:MOST_TEXT], html[:MOST_TEXT]


def _attached(message: Message, faults: dict[str, None]) -> tuple[Attachment, ...]:
    out: list[Attachment] = []
    for one in message.attachments:
        if len(out) == MOST_ATTACHED:
            raise Refused(Unread.TOO_MANY_PARTS)
        content = one.file_bytes
        if content is None:  # a message inside the message, or a path: it stays in the original
            faults[Fault.NOT_KEPT] = None
            continue
        out.append(Attachment(line(one.file_name or "")[:200], content))
    return tuple(out)


def _aware(found: datetime | None) -> datetime | None:
    """An instant with its zone. What was never sent has one in 1601."""
    if found is None or not 1990 <= found.year < 2100:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
