"""The base of what is read out of a sheet."""

import msgspec


class Silent(msgspec.Struct, frozen=True, gc=False):
    """Its `repr` says nothing: a row in a traceback or a log would be a person in a log.

    None of these can hold itself, so Python's collector need not look through a hundred thousand of them (`gc`).
    """

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"
