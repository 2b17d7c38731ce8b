"""How long others keep what is kept here: shown beside the office's own choice, and never applied."""

from __future__ import annotations

from safeconduct.casework.retention import suggestions

from ...words.closing import STATUS


def suggested() -> list[dict[str, str]]:
    """The shape of components/retention.html."""
    return [{"words": one.words, "status": str(STATUS[one.status]), "source": one.source} for one in suggestions()]
