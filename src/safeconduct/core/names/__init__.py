"""Names: folding them across scripts, finding them in a sealed index, telling possible doubles.

Plain functions on text and numbers: no keys, no storage, no Django. Names go in and only tokens, numbers, codes and
scores come out, except where a name is made ready for display.
"""

from .births import Birth
from .display import display_parts, listed
from .doubles import Code, Known, Likeness, Reason, Strength, compare
from .faults import MalformedIndex
from .fold import fold
from .index import Delta, Generation
from .lookup import compact, search
from .match import Candidate, Ranked, alike, rank, score
from .references import Caution, Kind, Reference, normal, recognise, warn
from .skeleton import query_tokens, reference_tokens, skeletons, tokens

__all__ = [
    "Birth",
    "Candidate",
    "Caution",
    "Code",
    "Delta",
    "Generation",
    "Kind",
    "Known",
    "Likeness",
    "MalformedIndex",
    "Ranked",
    "Reason",
    "Reference",
    "Strength",
    "alike",
    "compact",
    "compare",
    "display_parts",
    "fold",
    "listed",
    "normal",
    "query_tokens",
    "rank",
    "recognise",
    "reference_tokens",
    "score",
    "search",
    "skeletons",
    "tokens",
    "warn",
]
