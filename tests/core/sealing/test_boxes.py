"""A box opens only whole, only with its key, only in its place."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import boxes, envelopes, epochs, padding, wraps
from safeconduct.core.sealing.envelopes import Place
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox

KEY = bytes(range(32))
parts = st.one_of(st.text(max_size=8), st.binary(max_size=8), st.integers(0, 10**6))


@given(st.binary(max_size=300), st.lists(parts, max_size=4))
def test_what_was_sealed_opens_in_its_place(plain, where):
    place = boxes.context("test", *where)
    assert boxes.open_box(KEY, boxes.seal(KEY, plain, place), place) == plain


@given(st.lists(parts, max_size=4), st.lists(parts, max_size=4))
def test_no_two_places_share_their_bytes(one, other):
    as_bytes = [[part if isinstance(part, bytes) else str(part).encode() for part in place] for place in (one, other)]
    assert (boxes.context("test", *one) == boxes.context("test", *other)) == (as_bytes[0] == as_bytes[1])


@given(st.binary(min_size=1, max_size=80), st.data())
def test_a_changed_or_shortened_box_is_refused(plain, data):
    box = boxes.seal(KEY, plain, b"here")
    at = data.draw(st.integers(0, len(box) - 1))
    flipped = bytearray(box)
    flipped[at] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(flipped), box[:at], box + b"\0"):
        with pytest.raises((CannotOpen, NotASealedBox)):
            boxes.open_box(KEY, broken, b"here")


def test_another_key_or_place_is_refused():
    box = boxes.seal(KEY, b"words", b"here")
    for key, place in ((bytes(32), b"here"), (KEY, b"there")):
        with pytest.raises(CannotOpen):
            boxes.open_box(key, box, place)


def test_nobody_outside_can_choose_a_nonce():
    for function in (boxes.seal, envelopes.seal, wraps.wrap, epochs.Epochs.layer):
        assert not {"nonce", "iv"} & set(inspect.signature(function).parameters)
    assert boxes.seal(KEY, b"words", b"here") != boxes.seal(KEY, b"words", b"here")


@given(st.binary(max_size=20_000))
def test_padding_gives_back_the_content_and_hides_its_length(content):
    padded = padding.pad(content)
    assert padding.unpad(padded) == content
    assert len(padded) in {512, 1024, 2048, 4096, 8192} or len(padded) % 4096 == 0


@pytest.mark.parametrize("broken", [b"", b"\0\0\0\5abc", bytes(511), b"\0\0\0\1ab" + bytes(506), b"\xff" * 512])
def test_padding_of_another_form_is_refused(broken):
    with pytest.raises(NotASealedBox):
        padding.unpad(broken)


PLACE = Place("office", "subject", "identity", 1, 1, 3)
MOVED = [
    Place("another", "subject", "identity", 1, 1, 3),
    Place("office", "somebody else", "identity", 1, 1, 3),
    Place("office", "subject", "contact", 1, 1, 3),
    Place("office", "subject", "identity", 2, 1, 3),
    Place("office", "subject", "identity", 1, 2, 3),
    Place("office", "subject", "identity", 1, 1, 2),
]


@pytest.mark.parametrize("place", MOVED, ids=lambda place: f"{place.subject}/{place.facet}/{place.revision}")
def test_an_envelope_moved_elsewhere_is_refused(place):
    key = envelopes.facet_key(KEY, "identity", 1)
    sealed = envelopes.seal(key, b"who", PLACE)
    assert envelopes.open_envelope(key, sealed, PLACE) == b"who"
    with pytest.raises(CannotOpen):
        envelopes.open_envelope(key, sealed, place)


def test_each_facet_and_generation_has_its_own_key():
    keys = {envelopes.facet_key(KEY, facet, generation) for facet in ("identity", "contact") for generation in (1, 2)}
    assert len(keys) == 4


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 66, 300])
def test_a_place_is_spelt_with_the_length_of_each_part(length):
    part = b"p" * length
    assert boxes.context("t", part, 12, "é") == (
        b"safeconduct/t" + length.to_bytes(4, "big") + part + b"\0\0\0\x0212" + b"\0\0\0\x02\xc3\xa9"
    )
