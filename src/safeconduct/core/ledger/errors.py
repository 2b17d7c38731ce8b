"""What can be wrong with a log: one class for each fault.

Messages carry positions, sizes and paths only. An entry of the log is a commitment, so even its bytes
would say nothing, but they are left out all the same.
"""

from __future__ import annotations


class LedgerError(Exception):
    """Any fault of the log, its tiles, its proofs or its checkpoints."""


# --- the tree and its stored tiles ---


class SizeOutOfRange(LedgerError):
    """A tree size was asked for that the log does not have."""


class IndexOutOfRange(LedgerError):
    """An entry was asked for that lies outside the tree."""


class TileMissing(LedgerError):
    """The store has no tile, or too short a tile, where the tree needs one."""


class TileMalformed(LedgerError):
    """A stored tile is not a whole number of 32-byte hashes, or holds more than 256 of them."""


class TileDiffers(LedgerError):
    """A stored tile is not what the entries of the log hash to."""


class EntriesMissing(LedgerError):
    """There are fewer entries than the size of the tree."""


class EntriesLeftOver(LedgerError):
    """There are more entries than the size of the tree."""


# --- proofs ---


class ProofWrongLength(LedgerError):
    """A proof has more or fewer hashes than trees of these sizes need."""


class InclusionMismatch(LedgerError):
    """The entry is not at that place of the tree with that root."""


class ConsistencyMismatch(LedgerError):
    """The larger tree does not begin with the smaller one: history was changed."""


# --- tile paths and entry bundles ---


class TilePathMalformed(LedgerError):
    """A path is not the one canonical spelling of a tile."""


class EntryTooLong(LedgerError):
    """An entry is longer than the 65,535 bytes its length prefix can say."""


class BundleMalformed(LedgerError):
    """An entry bundle ends in the middle of an entry, or holds none or more than 256."""


# --- export ---


class ExportConflicts(LedgerError):
    """The folder already holds a different tile under the same path: another log, or a changed history."""


class ExportGoesBack(LedgerError):
    """The folder already holds a checkpoint of a larger tree."""


class CheckpointNotOfTree(LedgerError):
    """The checkpoint given with an export states another size or root than the tree."""


# --- notes, keys and checkpoints ---


class NoteNotText(LedgerError):
    """A note is not UTF-8, or holds a control character."""


class NoteTooLong(LedgerError):
    """A note is longer than a checkpoint can be, or has more signatures than are read."""


class NoteUnsigned(LedgerError):
    """A note has no blank line followed by signature lines, or does not end in a line feed."""


class SignatureLineMalformed(LedgerError):
    """A signature line is not an em dash, a name, and base64 of key id and signature."""


class KeyNameMalformed(LedgerError):
    """A key name is empty or holds a space or a plus sign."""


class VerifierKeyMalformed(LedgerError):
    """A verifier key is not name, key id and base64 of an Ed25519 key, joined by plus signs."""


class SignerUnknown(LedgerError):
    """No signature on the note is by the expected key."""


class SignatureInvalid(LedgerError):
    """A signature names the expected key and was not made by it over this text."""


class CheckpointMalformed(LedgerError):
    """The body of a checkpoint is not exactly three lines: origin, size and root."""


class OriginMalformed(LedgerError):
    """The first line of a checkpoint, which names the log, is empty or has white space at an end."""


class OriginMismatch(LedgerError):
    """The checkpoint is of another log than the one expected."""


class SizeMalformed(LedgerError):
    """The second line of a checkpoint is not a decimal number without leading zeros."""


class RootMalformed(LedgerError):
    """The third line of a checkpoint is not canonical base64 of 32 bytes."""
