"""Whether a message came to the office or went from it: an office has no list of its own addresses, so it is told.

Ours is what goes to an authority from somebody who is none, or goes from where mail to us went to whom mail to us came
from.
"""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.people import index, tokens

from .reading.letter import Letter


@lru_cache(maxsize=1)
def _ends() -> tuple[str, ...]:
    read = tomllib.loads(files(__package__).joinpath("authorities.toml").read_text("utf-8"))
    return tuple(str(one["ends"]) for one in read["domain"])


def is_authority(address: str) -> bool:
    """Whether an address is an authority's."""
    domain = address.rpartition("@")[2]
    return any(domain == end or domain.endswith(f".{end}") for end in _ends())


class Directions:
    """Tells directions for one run: by the addresses of what came before, on record or in this run."""

    def __init__(self, by: Actor, team: Team) -> None:
        self._by, self._team = by, team
        self._senders: set[str] = set()
        self._recipients: set[str] = set()

    _index: index.OpenedIndex

    def of(self, letters: Sequence[Letter]) -> list[bool]:
        """Of each letter whether the office wrote it. Remembers whom they are from and to."""
        self._index = index.opened(self._by, self._team)
        out = []
        for letter in letters:
            found = self._ours(letter)
            if not found and letter.sender:
                self._senders.add(letter.sender)
                # Of a message to several it is not known which of them is us.
                self._recipients.update(letter.to if len(letter.to) == 1 else ())
            out.append(found)
        return out

    def _ours(self, letter: Letter) -> bool:
        if not letter.sender or is_authority(letter.sender):
            return False
        if any(is_authority(one) for one in letter.to):
            return True
        if letter.sender not in self._recipients and not self._known(tokens.of_recipient(letter.sender)):
            return False
        return any(one in self._senders or self._known(tokens.of_sender(one)) for one in letter.to)

    def _known(self, wanted: frozenset[int]) -> bool:
        return bool(self._index.having(wanted))
