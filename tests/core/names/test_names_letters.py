"""Pairs of letters tell apart whom tokens do not, and follow what was written since."""

import pytest

from safeconduct.core.names import Delta, Generation, query_tokens, tokens
from safeconduct.core.names.kept import keep
from safeconduct.core.names.letters import Letters, pairs
from safeconduct.core.names.lookup import Lookup, Newest
from safeconduct.core.names.tally import places

NAMES = {4: "Semba Ali", 7: "Hana Said", 9: "Samba", 12: "Bashir"}


def made(names: dict[int, str]) -> Generation:
    return Generation.build(
        ((number, tokens([name])) for number, name in names.items()),
        {number: keep([name]) for number, name in names.items()},
    )


def test_a_pair_is_within_a_part_and_at_its_ends() -> None:
    assert pairs(["ali", "b"]) == {b" a", b"al", b"li", b"i ", b" b", b"b "}


@pytest.mark.parametrize(
    ("pair", "having"),
    [(b"mb", {4, 9}), (b"ha", {7}), (b" a", {4}), (b"a ", {4, 7, 9}), (b"ab", set()), (b"ia", set()), (b"zz", set())],
)
def test_a_pair_is_of_one_part_of_one_person(pair: bytes, having: set[int]) -> None:
    generation = made(NAMES)
    assert {generation.numbers[place] for place in places(Letters(generation).set_of(pair))} == having


def test_names_are_apart_from_years_from_other_names_and_from_who_has_no_token() -> None:
    kept = {3: b"ali ba|omar;1987;1990~", 5: b"zahra"}
    generation = Generation.build([(2, frozenset({1})), (3, frozenset({2})), (6, frozenset({3}))], kept)
    letters = Letters(generation)
    assert list(places(letters.set_of(b" o"))) == list(places(letters.set_of(b"a "))) == [1]
    assert [letters.set_of(pair) for pair in (b"ao", b"za", b"hr")] == [0, 0, 0]


def test_of_equals_by_tokens_letters_tell_and_what_was_written_since_counts() -> None:
    same = frozenset({1})
    generation = Generation.build(
        [*((number, same) for number in NAMES), (13, frozenset({2}))],
        {number: keep([name]) for number, name in {**NAMES, 13: "Semba"}.items()},
    )

    def found(*deltas: Delta) -> list[int]:
        return list(Lookup(generation, Newest(deltas)).likeliest("semba", [same]))

    assert found() == [4, 9, 7, 12]  # and nobody by letters alone
    assert found(Delta(remove=frozenset({4}))) == [9, 7, 12]
    assert found(Delta({12: same, 4: same}, kept={12: keep(["Semba Ali"]), 4: keep(["Hagos"])})) == [12, 9, 7, 4]
    assert found(Delta({2: same}, kept={2: keep(["Semba"])})) == [2, 4, 9, 7, 12]
    assert found(Delta({13: frozenset({3})}, kept={13: keep(["Semba"])})) == [4, 9, 7, 12]


def test_an_index_in_which_no_name_is_kept_finds_by_tokens() -> None:
    generation = Generation.build((number, tokens([name])) for number, name in NAMES.items())
    assert list(Lookup(generation, Newest(())).likeliest("bashir", query_tokens("bashir"))) == [12]
