"""The setup code: typed as people type, of use once, never shown by accident."""

from __future__ import annotations

import pickle

import pytest

from safeconduct.config.setup_code import ALPHABET, SetupCode


@pytest.fixture
def offered() -> tuple[SetupCode, str]:
    holder = SetupCode()
    return holder, holder.offer()


def test_nothing_is_accepted_before_an_offer() -> None:
    assert not SetupCode().accepts("")
    assert not SetupCode().accepts("0000-0000-0000")


def test_the_code_is_accepted_however_it_is_typed(offered: tuple[SetupCode, str]) -> None:
    holder, code = offered
    assert set(code) <= {*ALPHABET, "-"}
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert holder.accepts(typed)


def test_letters_that_look_like_figures_are_read_as_those(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.choice", lambda signs: "0")
    zeros = SetupCode()
    zeros.offer()
    assert zeros.accepts("ooooOOOO0000")
    monkeypatch.setattr("secrets.choice", lambda signs: "1")
    ones = SetupCode()
    ones.offer()
    assert ones.accepts("iIlL11111111")


def test_another_code_is_refused(offered: tuple[SetupCode, str]) -> None:
    holder, code = offered
    other = "".join("7" if sign != "7" else "8" for sign in code.replace("-", ""))
    assert not holder.accepts(other)
    assert not holder.accepts(code[:-1])
    assert not holder.accepts(code + "0")
    assert not holder.accepts("")
    assert not holder.accepts("محمد")


def test_a_new_offer_ends_the_old_one(offered: tuple[SetupCode, str]) -> None:
    holder, first = offered
    second = holder.offer()
    assert holder.accepts(second)
    assert not holder.accepts(first)


def test_the_code_ends_when_first_use_is_done(offered: tuple[SetupCode, str]) -> None:
    holder, code = offered
    holder.withdraw()
    assert not holder.accepts(code)


def test_printing_the_holder_does_not_show_the_code(offered: tuple[SetupCode, str]) -> None:
    holder, code = offered
    assert code.replace("-", "") not in repr(holder)
    with pytest.raises(TypeError):
        pickle.dumps(holder)
