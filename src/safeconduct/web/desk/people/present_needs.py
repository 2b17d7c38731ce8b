"""What somebody needs to be spoken with and written to, as a strip to read before calling, and as a summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from safeconduct.people.facets import Needs
from safeconduct.people.languages import name_of

from ...words.needs import GENDERS, interpreter, spoken_by


def strip(needs: Needs) -> list[str]:
    """What to know before somebody calls or writes: the shape of components/needs.html. Empty where nobody asked."""
    spoken = [*map(name_of, needs.speaks), *([needs.other_language] if needs.other_language else [])]
    said: list[str] = []
    if spoken:
        said.append(_("Speaks %(languages)s") % {"languages": ", ".join(spoken)})
    if needs.reads_none:
        said.append(_("Cannot read any language"))
    elif needs.reads:
        said.append(_("Reads %(languages)s") % {"languages": ", ".join(map(name_of, needs.reads))})
    if needs.audio:
        said.append(_("Needs it spoken"))
    said.append(interpreter(needs.interpreter, needs.dialect, needs.gender))
    said.append(needs.access)
    return [one for one in said if one]


def needs_rows(needs: Needs) -> list[dict[str, Any]]:
    """Needs as a summary list."""
    spoken = [*map(name_of, needs.speaks), *([needs.other_language] if needs.other_language else [])]
    reads = [_("None")] if needs.reads_none else [name_of(code) for code in needs.reads]
    rows: list[dict[str, Any]] = [_row(_("Speaks"), spoken), _row(_("Reads"), reads)]
    if needs.audio:
        rows.append(_row(_("Needs it spoken"), [_("Yes: a call, or a recording")]))
    rows.append(_row(_("Interpreter"), [spoken_by(needs.interpreter, needs.dialect)]))
    if needs.gender:
        rows.append(_row(_("The interpreter should be"), [str(GENDERS[needs.gender])]))
    if needs.access:
        rows.append(_row(_("Access needs"), [needs.access]))
    return rows


def _row(label: str, values: Sequence[str]) -> dict[str, Any]:
    return {"label": label, "values": [{"text": text} for text in values if text]}
