"""The index: a generation with deltas behaves as a plain dictionary would, and its bytes round trip or are refused."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from safeconduct.core.names import Delta, Generation, MalformedIndex, compact, search, tokens
from safeconduct.core.names.lookup import Lookup, Newest, kept_of

# Few numbers and tokens, so that they meet, and the greatest ones, so that packing is seen to hold them.
NUMBERS = st.one_of(st.integers(0, 12), st.just(2**32 - 1))
TOKENS = st.one_of(st.integers(0, 12), st.just(2**32 - 1))
SETS = st.frozensets(TOKENS, max_size=6)
PEOPLE = st.dictionaries(NUMBERS, SETS, max_size=12)
KEPT = st.dictionaries(NUMBERS, st.binary(max_size=9), max_size=6)


def _delta(add: dict[int, frozenset[int]], remove: frozenset[int], kept: dict[int, bytes]) -> Delta:
    return Delta(add, remove, {number: some for number, some in kept.items() if number in add})


DELTAS = st.builds(_delta, PEOPLE, st.frozensets(NUMBERS, max_size=6), KEPT)


class Index(RuleBasedStateMachine):
    """Any order of adding, replacing, removing, storing and compacting gives what a dictionary gives."""

    def __init__(self) -> None:
        super().__init__()
        self.generation = Generation.build([])
        self.deltas: list[Delta] = []
        self.model: dict[int, frozenset[int]] = {}
        self.kept: dict[int, bytes] = {}

    @rule(delta=DELTAS)
    def write(self, delta: Delta) -> None:
        self.deltas.append(Delta.from_bytes(delta.to_bytes()))
        for number in (*delta.remove, *delta.add):
            self.model.pop(number, None)
            self.kept.pop(number, None)
        self.model.update(delta.add)
        self.kept.update(delta.kept)

    @rule()
    def compacted(self) -> None:
        self.generation = compact(self.generation, reversed(self.deltas))
        self.deltas = []

    @rule()
    def stored(self) -> None:
        self.generation = Generation.from_bytes(self.generation.to_bytes())

    @rule(asked=SETS)
    def asked(self, asked: frozenset[int]) -> None:
        expected = {number for number, own in self.model.items() if own & asked}
        assert set(search(self.generation, self.deltas, asked)) == expected
        assert Lookup(self.generation, Newest(self.deltas)).having(asked) == expected

    @invariant()
    def a_compacted_one_equals_one_built_anew(self) -> None:
        anew = Generation.build(self.model.items(), self.kept)
        made = compact(self.generation, reversed(self.deltas))
        assert made == anew
        newest = Newest(self.deltas)
        for number in range(13):
            assert kept_of(self.generation, newest, number) == made.kept_of(number) == self.kept.get(number)


TestIndex = Index.TestCase


@given(PEOPLE, KEPT)
def test_generation_bytes_round_trip(people: dict[int, frozenset[int]], kept: dict[int, bytes]) -> None:
    generation = Generation.build(people.items(), kept)
    data = generation.to_bytes()
    assert len(data) % 1024 == 0
    again = Generation.from_bytes(data)
    assert again == generation
    assert again.people == sum(1 for own in people.values() if own)
    assert again.to_bytes() == data


@given(DELTAS, st.sampled_from([1024, 4096]))
def test_delta_bytes_round_trip(delta: Delta, pad_to: int) -> None:
    data = delta.to_bytes(pad_to)
    assert len(data) % pad_to == 0
    assert Delta.from_bytes(data) == delta


@given(DELTAS)
def test_small_deltas_are_one_size_whatever_they_hold(delta: Delta) -> None:
    assert len(delta.to_bytes()) == 1024


def test_an_ordinary_person_fits_the_smallest_delta() -> None:
    """One person, ten, or the removal of one: a copy of the disk sees the same size."""
    one = Delta({7: tokens(["Mohamad Raheemi", "محمد رحیمی", "RAHEEMI, Mohammad"])})
    gone = Delta(remove=frozenset({7}))
    assert len(one.to_bytes()) == len(gone.to_bytes()) == len(Delta().to_bytes()) == 1024


def test_the_bytes_of_a_generation_are_those_in_the_docstring() -> None:
    data = Generation.build([(7, frozenset({0xBEEF}))], {7: b"ali ba"}).to_bytes()
    shown = "53434e47 03000000 01000000 01000000 01000000 01000000 06000000 00000000"
    shown += "efbe0000 01000000 00000000 07000000 06000000 07000000 616c69206261"
    assert data == bytes.fromhex(shown) + bytes(1024 - 62)


@given(PEOPLE, KEPT)
def test_the_second_format_is_read_as_the_third(people: dict[int, frozenset[int]], kept: dict[int, bytes]) -> None:
    entries = sorted((token, number) for number, own in people.items() for token in own)
    different = sorted({token for token, _ in entries})
    ends = [sum(token <= last for token, _ in entries) for last in different]
    about = sorted(kept)
    text = b"".join(kept[number] for number in about)
    kept_ends = [sum(len(kept[one]) for one in about if one <= last) for last in about]
    counts = [len({number for _, number in entries}), len(different), len(entries), len(about), len(text), 0]
    words = [2, *counts, *different, *ends, *(number for _, number in entries), *about, *kept_ends]
    data = b"SCNG" + struct.pack(f"<{len(words)}I", *words) + text
    assert Generation.from_bytes(data + bytes(-len(data) % 1024)) == Generation.build(people.items(), kept)


@given(PEOPLE)
def test_the_first_format_is_read_as_people_of_whom_nothing_is_kept(people: dict[int, frozenset[int]]) -> None:
    entries = sorted(token << 32 | number for number, own in people.items() for token in own)
    count = sum(1 for own in people.values() if own)
    data = struct.pack(f"<4sIQQ{len(entries)}Q", b"SCNG", 1, count, len(entries), *entries)
    assert Generation.from_bytes(data + bytes(-len(data) % 1024)) == Generation.build(people.items())
    words = [word for number, own in sorted(people.items()) for word in (number, len(own), *sorted(own))]
    data = struct.pack(f"<4sIII{len(words)}I", b"SCND", 1, len(people), 0, *words)
    delta = Delta.from_bytes(data + bytes(-len(data) % 1024))
    assert delta == Delta(people)
    assert Delta.from_bytes(delta.to_bytes()) == delta


def test_a_delta_keeps_nothing_of_somebody_it_does_not_add() -> None:
    with pytest.raises(ValueError, match="only of those"):
        Delta({1: frozenset({2})}, kept={3: b"ali"})


def test_an_older_spelling_is_forgotten_when_a_person_is_added_again() -> None:
    generation = Generation.build([(1, frozenset({10, 11})), (2, frozenset({10}))])
    deltas = [Delta({1: frozenset({12})}), Delta(remove=frozenset({2})), Delta({2: frozenset({13})})]
    assert search(generation, deltas, frozenset({10, 11})) == []
    assert search(generation, deltas, frozenset({12, 13})) == [1, 2]


def test_in_one_delta_adding_wins_over_removing() -> None:
    assert Delta({1: frozenset({5})}, frozenset({1, 2})) == Delta({1: frozenset({5})}, frozenset({2}))


def test_more_shared_tokens_come_first_and_a_rare_one_outweighs_a_common_one() -> None:
    common, rare, other = 1, 2, 3
    people = {number: frozenset({common}) for number in range(100)}
    people |= {100: frozenset({rare}), 101: frozenset({common, other, rare})}
    generation = Generation.build(people.items())
    found = search(generation, [], frozenset({common, rare, other}), limit=5)
    assert found == [101, 100, 0, 1, 2]


def test_of_one_set_only_the_rarest_shared_token_counts() -> None:
    people = {1: frozenset({1, 2, 3}), 2: frozenset({3, 4}), 3: frozenset({4})}
    generation = Generation.build(people.items())
    sets = (frozenset({1, 2, 3}), frozenset({4}))
    assert search(generation, [], sets) == [2, 1, 3]
    assert search(generation, [], frozenset().union(*sets))[0] == 1
    late = Delta(dict(people))
    assert search(Generation.build([]), [late], sets) == [2, 1, 3]


def test_a_person_in_a_delta_ranks_as_one_in_the_generation() -> None:
    people = {number: frozenset({1}) for number in range(50)} | {50: frozenset({1, 2})}
    whole = Generation.build(people.items())
    parted = Generation.build((number, own) for number, own in people.items() if number < 50)
    asked = frozenset({1, 2})
    assert search(parted, [Delta({50: people[50]})], asked, 3) == search(whole, [], asked, 3) == [50, 0, 1]


def _changed(data: bytes, at: int, to: bytes) -> bytes:
    return data[:at] + to + data[at + len(to) :]


_GENERATION = Generation.build([(1, frozenset({2, 3}))]).to_bytes()
_DELTA = Delta({1: frozenset({2, 3})}, frozenset({4, 5})).to_bytes()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "cut-short"),
        (_GENERATION[:20], "cut-short"),
        (_GENERATION[:30], "cut-short"),
        (_DELTA, "not-an-index"),
        (_changed(_GENERATION, 4, b"\4"), "unknown-format"),
        (_changed(_GENERATION, 4, b"\0"), "unknown-format"),
        (_changed(_GENERATION, 8, b"\3"), "impossible-count"),
        (_changed(_GENERATION, 16, b"\1"), "padding-not-empty"),
        (_changed(_GENERATION, 12, b"\0"), "padding-not-empty"),
        (_changed(_GENERATION, 28, b"\1"), "impossible-count"),
        (_changed(_GENERATION, 12, b"\1"), "padding-not-empty"),
        (_changed(_GENERATION, 8, b"\0"), "impossible-count"),
        (_changed(_GENERATION, 16, struct.pack("<I", 2**32 - 1)), "cut-short"),
        (_changed(_GENERATION, 44, b"\1"), "impossible-count"),
        (_GENERATION[:-1], "wrong-length"),
        (_GENERATION[:-1] + b"\1", "padding-not-empty"),
    ],
)
def test_bytes_that_are_no_generation_are_refused(data: bytes, fault: str) -> None:
    with pytest.raises(MalformedIndex) as refused:
        Generation.from_bytes(data)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "cut-short"),
        (_GENERATION, "not-an-index"),
        (_changed(_DELTA, 4, b"\3"), "unknown-format"),
        (_changed(_DELTA, 8, b"\xff\xff"), "cut-short"),
        (_changed(_DELTA, 12, b"\xff\xff"), "cut-short"),
        (_changed(_DELTA, 20, b"\xff\xff"), "cut-short"),
        (_DELTA[:-1], "wrong-length"),
        (_DELTA[:-4], "wrong-length"),
        (_DELTA[:-1] + b"\1", "padding-not-empty"),
        (_changed(_DELTA, 28, struct.pack("<II", 3, 2)), "not-canonical"),
        (_changed(_DELTA, 36, struct.pack("<II", 5, 4)), "not-canonical"),
        (_changed(_DELTA, 36, struct.pack("<I", 1)), "not-canonical"),
    ],
)
def test_bytes_that_are_no_delta_are_refused(data: bytes, fault: str) -> None:
    with pytest.raises(MalformedIndex) as refused:
        Delta.from_bytes(data)
    assert refused.value.fault == fault


@given(st.binary(max_size=80))
def test_any_other_bytes_are_refused_and_not_shown(data: bytes) -> None:
    for kind in (Generation, Delta):
        with pytest.raises(MalformedIndex, match="Build it again"):
            kind.from_bytes(data)


@pytest.mark.parametrize("bad", [-1, 2**32])
def test_numbers_and_tokens_out_of_range_are_refused(bad: int) -> None:
    for number, token in ((bad, 1), (1, bad)):
        with pytest.raises(ValueError, match="whole numbers"):
            Generation.build([(number, frozenset({token}))])
        with pytest.raises(ValueError, match="whole numbers"):
            Delta({number: frozenset({token})})
    with pytest.raises(ValueError, match="whole numbers"):
        Delta(remove=frozenset({bad}))


@pytest.mark.parametrize("pad_to", [0, -1024, 1000, 1025])
def test_padding_is_whole_kibibytes(pad_to: int) -> None:
    with pytest.raises(ValueError, match="1024"):
        Delta().to_bytes(pad_to)
    with pytest.raises(ValueError, match="1024"):
        Generation.build([]).to_bytes(pad_to)
