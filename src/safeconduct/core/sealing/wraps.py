"""A wrap: a subject's key sealed for one team, then layered under the epoch."""

from . import boxes
from .bundles import TeamBundle
from .epochs import Epochs


def wrap(subject_key: bytes, bundle: TeamBundle, epochs: Epochs, *, team: str, subject: str) -> tuple[int, bytes]:
    """The epoch's number and the bytes to store: ``subject_key`` for ``team``."""
    place = boxes.context("wrap", team, subject)
    return epochs.layer(boxes.seal(bundle.key_for("wraps"), subject_key, place), place)


def unwrap(epoch: int, stored: bytes, bundle: TeamBundle, epochs: Epochs, *, team: str, subject: str) -> bytes:
    """The subject's key. Raises `EpochMissing`, `CannotOpen`."""
    place = boxes.context("wrap", team, subject)
    return boxes.open_box(bundle.key_for("wraps"), epochs.peel(epoch, stored, place), place)
