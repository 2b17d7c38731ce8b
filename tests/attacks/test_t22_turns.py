"""T22: however many passphrases are tried at once, few are stretched at a time, and a wait is told in words."""

from __future__ import annotations

import threading

import pytest

from safeconduct.accounts.faults import TooSoon
from safeconduct.core.sealing import passphrase
from safeconduct.core.sealing.passphrase import Cost


def test_however_many_come_at_once_only_a_few_are_stretched_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-four at nine o'clock, or an attacker: memory is bounded by turns, and everybody gets theirs."""
    lock, gate, now, most, done = threading.Lock(), threading.Event(), [0], [0], [0]

    def stretched(**_named: object) -> bytes:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
            if now[0] == passphrase.AT_ONCE:
                gate.set()  # as many as may are inside together
        gate.wait(60)
        with lock:
            now[0] -= 1
            done[0] += 1
        return bytes(32)

    monkeypatch.setattr(passphrase, "hash_secret_raw", stretched)
    everybody = [
        threading.Thread(target=passphrase.stretch, args=("words", bytes(16), Cost(8, 1, 1))) for _ in range(24)
    ]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join(60)
    assert (most[0], done[0]) == (passphrase.AT_ONCE, 24)


def test_the_fault_says_how_long_in_words() -> None:
    assert "Wait 1 second, then" in str(TooSoon(1))
    assert "Wait 64 seconds, then" in str(TooSoon(64))
