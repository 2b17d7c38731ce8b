"""What a facet said before it was changed: one sealed step a change, kept by `records.write_facet` itself.

A step is an envelope of the same subject (facet ``history``, an item of its own), so it opens with the same key and
goes when the subject goes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from .facets import HistoryStep
from .keys import Keyed
from .models import Envelope

# Not links: machines tie those, and acts of their own say when. Not entries: they are never rewritten. Not papers: what
# a removed one was must go with it, so `papers.remove` says that one was removed and no more.
KEPT: Final = frozenset(
    {
        Envelope.Facet.IDENTITY,
        Envelope.Facet.CONTACT,
        Envelope.Facet.STATUS,
        Envelope.Facet.NEEDS,
        Envelope.Facet.ACCOUNT,
        Envelope.Facet.HOUSEHOLD,
        Envelope.Facet.HEAD,
    }
)

# What a member may give as the reason, and what the program gives for acts that are their own reason.
GIVEN: Final = ("mistake", "changed", "paper", "other")
OWN: Final = ("import", "undone", "merge", "removed")
REASONS: Final = frozenset({*GIVEN, *OWN, ""})


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is changed: one of `REASONS`, and what somebody wrote with it."""

    reason: str = ""
    said: str = ""

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError("not a reason this program knows")


NOT_SAID: Final = Why()


def item_of(keyed: Keyed, facet: str, revision: int) -> UUID:
    """The item of the step that keeps a facet's ``revision``: random to whoever lacks the key, so that the log can be
    asked of a step whose row is gone.
    """
    return keyed.envelope(f"step/{facet}/{revision}")


def step(keyed: Keyed, facet: str, before: bytes, *, schema: int, revision: int, why: Why) -> HistoryStep:
    """The step for a change made now over ``revision``, whose encoded content was ``before``."""
    return HistoryStep(
        facet=facet,
        revision=revision,
        schema=schema,
        before=before,
        member=keyed.member.hex,
        at=datetime.now(UTC),
        reason=why.reason,
        said=why.said,
    )
