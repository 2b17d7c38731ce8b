"""The parts signing in is made of: challenges, codes, marks of browsers, answers of security keys."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from safeconduct.accounts import challenges, codes, devices, keyring, security_keys
from safeconduct.accounts.challenges import Used
from safeconduct.accounts.security_keys import Answer, Site
from safeconduct.core.sealing.members import KeyPair

# RFC 6238, appendix B: SHA-1, the last six of its eight digits, by seconds since 1970.
RFC = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")]
SECRET = b"12345678901234567890"


def test_a_challenge_is_taken_once_for_what_it_was_made_for() -> None:
    challenge, token = challenges.issue("add", "somebody")
    assert challenges.take(token, "add", "somebody else") is None
    assert challenges.take(token, "sign-in", "somebody") is None
    assert challenges.take(token, "add", "somebody") == challenge
    assert challenges.take(token, "add", "somebody") is None


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é"])
def test_a_token_that_is_not_ours_gives_none(token: str) -> None:
    assert challenges.take(token, "add") is None


def test_a_challenge_of_before_a_restart_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = challenges.issue("add")
    monkeypatch.setattr(keyring, "BOOT_KEY", bytes(32))
    assert challenges.take(token, "add") is None


def test_the_memory_of_used_ones_forgets_and_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    used = Used(clock=lambda: now[0])
    monkeypatch.setattr(challenges, "_MOST", 3)
    assert [used.spend(bytes([at])) for at in (1, 1, 2, 3, 4)] == [True, False, True, True, False]
    now[0] = 2 * challenges.SECONDS
    assert not used.spend(b"\x01")
    now[0] += 1
    assert used.spend(b"\x04")


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert codes.step_of(SECRET, code, now=now) == seconds // 30
    assert codes.step_of(SECRET, f"{code[:3]} {code[3:]}", now=now) == seconds // 30


def test_a_code_is_right_one_step_before_and_after_and_no_further() -> None:
    at = 1111111109
    found = [codes.step_of(SECRET, "081804", now=datetime.fromtimestamp(at + 30 * by, UTC)) for by in range(-3, 4)]
    assert [one is not None for one in found] == [False, False, True, True, True, False, False]
    assert set(found) == {None, at // 30}


@pytest.mark.parametrize("typed", ["", "08180", "0818040", "٠٨١٨٠٤", "------", "08180x"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert codes.step_of(SECRET, typed, now=datetime.fromtimestamp(1111111109, UTC)) is None


def test_a_secret_opens_for_its_member_only() -> None:
    pair = KeyPair.generate()
    sealed = codes.seal(SECRET, pair.public, member="a")
    assert codes.open_secret(sealed, pair, member="a") == SECRET
    assert codes.open_secret(sealed, pair, member="b") is None
    assert codes.open_secret(sealed, KeyPair.generate(), member="a") is None


def test_the_decoy_is_opened_as_a_real_one_is() -> None:
    pair, sealed = codes.decoy()
    assert codes.open_secret(sealed, pair, member="") is not None
    assert len(sealed) == len(codes.seal(codes.new_secret(), pair.public, member="a"))


def test_a_browser_remembers_eight_members_and_the_newest() -> None:
    device = None
    for at in range(devices.MOST_MARKS + 1):
        device = devices.remember(device, f"m{at}")
    assert device is not None
    assert not devices.is_known(device, "m0")
    assert all(devices.is_known(device, f"m{at}") for at in range(1, devices.MOST_MARKS + 1))
    again = devices.remember(device, "m1")
    assert len(again.marks) == devices.MOST_MARKS
    assert again.number == device.number


def test_another_browsers_mark_is_worth_nothing() -> None:
    mine, theirs = devices.remember(None, "sian"), devices.remember(None, "alex")
    assert not devices.is_known(devices.Device(theirs.number, mine.marks), "sian")
    assert not devices.is_known(None, "sian")


@pytest.mark.parametrize(
    "sent", ["", "null", "[]", "{", '{"rawId": "AA"}', '{"rawId": 3}', "[" * 30_000, '{"rawId": "é"}', '"x"']
)
def test_an_answer_that_is_none_is_refused_and_not_a_fault(sent: str) -> None:
    answer = Answer(Site("localhost", "http://localhost"), security_keys.parse(sent), "", "sign-in")
    assert isinstance(answer.id, bytes)
    assert security_keys.verify(answer, public_key=security_keys.decoy(), sign_count=0) is None
    assert security_keys.verify_new(answer, verified=False) is None
