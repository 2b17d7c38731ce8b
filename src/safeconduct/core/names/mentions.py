"""References mentioned in running text: a letter, a subject line.

Whose references there are only the records know, and an office's own may have any shape. So this gives keys, as
`skeleton.reference_tokens` makes them, of whatever could be a reference; who looks them up says which are.
"""

import re
from collections.abc import Iterator
from typing import Final

from .references import Kind, Reference, plain, recognise

# Of a text of many pages so much is read, and so many are looked up: the first.
MOST_KEYS: Final = 600
MOST_TEXT: Final = 60_000
_LONGEST_KEY: Final = 40
# What stands before a number that is a reference though nothing else about it says so.
_LABEL: Final = re.compile(
    r"(?:our|your|my|ref|refs|reference|references|case|file|no|number|cyf|cyfeirnod)[.:]?", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\s,;:|()\[\]<>\"'“”‘’]+")
_EDGES: Final = ".:;!?/\\-–_#*=&"
_DAY: Final = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_ADDRESS: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}|(?:https?://|www\.)\S+", re.IGNORECASE)
_ALONE: Final = 6
_SHORTEST: Final = 4
_WHOLE: Final = 7


def keys(text: str) -> tuple[str, ...]:
    """What in a text could be a reference, each as letters and digits alone in upper case, in the order they stand.

    A bare number is one where it has six digits or more, or something like "our ref" before it. Days, times and
    addresses are none. Never raises.
    """
    found: dict[str, None] = {}
    for key in _keys(_ADDRESS.sub(" ", plain(text[:MOST_TEXT]))):
        found.setdefault(key)
        if len(found) == MOST_KEYS:
            break
    return tuple(found)


def key_of(reference: str) -> str:
    """The key of one reference that is known to be one."""
    key = "".join(letter for letter in plain(reference).upper() if letter.isalnum())
    return key.lstrip("0") if key.isdigit() else key


def theirs(text: str) -> tuple[Reference, ...]:
    """The references of the Home Office's own letters (MPAM/0123456/26) in a text, in its order, none twice."""
    found: dict[str, Reference] = {}
    for word in _WORD.findall(_ADDRESS.sub(" ", plain(text[:MOST_TEXT]))):
        if "/" in word:
            for one in recognise(word.strip(_EDGES)):
                if one.kind is Kind.HO_LETTER:
                    found.setdefault(one.normal, one)
    return tuple(found.values())


def _keys(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        words = [word.strip(_EDGES) for word in _WORD.findall(line)]
        labelled = [_LABEL.fullmatch(word) is not None for word in _WORD.findall(line)]
        for at, word in enumerate(words):
            if not word or len(word) > 2 * _LONGEST_KEY:
                continue
            after_label = any(labelled[max(0, at - 2) : at])
            if any(letter.isdigit() for letter in word):
                yield from _of_word(word, after_label=after_label)
            yield from _of_several(words[at : at + 4])


def _of_word(word: str, *, after_label: bool) -> Iterator[str]:
    if _DAY.fullmatch(word) and not _like_a_reference(word):
        return
    key = key_of(word)
    if key and len(key) <= _LONGEST_KEY:
        if after_label or (len(key) >= _ALONE if key.isdigit() else len(key) >= _SHORTEST):
            yield key
        # Two written with a slash between: S7089061/7209-4056-1125-5762.
        pieces = [key_of(part) for part in word.split("/")]
        if len(pieces) > 1 and all(len(piece) >= _WHOLE for piece in pieces):
            yield from pieces


def _like_a_reference(word: str) -> bool:
    """An asylum-support number, 20/11/12345, is no day."""
    return len(re.split(r"[/.-]", word)[-1]) == 5


def _of_several(words: list[str]) -> Iterator[str]:
    """References written with spaces: `7209 4056 1125 5762`, `GWF 012345678`, `IM 0214`."""
    first = words[0]
    if not (first.isdigit() or re.fullmatch(r"[A-Za-z]{1,6}", first)):
        return
    joined = first
    for word in words[1:]:
        if not word or not any(letter.isdigit() for letter in word) or not re.fullmatch(r"[A-Za-z0-9/.-]{1,20}", word):
            return
        joined += word
        key = key_of(joined)
        if _ALONE - 1 <= len(key) <= _LONGEST_KEY and (first.isupper() or (first.isdigit() and len(key) >= 9)):
            yield key
