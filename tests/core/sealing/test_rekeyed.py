"""A team's bundle after another: what the former sealed opens, under its number or by trying, and nothing new is."""

import msgspec
import pytest

from safeconduct.core.sealing import boxes, epochs, members, wraps
from safeconduct.core.sealing.bundles import TeamBundle
from safeconduct.core.sealing.faults import CannotOpen, NotASealedBox

PLACE = boxes.context("somewhere")


@pytest.fixture
def three():
    first = TeamBundle.generate()
    second = first.next()
    return first, second, second.next()


def test_each_next_bundle_has_fresh_secrets_the_next_number_and_all_former_wrap_secrets(three):
    first, second, third = three
    assert [one.number for one in three] == [1, 2, 3]
    for what in ("wrap", "pair", "signing"):
        assert len({getattr(one, what) for one in three}) == 3
    assert third.former == ((2, second.wrap), (1, first.wrap))


def test_what_any_of_them_sealed_for_a_purpose_opens_with_a_later_one_only(three):
    boxed = [boxes.seal(one.key_for("journal", "a"), b"said", PLACE) for one in three]
    for at, bundle in enumerate(three):
        for number, box in enumerate(boxed):
            if number <= at:
                assert bundle.open_box(box, PLACE, "journal", "a") == b"said"
            else:
                with pytest.raises(CannotOpen):
                    bundle.open_box(box, PLACE, "journal", "a")


def test_another_purpose_part_or_place_does_not_open(three):
    box = boxes.seal(three[0].key_for("journal", "a"), b"said", PLACE)
    for purpose, part, place in (("found", "a", PLACE), ("journal", "b", PLACE), ("journal", "a", b"elsewhere")):
        with pytest.raises(CannotOpen):
            three[2].open_box(box, place, purpose, part)
    with pytest.raises(NotASealedBox):
        three[2].open_box(b"\x02" + box[1:], PLACE, "journal", "a")


def test_keys_come_newest_first_and_by_number(three):
    first, _, third = three
    assert third.keys_for("wraps") == [one.key_for("wraps") for one in reversed(three)]
    assert [third.key_of(number, "wraps") for number in (3, 2, 1)] == third.keys_for("wraps")
    for number in (0, 4):
        with pytest.raises(CannotOpen):
            third.key_of(number, "wraps")
    with pytest.raises(CannotOpen):
        first.key_of(2, "wraps")


def test_a_wrap_names_the_bundle_it_is_under(three):
    first, _, third = three
    at, key = epochs.Epochs.begin(), boxes.new_key()
    named = {"team": "t", "subject": "s"}
    number, stored = wraps.wrap(key, first, at, **named)
    assert wraps.unwrap(number, stored, third, at, number=1, **named) == key
    with pytest.raises(CannotOpen):
        wraps.unwrap(number, stored, third, at, **named)
    again = wraps.wrap_under(wraps.team_key(third), key, at, **named)
    assert wraps.unwrap(*again, third, at, **named) == key
    with pytest.raises(CannotOpen):
        wraps.unwrap(*again, first, at, **named)


def test_a_bundle_of_before_there_were_numbers_is_the_first():
    """As it was sealed then: an array of version, wrap, pair and signing key."""
    pair, bundle = members.KeyPair.generate(), TeamBundle.generate()
    old = msgspec.msgpack.encode([1, bundle.wrap, bundle.pair, bundle.signing])
    sent = members.send(old, pair.public, boxes.context("team-bundle", "o", "t", "m"))
    assert TeamBundle.receive(sent, pair, organisation="o", team="t", member="m") == bundle


def test_an_escrow_is_for_one_team_and_one_round(three):
    pair = members.KeyPair.generate()
    sealed = three[1].escrow_to(pair.public, organisation="o", team="t", round=2)
    assert TeamBundle.from_escrow(sealed, pair, organisation="o", team="t", round=2) == three[1]
    for named in (
        {"organisation": "x", "team": "t", "round": 2},
        {"organisation": "o", "team": "x", "round": 2},
        {"organisation": "o", "team": "t", "round": 1},
    ):
        with pytest.raises(CannotOpen):
            TeamBundle.from_escrow(sealed, pair, **named)
    with pytest.raises(CannotOpen):
        TeamBundle.from_escrow(sealed, members.KeyPair.generate(), organisation="o", team="t", round=2)


def test_a_bundle_shows_no_secret_where_it_is_printed(three):
    assert repr(three[2]) == "TeamBundle(…)"
