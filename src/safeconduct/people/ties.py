"""This room's own holding: other people's links, households and merges that speak of a subject that is to be erased."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from safeconduct.accounts.actor import Actor
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry

from . import journaling
from .facets import Household, Links
from .holdings import Edit, Reach
from .keys import Keyed, held
from .links import linked
from .models import Envelope, Subject
from .records import Opened, open_facets


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
    for household, opened in _open(by, own.households, Subject.Kind.HOUSEHOLD, Envelope.Facet.HOUSEHOLD, going):
        if all(one.person == handle or one.person in going for one in opened.content.members):
            also.append(household.subject)
        else:
            edits.append(Edit(household, Envelope.Facet.HOUSEHOLD, opened, lambda content: _left(content, handle)))
    return Reach(also=also, edits=edits)


def _of_household(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    content: Household = _own(leave, keyed, Envelope.Facet.HOUSEHOLD)
    gone = frozenset({keyed.subject.handle.hex})
    members = [one.person for one in content.members]
    people = _open(by, members, Subject.Kind.PERSON, Envelope.Facet.LINKS, going)
    return Reach(
        edits=[Edit(one, Envelope.Facet.LINKS, opened, lambda links: without(links, gone)) for one, opened in people]
    )


def _left(content: Household, handle: str) -> Household:
    return msgspec.structs.replace(content, members=tuple(one for one in content.members if one.person != handle))


def _own(leave: Entry, keyed: Keyed, facet: str) -> Any:
    return open_facets(leave, {keyed.subject.pk: keyed}, [facet])[keyed.subject.pk][facet].content


def _open(
    by: Actor, handles: Iterable[str], kind: Subject.Kind, facet: str, going: frozenset[str]
) -> list[tuple[Keyed, Opened]]:
    wanted = {UUID(one) for one in handles if one not in going}
    rows = Subject.objects.filter(organisation=by.organisation, kind=kind, handle__in=wanted).values_list(
        "pk", flat=True
    )
    out: list[tuple[Keyed, Opened]] = []
    found = held(by, rows)
    for team in {one.team for one in found.values()}:
        here = {number: one for number, one in found.items() if one.team == team}
        named = [one.subject.handle.hex for one in here.values()]
        leave = journaling.listing(by, team, Entered.LISTED, count=len(here), detail={"subjects": named})
        out += [(here[number], opened[facet]) for number, opened in open_facets(leave, here, [facet]).items()]
    return out
