"""Words on paper that make a key: enough of them, in any spelling a tired person types, and never one too few."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic import Share, generate_mnemonics

from safeconduct.core.sealing import shares
from safeconduct.core.sealing.shares import KitsDoNotFit, WordsDoNotCheck, WordUnknown


@pytest.mark.parametrize("count", [3, 5, 16])
def test_any_two_kits_make_the_secret_and_no_single_one(count):
    secret = shares.new_secret()
    kits = shares.split(secret, count)
    assert {len(one.split()) for one in kits} == {shares.WORDS}
    for pair in itertools.islice(itertools.permutations(kits, 2), 40):
        assert shares.join(pair) == secret
    for one in kits:
        for alone in ([one], [one, one], [one, ""]):
            with pytest.raises(KitsDoNotFit):
                shares.join(alone)


def test_one_kit_is_enough_where_it_is_the_only_one():
    secret = shares.new_secret()
    assert shares.join(shares.split(secret, 1)) == secret


@pytest.mark.parametrize("count", [0, 2, 17])
def test_there_are_no_two_kits_and_none_beyond_sixteen(count):
    with pytest.raises(ValueError, match="one, or three"):
        shares.split(shares.new_secret(), count)


def test_a_secret_is_split_differently_each_time():
    secret = shares.new_secret()
    assert not set(shares.split(secret, 3)) & set(shares.split(secret, 3))


def test_kits_of_two_rounds_do_not_fit():
    one, other = shares.split(shares.new_secret(), 3), shares.split(shares.new_secret(), 3)
    with pytest.raises(KitsDoNotFit):
        shares.join([one[0], other[1]])
    with pytest.raises(KitsDoNotFit):
        shares.join([])


def test_numbers_capitals_and_line_ends_typed_along_do_no_harm():
    secret = shares.new_secret()
    kits = shares.split(secret, 3)
    typed = ["\r\n".join(f" {n}.  {word.title()}," for n, word in enumerate(one.split(), 1)) for one in kits[:2]]
    assert shares.join(typed) == secret
    assert shares.commitment(typed[0], organisation="o", round=1) == shares.commitment(
        kits[0], organisation="o", round=1
    )


@given(at=st.integers(0, 19), other=st.sampled_from(["academic", "acid", "zero", "yield"]))
def test_one_word_exchanged_for_another_of_the_list_is_always_noticed(at, other):
    kits = shares.split(shares.new_secret(), 3)
    words = kits[1].split()
    if words[at] == other:
        return
    words[at] = other
    with pytest.raises(WordsDoNotCheck) as fault:
        shares.join([kits[0], " ".join(words)])
    assert fault.value.kit == 2
    assert str(fault.value).startswith("The words of kit 2 are not as printed")


def test_a_word_that_is_in_no_list_is_pointed_at_and_never_repeated():
    kits = shares.split(shares.new_secret(), 3)
    words = kits[0].split()
    words[4] = "Fatima"
    with pytest.raises(WordUnknown) as fault:
        shares.join([" ".join(words), kits[1]])
    assert (fault.value.kit, fault.value.word) == (1, 5)
    assert str(fault.value).startswith("Word 5 of kit 1 is not in the list")
    assert "fatima" not in str(fault.value).casefold()


def test_a_kit_left_empty_does_not_keep_the_next_from_being_checked():
    with pytest.raises(WordUnknown) as fault:
        shares.check(["", "acid Fatima"])
    assert (fault.value.kit, fault.value.word) == (2, 2)


def test_of_what_is_typed_only_marks_and_numbers_go():
    assert shares.normal(" 1. ACID,\n2: TAX; X") == "acid tax x"


@pytest.mark.parametrize("count", [1, 19, 21, 33])
def test_too_few_words_or_too_many_are_noticed(count):
    words = shares.split(shares.new_secret(), 1)[0].split()
    with pytest.raises(WordsDoNotCheck):
        shares.check([" ".join((words * 2)[:count])])


def test_words_of_a_longer_secret_are_not_of_ours():
    with pytest.raises(KitsDoNotFit):
        shares.join(generate_mnemonics(1, [(1, 1)], bytes(range(32)))[0])


@pytest.mark.parametrize("exponent", [1, 15])
def test_words_that_ask_for_longer_work_than_ours_are_refused_unworked(exponent, monkeypatch):
    """Whoever is outside may send words: with an exponent of 15 a single kit would keep the server busy for minutes."""
    monkeypatch.setattr(shares, "combine_mnemonics", lambda _: pytest.fail("it was worked out"))
    costly = Share(1, False, exponent, 0, 1, 1, 0, 1, bytes(16)).mnemonic()
    for typed in ([costly], [shares.split(shares.new_secret(), 3)[0], costly]):
        with pytest.raises(KitsDoNotFit):
            shares.join(typed)


def test_the_pair_is_the_same_each_time_and_another_for_each_office_and_round():
    secret = shares.new_secret()
    pairs = {
        shares.pair_of(secret, organisation=office, round=round).private
        for office, round in [("o", 1), ("o", 1), ("o", 2), ("p", 1)]
    }
    assert len(pairs) == 3
    assert {len(one) for one in pairs} == {96}


def test_the_pair_of_a_known_secret_stays_what_it_is():
    """Kits on paper outlive versions: this must never change."""
    private = shares.pair_of(bytes(range(16)), organisation="o", round=1).private
    assert private.hex().startswith("167b42cbbe8af7706a9983de04c0071f")


PRINTED = (
    "petition veteran academic acid anxiety antenna estate dismiss pharmacy downtown "
    "square taught staff dramatic burning oral presence exclude mama slavery",
    "petition veteran academic agency animal cowboy paper insect already island "
    "being either lamp elegant either income square item smell herald",
)


def test_kits_printed_long_ago_still_make_their_secret():
    assert shares.join([" ".join(PRINTED[0].split()), PRINTED[1]]) == bytes(range(16))


def test_a_commitment_is_for_one_kit_of_one_office_and_round():
    kits = shares.split(shares.new_secret(), 3)
    made = {
        shares.commitment(words, organisation=office, round=round)
        for words, office, round in [(kits[0], "o", 1), (kits[1], "o", 1), (kits[0], "p", 1), (kits[0], "o", 2)]
    }
    assert len(made) == 4
