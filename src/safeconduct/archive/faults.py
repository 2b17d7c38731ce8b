"""What an act on a source can refuse, one class a reason, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from .causes import Unreached
from .reading.shape import Unfit

if TYPE_CHECKING:  # what captures and checks is slow to import, and most commands do without
    from .capture.verifying import Fault


class ArchiveFault(Exception):
    """Any refusal of this room. Its text may be shown; it names nobody."""


class NotTakenIn(ArchiveFault):
    """The bytes are no source that can be read. They are kept apart, under ``quarantined``; ``reason`` says why."""

    def __init__(self, reason: Unfit, quarantined: UUID) -> None:
        super().__init__(f"This is no source that can be read: {reason.replace('_', ' ')}. Its bytes are kept apart.")
        self.reason = reason
        self.quarantined = quarantined


class CannotRead(ArchiveFault):
    """This machine cannot read files of others: it cannot confine the process that does, or a library is not here."""


class TooLarge(ArchiveFault):
    """The file is larger than any source that is kept. Nothing of it was copied."""


class TooMuchAlong(TooLarge):
    """What goes along of a collection is more than a folder brings. Nothing left."""

    def __init__(self) -> None:
        super().__init__(
            "What goes along of this collection is more than another office could take in: at most 2,000 items, 1,000"
            " letters of its name, and 16 MB. Nothing left. Shorten its name, part it, or hand over the sources alone."
        )


class NoSource(ArchiveFault):
    """There is no such source, or it is in confidence and the member's teams do not hold it: one answer for both."""


class DiskRefused(ArchiveFault):
    """The disk took no more: nothing was kept."""


class FileGone(ArchiveFault):
    """The file of a source is not in the data folder any more, or is not the one the log committed to."""


class NothingMasked(ArchiveFault):
    """The word does not stand in the source, or the stretch is not in its text."""


class MaskedAlready(ArchiveFault):
    """All of it is masked already, or was unmasked by now."""


class Changed(ArchiveFault):
    """Somebody else changed this source at that moment. Nothing was changed; try again."""


class NotReached(ArchiveFault):
    """The address gave nothing this time, which says nothing about the source itself. ``reason`` says why."""

    def __init__(self, reason: Unreached) -> None:
        super().__init__(f"The address could not be reached: {reason.replace('_', ' ')}. Nothing was taken in.")
        self.reason = reason


class NoAddress(ArchiveFault):
    """The source has no address to return to: it came as a file, or in confidence."""


class NotHandedOver(ArchiveFault):
    """A stamp, a proof or a package does not hold here; or ``unchecked``: nothing here can check stamps."""

    def __init__(self, *, unchecked: bool) -> None:
        missing = "This machine cannot check time-stamps: install safeconduct with the extra 'archive', and OpenSSL."
        super().__init__(missing if unchecked else "What speaks for a source does not hold. See: safeconduct check.")
        self.unchecked = unchecked


class NotSound(ArchiveFault):
    """What was handed over does not agree with its stamps, its log or itself. Nothing of it was taken in."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("The folder does not agree with its stamps, its log or itself. Nothing was taken in.")
        self.faults = tuple(faults)
