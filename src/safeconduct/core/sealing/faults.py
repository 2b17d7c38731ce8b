"""What can go wrong with a key or a sealed value: one class a fault, no secret in any message."""


class SealingFault(Exception):
    """Any fault of this room. Its text never holds a key, a passphrase or what was sealed."""


class CannotOpen(SealingFault):
    """The key is not the right one, or the bytes were changed, cut short or moved from their place."""


class NotASealedBox(SealingFault):
    """The bytes do not have the shape of a box this version can read."""


class WeakPassphrase(SealingFault):
    """The passphrase is too short to protect a copied disk."""


class NotStretched(SealingFault):
    """A passphrase could not be stretched as far as it should. Its text is a sentence for whoever chose it."""


class EpochMissing(SealingFault):
    """The epoch a wrap was layered under is not in the epoch file."""


class EpochFileUnreadable(SealingFault):
    """The epoch file is missing, damaged or of a later version."""
