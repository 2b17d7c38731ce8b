"""Sealed files: bound to their place, padded so that a length says little."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.sealing import boxes, files
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox

PLACE = files.FilePlace("office", "person", "paper", 1)
KEY = bytes(range(32))


@pytest.mark.parametrize("length", [0, 1, 16_375, 16_376, 16_377, 100_000])
def test_what_is_sealed_opens(length: int) -> None:
    content = bytes(at % 251 + 1 for at in range(length))
    sealed = files.seal(KEY, content, PLACE)
    assert files.open_file(KEY, sealed, PLACE) == content
    assert len(sealed) == files.padded_size(length) + 29


def test_content_that_ends_in_zeros_keeps_them() -> None:
    content = b"x" + bytes(500)
    assert files.open_file(KEY, files.seal(KEY, content, PLACE), PLACE) == content


@pytest.mark.parametrize("part", ["organisation", "subject", "handle", "generation"])
def test_another_place_does_not_open_it(part: str) -> None:
    sealed = files.seal(KEY, b"words", PLACE)
    other = replace(PLACE, **{part: 2 if part == "generation" else "other"})  # type: ignore[arg-type]  # by name
    with pytest.raises(CannotOpen):
        files.open_file(KEY, sealed, other)


def test_parts_of_a_place_do_not_run_together() -> None:
    sealed = files.seal(KEY, b"words", files.FilePlace("ab", "c", "d", 1))
    with pytest.raises(CannotOpen):
        files.open_file(KEY, sealed, files.FilePlace("a", "bc", "d", 1))


@pytest.mark.parametrize("at", [1, 13, 500, -1])
def test_a_changed_or_a_cut_file_does_not_open(at: int) -> None:
    sealed = bytearray(files.seal(KEY, b"words", PLACE))
    sealed[at] ^= 1
    with pytest.raises(CannotOpen):
        files.open_file(KEY, bytes(sealed), PLACE)
    with pytest.raises(CannotOpen):
        files.open_file(KEY, files.seal(KEY, b"words", PLACE)[:-1], PLACE)
    with pytest.raises(NotASealedBox):
        files.open_file(KEY, b"\x01" * 20, PLACE)


@pytest.mark.parametrize(
    "padded",
    [
        (5).to_bytes(8, "big") + b"words",  # not padded
        ((5).to_bytes(8, "big") + b"words").ljust(16_384, b"\0")[:-1] + b"X",  # something behind it
        (70_000).to_bytes(8, "big").ljust(16_384, b"\0"),  # longer than it is
        b"",
    ],
)
def test_padding_of_another_form_is_refused(padded: bytes) -> None:
    with pytest.raises(NotASealedBox):
        files.open_file(KEY, boxes.seal(KEY, padded, PLACE.bound()), PLACE)


def test_each_file_has_a_key_of_its_own() -> None:
    keys = {files.file_key(KEY, "one"), files.file_key(KEY, "two"), files.file_key(bytes(32), "one"), KEY}
    assert len(keys) == 4
    assert files.file_key(KEY, "one") == files.file_key(KEY, "one")


def test_a_digest_is_of_a_file_and_of_nothing_else() -> None:
    assert len(files.digest(b"x")) == 32
    assert files.digest(b"x") != files.digest(b"y")
    from safeconduct.core.sealing import envelopes

    assert files.digest(b"x") != envelopes.digest(b"x")


@given(st.integers(0, 1 << 30))
def test_a_size_never_shrinks_and_adds_at_most_an_eighth(length: int) -> None:
    size = files.padded_size(length)
    assert size >= length + 8
    assert files.padded_size(length + 1) >= size
    assert size == 16_384 or size <= (length + 8) * 1.125


@pytest.mark.parametrize(
    ("length", "size"),
    [
        (0, 16_384),
        (21_000, 21_504),
        (65_529, 67_584),
        (1 << 20, 33 << 15),
        ((1 << 20) - 8, 1 << 20),
        (9 << 20, 37 << 18),
    ],
)
def test_sizes_stay_what_they_are(length: int, size: int) -> None:
    """What was sealed by an earlier version opens only while a length has the same size."""
    assert files.padded_size(length) == size


def test_few_sizes_stand_for_many_lengths() -> None:
    megabyte = 1 << 20
    sizes = {files.padded_size(length) for length in range(megabyte, 2 * megabyte, 997)}
    assert len(sizes) <= 33
    assert {files.padded_size(length) for length in range(0, 16_376, 101)} == {16_384}
