"""An organisation's recovery key: a secret of 128 bits that exists as words on paper (SLIP-39) and nowhere else.

The key pair is derived from the secret, so nothing private is stored: who has enough of the words can make it again,
and nobody else can. One share is twenty words with a checksum of their own.
"""

import hashlib
import os
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORD_INDEX_MAP

from . import boxes
from .faults import SealingFault
from .members import KeyPair

SECRET_BYTES: Final = 16
WORDS: Final = 20
# From so many shares on, any two of them make the secret; the words hold the number in four bits.
SPLIT_FROM: Final = 3
MOST: Final = 16
_PRIVATE_BYTES: Final = 96
_NOT_OURS: Final = "These words are not of kits that were made here."
# The secret is uniformly random and no passphrase is added, so stretching it would protect nothing: the fewest rounds.
# The words themselves say how many, so those that ask for more, for up to minutes of work, are refused unworked.
_STRETCHED: Final = 0


class WordUnknown(SealingFault):
    """A word that is not in the list. ``kit`` and ``word`` say which of those typed, both from 1."""

    def __init__(self, kit: int, word: int) -> None:
        super().__init__(f"Word {word} of kit {kit} is not in the list the kits are made from. Compare it once more.")
        self.kit, self.word = kit, word


class WordsDoNotCheck(SealingFault):
    """The words of one kit are of another number, or do not agree with their checksum. ``kit``: from 1."""

    def __init__(self, kit: int) -> None:
        super().__init__(f"The words of kit {kit} are not as printed: one is another, missing, or out of its order.")
        self.kit = kit


class KitsDoNotFit(SealingFault):
    """The kits are each sound, and too few, too many, or not of one round."""


def new_secret() -> bytes:
    """128 random bits."""
    return os.urandom(SECRET_BYTES)


def pair_of(secret: bytes, *, organisation: str, round: int) -> KeyPair:
    """The recovery pair of one organisation and round: its 96 private bytes by HKDF-SHA256 from the secret."""
    info = boxes.context("recovery-key", organisation, round)
    return KeyPair(HKDF(algorithm=SHA256(), length=_PRIVATE_BYTES, salt=None, info=info).derive(secret))


def split(secret: bytes, kits: int) -> list[str]:
    """The words of each kit, twenty in each: one kit that is enough by itself, or three and more of which any two are.

    Raises:
        ValueError: two, none or too many.
    """
    if kits != 1 and not SPLIT_FROM <= kits <= MOST:
        raise ValueError("kits are one, or three to sixteen")
    threshold = 1 if kits == 1 else 2
    groups: list[list[str]] = generate_mnemonics(1, [(threshold, kits)], secret, iteration_exponent=_STRETCHED)
    return groups[0]


def join(typed: Sequence[str]) -> bytes:
    """The secret from the words of enough kits, typed in any spacing and case; the same kit twice counts once.

    Raises:
        WordUnknown, WordsDoNotCheck: which kit, and which word where that can be known.
        KitsDoNotFit: too few, of different rounds, or of another maker.
    """
    check(typed)
    try:
        secret: bytes = combine_mnemonics(dict.fromkeys(normal(text) for text in typed if text.strip()))
    except MnemonicError:
        raise KitsDoNotFit(
            "These kits do not make a key together: there are too few, too many, or they are not of one round."
        ) from None
    if len(secret) != SECRET_BYTES:
        raise KitsDoNotFit(_NOT_OURS)
    return secret


def check(typed: Sequence[str]) -> None:
    """Whether each kit by itself is as printed. Raises `WordUnknown`, `WordsDoNotCheck`; `KitsDoNotFit`: not ours."""
    for kit, text in enumerate(map(normal, typed), start=1):
        if not text:
            continue
        for at, word in enumerate(text.split(), start=1):
            if word not in WORD_INDEX_MAP:
                raise WordUnknown(kit, at)
        try:
            share = Share.from_mnemonic(text)
        except MnemonicError:
            raise WordsDoNotCheck(kit) from None
        if share.iteration_exponent != _STRETCHED:
            raise KitsDoNotFit(_NOT_OURS)


def normal(text: str) -> str:
    """Words as they are compared: small letters, one space between. Numbers typed along from the paper are left out."""
    words = (word.strip(".,:;").casefold() for word in text.split())
    return " ".join(word for word in words if word and not word.isdigit())


def commitment(text: str, *, organisation: str, round: int) -> bytes:
    """32 bytes one kit's words are recognised by. The words hold 128 random bits, so it does not help to guess them."""
    return hashlib.sha256(boxes.context("kit", organisation, round, normal(text))).digest()
