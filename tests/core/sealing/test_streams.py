"""Long files sealed in pieces."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import streams
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox, WeakPassphrase
from safeconduct.core.sealing.passphrase import Cost

PASSPHRASE = "lantern orchard pebble quilt"
CHEAP = Cost(8, 1, 1)
SMALL = 64


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> object:
    patch = pytest.MonkeyPatch()
    patch.setattr(streams, "PIECE", SMALL)
    yield
    patch.undo()


def sealed(*written: bytes) -> bytes:
    out: list[bytes] = []
    sealer = streams.Sealer(out.append, PASSPHRASE, cost=CHEAP)
    for one in written:
        sealer.write(one)
    sealer.finish()
    return b"".join(out)


def opened(data: bytes, passphrase: str = PASSPHRASE) -> bytes:
    return io.BufferedReader(streams.Opened(io.BytesIO(data), passphrase)).read()


@given(st.lists(st.binary(max_size=200), max_size=6), st.integers(0, 700), st.integers(0, 100))
def test_what_is_written_in_whatever_slices_is_read_from_wherever(written: list[bytes], at: int, many: int) -> None:
    content = b"".join(written)
    data = sealed(*written)
    assert opened(data) == content
    reader = io.BufferedReader(streams.Opened(io.BytesIO(data), PASSPHRASE))
    reader.seek(at)
    assert reader.read(many) == content[at : at + many]


@given(st.binary(max_size=300), st.data())
def test_a_file_changed_or_cut_anywhere_does_not_open_whole(content: bytes, data: st.DataObject) -> None:
    whole = sealed(content)
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    for broken in (flipped, whole[:at], whole + whole[at:]):
        with pytest.raises((CannotOpen, NotASealedBox)):
            opened(broken)


def test_pieces_exchanged_or_left_out_do_not_open() -> None:
    data = sealed(bytes(range(256)))
    start = data.index(b"}\n") + 2
    size = SMALL + 29
    boxes = [data[at : at + size] for at in range(start, len(data), size)]
    assert len(boxes) == 4
    for order in ([1, 0, 2, 3], [0, 2, 3], [0, 1, 2], [0, 1, 2, 3, 3]):
        with pytest.raises((CannotOpen, NotASealedBox)):
            opened(data[:start] + b"".join(boxes[at] for at in order))


def test_another_passphrase_opens_nothing_and_a_weak_one_seals_nothing() -> None:
    with pytest.raises(CannotOpen):
        opened(sealed(b"x"), PASSPHRASE + "!")
    with pytest.raises(WeakPassphrase):
        streams.Sealer(lambda _piece: None, "short", cost=CHEAP)


def test_a_file_that_would_cost_too_much_to_open_is_refused_before_it_is_tried() -> None:
    data = sealed(b"x")
    for costly in (b'"memory_kib":8', b'"passes":1', b'"lanes":1'):
        name = costly.partition(b":")[0]
        with pytest.raises(NotASealedBox):
            opened(data.replace(costly, name + b":99999999"))
    with pytest.raises(NotASealedBox):
        opened(data.replace(b'"kdf":', b'"kdf" :'))
