"""What offices write, and what it says: kind of case, who a letter went to, what a reply amounted to.

The tables are in `phrases.toml`. They are matched on whole words of the text reduced by `words`.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Literal

_WORD: Final = re.compile(r"[^\W_]+")


def words(text: str) -> str:
    """Lower case, marks and punctuation gone, single spaces: “ASYLUM (child)” gives `asylum child`."""
    if text.isascii():  # most cells; the rest of this takes ten times as long
        return " ".join(_WORD.findall(text.lower().replace("'", "").replace("`", "")))
    spread = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in spread if not unicodedata.combining(c) and c not in "'’‘`´ʼ")
    return " ".join(_WORD.findall(kept))


_Table = tuple[tuple[str, re.Pattern[str]], ...]


def _table(rows: list[dict[str, Any]]) -> _Table:
    compiled = []
    for row in rows:
        alternatives = [re.escape(phrase).replace(r"\*", r"\w*") for phrase in row["phrases"]]
        compiled.append((row["value"], re.compile(rf"\b(?:{'|'.join(alternatives)})\b")))
    return tuple(compiled)


_DATA: Final = tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
_KINDS: Final = _table(_DATA["kinds"])
_ROUTES: Final = _table(_DATA["routes"])
_REPLIES: Final = _table(_DATA["replies"])

# "not approved", "cannot be granted", "no decision" must not read as the word alone; "not granted" is a refusal.
_DENIED: Final = re.compile(
    r"\b(?:not (?!granted)|never|isnt|wasnt|hasnt|havent|cannot|yet to|until|if|when|whether|should be|may be|might)"
)

KINDS: Final = (
    "asylum",
    "family",
    "settlement_citizenship",
    "visit_work_study",
    "passport_travel",
    "support_accommodation",
    "detention_removal",
    "reporting",
    "status_documents",
    "other",
)
DECIDED: Final = frozenset({"granted", "refused"})
ANSWERING: Final = DECIDED | {"substantive"}


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` out of a closed list; `sure` is False where nothing matched and `value` is only what is safest."""

    value: str
    sure: bool


def _first(table: _Table, text: str) -> str | None:
    return next((value for value, pattern in table if pattern.search(text)), None)


def read_kind(text: str) -> Reading:
    """The broad kind of a case. An empty or unknown text is `other`, not sure."""
    value = _first(_KINDS, words(text))
    return Reading(value or "other", value is not None)


def read_route(text: str) -> Reading:
    """Who a letter went to. An empty or unknown text is `other`, not sure: then no published standard is claimed."""
    value = _first(_ROUTES, words(text))
    return Reading(value or "other", value is not None)


def read_reply(text: str) -> Reading:
    """The shape of a reply; `not_described` where the text is empty or says nothing known.

    A text that names an answer together with something that is none ("delay, granted soon", "not approved yet") is
    read as the one that leaves the letter unanswered, not sure: somebody looks.
    """
    plain = words(text)
    matching = [value for value, pattern in _REPLIES if pattern.search(plain)]
    waiting = next((value for value in matching if value not in ANSWERING), None)
    answer = next((value for value in matching if value in ANSWERING), None)
    if waiting is not None:
        return Reading(waiting, answer is None)
    if answer is None or _DENIED.search(plain):
        return Reading("not_described", False)
    return Reading(answer, True)


ReplyEvent = Literal["acknowledged", "holding_reply", "answered", "decided"]


def event_of(shape: str) -> ReplyEvent:
    """The kind of event a reply of this shape is. Only a decision or a real answer stops the clock."""
    if shape in DECIDED:
        return "decided"
    if shape == "substantive":
        return "answered"
    return "acknowledged" if shape == "acknowledgement_only" else "holding_reply"
