"""The code that first use asks for.

Until an organisation exists anybody who can reach the desk could set it up and hold its keys. So `serve` prints a code,
kept in memory alone, and the page of first use asks for it. Rooms below reach it as `django.conf.settings.SETUP_CODE`:
settings sit above them, so they do not import this module.
"""

from __future__ import annotations

import hmac
import secrets
import threading

# Crockford's base 32: no I, L, O or U, so a code read aloud or off a screen is typed back as it was.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # 60 bits: beyond guessing through a web page
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


class SetupCode:
    """The code now on offer in this process, if any."""

    __slots__ = ("_code", "_lock")

    def __init__(self) -> None:
        self._code: str | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "SetupCode(<in memory>)"

    def offer(self) -> str:
        """Make a new code and return it as printed: `7K3M-Q9RT-0VXE`. An earlier code stops working."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        with self._lock:
            self._code = code
        return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))

    def accepts(self, typed: str) -> bool:
        """Whether `typed` is the code on offer; spaces, dashes and letter case do not matter. False with no offer."""
        plain = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_READ_AS)
        with self._lock:
            code = self._code
        return code is not None and hmac.compare_digest(plain.encode(), code.encode())

    def withdraw(self) -> None:
        """First use is done: no code is accepted any more."""
        with self._lock:
            self._code = None
