"""This room's own holding: other people's links, households and merges that speak of a subject that is to be erased."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import journaling
from .facets import VERSIONS, HistoryStep, Household, Links, decode, encode
from .holdings import Edit, Reach
from .keys import Keyed, held
from .links import linked
from .models import Envelope, Subject
from .records import Opened, open_facets, open_steps, rewrite_step


def reach(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    """Whom a person is tied to, or who is in a household: see `holdings.Reach`.

    A record that no team of the member's holds keeps a handle that leads nowhere, and nothing else.
    """
    if keyed.subject.kind == Subject.Kind.PERSON:
        return _of_person(by, leave, keyed, going)
    if keyed.subject.kind == Subject.Kind.HOUSEHOLD:
        return _of_household(by, leave, keyed, going)
    return Reach()


def without(links: Links, gone: frozenset[str]) -> Links:
    """Links that no longer speak of records that are gone (handles, hex)."""
    into = links.merged_into
    return msgspec.structs.replace(
        links,
        not_same_as=tuple(one for one in links.not_same_as if one not in gone),
        households=tuple(one for one in links.households if one not in gone),
        left_households=tuple(one for one in links.left_households if one not in gone),
        merged_into=None if into is None or into.person in gone else into,
        merged_from=tuple(one for one in links.merged_from if one.person not in gone),
    )


def _of_person(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    handle = keyed.subject.handle.hex
    gone = frozenset({handle})
    own: Links = _own(leave, keyed, Envelope.Facet.LINKS)
    people = _open(by, [*own.not_same_as, *linked(own)], Subject.Kind.PERSON, Envelope.Facet.LINKS, going)
    edits = [Edit(other, Envelope.Facet.LINKS, opened, lambda links: without(links, gone)) for other, opened in people]
    also: list[Subject] = []
    steps: list[tuple[Keyed, Sequence[Opened]]] = []
    were_in = [*own.households, *own.left_households]
    for household, opened in _open(by, were_in, Subject.Kind.HOUSEHOLD, Envelope.Facet.HOUSEHOLD, going):
        if all(one.person == handle or one.person in going for one in opened.content.members):
            also.append(household.subject)
        else:
            edits.append(Edit(household, Envelope.Facet.HOUSEHOLD, opened, lambda content: _left(content, handle)))
            steps.append((household, _steps(by, household, opened.revision)))

    def write() -> None:
        for household, some in steps:
            _strike(by, household, some, handle)

    return Reach(also=also, edits=edits, write=write)


def _of_household(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    opened = open_facets(leave, {keyed.subject.pk: keyed}, [Envelope.Facet.HOUSEHOLD])[keyed.subject.pk]
    now = opened[Envelope.Facet.HOUSEHOLD]
    gone = frozenset({keyed.subject.handle.hex})
    # Those who were in it before as well: their links say so.
    before = [_before(step.content) for step in _steps(by, keyed, now.revision)]
    members = {one.person for content in (now.content, *before) for one in content.members}
    people = _open(by, members, Subject.Kind.PERSON, Envelope.Facet.LINKS, going)
    return Reach(
        edits=[Edit(one, Envelope.Facet.LINKS, opened, lambda links: without(links, gone)) for one, opened in people]
    )


def _left(content: Household, handle: str) -> Household:
    return msgspec.structs.replace(content, members=tuple(one for one in content.members if one.person != handle))


def _steps(by: Actor, household: Keyed, revision: int) -> list[Opened]:
    """What a household was before, with an entry in the log."""
    leave = journaling.opening(by, household, Entered.OPENED_HISTORY)
    return open_steps(leave, household, {Envelope.Facet.HOUSEHOLD: revision})


def _before(step: HistoryStep) -> Household:
    """The household as it was; empty where the step was struck."""
    content = decode(step.facet, step.schema, step.before) if step.before else Household()
    assert isinstance(content, Household)
    return content


def _strike(by: Actor, household: Keyed, steps: Sequence[Opened], handle: str) -> None:
    """Save the steps that speak of somebody without them. Inside the transaction that erases."""
    written = []
    for step in steps:
        before = _before(step.content)
        if (after := _left(before, handle)) != before:
            schema = VERSIONS[Envelope.Facet.HOUSEHOLD]
            changed = msgspec.structs.replace(step.content, before=encode(after), schema=schema)
            written.append(rewrite_step(household, changed, read=step.revision))
    if written:
        record_writes([journaling.wrote(by, household, Entered.CHANGED_HOUSEHOLD, written, {"facet": "history"})])


def _own(leave: Entry, keyed: Keyed, facet: str) -> Any:
    return open_facets(leave, {keyed.subject.pk: keyed}, [facet])[keyed.subject.pk][facet].content


def _open(
    by: Actor, handles: Iterable[str], kind: Subject.Kind, facet: str, going: frozenset[str]
) -> list[tuple[Keyed, Opened]]:
    wanted = {UUID(one) for one in handles if one not in going}
    rows = Subject.objects.filter(organisation=by.organisation, kind=kind, handle__in=wanted).values_list(
        "pk", flat=True
    )
    found = held(by, rows)
    leaves = journaling.listing_of(by, Entered.LISTED, found.values())
    return [(found[number], opened[facet]) for number, opened in open_facets(leaves, found, [facet]).items()]
