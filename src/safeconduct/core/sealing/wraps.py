"""A wrap: a subject's key sealed for one team, then layered under the epoch."""

from typing import Final

from . import boxes
from .bundles import TeamBundle
from .epochs import Epochs

# What a team's bundle calls the key of its wraps.
PURPOSE: Final = "wraps"


def place(*, team: str, subject: str) -> bytes:
    """The place a subject's wrap for a team belongs to, as both its seals are bound to."""
    return boxes.context("wrap", team, subject)


def wrap(subject_key: bytes, bundle: TeamBundle, epochs: Epochs, *, team: str, subject: str) -> tuple[int, bytes]:
    """The epoch's number and the bytes to store: ``subject_key`` for ``team``."""
    return wrap_under(team_key(bundle), subject_key, epochs, team=team, subject=subject)


def unwrap(
    epoch: int, stored: bytes, bundle: TeamBundle, epochs: Epochs, *, team: str, subject: str, number: int | None = None
) -> bytes:
    """The subject's key, wrapped under the bundle of ``number`` (the newest). Raises `EpochMissing`, `CannotOpen`."""
    return unwrap_under(team_key(bundle, number), epoch, stored, epochs, team=team, subject=subject)


def team_key(bundle: TeamBundle, number: int | None = None) -> bytes:
    """The team's key for its wraps under the bundle of ``number`` (the newest): derived once by who unwraps many.

    Raises:
        CannotOpen: the bundle knows no secret of that number.
    """
    return bundle.key_of(bundle.number if number is None else number, PURPOSE)


def unwrap_under(key: bytes, epoch: int, stored: bytes, epochs: Epochs, *, team: str, subject: str) -> bytes:
    """The subject's key, by the team's `team_key`. Raises `EpochMissing`, `CannotOpen`."""
    here = place(team=team, subject=subject)
    return boxes.open_box(key, epochs.peel(epoch, stored, here), here)


def wrap_under(key: bytes, subject_key: bytes, epochs: Epochs, *, team: str, subject: str) -> tuple[int, bytes]:
    """As `wrap`, by the team's `team_key`: for whoever wraps many."""
    here = place(team=team, subject=subject)
    return epochs.layer(boxes.seal(key, subject_key, here), here)
