"""What speaks for a source: its hash, when it was captured, who stamped it, where the log has it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from safeconduct.archive import beside
from safeconduct.archive.models import Stamp

from ...words import archive_sources as words
from ...words import dates, papers
from ..kept import Kept

Rows = list[dict[str, Any]]


def rows(kept: Kept) -> Rows:
    """Rows of `components/summary.html`, the hash first."""
    source, known = kept.source, kept.known
    sha256 = known.sha256 if known else bytes(source.sha256 or b"")
    length = known.length if known else source.length or 0
    return [
        {"label": _("SHA-256"), "value": {"text": sha256.hex(), "kind": "hash"}},
        {"label": _("Size"), "value": f"{papers.size(length)} ({length:,} B)"},
        {"label": _("Captured"), "value": dates.instant(source.captured_at).text},
        {"label": _("Taken in"), "values": [dates.instant(source.at).text, source.by.name]},
        *_stamps(kept),
        {"label": _("In the log"), "value": _log(kept)},
    ]


def existed_by(kept: Kept) -> str:
    """The one sentence that matters: by when these bytes existed, and who says so."""
    had = [one for one in kept.source.stamps.all() if one.state == Stamp.State.HAD and one.at]
    if had:
        first = min(had, key=lambda one: one.at or kept.source.at)
        assert first.at is not None
        return _("These bytes existed by %(when)s. %(authority)s stamped them.") % {
            "when": dates.instant(first.at).text,
            "authority": first.authority,
        }
    if kept.known is not None:
        return _(
            "No outside authority was told of these bytes: they came in confidence. This organisation’s own log says"
            " when they were here."
        )
    return _("No outside authority has stamped these bytes. This organisation’s own log says when they were here.")


def _stamps(kept: Kept) -> Rows:
    out: Rows = []
    for one in kept.source.stamps.order_by("authority"):
        if one.state == Stamp.State.HAD and one.at:
            said = dates.instant(one.at).text
        else:
            said = _("not yet; asked %(when)s") % {"when": dates.instant(one.asked_at).text}
        out.append({"label": _("Time-stamp"), "values": [one.authority, said]})
    return out


def _log(kept: Kept) -> str:
    entry = beside.logged(kept.source)
    if entry is None:
        return _("erased")
    when = dates.instant(entry.at).text
    if entry.position is None:
        return _("written %(when)s, not in the tree yet") % {"when": when}
    return _("entry %(number)d, %(when)s") % {"number": entry.position + 1, "when": when}


def about(kept: Kept) -> Rows:
    """What the source says of itself, and how each was found."""
    reading = kept.reading
    kind = str(words.KINDS[reading.kind])
    if reading.inside is not None:
        kind = f"{kind}: {words.KINDS[reading.inside]}"
    out: Rows = [
        {"label": _("Author"), "value": reading.author or ""},
        {
            "label": _("Date"),
            "value": words.said_date(reading.date),
            "note": words.found_by(reading.date_found_by),
        },
        {"label": _("Language"), "value": words.language(reading.language)},
        {"label": _("Address"), "value": {"text": kept.address, "kind": "address"} if kept.address else ""},
        {"label": _("Kind"), "value": kind},
    ]
    if kept.known is not None:
        out += [
            {"label": _("File"), "value": kept.known.name},
            {"label": _("Note"), "value": {"text": kept.known.note} if kept.known.note else ""},
        ]
    return out
