"""What a team keeps in the archive that is nobody else's: a source in confidence, and what they wrote about it."""

from __future__ import annotations

from typing import Any

from safeconduct.accounts.models import Team
from safeconduct.archive.actions.cite import cite_words
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.notes import add_collection, add_note, add_tag, collect
from safeconduct.archive.citing.addresses import short
from safeconduct.archive.faults import NotTakenIn
from tests.builders import Colleague


def put_in(by: Colleague, team: Team, words: tuple[str, ...]) -> dict[str, Any]:
    """A source in confidence, a passage of it, a note, a word and a collection: each says one of ``words``."""
    source, cited, noted, tagged, collected = words
    data = f"A letter of {source}.\n\nIt says {cited} in one place alone.\n".encode()
    actor = by.actor
    row = take_in_confidence(by=actor, team=team, data=data, name=f"{source}.txt").source
    passage = cite_words(by=actor, source=row, quote=f"says {cited} in one place")
    note = add_note(by=actor, team=team, source=row, text=f"Ask about {noted}", passage=passage)
    tag = add_tag(by=actor, team=team, source=row, word=tagged)
    collection = add_collection(by=actor, team=team, name=collected)
    try:
        take_in_confidence(by=actor, team=team, data=b"PK\x03\x04 " + data)
    except NotTakenIn as fault:
        refused = fault.quarantined
    item = collect(by=actor, collection=collection, source=row, passage=passage)
    return {
        "source": row.handle,
        "passage": short(passage.handle),
        "note": note.handle,
        "tag": tag.handle,
        "collection": collection.handle,
        "item": item.pk,
        "refused": refused,
    }
