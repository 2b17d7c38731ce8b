"""Files in age's form: sealed and opened piece by piece, and the key of each under a passphrase."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import passphrase as under_passphrase

from safeconduct.core.sealing import agefiles
from safeconduct.core.sealing.agefiles import FileKey, LockedKey
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox, NotStretched, WeakPassphrase
from tests.support import exports

PASSPHRASE = "lantern orchard pebble quilt"
KEY = FileKey.new()
CHUNK = 64 * 1024  # age's own


def sealed(*pieces: bytes) -> bytes:
    return b"".join(KEY.sealed(pieces))


WHOLE = sealed(b"a" * (CHUNK + 100))


def opened(data: bytes, key: FileKey = KEY) -> bytes:
    return b"".join(key.opened(io.BytesIO(data)))


@settings(max_examples=25)  # each is a file of its own, sealed and opened twice
@given(st.lists(st.integers(0, 2 * CHUNK), max_size=5))
def test_pieces_of_any_length_come_back_whole(lengths: list[int]) -> None:
    content = [bytes([number + 1]) * length for number, length in enumerate(lengths)]
    data = sealed(*content)
    assert opened(data) == b"".join(content)
    assert pyrage.decrypt(data, [KEY.identity]) == b"".join(content)


@given(st.data())
def test_changed_cut_or_lengthened_anywhere_it_does_not_open_whole(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    for broken in (WHOLE[:at] + bytes([WHOLE[at] ^ 1]) + WHOLE[at + 1 :], WHOLE[:at], WHOLE + WHOLE[at:]):
        with pytest.raises(CannotOpen):
            opened(broken)


def test_another_key_opens_nothing_of_it() -> None:
    with pytest.raises(CannotOpen):
        opened(sealed(b"x"), FileKey.new())
    assert "SECRET" not in repr(KEY) + repr(LockedKey(KEY, b""))


def test_opened_pieces_are_of_one_size_but_the_last() -> None:
    pieces = list(KEY.opened(io.BytesIO(sealed(bytes(2 * agefiles.PIECE), b"and more"))))
    assert [len(one) for one in pieces] == [agefiles.PIECE, agefiles.PIECE, len(b"and more")]
    assert list(KEY.opened(io.BytesIO(sealed()))) == []


def test_what_the_source_of_either_raises_comes_through_and_leaves_no_end() -> None:
    class Broken(OSError):
        """A disk's fault, which is no fault of the file."""

    def pieces() -> Iterator[bytes]:
        yield bytes(3 * CHUNK)
        raise Broken

    class Disk(io.BytesIO):
        good = 0

        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= self.good:
                raise Broken
            return super().read(size)

    out = []
    with pytest.raises(Broken):
        out.extend(KEY.sealed(pieces()))
    with pytest.raises(CannotOpen):
        opened(b"".join(out))
    disk = Disk(sealed(bytes(3 * CHUNK)))
    for disk.good in (0, CHUNK):
        disk.seek(0)
        with pytest.raises(Broken):
            list(KEY.opened(disk))


def test_left_half_way_nothing_goes_on_beside() -> None:
    before = set(threading.enumerate())
    asked = 0

    def pieces() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(100):
            asked += 1
            yield bytes(CHUNK)

    sealing, opening = KEY.sealed(pieces()), KEY.opened(io.BytesIO(sealed(bytes(3 * agefiles.PIECE))))
    next(sealing)
    next(opening)
    beside = set(threading.enumerate()) - before
    assert len(beside) == 2
    assert all(one.daemon for one in beside)  # the program may end in the middle
    sealing.close()  # type: ignore[attr-defined]  # a generator
    opening.close()  # type: ignore[attr-defined]  # a generator
    assert asked < 5
    assert set(threading.enumerate()) == before


def test_a_key_opens_with_its_passphrase() -> None:
    made = LockedKey.under(f"  {PASSPHRASE}")
    assert str(FileKey.unlocked(made.locked, PASSPHRASE).identity) == str(made.key.identity)
    # It is a file that `age -i` reads, with an identity as one line; and each is another.
    assert made.locked.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert str(made.key.identity) != str(FileKey.new().identity)


def test_the_same_passphrase_typed_elsewhere_opens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: list[str] = []
    monkeypatch.setattr(under_passphrase, "encrypt", lambda _, passphrase: typed.append(passphrase) or head(18))
    monkeypatch.setattr(under_passphrase, "decrypt", lambda _, passphrase: typed.append(passphrase) or b"")
    LockedKey.under("Mo\u0308we und Leuchtturm")
    with pytest.raises(NotASealedBox):
        FileKey.unlocked(head(18), " M\u00f6we und Leuchtturm\n")
    assert typed == ["M\u00f6we und Leuchtturm"] * 2


def test_another_passphrase_does_not() -> None:
    with pytest.raises(CannotOpen, match="another one"):
        FileKey.unlocked(exports.KEY.locked, exports.PASSPHRASE + "x")


def test_a_machine_too_busy_to_try_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bytes] = []

    def at(*works: object) -> None:
        left = iter(works)

        def decrypt(locked: bytes, _: str) -> bytes:
            tried.append(locked)
            if (found := next(left)) is None:
                raise pyrage.DecryptError(
                    "Excessive work parameter for passphrase.\nDecryption would take around 20 s."
                )
            return found  # type: ignore[no-any-return]  # an object of this test

        monkeypatch.setattr(under_passphrase, "decrypt", decrypt)

    at(*[None] * 7, str(KEY.identity).encode())
    FileKey.unlocked(head(18), PASSPHRASE)
    assert tried == [head(18)] * 8
    at(*[None] * 8)
    with pytest.raises(NotStretched, match="too busy"):
        FileKey.unlocked(head(18), PASSPHRASE)


def test_a_weak_passphrase_locks_nothing() -> None:
    with pytest.raises(WeakPassphrase):
        LockedKey.under("short")


def head(work: object) -> bytes:
    return b"age-encryption.org/v1\n-> scrypt bBjlhJVYZeE4aqUdmtRHfw %s\nbody" % str(work).encode()


def test_a_key_is_made_again_until_guessing_it_costs_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def at(*works: int) -> None:
        left = iter(works)
        tried.clear()

        def encrypt(text: bytes, passphrase: str) -> bytes:
            tried.append(next(left))
            assert (text[:15], passphrase) == (b"AGE-SECRET-KEY-", PASSPHRASE)
            return head(tried[-1])

        monkeypatch.setattr(under_passphrase, "encrypt", encrypt)

    for good in (16, 21):
        at(10, 15, 22, good)
        assert LockedKey.under(PASSPHRASE).locked == head(good)
        assert tried == [10, 15, 22, good]
    at(*[12] * 8)
    with pytest.raises(NotStretched, match="too busy"):
        LockedKey.under(PASSPHRASE)
    assert len(tried) == 8


@pytest.mark.parametrize(
    "locked",
    [
        *(
            b"",
            b"x",
            head(15),
            head(22),
            head(""),
            head("+18"),
            head("018"),
            head("1e1"),
            head("\u0662"),
            head("99999999"),
        ),
        head(18).replace(b"v1", b"v2"),
        head(18).replace(b"scrypt", b"X25519"),
        head(18) + bytes(4096 + 1 - len(head(18))),
    ],
)
def test_what_is_no_key_or_costs_too_much_is_refused_before_it_is_tried(
    monkeypatch: pytest.MonkeyPatch, locked: bytes
) -> None:
    monkeypatch.setattr(under_passphrase, "decrypt", lambda *_: pytest.fail("tried"))
    with pytest.raises(NotASealedBox, match="under a passphrase"):
        FileKey.unlocked(locked, PASSPHRASE)


def test_what_is_within_bounds_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_passphrase, "decrypt", lambda *_: str(KEY.identity).encode())
    for locked in (head(16), head(21), head(18) + bytes(4096 - len(head(18)))):
        assert str(FileKey.unlocked(locked, PASSPHRASE).identity) == str(KEY.identity)


@pytest.mark.parametrize("says", [b"AGE-SECRET-KEY-1", b"", b"\xff"])
def test_what_opens_to_something_else_is_no_key(monkeypatch: pytest.MonkeyPatch, says: bytes) -> None:
    monkeypatch.setattr(under_passphrase, "decrypt", lambda *_: says)
    with pytest.raises(NotASealedBox, match="not the key"):
        FileKey.unlocked(head(18), PASSPHRASE)
