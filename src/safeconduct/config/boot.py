"""What a running server holds in memory alone: the boot key, and the setup code until first use is done.

The boot key is one half of what a session's unlocked key is stored under; it dies with the process, so a restart
locks everyone. Rooms below reach this as `django.conf.settings.BOOT`: settings sit above them, so they do not import
this module.
"""

from __future__ import annotations

import hmac
import secrets
import threading

# Crockford's base 32: no I, L, O or U, so a code read aloud or off a screen is typed back as it was.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
CODE_LENGTH = 12  # 60 bits


class Boot:
    """One process's secrets. Nothing here is ever written or printed except the setup code, once, by `serve`."""

    __slots__ = ("_code", "_key", "_lock")

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._code: str | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Boot(<in memory>)"

    def __reduce__(self) -> str:
        raise TypeError("Boot secrets stay in the process that made them.")

    @property
    def key(self) -> bytes:
        """32 random bytes that live as long as this process."""
        return self._key

    def offer_setup(self) -> str:
        """Make a new setup code and return it as printed: `7K3M-Q9RT-0VXE`. An earlier code stops working."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        with self._lock:
            self._code = code
        return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))

    def may_set_up(self, typed: str) -> bool:
        """Whether `typed` is the code now on offer; spaces, dashes and letter case do not matter."""
        plain = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_READ_AS)
        with self._lock:
            code = self._code
        return code is not None and hmac.compare_digest(plain.encode(), code.encode())

    def end_setup(self) -> None:
        """Withdraw the code: first use is done."""
        with self._lock:
            self._code = None
