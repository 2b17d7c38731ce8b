"""A long file under a passphrase: read again from any place, and refused where anything of it was changed."""

import io
import json

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safeconduct.core.sealing import boxes, streams
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox, WeakPassphrase
from safeconduct.core.sealing.passphrase import Cost, stretch

WORDS = "orchard kettle violin moss"
CHEAP = Cost(8, 1, 1)
PIECE = 64
WHOLE = PIECE + 29


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(streams, "PIECE", PIECE)


def sealed(content, *, by=1000, words=WORDS):
    parts = []
    sealer = streams.Sealer(parts.append, words, cost=CHEAP)
    for start in range(0, len(content), by):
        assert sealer.write(content[start : start + by]) == len(content[start : start + by])
    assert sealer.tell() == len(content)
    sealer.finish()
    return b"".join(parts)


def opened(raw, words=WORDS):
    return streams.Opened(io.BytesIO(raw), words)


def halves(raw):
    """What stands before the pieces, and the pieces."""
    start = raw.index(b"\n", len(streams.MAGIC)) + 1
    return raw[:start], raw[start:]


def content_of(length):
    return bytes(number % 251 for number in range(length))


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 3])
@pytest.mark.parametrize("by", [1, PIECE, 1000])
def test_what_was_sealed_is_read_again(length, by):
    content = content_of(length)
    raw = sealed(content, by=by)
    pieces = max(1, -(-length // PIECE))
    assert len(halves(raw)[1]) == length + 29 * pieces
    assert io.BufferedReader(opened(raw)).read() == content


def test_the_form_of_the_file_made_by_hand():
    content = content_of(PIECE + 5)
    raw = sealed(content)
    first, second, _ = raw.split(b"\n", 2)
    assert first == b"safeconduct sealed file 1"
    head = json.loads(second)
    salt = bytes.fromhex(head["salt"])
    assert head == {"kdf": "argon2id", "memory_kib": 8, "passes": 1, "lanes": 1, "salt": salt.hex(), "piece": PIECE}
    assert len(salt) == 16
    key = boxes.derive(stretch(WORDS, salt, CHEAP), b"safeconduct/sealed-file")
    pieces = halves(raw)[1]
    for number, (box, last) in enumerate(((pieces[:WHOLE], b"0"), (pieces[WHOLE:], b"1"))):
        place = b"safeconduct/sealed-file-piece"
        for part in (second, str(number).encode(), last):
            place += len(part).to_bytes(4, "big") + part
        plain = AESGCM(key).decrypt(box[1:13], box[13:], place)
        assert plain == content[number * PIECE : (number + 1) * PIECE]


def test_any_place_can_be_read():
    content = content_of(4 * PIECE + 7)
    file = opened(sealed(content))
    assert (file.readable(), file.seekable(), file.writable()) == (True, True, False)
    for at in (3 * PIECE + 2, 0, PIECE - 1, 4 * PIECE, 2 * PIECE):
        assert file.seek(at) == at
        assert file.read(5) == content[at : min(at + 5, (at // PIECE + 1) * PIECE)]
    assert file.seek(-7, io.SEEK_END) == 4 * PIECE
    assert file.read(100) == content[-7:]
    assert file.tell() == len(content)
    assert file.read(1) == b""
    assert file.seek(-3, io.SEEK_CUR) == len(content) - 3
    assert file.seek(-10_000, io.SEEK_CUR) == 0
    file.seek(10 * PIECE)
    assert file.read(1) == b""


def test_no_more_than_two_pieces_are_in_memory_at_once():
    file = opened(sealed(content_of(5 * PIECE)))
    io.BufferedReader(file, PIECE).read()
    assert len(file._open) == 2


def test_what_is_sealed_goes_out_as_it_comes():
    parts = []
    sealer = streams.Sealer(parts.append, WORDS, cost=CHEAP)
    assert (sealer.writable(), sealer.readable()) == (True, False)
    before = len(parts)
    sealer.write(bytes(PIECE))
    assert len(parts) == before  # it may be the last
    sealer.write(b"x")
    assert len(parts) == before + 1
    sealer.finish()
    assert [len(part) for part in parts[before:]] == [WHOLE, 30]


def test_a_weak_passphrase_seals_nothing():
    parts = []
    with pytest.raises(WeakPassphrase):
        streams.Sealer(parts.append, "short", cost=CHEAP)
    assert parts == []


def test_another_passphrase_is_told_at_once():
    with pytest.raises(CannotOpen, match="passphrase is another one"):
        opened(sealed(b"text"), "orchard kettle violin mess")


def test_a_file_without_its_end_is_told_at_once():
    raw = sealed(content_of(3 * PIECE))
    for cut in (1, 29, WHOLE, 2 * WHOLE, 3 * WHOLE - 28, 3 * WHOLE - 1, 3 * WHOLE):
        with pytest.raises((CannotOpen, NotASealedBox)):
            opened(raw[:-cut])
    unfinished = []
    streams.Sealer(unfinished.append, WORDS, cost=CHEAP).write(bytes(2 * PIECE))
    with pytest.raises(CannotOpen):
        opened(b"".join(unfinished))


def test_nothing_may_stand_behind_the_last_piece():
    raw = sealed(content_of(PIECE))
    for more in (b"x", bytes(28)):
        with pytest.raises(NotASealedBox, match="cut short"):
            opened(raw + more)
    with pytest.raises(NotASealedBox, match="empty"):
        opened(raw + bytes(29))
    with pytest.raises(CannotOpen):
        opened(raw + bytes(30))


def test_pieces_exchanged_or_left_out_do_not_open():
    head, pieces = halves(sealed(content_of(4 * PIECE)))
    boxed = [pieces[start : start + WHOLE] for start in range(0, len(pieces), WHOLE)]
    for order in ([0, 2, 1, 3], [0, 1, 3], [1, 2, 3], [0, 1, 1, 3]):
        with pytest.raises(CannotOpen):
            io.BufferedReader(opened(head + b"".join(boxed[number] for number in order))).read()


@pytest.mark.parametrize(
    "changed",
    [
        {"kdf": "scrypt"}, {"memory_kib": 0}, {"passes": 0}, {"lanes": 0}, {"piece": 0}, {"salt": "00"}, {"more": 1},
        {"salt": "zz" * 16}, {"memory_kib": 1024 * 1024 + 1}, {"passes": 21}, {"lanes": 17}, {"passes": "1"},
        {"piece": 16 * 1024 * 1024 + 1},
    ],
)  # fmt: skip
def test_a_second_line_of_another_form_is_refused_before_it_costs_anything(changed, monkeypatch):
    head, pieces = halves(sealed(b"text"))
    line = json.loads(head[len(streams.MAGIC) :]) | changed
    raw = streams.MAGIC + json.dumps(line, separators=(",", ":")).encode() + b"\n" + pieces
    monkeypatch.setattr(streams, "stretch", None)
    with pytest.raises(NotASealedBox, match="second line"):
        opened(raw)


def test_what_the_second_line_may_ask_at_most(monkeypatch):
    asked = []

    def stretched(_words, _salt, cost):
        asked.append(cost)
        return bytes(32)

    head, pieces = halves(sealed(b"text"))
    most = {"memory_kib": 1024 * 1024, "passes": 20, "lanes": 16, "piece": 16 * 1024 * 1024}
    line = json.dumps(json.loads(head[len(streams.MAGIC) :]) | most, separators=(",", ":")).encode()
    monkeypatch.setattr(streams, "stretch", stretched)
    with pytest.raises(CannotOpen):
        opened(streams.MAGIC + line + b"\n" + pieces)
    assert asked == [Cost(1024 * 1024, 20, 16)]


@pytest.mark.parametrize(
    "spoil", [lambda one: b" " + one, lambda one: one.replace(b",", b", ", 1), lambda one: b"[]\n"]
)
def test_the_second_line_has_one_form(spoil):
    head, pieces = halves(sealed(b"text"))
    with pytest.raises(NotASealedBox, match="second line"):
        opened(streams.MAGIC + spoil(head[len(streams.MAGIC) :]) + pieces)


@pytest.mark.parametrize("raw", [b"", b"safeconduct sealed file 2\n{}", b"PK\x03\x04"])
def test_another_file_is_told_apart(raw):
    with pytest.raises(NotASealedBox, match="not a file that Safeconduct sealed"):
        opened(raw)


def test_two_files_of_the_same_have_nothing_in_common():
    first, second = halves(sealed(b"text"))[0], halves(sealed(b"text"))[0]
    assert first != second
