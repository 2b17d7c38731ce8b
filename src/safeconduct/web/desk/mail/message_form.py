"""What a message is filed as: one form, filled in with what is proposed, confirmed by one key.

`about` names a letter of a case ("<case>.<letter>"), or a case and no letter of it ("<case>."), by their handles. What
was typed into the search and not searched for yet is searched for before anything is filed: Enter means that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.casework.models import Case

from ...forms import DayField, LineField, ProseField
from ...repeat import Group, Part, RowForm, group
from ...repeat import typed as typed_rows
from ...words import mail as words

OUR_OWN: Final = {"sent": gettext_lazy("Our letter went out"), "chased": gettext_lazy("We chased")}
_MOST_FOUND: Final = 8
_QUESTION: Final = re.compile(r"[0-9a-f]{32}\.[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a group, as it is drawn."""

    id: str
    value: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a case to choose, or no letter of it; with what it asked. ``key`` chooses it."""

    id: str
    value: str
    text: str
    note: str
    checked: bool
    key: str
    questions: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A case that may be meant, with the letters a message may be filed on: handle (hex), words, state, questions."""

    case: str
    who: str
    ref: str
    kind: str
    why: Sequence[str]
    letters: Sequence[tuple[str, str, str, Sequence[str]]]
    url: str


@dataclass(frozen=True, slots=True)
class Target:
    """The same as the form draws it."""

    who: str
    ref: str
    kind: str
    why: Sequence[str]
    url: str
    letters: list[Letter] = field(default_factory=list)


class _Until(DayField):
    # In a line of lines each hint would be told again and again.
    desk_kind = ""


class PromiseForm(RowForm):
    """A day by which they said that something will be done."""

    main = "until"
    until = _Until(label=gettext_lazy("By which day"), required=False, ahead=True)
    what = LineField(label=gettext_lazy("What they promised"), required=False, max_length=400)


PROMISES: Final = Part(
    "promises",
    PromiseForm,
    gettext_lazy("What they promised"),
    gettext_lazy("Add another promise"),
    gettext_lazy("Each becomes due on Today, so that somebody asks when the day has gone by."),
)


class ProposalForm(forms.Form):
    """What the message is about, what it says, and what is noted of it."""

    about = forms.ChoiceField(
        label=gettext_lazy("Which case, and which letter"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what it is about, find the case, or set it aside."),
            "invalid_choice": gettext_lazy("Choose one of the letters shown."),
        },
    )
    said = forms.MultipleChoiceField(
        label=gettext_lazy("What it says"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=list(words.LABELS.items()),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), widget=forms.RadioSelect, required=False, choices=list(OUR_OWN.items())
    )
    answered = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    on = DayField(label=gettext_lazy("Day it came"), error_messages={"required": gettext_lazy("Give the day it came.")})
    unit = LineField(label=gettext_lazy("Which unit wrote"), required=False)
    reference = LineField(label=gettext_lazy("Their reference"), required=False)
    note = ProseField(label=gettext_lazy("Note"), required=False, rows=2)
    find = LineField(
        label=gettext_lazy("Find the case"), required=False, help_text=gettext_lazy("A reference, or a name.")
    )
    sought = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    found = forms.CharField(required=False, max_length=600, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ours: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        self.ours = ours
        self.ready = False
        self.offered: Sequence[Offered] = ()
        self.fields["find"].widget.attrs |= {"data-key": "c", "aria-keyshortcuts": "c"}
        if ours:
            self.fields["on"].label = _("Day it was sent")
            del self.fields["said"]
        else:
            del self.fields["kind"]

    def offer(self, offered: Sequence[Offered]) -> None:
        """Say what may be chosen."""
        self.offered = offered
        letters = [(f"{one.case}.{letter}", text) for one in offered for letter, text, _n, _q in one.letters]
        self.fields["about"].choices = letters  # type: ignore[attr-defined]  # a ChoiceField's own
        self.fields["answered"].choices = [  # type: ignore[attr-defined]  # as above
            (f"{letter}.{at}", text)
            for one in offered
            for letter, _text, _note, questions in one.letters
            for at, text in enumerate(questions)
        ]

    def allow(self, letters: Sequence[str]) -> None:
        """Say what may be chosen where the page is not drawn again: ``letters``, and questions by their place."""
        sent: Sequence[str] = self.data.getlist("answered") if isinstance(self.data, QueryDict) else ()
        self.fields["about"].choices = [(one, one) for one in letters]  # type: ignore[attr-defined]  # as below
        self.fields["answered"].choices = [  # type: ignore[attr-defined]  # as below
            (one, one) for one in sent if _QUESTION.fullmatch(one)
        ]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.ours and not typed.get("said") and "said" not in self.errors:
            self.add_error("said", _("Say what it says: choose at least one."))
        if self.ours and not typed.get("kind"):
            self.add_error("kind", _("Say what it is."))
        return typed

    @property
    def letter(self) -> tuple[str, str]:
        """The handles (hex) of the case and the letter chosen; "" for no letter of it."""
        case, _dot, letter = self.cleaned_data["about"].partition(".")
        return case, letter

    @property
    def answers(self) -> tuple[int, ...]:
        """The places of the questions it answered, of the letter that was chosen alone."""
        letter = self.letter[1]
        marked = [one.split(".") for one in self.cleaned_data["answered"]]
        return tuple(sorted(int(at) for of, at in marked if of == letter and letter))

    def targets(self) -> list[Target]:
        """What may be chosen, as it is drawn. The first nine letters have a key each."""
        chosen = str(self["about"].value() or "")
        ticked = set(self["answered"].value() or ())
        out, number = [], 0
        for one in self.offered:
            target = Target(one.who, one.ref, one.kind, one.why, one.url)
            for letter, text, note, questions in one.letters:
                number += 1
                value = f"{one.case}.{letter}"
                asked = [
                    Choice(f"id_answered_{number}_{at}", f"{letter}.{at}", question, f"{letter}.{at}" in ticked)
                    for at, question in enumerate(questions)
                ]
                key = str(number) if number <= len("123456789") else ""
                target.letters.append(Letter(f"id_about_{number}", value, text, note, value == chosen, key, asked))
            out.append(target)
        return out

    def sayings(self) -> list[dict[str, Any]]:
        """What it may say, in groups, as it is drawn."""
        if self.ours:
            chosen = str(self["kind"].value() or "")
            kinds = [Choice(f"id_kind_{value}", value, str(text), value == chosen) for value, text in OUR_OWN.items()]
            return [{"legend": _("From us"), "choices": kinds}]
        ticked = set(self["said"].value() or ())
        return [
            {
                "legend": legend,
                "choices": [Choice(f"id_said_{code}", code, str(words.LABELS[code]), code in ticked) for code in codes],
            }
            for legend, codes in words.LABEL_GROUPS
        ]


def searches(data: QueryDict) -> bool:
    """Whether what was sent asks to search: by its button, or by Enter with something new in the field."""
    typed = data.get("find", "").strip()
    return data.get("do") == "find" or bool(typed and typed != data.get("sought", "") and data.get("do") == "file")


def found_before(data: Mapping[str, str]) -> list[UUID]:
    """The cases that a search on this page found earlier."""
    out = []
    for text in data.get("found", "").split(",")[:_MOST_FOUND]:
        try:
            out.append(UUID(hex=text))
        except ValueError:
            continue
    return out


def promises(data: QueryDict | None, rows: Sequence[Mapping[str, Any]]) -> Group:
    """The lines of promises: as they are proposed, as they were typed and checked, or with one line more."""
    if data is not None and ("add" in data or searches(data)):
        return group(PROMISES, None, typed_rows(PROMISES, data))
    return group(PROMISES, data, rows)


def known_letters(case: Case, about: str) -> list[str]:
    """What may be chosen, without opening anything: the letter of the case that was sent, or no letter of it."""
    handle = about.partition(".")[2]
    if not handle:
        return [f"{case.handle.hex}."]
    try:
        there = case.enquiries.filter(handle=UUID(hex=handle)).exists()
    except ValueError:
        return []
    return [f"{case.handle.hex}.{handle}"] if there else []
