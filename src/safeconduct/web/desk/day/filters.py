"""Filters over Today and the list of cases: open facts in the address, and chips that take each one away again.

A list starts unfiltered. What an address asks for and nobody knows (a colleague who left, a team of another office) is
left out rather than answered with an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Team
from safeconduct.accounts.queries import colleagues
from safeconduct.agenda.models import SavedFilter
from safeconduct.agenda.queries import Wanted, covered_by
from safeconduct.casework.load import away_with_cases
from safeconduct.casework.models import Case

from ...words import cases as words
from ...words.closing import OUTCOMES
from ...words.due import ITEM_KINDS

MINE: Final = "mine"
NOBODY: Final = "nobody"
ALL: Final = "all"
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is applied, and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The shape of `components/filters.html`."""

    form: forms.Form
    chips: list[Chip]
    clear_url: str


class Select(forms.Select):
    """A select drawn in one go: Django's own draws a template for each choice, and every list has sixty of them."""

    template_name = "components/choices.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        made = self.build_attrs(self.attrs, attrs)
        return {"widget": {"name": name, "attrs": made, "choices": self.choices, "chosen": value or ""}}


class FilterForm(forms.Form):
    """One select for each filter. It is drawn, never validated: the address is read by `Filters`."""

    def __init__(
        self, asked: Iterable[tuple[str, str, Choices]], chosen: Mapping[str, str], beside: Mapping[str, str]
    ) -> None:
        super().__init__(initial={**beside, **chosen}, auto_id="filter_%s")
        for name in beside:
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        for name, label, choices in asked:
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, widget=Select)


class Filters:
    """What a reader may choose among, and what they chose.

    `chosen` holds only filters that are known and set: it is what addresses carry on.
    """

    labels: Final[Mapping[str, Any]] = {
        "worker": gettext_lazy("Who works on it"),
        "team": gettext_lazy("Team"),
        "topic": gettext_lazy("Kind of case"),
        "kind": gettext_lazy("What is due"),
        "state": gettext_lazy("State"),
        "outcome": gettext_lazy("How it ended"),
    }

    def __init__(self, by: Actor, names: Collection[str], address: Mapping[str, str]) -> None:
        self._by = by
        # Whose work the reader sees to today: "mine" is theirs too.
        self.covers = covered_by(by.member, today()) if "worker" in names else []
        self.covered = frozenset(one.member_id for one in self.covers)
        self._members: dict[str, Member] = {}
        self._teams: dict[str, Team] = {team.handle.hex: team for team in by.teams}
        self._choices = {name: choices for name in names if len(choices := self._choices_of(name)) > 2}
        self.chosen = {
            name: address[name]
            for name, choices in self._choices.items()
            if address.get(name) and address[name] in dict(choices)
        }

    def wanted(self) -> Wanted:
        """The same as the agenda and the list of cases ask for it."""
        team = self._teams.get(self.chosen.get("team", ""))
        return Wanted(
            worker=self._worker(),
            team=team.pk if team else None,
            topic=self.chosen.get("topic", ""),
            kind=self.chosen.get("kind", ""),
            besides=tuple(sorted(self.covered)) if self.chosen.get("worker") == MINE else (),
        )

    def saved(self) -> dict[str, Any]:
        """What is chosen, as `keep_filter` takes it."""
        wanted = self.wanted()
        chosen = self.chosen.get("worker", "")
        whose = {"": SavedFilter.Whose.ANYBODY, MINE: SavedFilter.Whose.MINE, NOBODY: SavedFilter.Whose.NOBODY}
        return {
            "whose": whose.get(chosen, SavedFilter.Whose.MEMBER),
            "worker": self._members.get(chosen),
            "team": self._teams.get(self.chosen.get("team", "")),
            "topic": wanted.topic,
            "kind": wanted.kind,
        }

    def state(self) -> str:
        """The state of cases to list; "" for any. Open ones unless something else was chosen.

        Only closed ones have ended.
        """
        if self.outcome():
            return Case.State.CLOSED.value
        chosen = self.chosen.get("state", Case.State.OPEN.value)
        return "" if chosen == ALL else chosen

    def outcome(self) -> str:
        """How the cases to list have ended; "" for any."""
        return self.chosen.get("outcome", "")

    def bar(self, path: str, beside: Mapping[str, str] = NOTHING) -> Bar:
        """The selects and the chips for the page at ``path``; ``beside`` is what else its address says."""
        asked = [(name, str(self.labels[name]), choices) for name, choices in self._choices.items()]
        chips = [
            Chip(
                _("%(filter)s: %(chosen)s") % {"filter": self.labels[name], "chosen": dict(self._choices[name])[value]},
                address(path, {**beside, **{other: kept for other, kept in self.chosen.items() if other != name}}),
            )
            for name, value in self.chosen.items()
        ]
        return Bar(FilterForm(asked, self.chosen, beside), chips, address(path, beside) if len(chips) > 1 else "")

    def _worker(self) -> int | None:
        match self.chosen.get("worker", ""):
            case "":
                return None
            case "nobody":
                return 0
            case "mine":
                return self._by.member.pk
            case handle:
                return self._members[handle].pk

    def _choices_of(self, name: str) -> Choices:
        match name:
            case "worker":
                self._members = {one.handle.hex: one for one in colleagues(self._by) if one.pk != self._by.member.pk}
                self._members |= {one.handle.hex: one for one in away_with_cases(self._by)}
                others = [(handle, one.name) for handle, one in self._members.items()]
                return [
                    ("", _("Everybody")),
                    (MINE, _("Me and whom I cover") if self.covered else _("Me")),
                    (NOBODY, _("Nobody yet")),
                    *others,
                ]
            case "team":
                return [("", _("All my teams")), *((handle, team.name) for handle, team in self._teams.items())]
            case "topic":
                return [("", _("All kinds")), *((value, str(text)) for value, text in words.TOPICS.items())]
            case "kind":
                return [("", _("Everything")), *((value, str(text)) for value, text in ITEM_KINDS.items())]
            case "outcome":
                return [("", _("Any")), *((value, str(text)) for value, text in OUTCOMES.items())]
            case "state":
                return [("", _("Open cases")), ("closed", _("Closed cases")), (ALL, _("Open and closed"))]
        raise KeyError(name)


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with its query, without a question mark where there is none."""
    return f"{path}?{urlencode(query)}" if query else path
