"""Invented records for the measurements, the same for one seed: what a person's facets and a case's events say."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from bench.names_data import Person, people
from safeconduct.agenda.models import Topic
from safeconduct.casework.models import Event
from safeconduct.people.facets import (
    Assertion,
    Birth,
    Contact,
    Identity,
    Referenced,
    SpelledName,
    Status,
    Way,
)

_ROUTES = ("ho_mp", "ho_mp", "ho_mp", "ho_mp_urgent", "migrant_help", "complaint", "foi", "other")
_NATIONS = ("Afghanistan", "Iran", "Iraq", "Eritrea", "Sudan", "Syria", "Ukraine", "Albania", "Bangladesh", "Vietnam")
_NOTES = (
    "Rang, no answer. Will try again after the weekend.",
    "They say the file is with the decision maker and give no date.",
    "Interpreter needed (Dari, woman). Safe to text in the mornings.",
    "",
    "",
)
_WORKERS = 6  # of each team
OPEN_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to be: what, when, and what was written of it."""

    kind: str
    on: date
    shape: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Invented:
    """One person with one case."""

    name: str
    identity: Identity
    contact: Contact
    status: Status
    reference: str
    topic: str
    route: str
    worker: int
    is_open: bool
    happened: tuple[Happening, ...]


def invent(count: int, *, today: date, seed: int = 7) -> list[Invented]:
    """`count` people, in the order of `names_data.people(count)`."""
    generator = random.Random(seed)
    return [_one(generator, person, today) for person in people(count)]


def _one(generator: random.Random, person: Person, today: date) -> Invented:
    born = date(1950, 1, 1) + timedelta(days=generator.randrange(20_000))
    uan = f"{generator.randrange(10**16):016d}"
    note = "Do not ring: text first." if generator.random() < 0.2 else ""
    return Invented(
        name=person.name,
        identity=Identity(
            names=(SpelledName(text=person.name, source="office sheet"),),
            births=(Birth(year=born.year, month=born.month, day=born.day, source="office sheet"),),
        ),
        contact=Contact(
            ways=(
                Way(kind="phone", value=f"07700 900{generator.randrange(1000):03d}"),
                Way(kind="postcode", value=f"ZZ{generator.randrange(10)} {generator.randrange(10)}AA"),
            ),
            safe_note=note,
        ),
        status=Status(
            nationalities=(Assertion(value=generator.choice(_NATIONS), source="office sheet"),),
            references=(Referenced(kind="uan", value="-".join(uan[at : at + 4] for at in (0, 4, 8, 12))),),
        ),
        reference=f"IM/{person.number:06d}",
        topic=generator.choice(Topic.values),
        route=generator.choice(_ROUTES),
        worker=generator.randrange(_WORKERS),
        is_open=generator.random() < OPEN_SHARE,
        happened=_history(generator, today),
    )


def _history(generator: random.Random, today: date) -> tuple[Happening, ...]:
    """A letter came in and, mostly, went on; some were acknowledged, held, chased, answered."""
    day = today - timedelta(days=generator.randrange(1, 240))
    kinds = ["came_in"]
    if generator.random() < 0.92:
        kinds.append("sent")
        kinds += [kind for kind in ("acknowledged", "holding_reply", "chased") if generator.random() < 0.4]
        if generator.random() < 0.25:
            kinds.append("answered")
    happened = []
    for kind in kinds:
        shape = Event.Shape.NO_TIMEFRAME.value if kind == "holding_reply" else None
        happened.append(Happening(kind, day, shape, generator.choice(_NOTES)))
        day = min(today, day + timedelta(days=generator.randrange(1, 40)))
    return tuple(happened)
