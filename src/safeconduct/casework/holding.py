"""What this room keeps about people: cases. Erasing reaches their open rows, and the heads of cases of others."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from django.db.models import Q

from safeconduct.accounts.actor import Actor
from safeconduct.agenda.actions import replace
from safeconduct.core.names.index import Delta
from safeconduct.journal.actions import record_writes
from safeconduct.journal.models import Act as Entered
from safeconduct.journal.models import Entry
from safeconduct.people import index, journaling, tokens
from safeconduct.people.facets import VERSIONS, CaseHead, HistoryStep, Links, decode, encode
from safeconduct.people.holdings import Edit, OutOfReach, Reach
from safeconduct.people.keys import Keyed, held
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.records import Changed, Opened, open_facets, open_steps, rewrite_step

from .models import Case, Event
from .schedule import clocked


def reach(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    """See `holdings.Reach`. A case goes with the last person it concerns; a case of several stays without the one.

    Raises:
        OutOfReach: a case of the person is held by a team this member is not in.
    """
    if keyed.subject.kind == Subject.Kind.CASE:
        return _of_case(by, leave, keyed, going)
    if keyed.subject.kind == Subject.Kind.PERSON:
        return _of_person(by, leave, keyed, going)
    return Reach()


def _of_case(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    case = Case.objects.get(subject=keyed.subject)
    head: CaseHead = _opened(leave, keyed, Envelope.Facet.HEAD).content
    wanted = [UUID(one.person) for one in head.concerns if one.person not in going]
    people = held(
        by, Subject.objects.filter(handle__in=wanted, organisation=by.organisation).values_list("pk", flat=True)
    )
    opened = _listed(by, people, Envelope.Facet.LINKS)
    handle = case.handle.hex

    def unlinked(links: Links) -> Links:
        return msgspec.structs.replace(links, earlier_cases=tuple(one for one in links.earlier_cases if one != handle))

    def write() -> None:
        # Its events, enquiries and deadlines go with the row.
        replace(handles=clocked(case), items=[])
        case.delete()

    return Reach(
        goes={"cases": 1, "events": Event.objects.filter(case=case).count()},
        edits=[
            Edit(people[number], Envelope.Facet.LINKS, links, unlinked)
            for number, links in opened.items()
            if handle in links.content.earlier_cases
        ],
        write=write,
    )


def _of_person(by: Actor, leave: Entry, keyed: Keyed, going: frozenset[str]) -> Reach:
    links: Links = _opened(leave, keyed, Envelope.Facet.LINKS).content
    handle = keyed.subject.handle.hex
    # Whoever erases a person is in every team that holds them, so every index that could name a case is theirs to read.
    indexed = _indexed(by, handle)
    theirs = Q(subject__in=indexed) | Q(handle__in=[UUID(one) for one in links.earlier_cases])
    cases = list(Case.objects.filter(theirs, organisation=by.organisation).select_related("subject", "team"))
    here = held(by, [case.subject_id for case in cases])
    if len(here) < len(cases):
        raise OutOfReach(
            f"{len(cases) - len(here)} of this person's cases are held by a team you are not in. Ask somebody who is in"
            " all of them to do this."
        )
    also: list[Subject] = []
    shared: dict[int, Opened] = {}
    for number, head in _listed(by, here, Envelope.Facet.HEAD).items():
        concerned = {one.person for one in head.content.concerns}
        if handle not in concerned:
            continue  # the index named it by chance: tokens are short
        if all(one == handle or one in going for one in concerned):
            also.append(here[number].subject)
        else:
            shared[number] = head
    steps = {number: _steps(by, here[number], head, handle) for number, head in shared.items()}

    def write() -> None:
        # Cases before indexes, as everybody locks them. Whoever ties a case to the person holds its team's index.
        list(Case.objects.select_for_update().filter(pk__in=[case.pk for case in cases]).order_by("pk"))
        for team in sorted(by.teams, key=lambda team: team.pk):
            index.hold(team)
        if _indexed(by, handle) - indexed:
            raise Changed("Somebody tied a case to this person at that moment. Nothing was erased; look at it again.")
        for number, some in sorted(steps.items()):
            _rewrite(by, here[number], some, handle)
        for case in cases:
            if case.subject_id in shared:
                left = index.opened(by, case.team).tokens_of(case.subject_id) - tokens.of_concerned([handle])
                index.add(by, case.team, Delta(add={case.subject_id: left}))

    return Reach(
        also=also,
        goes={"shared": len(shared)},
        edits=[
            Edit(here[number], Envelope.Facet.HEAD, head, lambda content: without(content, handle))
            for number, head in shared.items()
        ],
        write=write,
    )


def _indexed(by: Actor, handle: str) -> set[int]:
    """Subjects of cases that concern somebody (handle, hex), as the indexes of the member's teams say."""
    wanted = tokens.of_concerned([handle])
    return {number for team in by.teams for number in index.opened(by, team).having(wanted)}


def _steps(by: Actor, keyed: Keyed, head: Opened, handle: str) -> Sequence[Opened]:
    """What the head said before, where that spoke of the person."""
    leave = journaling.opening(by, keyed, Entered.OPENED_HISTORY)
    found = open_steps(leave, keyed, {Envelope.Facet.HEAD: head.revision})
    return [one for one in found if one.content.facet == Envelope.Facet.HEAD and _before(one.content, handle)]


def _before(step: HistoryStep, handle: str) -> CaseHead | None:
    """The head as it was before, without the person; None where it did not speak of them, or was struck."""
    if not step.before:
        return None
    head = decode(Envelope.Facet.HEAD, step.schema, step.before)
    assert isinstance(head, CaseHead)
    after = without(head, handle)
    return after if after != head else None


def without(head: CaseHead, handle: str) -> CaseHead:
    """A head that no longer speaks of a person."""
    return msgspec.structs.replace(head, concerns=tuple(one for one in head.concerns if one.person != handle))


def _rewrite(by: Actor, keyed: Keyed, steps: Sequence[Opened], handle: str) -> None:
    written = []
    for step in steps:
        after = _before(step.content, handle)
        assert after is not None
        changed = msgspec.structs.replace(step.content, before=encode(after), schema=VERSIONS[Envelope.Facet.HEAD])
        written.append(rewrite_step(keyed, changed, read=step.revision))
    if written:
        record_writes([journaling.wrote(by, keyed, Entered.CHANGED_CASE, written, {"facet": "history"})])


def _opened(leave: Entry, keyed: Keyed, facet: str) -> Opened:
    return open_facets(leave, {keyed.subject.pk: keyed}, [facet])[keyed.subject.pk][facet]


def _listed(by: Actor, keyed: Mapping[int, Keyed], facet: str) -> dict[int, Opened]:
    leaves = journaling.listing_of(by, Entered.LISTED, keyed.values())
    return {number: opened[facet] for number, opened in open_facets(leaves, keyed, [facet]).items()}
