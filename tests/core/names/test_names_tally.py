"""Sums kept a bit of a number for each person are those a dictionary would keep."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.names import Delta, Generation, search
from safeconduct.core.names.skeleton import Half
from safeconduct.core.names.tally import Tally, of_places, places

PLACES = st.frozensets(st.integers(0, 40), max_size=12)
GROUPS = st.lists(st.lists(st.tuples(st.integers(1, 90), PLACES), max_size=4), max_size=5)


@given(st.frozensets(st.integers(0, 2000), max_size=40))
def test_a_set_of_places_gives_back_its_places_in_order(some: frozenset[int]) -> None:
    assert list(places(of_places(some, 2000))) == sorted(some)


@given(GROUPS, st.integers(1, 20), st.integers(0, 45))
def test_the_likeliest_are_those_with_the_greatest_sums(
    groups: list[list[tuple[int, frozenset[int]]]], limit: int, late: int
) -> None:
    tally, sums = Tally(), dict.fromkeys(range(41), 0)
    for group in groups:
        tally.add([(weight, of_places(members, 41)) for weight, members in group])
        for place in sums:
            sums[place] += max((weight for weight, members in group if place in members), default=0)
    having = sorted((place for place in sums if sums[place]), key=lambda place: (-sums[place], place))
    found = tally.likeliest(limit, late)
    assert tally.of(found) == [sums[place] for place in found]
    assert set(having[:limit]) <= set(found)
    least = min((sums[place] for place in having[:limit]), default=0)
    assert all(place >= late and sums[place] == least for place in set(found) - set(having[:limit]))


def test_of_equals_the_lower_number_comes_first_wherever_it_was_written() -> None:
    generation = Generation.build((number, frozenset({1})) for number in (2, 4, 6))
    late = [Delta({1: frozenset({1}), 5: frozenset({1}), 6: frozenset({2})})]
    assert search(generation, late, frozenset({1}), limit=3) == [1, 2, 4]
    assert search(generation, late, frozenset({1})) == [1, 2, 4, 5]


def test_what_counts_half_parts_those_who_are_equal_without_it() -> None:
    generation = Generation.build([(1, frozenset({10})), (2, frozenset({10, 11})), (3, frozenset({12}))])
    whole = frozenset({10, 11})
    assert search(generation, (), [frozenset({10})]) == [1, 2]
    assert search(generation, (), [frozenset({10}), Half({11})]) == [2, 1]
    assert search(generation, (), [whole, Half({10})])[0] == 2
    assert search(generation, (), [frozenset({12}), Half({11})]) == [3, 2]
