"""Fields that a sitting and a surgery share: who it is, and what is asked before acting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypedDict
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Team
from safeconduct.core.calendar.births import read_birth
from safeconduct.core.calendar.written import NotADay
from safeconduct.people.actions.complete import Said
from safeconduct.people.facets import (
    Authority,
    Birth,
    Contact,
    Identity,
    Intake,
    Needs,
    Rules,
    SpelledName,
    Status,
    Way,
)

from ...forms import DayField, LineField, ProseField
from ...words import calls as words
from ...words.dates import PROBLEMS
from ...words.intake import CHECKED, CONSTITUENT, NOTICE
from ...words.needs import GENDERS, NO_INTERPRETER, languages
from ..people.person_forms import status_of
from ..team_field import offer_teams

SOMEBODY_NEW: Final = "new"


class Section(TypedDict):
    """Fields under one heading, by their names: see the tag `fields`."""

    legend: str | Promise
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody, or a case of theirs, that may be meant: what is sent, and what is read.

    ``url`` leads to their record, in a page of its own, so that what was typed stays where it is.
    """

    value: str
    text: str
    reasons: tuple[str, ...] = ()
    url: str = ""


class WhoForm(forms.Form):
    """Who it is, as little as will do, and whom here they may be.

    ``who`` is drawn only once somebody like them was found: nobody is taken for somebody else unasked. ``searched``:
    the page comes again because somebody was searched for.
    """

    searched = False

    who = forms.CharField(
        label=gettext_lazy("Is it one of these?"), required=False, max_length=80, widget=forms.RadioSelect
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Only its members will be able to open the record."),
        error_messages={"required": gettext_lazy("Choose the team it is for.")},
    )
    name = LineField(
        label=gettext_lazy("Name, as they give it"),
        error_messages={"required": gettext_lazy("Write the name as they give it. A nickname or a mark will do.")},
        help_text=gettext_lazy("In their own script where they write it."),
    )
    also = ProseField(
        label=gettext_lazy("As others write it"),
        required=False,
        rows=2,
        max_length=2000,
        help_text=gettext_lazy("Each spelling on a line of its own: from the passport, from the Home Office."),
    )
    birth = LineField(
        label=gettext_lazy("Date of birth"),
        required=False,
        help_text=gettext_lazy("3 March 1987, March 1987, 1987 or abt 1987: only as much as is known."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    references = LineField(
        label=gettext_lazy("References"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("One or several: the desk tells by the shape what each is."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    phone = LineField(label=gettext_lazy("Phone"), required=False, widget=forms.TextInput(attrs={"dir": "ltr"}))
    may_ring = forms.ChoiceField(
        label=gettext_lazy("May we ring this number?"), choices=list(words.RINGING.items()), required=False
    )
    email = LineField(label=gettext_lazy("Email"), required=False, widget=forms.TextInput(attrs={"dir": "ltr"}))
    address = LineField(label=gettext_lazy("Address"), required=False, max_length=500)
    safe_note = ProseField(
        label=gettext_lazy("Safe contact"),
        required=False,
        rows=2,
        max_length=2000,
        help_text=gettext_lazy("What must not happen when you contact them. It is shown wherever a contact is."),
    )

    def __init__(self, *args: Any, by: Actor, found: Sequence[Choice] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = offer_teams(self, by.teams)
        self.offer(found)

    def offer(self, found: Sequence[Choice]) -> None:
        """Draw the question whom it may be, with these to choose from."""
        self.found = found
        widget = forms.RadioSelect if found else forms.HiddenInput
        self.fields["who"].widget = widget()
        if found:
            # What is to be answered first; else the page would scroll past it to the name.
            for field in self.fields.values():
                field.widget.attrs.pop("autofocus", None)
            self.fields["who"].widget.attrs["autofocus"] = True
            nobody: tuple[str, str | Promise] = (SOMEBODY_NEW, _("None of them: somebody new"))
            self.fields["who"].widget.choices = [*((one.value, one.text) for one in found), nobody]

    def clean_birth(self) -> Any:
        """The birth as it was read, None where none was typed."""
        said: str = self.cleaned_data["birth"]
        if not said:
            return None
        try:
            return read_birth(said, today=today())
        except NotADay as problem:
            raise ValidationError(str(PROBLEMS[problem.code]), code=problem.code.value) from None

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("may_ring") and not typed.get("phone"):
            self.add_error("phone", _("Give the number this was said of."))
        return typed

    @property
    def team_chosen(self) -> Team:
        """The team whose record it will be."""
        return self._teams[self.cleaned_data["team"]]

    @property
    def chosen(self) -> tuple[str, UUID | None]:
        """Whom the answer names: `("person", handle)`, `("case", handle)`, `("new", None)`, or `("", None)`."""
        kind, _colon, handle = str(self.cleaned_data.get("who", "")).partition(":")
        if kind == SOMEBODY_NEW:
            return SOMEBODY_NEW, None
        try:
            return (kind, UUID(handle)) if kind in ("person", "case") else ("", None)
        except ValueError:
            return "", None

    @property
    def answered(self) -> bool:
        """Whether it was said already who is meant, though something else on the page is wrong."""
        typed = getattr(self, "cleaned_data", {})
        return bool(typed.get("who")) and all(name in typed for name in WhoForm.base_fields if name in self.fields)

    def said(self) -> Said:
        """What was said of them, as it would stand on a record of their own."""
        typed = self.cleaned_data
        others = [line.strip() for line in typed["also"].splitlines() if line.strip()]
        names = [SpelledName(text=typed["name"].strip(), by_person=True)]
        names += [SpelledName(text=one[:200]) for one in dict.fromkeys(others) if one != typed["name"].strip()]
        return Said(
            identity=Identity(names=tuple(names), births=_births(typed["birth"])),
            contact=Contact(ways=_ways(typed), safe_note=typed["safe_note"].strip()),
            status=_status(typed["references"]),
        )


class IntakeStrip(forms.Form):
    """What an office asks before it acts, as a strip of short questions."""

    constituent = forms.ChoiceField(
        label=gettext_lazy("Are they a constituent?"), choices=list(CONSTITUENT.items()), required=False
    )
    checked_how = forms.ChoiceField(
        label=gettext_lazy("How do you know?"), choices=list(CHECKED.items()), required=False
    )
    authority = forms.ChoiceField(
        label=gettext_lazy("Authority to act"), choices=list(words.AUTHORITIES.items()), required=False
    )
    signed_on = DayField(
        label=gettext_lazy("Signed on"),
        required=False,
        help_text=gettext_lazy("Leave it empty where it was signed on the day they came."),
    )
    notice_how = forms.ChoiceField(
        label=gettext_lazy("Privacy notice given"),
        choices=[("", gettext_lazy("Not yet")), *list(NOTICE.items())[1:]],
        required=False,
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Interpreter"),
        choices=languages(("", gettext_lazy("Nobody asked")), (NO_INTERPRETER, gettext_lazy("None wanted"))),
        required=False,
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("The interpreter should be"), choices=list(GENDERS.items()), required=False
    )

    def intake(self, before: Intake, *, by: Actor, on: date, covers: str) -> Intake:
        """The intake as it is to stand over the one ``before``: what was not asked now stays as it was."""
        return intake_of(self.cleaned_data, before, by=by, on=on, covers=covers)

    def needs(self) -> Needs:
        """What somebody new needs to be spoken with."""
        return Needs(interpreter=self.cleaned_data["interpreter"], gender=self.cleaned_data["gender"])


def intake_of(typed: Mapping[str, Any], before: Intake, *, by: Actor, on: date, covers: str) -> Intake:
    """An intake from what was typed into the strip on a day, over the one that stands."""
    said: dict[str, Any] = {name: getattr(before, name) for name in Intake.__struct_fields__}
    if typed["constituent"]:
        said |= {
            "constituent": typed["constituent"],
            "checked_how": typed["checked_how"],
            "checked_on": on,
            "checked_by": by.member.name,
        }
    if typed.get("agrees"):
        said |= {"agrees": typed["agrees"], "agreed_on": on}
    if typed["authority"]:
        seen = typed["authority"] == "seen"
        signed_on = (typed["signed_on"] or on) if seen else None
        new = Authority(names=by.organisation.name, covers=covers, signed_on=signed_on, seen=seen)
        # One that was to be brought and was seen now takes the place of the promise of it.
        stands = tuple(one for one in before.authorities if one.seen or one.signed_on is not None)
        said["authorities"] = (*stands, new) if seen or not before.authorities else before.authorities
    if typed["notice_how"]:
        said |= {"notice_on": on, "notice_how": typed["notice_how"]}
    if typed["interpreter"]:
        said["interpreter"] = typed["interpreter"]
    if typed["gender"]:
        said["gender"] = typed["gender"]
    return Intake(**said)


def lines_of(text: str) -> tuple[str, ...]:
    """What was typed one on each line, without blank lines."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _births(read: Any) -> tuple[Birth, ...]:
    if read is None:
        return ()
    return (Birth(year=read.year, month=read.month, day=read.day, precision=read.precision.value, basis="claimed"),)


def _ways(typed: Mapping[str, Any]) -> tuple[Way, ...]:
    ways = []
    if typed["phone"]:
        ways.append(Way(kind="phone", value=typed["phone"], rules=Rules(phone=typed["may_ring"])))
    ways += [Way(kind=kind, value=typed[kind]) for kind in ("email", "address") if typed[kind]]
    return tuple(ways)


def _status(references: str) -> Status:
    row = {"kind": "", "value": references, "source": ""}
    return status_of([row] if references.strip() else [], [], "")
