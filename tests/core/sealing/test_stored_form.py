"""What is stored, made again here from the standard primitives alone.

A record sealed today must open in ten years, so every label, order and size below is fixed for ever: a change that
breaks one of these tests would leave existing records unreadable, or let two purposes share a key.
"""

import hashlib
import hmac

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeconduct.core.sealing import (
    authenticators,
    boxes,
    bundles,
    envelopes,
    epochs,
    files,
    members,
    padding,
    passphrase,
    sessions,
    shares,
    wraps,
)
from safeconduct.core.sealing.faults import NotASealedBox, WeakPassphrase

KEY = bytes(range(32))
OTHER = bytes(range(32, 64))


def hkdf(key: bytes, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, an empty salt and one block of output."""
    drawn = hmac.new(bytes(32), key, hashlib.sha256).digest()
    return hmac.new(drawn, info + b"\x01", hashlib.sha256).digest()


def counted(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def unbox(key: bytes, box: bytes, place: bytes) -> bytes:
    """A box opened by hand: a version, a nonce, then AES-256-GCM bound to the place."""
    assert box[:1] == b"\x01"
    return AESGCM(key).decrypt(box[1:13], box[13:], place)


def bundle() -> bundles.TeamBundle:
    return msgspec.structs.replace(bundles.TeamBundle.generate(), wrap=KEY)


def test_a_place_is_its_label_and_its_parts_each_with_its_length() -> None:
    assert boxes.context("envelope", "ab", b"\xff", 17) == b"safeconduct/envelope" + counted(b"ab", b"\xff", b"17")


def test_a_box_is_a_version_a_nonce_and_gcm() -> None:
    assert unbox(KEY, boxes.seal(KEY, b"text", b"place"), b"place") == b"text"
    assert boxes.open_box(KEY, b"\x01" + bytes(12) + AESGCM(KEY).encrypt(bytes(12), b"", b""), b"") == b""


def test_a_key_for_a_purpose_is_hkdf() -> None:
    assert boxes.derive(KEY, b"purpose") == hkdf(KEY, b"purpose")


def test_the_key_of_a_facet() -> None:
    assert envelopes.facet_key(KEY, "identity", 3) == hkdf(KEY, b"safeconduct/facet" + counted(b"identity", b"3"))


def test_an_envelope_is_bound_to_every_part_of_its_place() -> None:
    place = envelopes.Place("o", "s", "identity", 2, 3, 4)
    bound = b"safeconduct/envelope" + counted(b"o", b"s", b"identity", b"2", b"3", b"4")
    assert unbox(KEY, envelopes.seal(KEY, b"text", place), bound) == b"\0\0\0\x04text" + bytes(504)


def test_what_the_log_commits_to_of_an_envelope() -> None:
    assert envelopes.digest(b"sealed") == hashlib.sha256(b"safeconduct/envelope\0sealed").digest()


def test_what_stands_for_a_public_key() -> None:
    assert members.fingerprint(b"public") == hashlib.sha256(b"safeconduct/public-key\0public").digest()


def test_what_a_session_is_known_by_and_kept_under() -> None:
    pair = members.KeyPair.generate()
    known_by = hashlib.sha256(b"safeconduct/session\0" + KEY).digest()
    assert sessions.token(KEY) == known_by
    kept = sessions.keep(pair, KEY, OTHER)
    opened = unbox(hkdf(KEY + OTHER, b"safeconduct/session-key"), kept, b"safeconduct/session" + counted(known_by))
    assert opened == pair.private


def test_a_member_s_key_lies_under_the_stretched_passphrase() -> None:
    pair, cost = members.KeyPair.generate(), passphrase.Cost(8, 1, 1)
    lock = members.Lock.make(pair, "orchard kettle violin moss", member="m", cost=cost)
    assert len(lock.salt) == 16
    key = passphrase.stretch("orchard kettle violin moss", lock.salt, cost)
    assert unbox(key, lock.sealed, b"safeconduct/member-key" + counted(b"m")) == pair.private


def test_a_team_s_key_for_a_purpose() -> None:
    assert bundle().key_for("roster", "t", 7) == hkdf(KEY, b"safeconduct/team-roster" + counted(b"t", b"7"))
    assert wraps.team_key(bundle()) == hkdf(KEY, b"safeconduct/team-wraps")


def test_a_wrap_is_a_box_in_a_box() -> None:
    keys = epochs.Epochs(2, {2: OTHER})
    place = b"safeconduct/wrap" + counted(b"t", b"s")
    epoch, stored = wraps.wrap(b"k" * 32, bundle(), keys, team="t", subject="s")
    inner = unbox(hkdf(OTHER, b"safeconduct/epoch-layer"), stored, place)
    assert (epoch, unbox(hkdf(KEY, b"safeconduct/team-wraps"), inner, place)) == (2, b"k" * 32)


def test_a_team_s_public_halves_are_those_of_its_secrets() -> None:
    one = bundles.TeamBundle.generate()
    assert len({one.wrap, one.pair, one.signing}) == 3
    assert (len(one.wrap), len(one.pair), len(one.signing)) == (32, 96, 32)
    Ed25519PrivateKey.from_private_bytes(one.signing)


@pytest.mark.parametrize(
    ("content", "stored"),
    [
        (0, 512), (508, 512), (509, 1024), (1020, 1024), (1021, 2048), (2045, 4096), (4093, 8192), (8188, 8192),
        (8189, 12288), (12284, 12288), (12285, 16384), (100_000, 102_400),
    ],
)  # fmt: skip
def test_the_size_of_an_envelope_tells_little(content: int, stored: int) -> None:
    assert padding.padded_size(content) == stored
    padded = padding.pad(b"x" * content)
    assert len(padded) == stored
    assert padding.unpad(padded) == b"x" * content


@pytest.mark.parametrize("padded", [b"", b"\0\0\0", b"\0\0\0\0"])
def test_too_little_to_be_padded_is_refused(padded: bytes) -> None:
    with pytest.raises(NotASealedBox):
        padding.unpad(padded)


@pytest.mark.parametrize("words", ["abcdeabcdea", "aaaabbbbccccdddd"])
def test_eleven_letters_or_four_kinds_of_letter_are_too_few(words: str) -> None:
    with pytest.raises(WeakPassphrase, match="12 characters"):
        passphrase.check_strength(words)


@pytest.mark.parametrize("words", ["abcdeabcdeab", "aaaabbbbcccdde"])
def test_twelve_letters_of_five_kinds_are_enough(words: str) -> None:
    passphrase.check_strength(words)


def test_the_key_and_the_place_of_a_file() -> None:
    key = files.file_key(KEY, "f")
    assert key == hkdf(KEY, b"safeconduct/paper-key" + counted(b"f"))
    place = files.FilePlace("o", "s", "f", 4)
    bound = b"safeconduct/paper-file" + counted(b"o", b"s", b"f", b"4")
    assert unbox(key, files.seal(key, b"text", place), bound) == (4).to_bytes(8, "big") + b"text" + bytes(16384 - 12)


def test_what_the_log_commits_to_of_a_file() -> None:
    assert files.digest(b"sealed") == hashlib.sha256(b"safeconduct/paper-file\0sealed").digest()


def test_a_bundle_in_escrow_is_sent_for_one_organisation_team_and_round() -> None:
    pair, sent = members.KeyPair.generate(), bundle()
    sealed = sent.escrow_to(pair.public, organisation="o", team="t", round=3)
    raw = pair.open_sent(sealed, b"safeconduct/team-escrow" + counted(b"o", b"t", b"3"))
    assert msgspec.msgpack.decode(raw, type=bundles.TeamBundle) == sent


def test_a_recovery_pair_is_hkdf_of_the_secret() -> None:
    info = b"safeconduct/recovery-key" + counted(b"o", b"2")
    private = HKDF(algorithm=SHA256(), length=96, salt=None, info=info).derive(KEY[:16])
    assert shares.pair_of(KEY[:16], organisation="o", round=2).private == private


def test_what_a_kit_is_recognised_by() -> None:
    place = b"safeconduct/kit" + counted(b"o", b"2", b"apple pear")
    assert shares.commitment(" Apple\n pear", organisation="o", round=2) == hashlib.sha256(place).digest()


def test_a_member_s_key_lies_under_what_a_security_key_makes() -> None:
    pair = members.KeyPair.generate()
    kept = authenticators.keep(pair, KEY, member="m", credential=b"c")
    key, place = hkdf(KEY, b"safeconduct/authenticator-key"), b"safeconduct/authenticator" + counted(b"m", b"c")
    assert unbox(key, kept, place) == pair.private
