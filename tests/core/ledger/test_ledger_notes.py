"""Notes, verifier keys and checkpoints: one canonical form, and a fault of its own for whatever is not."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.ledger import checkpoint
from safeconduct.core.ledger.checkpoint import Checkpoint
from safeconduct.core.ledger.errors import (
    CheckpointMalformed,
    KeyNameMalformed,
    LedgerError,
    NoteNotText,
    NoteTooLong,
    NoteUnsigned,
    OriginMalformed,
    OriginMismatch,
    RootMalformed,
    SignatureInvalid,
    SignatureLineMalformed,
    SignerUnknown,
    SizeMalformed,
    VerifierKeyMalformed,
)
from safeconduct.core.ledger.note import (
    VerifierKey,
    parse_note,
    parse_verifier_key,
    sign_note,
    verifier_key,
    verify_note,
)

ORIGIN = "log.example/office"
NO_BREAK = "two\u00a0parts"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
VKEY = verifier_key(ORIGIN, KEY.public_key())
CHECKPOINT = Checkpoint(ORIGIN, 70_000, bytes(range(32)))
SIGNED = checkpoint.sign(CHECKPOINT, KEY)

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ryy"
    "BwJnAM=\n"
)


def signed_text(text: str) -> str:
    """Sign any text as the log would."""
    return sign_note(text, KEY, ORIGIN)


def line(name: str = ORIGIN, encoded: str | None = None) -> str:
    return f"— {name} {base64.b64encode(bytes(68)).decode() if encoded is None else encoded}\n"


def test_the_note_of_another_implementation_verifies() -> None:
    assert verify_note(GO_NOTE, parse_verifier_key(GO_KEY)) == GO_TEXT
    assert verify_note(GO_NOTE.encode(), parse_verifier_key(GO_KEY)) == GO_TEXT


def test_a_checkpoint_reads_as_the_specification_shows() -> None:
    first, *rest = SIGNED.split("\n")
    assert first == ORIGIN
    assert rest[:3] == ["70000", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert rest[3].startswith(f"— {ORIGIN} ")
    assert rest[4:] == [""]


def test_what_was_signed_verifies() -> None:
    assert checkpoint.verify(SIGNED, VKEY) == CHECKPOINT
    assert checkpoint.verify(SIGNED.encode(), VKEY, origin=ORIGIN) == CHECKPOINT
    assert checkpoint.parse(SIGNED) == CHECKPOINT


@given(st.integers(0, len(SIGNED.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_checkpoint_can_be_changed(place: int, change: int) -> None:
    spoilt = bytearray(SIGNED.encode())
    spoilt[place] ^= change
    with pytest.raises(LedgerError):
        checkpoint.verify(bytes(spoilt), VKEY)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_by_a_named_fault(data: bytes) -> None:
    with pytest.raises(LedgerError):
        checkpoint.verify(data, VKEY)
    with pytest.raises(LedgerError):
        checkpoint.parse(data)


def test_the_key_of_another_log_does_not_verify() -> None:
    with pytest.raises(SignerUnknown):
        checkpoint.verify(SIGNED, verifier_key(ORIGIN, OTHER.public_key()))
    with pytest.raises(SignerUnknown):
        checkpoint.verify(SIGNED, verifier_key("log.example/elsewhere", KEY.public_key()))
    with pytest.raises(OriginMismatch):
        checkpoint.verify(SIGNED, VKEY, origin="log.example/elsewhere")
    with pytest.raises(OriginMismatch):
        checkpoint.verify(checkpoint.sign(CHECKPOINT, KEY, name="signer"), verifier_key("signer", KEY.public_key()))


def test_a_signature_over_another_text_is_invalid_even_beside_a_good_one() -> None:
    larger = checkpoint.sign(Checkpoint(ORIGIN, 70_001, bytes(32)), KEY)
    wrong = SIGNED.replace("70000", "70001")
    with pytest.raises(SignatureInvalid):
        checkpoint.verify(wrong, VKEY)
    with pytest.raises(SignatureInvalid):
        checkpoint.verify(SIGNED + larger.rpartition("\n\n")[2], VKEY)


def test_signatures_of_witnesses_are_kept_and_do_not_disturb() -> None:
    witness = checkpoint.sign(CHECKPOINT, OTHER, name="witness.example").rpartition("\n\n")[2]
    unknown = line("witness.example/post-quantum", base64.b64encode(bytes(2424)).decode())
    for note in (SIGNED + witness + unknown, SIGNED.replace("\n\n", f"\n\n{witness}")):
        assert checkpoint.verify(note, VKEY) == CHECKPOINT
    assert [one.name for one in parse_note(SIGNED + witness + unknown).signatures] == [
        ORIGIN,
        "witness.example",
        "witness.example/post-quantum",
    ]


def test_sixteen_long_signatures_are_read() -> None:
    long = line("witness.example", base64.b64encode(bytes(5000)).decode())
    assert len(parse_note(SIGNED + long * 16).signatures) == 17


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        (SIGNED.encode("utf-16"), NoteNotText),
        (SIGNED.replace("\n", "\r\n"), NoteNotText),
        (SIGNED.replace("office", "off\tice"), NoteNotText),
        (SIGNED + "\ud800", NoteNotText),
        ("x" * 262_145, NoteTooLong),
        ("x" * 262_144, NoteUnsigned),
        ("", NoteUnsigned),
        (str(CHECKPOINT), NoteUnsigned),
        (f"{CHECKPOINT}\n", NoteUnsigned),
        (SIGNED[:-1], NoteUnsigned),
        (SIGNED + "\n", NoteUnsigned),
        (SIGNED.replace("—", "-"), SignatureLineMalformed),
        (SIGNED + "trailing words\n", SignatureLineMalformed),
        (f"{CHECKPOINT}\n— {ORIGIN}\n", SignatureLineMalformed),
        (f"{CHECKPOINT}\n{line(encoded='')}", SignatureLineMalformed),
        (f"{CHECKPOINT}\n{line(encoded='AAAAAA')}", SignatureLineMalformed),
        (f"{CHECKPOINT}\n{line(encoded='AAAAAB==')}", SignatureLineMalformed),  # bits that mean nothing
        (f"{CHECKPOINT}\n{line(encoded='AAAAAA==')}", SignatureLineMalformed),  # a key id and no signature
        (f"{CHECKPOINT}\n{line(encoded='AAAA AAAA')}", SignatureLineMalformed),
        (f"{CHECKPOINT}\n{line(encoded='-_-_-_-_')}", SignatureLineMalformed),  # the other base64 alphabet
        (f"{CHECKPOINT}\n{line(name='')}", KeyNameMalformed),
        (f"{CHECKPOINT}\n{line(name='two+parts')}", KeyNameMalformed),
        (f"{CHECKPOINT}\n{line(name=NO_BREAK)}", KeyNameMalformed),
        (signed_text("\n70000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"), OriginMalformed),
        (signed_text(f" {CHECKPOINT}"), OriginMalformed),
        (signed_text(f"{CHECKPOINT}an extension line\n"), CheckpointMalformed),
        (signed_text(f"{ORIGIN}\n70000\n"), CheckpointMalformed),
        (signed_text("words\n"), CheckpointMalformed),
        (signed_text(str(CHECKPOINT).replace("70000", "070000")), SizeMalformed),
        (signed_text(str(CHECKPOINT).replace("70000", "+70000")), SizeMalformed),
        (signed_text(str(CHECKPOINT).replace("70000", "-1")), SizeMalformed),
        (signed_text(str(CHECKPOINT).replace("70000", "7e4")), SizeMalformed),
        (signed_text(str(CHECKPOINT).replace("70000", "٧٠٠٠٠")), SizeMalformed),
        (signed_text(str(CHECKPOINT).replace("70000", str(2**63))), SizeMalformed),
        (signed_text(str(CHECKPOINT).replace("8=", "9=")), RootMalformed),
        (signed_text(str(CHECKPOINT).replace("8=", "8")), RootMalformed),
        (signed_text(f"{ORIGIN}\n70000\nAAAA\n"), RootMalformed),
    ],
)
def test_each_fault_has_its_own_refusal(note: str | bytes, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        checkpoint.parse(note)
    with pytest.raises(LedgerError):
        checkpoint.verify(note, VKEY)


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        (Checkpoint("", 1, bytes(32)), OriginMalformed),
        (Checkpoint("two\nlines", 1, bytes(32)), OriginMalformed),
        (Checkpoint(ORIGIN, -1, bytes(32)), SizeMalformed),
        (Checkpoint(ORIGIN, 2**63, bytes(32)), SizeMalformed),
        (Checkpoint(ORIGIN, 1, bytes(31)), RootMalformed),
        (Checkpoint("with space", 1, bytes(32)), KeyNameMalformed),
        (Checkpoint("bell\x07", 1, bytes(32)), LedgerError),
    ],
)
def test_nothing_is_signed_that_could_not_be_read(stated: Checkpoint, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        checkpoint.sign(stated, KEY)


def test_the_largest_size_is_signed_and_read() -> None:
    largest = Checkpoint(ORIGIN, 2**63 - 1, bytes(32))
    assert checkpoint.parse(checkpoint.sign(largest, KEY)) == largest


def test_only_whole_lines_of_text_are_signed() -> None:
    with pytest.raises(NoteUnsigned):
        sign_note("no line feed", KEY, ORIGIN)
    with pytest.raises(NoteNotText):
        sign_note("nul\0\n", KEY, ORIGIN)


def test_a_verifier_key_reads_back() -> None:
    assert str(parse_verifier_key(VKEY)) == VKEY
    assert parse_verifier_key(GO_KEY).key_id.hex() == "c74f20a3"
    assert str(VerifierKey(ORIGIN, KEY.public_key())) == VKEY


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", KeyNameMalformed),
        (VKEY.replace(ORIGIN, "two words"), KeyNameMalformed),
        (VKEY.replace(ORIGIN, "log.example/elsewhere"), VerifierKeyMalformed),
        (GO_KEY.replace("c74f20a3", "C74F20A3"), VerifierKeyMalformed),
        (GO_KEY.replace("c74f20a3", "c74f20a4"), VerifierKeyMalformed),
        (GO_KEY.replace("+ARpc", "+BRpc"), VerifierKeyMalformed),
        (GO_KEY[:-4], VerifierKeyMalformed),
        (GO_KEY[:-1] + "!", VerifierKeyMalformed),
        ("PeterNeumann", VerifierKeyMalformed),
        (f"{GO_KEY}\n", VerifierKeyMalformed),
    ],
)
def test_a_verifier_key_has_one_spelling(text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        parse_verifier_key(text)
