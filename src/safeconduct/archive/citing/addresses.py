"""The short address of a passage: twelve letters and digits that never change, easy to read out and to type.

They are the first 60 of the 128 random bits of the passage's handle, in Crockford's base 32: no I, L, O or U, and what
looks like another sign is read as that one.
"""

from typing import Final
from uuid import UUID

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 12
_BITS: Final = 5 * _LENGTH
_READ_AS: Final = str.maketrans("ILO", "110")


class NoAddress(ValueError):
    """This is no short address."""


def short(handle: UUID) -> str:
    """`short(UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7"))` is `FJF6CYBM4N0D`."""
    number = handle.int >> (128 - _BITS)
    return "".join(_SIGNS[number >> (5 * (_LENGTH - 1 - at)) & 31] for at in range(_LENGTH))


def handles(address: str) -> tuple[UUID, UUID]:
    """The first and the last handle that have this address. Raises `NoAddress`."""
    number = 0
    typed = address.upper().replace("-", "").replace(" ", "").translate(_READ_AS)
    if len(typed) != _LENGTH:
        raise NoAddress("a short address has twelve letters and digits")
    for sign in typed:
        if sign not in _SIGNS:
            raise NoAddress("a short address has twelve letters and digits")
        number = number << 5 | _SIGNS.index(sign)
    first = number << (128 - _BITS)
    return UUID(int=first), UUID(int=first | ((1 << (128 - _BITS)) - 1))
