"""What is noted of a call: who rang, what was said, whether the person was told, and what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.keys import today
from safeconduct.casework.actions.calls import Call
from safeconduct.casework.models import Enquiry
from safeconduct.core.calendar.typed import Problem
from safeconduct.people.facets import Contact

from ...forms import DayField, LineField, ProseField
from ...words import calls as words
from ...words.dates import PROBLEMS
from .calls_safe import Ringing, never_hears


class CallForm(forms.Form):
    """Filled in from top to bottom; of a call "any news?" only the note is left to write.

    The letters are those of the case: ``answered`` the ones whose answer the person was not told yet.
    """

    who = forms.ChoiceField(
        label=gettext_lazy("Who was on the phone"),
        choices=list(words.WHO_RANG.items()),
        widget=forms.RadioSelect,
        initial=words.THE_PERSON,
    )
    caller = LineField(
        label=gettext_lazy("Their name"),
        required=False,
        help_text=gettext_lazy("Who rang for them, or who answered at the authority."),
    )
    unit = LineField(label=gettext_lazy("Which unit"), required=False)
    reference = LineField(label=gettext_lazy("The reference they gave"), required=False, max_length=60)
    enquiry = forms.ChoiceField(label=gettext_lazy("About which letter"), required=False)
    note = ProseField(
        label=gettext_lazy("What was said"),
        required=False,
        help_text=gettext_lazy("Sealed. Leave it empty where they only asked for news and there is none."),
    )
    told = forms.BooleanField(label=gettext_lazy("I told the person"), required=False)
    ring_back_on = DayField(
        label=gettext_lazy("Promised to ring back by"),
        required=False,
        ahead=True,
        help_text=gettext_lazy("For example tomorrow, fri or +3d. It is due in Today on that day."),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("They asked to be rung this time, and I have read how they may be reached"), required=False
    )
    on = DayField(
        label=gettext_lazy("Day of the call"),
        initial="today",
        error_messages={"required": gettext_lazy("Give the day of the call.")},
    )

    def __init__(
        self,
        *args: Any,
        letters: Sequence[tuple[Enquiry, str]],
        answered: Sequence[Enquiry],
        ringing: Ringing,
        contacts: Sequence[Contact],
        **named: Any,
    ) -> None:
        super().__init__(*args, **named)
        self._letters = {one.handle.hex: one for one, _text in letters}
        self._answered, self._ringing, self._contacts = tuple(answered), ringing, contacts
        if len(letters) > 1:
            choices = [("", _("None in particular")), *((one.handle.hex, text) for one, text in letters)]
            self.fields["enquiry"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own
        else:
            del self.fields["enquiry"]
        if not ringing.to_settle:
            del self.fields["agreed"]
        # On a wide screen it has the focus: all else is filled in. On a phone the rule above it is to be read first.
        self.fields["note"].widget.attrs["data-start"] = ""
        self.fields["reference"].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag

    @property
    def of_authority(self) -> list[Any]:
        """The fields that only a call with an authority has."""
        return [self[name] for name in ("unit", "reference", "enquiry") if name in self.fields]

    @property
    def of_person(self) -> list[Any]:
        """The fields that only a call with the person, or with somebody for them, has."""
        return [self[name] for name in ("told", "ring_back_on", "agreed") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        who = typed.get("who")
        if who == words.FOR_THEM and not typed.get("caller"):
            self.add_error("caller", _("Write who rang for them: a name, or what they said they are."))
        if typed.get("on") and typed["on"] > today():
            self.add_error("on", str(PROBLEMS[Problem.IN_THE_FUTURE]))
        if typed.get("ring_back_on") and typed["ring_back_on"] < today():
            self.add_error("ring_back_on", _("That day is past. Give today or a day to come."))
        if who != words.AUTHORITY:
            self._check_safe(typed)
        return typed

    def call(self) -> Call:
        """The call as it was noted, after validation."""
        typed = self.cleaned_data
        authority, person = typed["who"] == words.AUTHORITY, typed["who"] == words.THE_PERSON
        told = typed["told"] and not authority
        return Call(
            on=typed["on"],
            note=typed["note"],
            caller="" if person else typed["caller"],
            with_authority=authority,
            unit=typed["unit"] if authority else "",
            reference=typed["reference"] if authority else "",
            told=self._answered if told else (),
            told_anyway=told,
            ring_back_on=typed["ring_back_on"],
        )

    def letter(self) -> Enquiry | None:
        """The letter that an authority was spoken with about: the only one there is, where there is one only."""
        if self.cleaned_data["who"] != words.AUTHORITY:
            return None
        if len(self._letters) == 1:
            return next(iter(self._letters.values()))
        return self._letters.get(self.cleaned_data.get("enquiry", ""))

    def _check_safe(self, typed: dict[str, Any]) -> None:
        """Nobody who must hear nothing is told anything, and nobody is rung against what they said."""
        heard = typed.get("who") == words.FOR_THEM and never_hears(self._contacts, typed.get("caller", ""))
        if heard and (typed.get("told") or typed.get("ring_back_on")):
            self.add_error(
                "caller",
                _(
                    "This name is on the person's list of those who must hear nothing. Tell them nothing and promise"
                    " them nothing: take both back, and log that they rang."
                ),
            )
        elif typed.get("ring_back_on") and self._ringing.never:
            self.add_error(
                "ring_back_on",
                _(
                    "They said that they must not be rung. Promise another way and write it in the note; if they say"
                    " otherwise now, change how they may be reached first."
                ),
            )
        elif typed.get("ring_back_on") and self._ringing.to_settle and not typed.get("agreed"):
            self.add_error("agreed", _("Ask whether ringing is safe this time, and read how they may be reached."))
