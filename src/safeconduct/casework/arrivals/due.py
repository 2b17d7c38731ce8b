"""What the cases of an import make due, worked out of their open facts before they show.

Thousands of letters went to the same few recipients on the same few days: each such letter's clock is read once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from safeconduct.agenda.models import Item
from safeconduct.core.calendar.days import Nation

from ..clocks import read_clock
from ..happened import Happened
from ..models import Arrival, Case, Enquiry, Event
from ..schedule import OwnDays, due_of, item_of, silent_from

_AT_ONCE = 2000
# A sheet tells an event's kind, its day and a reply's shape, and nothing more.
_Event = tuple[str, date, str | None]
_Due = tuple[str, date, int]


class Clocks:
    """The rows of the agenda that letters make, by what is known of each."""

    def __init__(self, office: OwnDays) -> None:
        self._office = office
        self._read: dict[tuple[str, str, tuple[_Event, ...]], _Due | None] = {}

    def due(self, route: str, nation: str, happened: Iterable[_Event]) -> _Due | None:
        """What a letter of an open case makes due. Raises `BeyondCalendar`."""
        asked = (route, nation, tuple(happened))
        if asked not in self._read:
            events = [Happened(*one) for one in asked[2]]
            clock = read_clock(route=route, nation=Nation(nation), events=events, office=self._office)
            self._read[asked] = due_of(clock)
        return self._read[asked]


def items_made(arrival: Arrival, office: OwnDays) -> Iterator[Item]:
    """A row for each letter that is due, or else for the case's silence. Raises `BeyondCalendar`."""
    clocks = Clocks(office)
    rows, last = Case.objects.filter(arrival=arrival).order_by("pk"), 0
    while cases := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        first, last = cases[0].pk, cases[-1].pk
        letters, happened = _letters(arrival, first, last), _happened(arrival, first, last)
        for case in cases:
            events = happened[case.pk]
            due = [
                (what, handle)
                for handle, route, nation in letters[case.pk]
                if (what := clocks.due(route, nation, events)) is not None
            ]
            if due:
                yield from (item_of(case, *what, handle) for what, handle in due)
            elif silent := silent_from(max([case.opened_on, *(on for _, on, _ in events)]), office):
                yield item_of(case, Item.Kind.SILENCE, silent, 0, case.handle)


def _letters(arrival: Arrival, first: int, last: int) -> dict[int, list[tuple[UUID, str, str]]]:
    """The letter of each of those cases, where it has one: its handle, route and nation."""
    found: dict[int, list[tuple[UUID, str, str]]] = defaultdict(list)
    rows = Enquiry.objects.filter(case__arrival=arrival, case__gte=first, case__lte=last)
    for case, handle, route, nation in rows.values_list("case_id", "handle", "route", "nation"):
        found[case].append((handle, route, nation))
    return found


def _happened(arrival: Arrival, first: int, last: int) -> dict[int, list[_Event]]:
    """What happened on each of those cases, in the order it was logged."""
    found: dict[int, list[_Event]] = defaultdict(list)
    rows = Event.objects.filter(case__arrival=arrival, case__gte=first, case__lte=last).order_by("pk")
    for case, kind, on, shape in rows.values_list("case_id", "kind", "on", "shape"):
        found[case].append((kind, on, shape))
    return found
