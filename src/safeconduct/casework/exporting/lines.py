"""One record as one line of JSON, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from safeconduct.people.facet import Facet
from safeconduct.people.facets import TYPES, UPGRADES, VERSIONS, HistoryStep, decode, encode
from safeconduct.people.keys import Keyed
from safeconduct.people.leaving import Part
from safeconduct.people.models import Envelope
from safeconduct.people.records import Opened

_NOTHING: Final = msgspec.Raw(b"null")


class NotALine(Exception):
    """A line of an export is not of the form this program writes. ``part`` and ``number`` (from 1) say which."""

    def __init__(self, part: str, number: int) -> None:
        super().__init__(f"line {number} of {part} is not of a form this program can read")
        self.part, self.number = part, number


class Said(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A facet or an item: its schema, what it says, and of a facet which revision it is."""

    schema: int
    says: msgspec.Raw
    revision: int = 1


class Step(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a facet said before ``member`` (a handle) changed it ``at``; nothing where that was struck."""

    facet: str
    revision: int
    schema: int
    member: str
    at: datetime
    before: msgspec.Raw = _NOTHING
    reason: str = ""
    said: str = ""
    struck_by: str = ""
    struck_at: datetime | None = None
    struck_why: str = ""


class Line(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One record. ``items`` are what a case has many of: `entry/<event>`, `task/<task>`. ``open`` is its part's."""

    handle: str
    started_on: date
    facets: dict[str, Said]
    items: dict[str, Said] = {}
    history: tuple[Step, ...] = ()
    open: msgspec.Raw = _NOTHING
    teams: tuple[str, ...] = ()


def line_of(keyed: Keyed, opened: Mapping[str, Opened], says: Any, teams: tuple[str, ...] = ()) -> bytes:
    """A record as a line, without its end. The same record gives the same bytes on whichever desk."""
    facets, items, steps = {}, {}, []
    for name, one in opened.items():
        facet, _, item = name.partition("/")
        if facet == Envelope.Facet.HISTORY:
            steps.append(_step(one.content))
        elif item:
            items[name] = Said(VERSIONS[facet], _raw(one.content))
        else:
            facets[name] = Said(VERSIONS[facet], _raw(one.content), one.revision)
    line = Line(
        handle=keyed.subject.handle.hex,
        started_on=keyed.subject.started_on,
        facets=dict(sorted(facets.items())),
        items=dict(sorted(items.items())),
        history=tuple(sorted(steps, key=lambda step: (step.facet, step.revision))),
        open=_NOTHING if says is None else _raw(says),
        teams=teams,
    )
    return msgspec.json.encode(line)


def read_line(raw: bytes, part: str, number: int) -> Line:
    """A line as it was written. Raises `NotALine`."""
    try:
        line = msgspec.json.decode(raw, type=Line)
        UUID(hex=line.handle)
    except (msgspec.MsgspecError, ValueError):
        raise NotALine(part, number) from None
    return line


def says_of(line: Line, part: Part, number: int) -> Any:
    """What a line says beside its record, as the part's own structure. Raises `NotALine`."""
    if part.type is None:
        return None
    try:
        return msgspec.json.decode(line.open, type=part.type)
    except msgspec.MsgspecError:
        raise NotALine(part.name, number) from None


def content_of(facet: str, said: Said) -> Facet:
    """A facet at its newest schema. Raises `msgspec.MsgspecError`, `KeyError`: not one this program knows."""
    data = msgspec.json.decode(said.says)
    if said.schema > VERSIONS[facet]:
        raise KeyError(facet)
    for version in range(said.schema, VERSIONS[facet]):
        data = UPGRADES[facet, version](data)
    return msgspec.convert(data, TYPES[facet])


def step_of(step: Step) -> HistoryStep:
    """A step of a history, at the newest schema of its facet. Raises as `content_of`."""
    before = b"" if step.before == _NOTHING else encode(content_of(step.facet, Said(step.schema, step.before)))
    return HistoryStep(
        facet=step.facet,
        revision=step.revision,
        schema=VERSIONS[step.facet],
        before=before,
        **{name: getattr(step, name) for name in _AS_IT_IS},
    )


_AS_IT_IS: Final = ("member", "at", "reason", "said", "struck_by", "struck_at", "struck_why")


def _step(content: HistoryStep) -> Step:
    before = _raw(decode(content.facet, content.schema, content.before)) if content.before else _NOTHING
    return Step(
        facet=content.facet,
        revision=content.revision,
        schema=VERSIONS[content.facet],
        before=before,
        **{name: getattr(content, name) for name in _AS_IT_IS},
    )


def _raw(content: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(content, order="deterministic"))
