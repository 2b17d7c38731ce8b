"""What a reply says, told by the phrases of one file (``labels.toml``): proposed to whoever files it.

Quoted text is not to be given here. How phrases are written says `phrases`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from safeconduct.casework.models import EventKind, ReplyShape

from .phrases import Phrase, compiled

_MOST_SENTENCES: Final = 400
# A sentence longer than this is looked at in pieces that overlap: a list of names is no sentence.
_MOST_WORDS: Final = 120
_OVERLAP: Final = 20


@dataclass(frozen=True, slots=True)
class Label:
    """A thing a reply can say.

    ``kind`` is what happened where a reply says this, ``shape`` what it said instead of an answer ("" where it is
    none). Of several labels the one with the highest ``rank`` says what happened. ``unless``: labels beside which this
    one says nothing. ``status`` and ``source`` say where the shape comes from.
    """

    name: str
    kind: str
    shape: str
    rank: int
    status: str
    source: str
    unless: tuple[str, ...]
    phrases: tuple[Phrase, ...]
    never: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reply with some labels is logged as: the kind of event, its shape and what else it said."""

    kind: str
    shape: str | None
    said: tuple[str, ...]


@lru_cache(maxsize=1)
def known() -> dict[str, Label]:
    """Every label by its name, in the order of the file. Raises ValueError where the file is wrong."""
    read = tomllib.loads(files(__package__).joinpath("labels.toml").read_text("utf-8"))
    never = tuple(compiled(one) for one in read["never"])
    out = {one["name"]: _label(one, never) for one in read["label"]}
    if any(other not in out for label in out.values() for other in label.unless):
        raise ValueError("labels.toml: a label gives way to one that is not there")
    return out


def labels_of(text: str) -> tuple[str, ...]:
    """The names of the labels that apply to the new text of a reply, in the order of the file."""
    said = sentences(text)
    apart = [(one, frozenset(one.split())) for one in said]
    found = [label for label in known().values() if any(_applies(label, one, words) for one, words in apart)]
    names = {label.name for label in found}
    return tuple(label.name for label in found if names.isdisjoint(label.unless))


def meaning(labels: Iterable[str]) -> Meaning | None:
    """What a reply with these labels is logged as; None where there are none. Raises KeyError for an unknown one."""
    chosen: Sequence[Label] = sorted((known()[name] for name in dict.fromkeys(labels)), key=lambda one: -one.rank)
    if not chosen:
        return None
    kind = chosen[0].kind
    shapes = [label.shape for label in chosen if label.shape]
    return Meaning(kind, shapes[0] if shapes else None, tuple(shapes[1:]))


_SIGNED: Final = re.compile(
    r"(?:yours (?:sincerely|faithfully|truly)|(?:kind|best|many|warm)\s+(?:regards|wishes)|regards)[ ,.]*\n"
    r"(?P<below>.+)",
    re.IGNORECASE | re.DOTALL,
)
_UNIT: Final = re.compile(
    r"\b(?:team|unit|department|directorate|casework|correspondence|operations|office|hub|section|service|services|"
    r"enquiries|command|account management)\b",
    re.IGNORECASE,
)


def unit_of(text: str) -> str:
    """The unit that signed a letter, as it stands below the greeting; "" where none does."""
    found = _SIGNED.search(text[-4000:])
    below = found.group("below").split("\n")[:8] if found else []
    return next((" ".join(line.split())[:120] for line in below if _UNIT.search(line) and len(line) <= 120), "")


def sentences(text: str) -> list[str]:
    """Sentences in small letters, words apart by one space, each ending with a space; what divides words left out."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_QUOTES)
    out = []
    for one in _BETWEEN.split(plain):
        words = re.findall(r"[\w'/&-]+", one)
        for start in range(0, len(words), _MOST_WORDS - _OVERLAP):
            if start == 0 or len(words) - start > _OVERLAP:
                out.append(" ".join(words[start : start + _MOST_WORDS]) + " ")
        if len(out) >= _MOST_SENTENCES:
            break
    return out[:_MOST_SENTENCES]


# After an initial or a title no sentence ends.
_BETWEEN: Final = re.compile(
    r"(?<=[.!?;:])(?<![\s(][a-z]\.)(?<!\bmr\.)(?<!\bmrs\.)(?<!\bms\.)(?<!\bdr\.)(?<!\bref\.)\s+"
    r"|\n\s*\n|\n\s*[-*•·]\s"
)
_QUOTES: Final = {ord("’"): "'", ord("‘"): "'", ord("“"): '"', ord("”"): '"', ord("–"): "-", ord("—"): " "}


def _applies(label: Label, sentence: str, words: frozenset[str]) -> bool:
    return any(one.stands_in(sentence, words) for one in label.phrases) and not any(
        one.stands_in(sentence, words) for one in label.never
    )


def _label(read: dict[str, Any], never: tuple[Phrase, ...]) -> Label:
    kind, shape = str(read["kind"]), str(read.get("shape", ""))
    if kind not in EventKind.values or (shape and shape not in ReplyShape.values):
        raise ValueError(f"labels.toml: {read['name']} is of no kind or shape this program knows")
    return Label(
        name=str(read["name"]),
        kind=kind,
        shape=shape,
        rank=int(read["rank"]),
        status=str(read["status"]),
        source=str(read["source"]),
        unless=tuple(read.get("unless", ())),
        phrases=tuple(compiled(one) for one in read["phrases"]),
        never=(*(compiled(one) for one in read.get("never", ())), *never),
    )
