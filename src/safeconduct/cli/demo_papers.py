"""What the demo keeps with its first people: papers drawn when they are needed, something told, and a correction."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.people.facets import CaseHead
    from safeconduct.people.models import Subject

# On the cases of these references.
OF: Final = ("WM/0001", "WM/0002")

_LETTER: Final = (
    "INVENTED LETTER, FOR A DEMO",
    "",
    "Thank you for your enquiry.",
    "This case is complex and falls outside",
    "our normal service standards.",
    "We are unable to give a timescale.",
)
_TOLD: Final = (
    "They came to the house in Tidewell Row in the early morning and asked for the eldest. I was at the bakery.\n\n"
    "My sister told me on the telephone not to come home. That is how I left: with what I had on."
)


def keep_with(by: Actor, head: CaseHead) -> None:
    """Papers, something told and a correction with the person a case concerns."""
    from safeconduct.people import opening  # here: Django is started now
    from safeconduct.people.models import Subject

    person = opening.find(by, UUID(hex=head.concerns[0].person), frozenset({Subject.Kind.PERSON}))
    _papers(by, person)
    _account(by, person)


def _papers(by: Actor, person: Subject) -> None:
    from safeconduct.accounts.keys import today
    from safeconduct.people.actions.papers import Sent, keep_papers
    from safeconduct.people.papers import preview

    day = today()
    sent = [
        Sent(
            b"Rang the helpline: 50 minutes, cut off twice. They have the new address now, they say.",
            "other",
            title="Note of a call",
            on=day - timedelta(days=3),
            source="Alex",
        )
    ]
    if preview.installed():
        sent += [
            Sent(_letter(), "letter", title="No timescale", on=day - timedelta(days=12), source="Came by post"),
            Sent(_card(), "arc", source="They brought it", note="Seen and given back the same day."),
        ]
    keep_papers(by=by, subject=person, sent=sent)


def _account(by: Actor, person: Subject) -> None:
    from safeconduct.people import opening
    from safeconduct.people.actions.account import add_narrative, change_narrative
    from safeconduct.people.facets import Narrative
    from safeconduct.people.history import Why

    def now() -> opening.Part:
        return opening.open_part(by=by, subject=person, facet="account")

    told = Narrative(handle="", title="How they left", language="Dari, through an interpreter", text=_TOLD)
    add_narrative(by=by, person=person, account=now().facets["account"], narrative=told)
    account = now().facets["account"]
    (kept,) = account.content.narratives
    corrected = Narrative(
        handle=kept.handle,
        title=kept.title,
        language=kept.language,
        text=_TOLD.replace("My sister", "My aunt"),
    )
    why = Why("mistake", "The interpreter corrected the word")
    change_narrative(by=by, person=person, account=account, narrative=corrected, why=why)


def _letter() -> bytes:
    from PIL import Image, ImageDraw

    sheets = []
    for number in (1, 2):
        sheet = Image.new("RGB", (620, 877), "white")
        draw = ImageDraw.Draw(sheet)
        draw.rectangle((40, 40, 580, 44), fill="black")
        for at, line in enumerate(_LETTER):
            draw.text((60, 90 + at * 34), line, fill="black", font_size=22)
        draw.text((60, 820), f"Page {number} of 2", fill="black", font_size=16)
        sheets.append(sheet)
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def _card() -> bytes:
    from PIL import Image, ImageDraw

    card = Image.new("RGB", (640, 400), "#e8eef2")
    draw = ImageDraw.Draw(card)
    draw.rectangle((20, 20, 620, 380), outline="#345", width=3)
    draw.rectangle((44, 90, 204, 300), fill="#9ab")
    draw.text((230, 90), "INVENTED CARD", fill="#123", font_size=34)
    draw.text((230, 150), "for a demo only", fill="#123", font_size=24)
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()
