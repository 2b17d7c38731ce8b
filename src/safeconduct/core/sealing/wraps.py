"""A wrap: a subject's key sealed for one team, then layered under the epoch."""

from . import boxes
from .bundles import TeamBundle
from .epochs import Epochs


def wrap(subject_key: bytes, bundle: TeamBundle, epochs: Epochs, *, team: str, subject: str) -> tuple[int, bytes]:
    """The epoch's number and the bytes to store: ``subject_key`` for ``team``."""
    place = boxes.context("wrap", team, subject)
    return epochs.layer(boxes.seal(team_key(bundle), subject_key, place), place)


def unwrap(epoch: int, stored: bytes, bundle: TeamBundle, epochs: Epochs, *, team: str, subject: str) -> bytes:
    """The subject's key. Raises `EpochMissing`, `CannotOpen`."""
    return unwrap_under(team_key(bundle), epoch, stored, epochs, team=team, subject=subject)


def team_key(bundle: TeamBundle) -> bytes:
    """The team's key for its wraps: derived once by whoever unwraps many."""
    return bundle.key_for("wraps")


def unwrap_under(key: bytes, epoch: int, stored: bytes, epochs: Epochs, *, team: str, subject: str) -> bytes:
    """The subject's key, by the team's `team_key`. Raises `EpochMissing`, `CannotOpen`."""
    place = boxes.context("wrap", team, subject)
    return boxes.open_box(key, epochs.peel(epoch, stored, place), place)
