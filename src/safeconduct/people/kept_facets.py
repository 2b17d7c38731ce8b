"""What is kept with a record besides who somebody is: papers, what they told, and what a record said before."""

from datetime import date, datetime

from .facet import Facet


class Paper(Facet, frozen=True):
    """What a sealed file is. ``handle`` (hex) calls its `PaperFile`, ``digest`` is the SHA-256 of what is in it.

    ``media`` is what the content was found to be, ``pages`` how many can be shown (0: none), ``generation`` that of
    the facet's key its own key comes from.
    """

    handle: str
    kind: str
    title: str = ""
    on: date | None = None
    source: str = ""
    note: str = ""
    media: str = ""
    length: int = 0
    pages: int = 0
    digest: bytes = b""
    generation: int = 1
    added_on: date | None = None
    added_by: str = ""


class Papers(Facet, frozen=True):
    """The papers kept with a record, in the order they were added."""

    papers: tuple[Paper, ...] = ()


class Narrative(Facet, frozen=True):
    """What somebody told, in their words or another's. ``told_by``: who told it, where it was not the person."""

    handle: str
    title: str = ""
    told_on: date | None = None
    told_by: str = ""
    language: str = ""
    text: str = ""


class Account(Facet, frozen=True):
    """What a person told of what happened to them."""

    narratives: tuple[Narrative, ...] = ()


class HistoryStep(Facet, frozen=True):
    """What one facet said before a change: ``before`` as it was encoded under ``schema``, at ``revision``.

    ``member`` (hex) made the change ``at``; ``reason`` is one of `history.REASONS`, ``said`` what they wrote with it.
    Once struck, ``before`` and ``said`` are empty and ``struck_by``, ``struck_at`` and ``struck_why`` say by whom,
    when and why.
    """

    facet: str
    revision: int
    schema: int
    before: bytes
    member: str
    at: datetime
    reason: str = ""
    said: str = ""
    struck_by: str = ""
    struck_at: datetime | None = None
    struck_why: str = ""
