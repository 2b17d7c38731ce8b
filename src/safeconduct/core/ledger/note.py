"""C2SP signed notes: text, and who signed it. See https://c2sp.org/signed-note.

A note is UTF-8 without control characters but the line feed: a text, a blank line, one or more signature lines. With
the line feeds written out:

    the text, of any number of lines↵
    ↵
    — log.example/office AQIDBC…==↵
    │ │                  └ base64 of 4 bytes key id and, for Ed25519, 64 bytes signature of the text
    │ └ name of the key, without spaces and plus signs
    └ U+2014 EM DASH, in UTF-8 e2 80 94

The text that is signed includes its last line feed and not the blank line. A key is handed round as one line:

    log.example/office+7f3a0c12+AQ…=
    │                  │        └ base64 of 0x01 (Ed25519) and the 32 bytes of the public key
    │                  └ key id: the first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), in hexadecimal
    └ name of the key
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from safeconduct.core.ledger.errors import (
    KeyNameMalformed,
    NoteNotText,
    NoteTooLong,
    NoteUnsigned,
    SignatureInvalid,
    SignatureLineMalformed,
    SignerUnknown,
    VerifierKeyMalformed,
)

_ED25519: Final = b"\x01"
_KEY_ID_SIZE: Final = 4
_DASH: Final = "\N{EM DASH} "

# Sixteen signatures must be read, and a post-quantum one comes near 7 kB in base64.
_LONGEST: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its id (4 bytes) and the signature's bytes (64 for Ed25519)."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read. Nothing of it has been verified."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, as pinned by whoever verifies."""

    name: str
    public: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        return _key_id(self.name, self.public)

    def __str__(self) -> str:
        encoded = base64.b64encode(_ED25519 + self.public.public_bytes_raw()).decode("ascii")
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


def verifier_key(name: str, public: Ed25519PublicKey) -> str:
    """Return the one-line form of a public key. Raises ``KeyNameMalformed``."""
    _require_key_name(name)
    return str(VerifierKey(name, public))


def parse_verifier_key(text: str) -> VerifierKey:
    """Read the one-line form; only its canonical spelling. Raises ``VerifierKeyMalformed``, ``KeyNameMalformed``."""
    name, _, rest = text.partition("+")
    _require_key_name(name)
    try:
        encoded = decode_base64(rest.partition("+")[2])
        if len(encoded) != 33 or encoded[:1] != _ED25519:
            raise VerifierKeyMalformed("the verifier key does not hold an Ed25519 key")
        key = VerifierKey(name, Ed25519PublicKey.from_public_bytes(encoded[1:]))
    except ValueError as error:
        raise VerifierKeyMalformed("the verifier key does not end in base64 of a key") from error
    if str(key) != text:
        raise VerifierKeyMalformed("the key id of the verifier key is not that of its name and key")
    return key


def sign_note(text: str, key: Ed25519PrivateKey, name: str) -> str:
    """Return ``text``, which ends in a line feed, as a note with one signature.

    Raises ``NoteNotText``, ``NoteUnsigned`` (the text has no last line feed) or ``KeyNameMalformed``.
    """
    _require_key_name(name)
    _require_characters(text)
    if not text.endswith("\n"):
        raise NoteUnsigned("the text of a note ends in a line feed")
    signature = _key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {base64.b64encode(signature).decode('ascii')}\n"


def parse_note(note: str | bytes) -> Note:
    """Read a note without verifying it.

    Raises ``NoteTooLong``, ``NoteNotText``, ``NoteUnsigned``, ``SignatureLineMalformed``, ``KeyNameMalformed``.
    """
    if len(note) > _LONGEST:
        raise NoteTooLong(f"the note is longer than {_LONGEST} bytes")
    if isinstance(note, bytes):
        try:
            note = note.decode()
        except UnicodeDecodeError as error:
            raise NoteNotText("the note is not UTF-8") from error
    _require_characters(note)
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteUnsigned("the note has no blank line followed by whole signature lines")
    return Note(f"{text}\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def verify_note(note: str | bytes, key: VerifierKey) -> str:
    """Return the text of a note that ``key`` signed.

    Signatures by other keys are ignored, as the specification asks: a log may change its key, and witnesses add
    theirs. Raises what ``parse_note`` raises, ``SignerUnknown`` or ``SignatureInvalid``.
    """
    parsed = parse_note(note)
    ours = [one for one in parsed.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    if not ours:
        raise SignerUnknown("no signature on the note is by the expected key")
    for signature in ours:
        try:
            key.public.verify(signature.value, parsed.text.encode())
        except InvalidSignature as error:
            raise SignatureInvalid("the signature was not made by the expected key over this text") from error
    return parsed.text


def decode_base64(text: str) -> bytes:
    """Decode canonical standard base64: padded, with no bit set that means nothing. Raises ``ValueError``."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if base64.b64encode(decoded).decode("ascii") != text:
        raise ValueError("not canonical base64")
    return decoded


def _key_id(name: str, public: Ed25519PublicKey) -> bytes:
    return sha256(name.encode() + b"\n" + _ED25519 + public.public_bytes_raw()).digest()[:_KEY_ID_SIZE]


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise SignatureLineMalformed("a signature line starts with an em dash and a space")
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    _require_key_name(name)
    try:
        decoded = decode_base64(encoded)
    except ValueError as error:
        raise SignatureLineMalformed("a signature line does not end in base64") from error
    if len(decoded) <= _KEY_ID_SIZE:
        raise SignatureLineMalformed("a signature line has no signature after the key id")
    return Signature(name, decoded[:_KEY_ID_SIZE], decoded[_KEY_ID_SIZE:])


def _require_key_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise KeyNameMalformed("the name of a key is not empty and has no spaces and no plus signs")


def _require_characters(text: str) -> None:
    if any(character < " " and character != "\n" for character in text):
        raise NoteNotText("the note holds a control character")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair, which no UTF-8 can say
        raise NoteNotText("the note cannot be written as UTF-8") from error
