"""Which messages a list of the tray holds, by open facts in its address; and where one message stands in it.

`/tray/<handle>?direction=in` stands among the mail that came in and waits. The place follows from the message itself,
by the day it was sent, so that it is right however many a colleague has filed meanwhile; and once the message has left
the tray, what comes after it is still what comes next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.post.models import Message
from safeconduct.post.queries import listed

from ...words import mail as words
from ..day.filters import NOTHING, Bar, Chip, FilterForm, address

WAITING: Final = Message.State.WAITING.value
NAMES: Final = ("state", "direction", "team")
_LABELS: Final[Mapping[str, Any]] = {
    "state": gettext_lazy("Which"),
    "direction": gettext_lazy("From whom"),
    "team": gettext_lazy("Team"),
}


@dataclass(frozen=True, slots=True)
class Queue:
    """The shape of `queue` in desk/message.html, and the address to go on to."""

    label: str
    url: str
    text: str
    previous_url: str
    next_url: str
    go_on: str


class TrayFilters:
    """What a reader may choose among, and what they chose: ``chosen`` is what addresses carry on."""

    def __init__(self, by: Actor, asked: Mapping[str, str]) -> None:
        self._by = by
        teams = [(team.handle.hex, team.name) for team in by.teams]
        self._choices: dict[str, list[tuple[str, str]]] = {
            "state": [("", _("What waits")), ("aside", _("Set aside")), ("filed", _("Filed"))],
            "direction": [("", _("Anybody")), *((value, str(text)) for value, text in words.DIRECTIONS.items())],
        }
        if len(teams) > 1:
            self._choices["team"] = [("", _("All my teams")), *teams]
        self.chosen = {
            name: asked[name]
            for name, choices in self._choices.items()
            if asked.get(name) and asked[name] in dict(choices)
        }

    @property
    def state(self) -> str:
        """The state of the messages in the list."""
        return self.chosen.get("state", WAITING)

    def messages(self) -> QuerySet[Message]:
        """The messages of the list in its order: what waits oldest first, everything else newest first."""
        rows = listed(self._by, self.state)
        if "direction" in self.chosen:
            rows = rows.filter(direction=self.chosen["direction"])
        if "team" in self.chosen:
            rows = rows.filter(team__in=[team.pk for team in self._by.teams if team.handle.hex == self.chosen["team"]])
        return rows.order_by("on", "id") if self.state == WAITING else rows.order_by("-on", "-id")

    def bar(self) -> Bar:
        """The selects and the chips."""
        path = reverse("tray")
        chips = [
            Chip(
                _("%(filter)s: %(chosen)s") % {"filter": _LABELS[name], "chosen": dict(self._choices[name])[value]},
                address(path, {other: kept for other, kept in self.chosen.items() if other != name}),
            )
            for name, value in self.chosen.items()
        ]
        asked = [(name, str(_LABELS[name]), choices) for name, choices in self._choices.items()]
        return Bar(FilterForm(asked, self.chosen, NOTHING), chips, path if len(chips) > 1 else "")

    def to(self, message: Message, **query: str) -> str:
        """The address of a message with its place in the list."""
        return address(reverse("message", args=[message.handle]), {**query, **self.chosen})


def place(by: Actor, message: Message, asked: Mapping[str, str]) -> Queue:
    """Where a message stands among those that wait, and what comes next."""
    filters = TrayFilters(by, {name: asked[name] for name in NAMES if name in asked and name != "state"})
    rows = filters.messages()
    before = rows.filter(Q(on__lt=message.on) | Q(on=message.on, pk__lt=message.pk))
    after = rows.filter(Q(on__gt=message.on) | Q(on=message.on, pk__gt=message.pk)).first()
    last = before.last()
    count, earlier = rows.count(), before.count()
    stands = {"at": earlier + 1, "count": count}
    text = _("%(at)d of %(count)d") if message.state == WAITING else _("%(count)d in the tray")
    back = address(reverse("tray"), filters.chosen)
    return Queue(
        _("Tray"),
        back,
        text % stands,
        filters.to(last) if last else "",
        filters.to(after) if after else "",
        filters.to(after) if after else back,
    )
