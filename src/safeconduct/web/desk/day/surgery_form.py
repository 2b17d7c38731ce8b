"""The forms of a surgery: what is set once, and a sheet for each person, in the order of one on paper."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.keys import today
from safeconduct.accounts.models import Member, Team
from safeconduct.casework.actions.sitting import Matter, Promise
from safeconduct.casework.actions.surgery import Seen
from safeconduct.core.calendar.typed import Problem
from safeconduct.people.facets import EnquiryHead, Intake

from ...forms import DayField, LineField, ProseField
from ...words import calls as words
from ...words import cases as case_words
from ...words.dates import PROBLEMS
from ...words.intake import AGREES
from ..cases.case_form import workers_of
from ..team_field import offer_teams
from .sitting_fields import IntakeStrip, Section, WhoForm, lines_of
from .surgery_set import Setting

NOT_RUNG: Final = gettext_lazy("They said that they must not be rung. Promise another way.")


class SetForm(forms.Form):
    """The day, the place, and what is the same for everybody who comes."""

    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        help_text=gettext_lazy("Only its members will be able to open the records."),
        error_messages={"required": gettext_lazy("Choose the team it is for.")},
    )
    on = DayField(
        label=gettext_lazy("Day"), initial="today", error_messages={"required": gettext_lazy("Give the day.")}
    )
    place = LineField(
        label=gettext_lazy("Place"),
        required=False,
        help_text=gettext_lazy("Sealed with each entry. This browser keeps it sealed until it is closed."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of case most come with"),
        choices=[("", gettext_lazy("Choose for each")), *case_words.TOPICS.items()],
        required=False,
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Where letters go"),
        choices=[("", gettext_lazy("Choose for each")), *case_words.ROUTES.items()],
        required=False,
    )
    worker = forms.ChoiceField(label=gettext_lazy("Who works on the cases"), required=False)

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = offer_teams(self, by.teams)
        self._workers: dict[str, Member] = {one.handle.hex: one for each in by.teams for one in workers_of(each)}
        choices = [("", _("Nobody yet")), *((handle, one.name) for handle, one in self._workers.items())]
        self.fields["worker"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's own

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("on") and typed["on"] > today():
            self.add_error("on", str(PROBLEMS[Problem.IN_THE_FUTURE]))
        worker, team = self._workers.get(typed.get("worker", "")), self._teams.get(typed.get("team", ""))
        if worker and team and worker not in workers_of(team):
            self.add_error("worker", _("They are not in that team. Choose somebody who is, or nobody."))
        return typed

    def setting(self) -> tuple[Team, Setting]:
        """The team and what was set."""
        return self._teams[self.cleaned_data["team"]], Setting(**self.cleaned_data)


class SheetForm(WhoForm, IntakeStrip):
    """One person: who, the check, what they ask, what they agree to, what was promised."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of case"),
        choices=[("", gettext_lazy("Choose")), *case_words.TOPICS.items()],
        required=False,
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Where the letter goes"),
        choices=[("", gettext_lazy("Choose")), *case_words.ROUTES.items()],
        required=False,
    )
    asks = ProseField(
        label=gettext_lazy("What they ask"),
        rows=4,
        max_length=8000,
        help_text=gettext_lazy("Each thing on a line of its own."),
        error_messages={"required": gettext_lazy("Write what they ask, in a line at least.")},
    )
    agrees = forms.ChoiceField(
        label=gettext_lazy("Do they agree that we write to the authorities about them?"),
        choices=list(AGREES.items()),
        required=False,
    )
    promised = forms.ChoiceField(
        label=gettext_lazy("What we promised"), choices=list(words.PROMISES.items()), required=False
    )
    promised_what = LineField(label=gettext_lazy("What exactly"), required=False, max_length=400)
    promised_by = DayField(label=gettext_lazy("By when"), required=False, ahead=True)

    sections: tuple[Section, ...] = (
        {"legend": gettext_lazy("Who"), "fields": ("name", "also", "birth", "references")},
        {
            "legend": gettext_lazy("How to reach them"),
            "fields": ("phone", "may_ring", "email", "address", "safe_note", "interpreter", "gender"),
        },
        {
            "legend": gettext_lazy("Before we act"),
            "fields": ("constituent", "checked_how", "authority", "signed_on", "notice_how", "agrees"),
        },
        {"legend": gettext_lazy("The matter"), "fields": ("asks", "kind", "route")},
        {"legend": gettext_lazy("Until when"), "fields": ("promised", "promised_what", "promised_by")},
    )

    def __init__(self, *args: Any, by: Actor, team: Team, **named: Any) -> None:
        super().__init__(*args, by=by, **named)
        # The team was set once for the surgery.
        del self.fields["team"]
        self._team = team
        self.fields["references"].desk_kind = "ref"  # type: ignore[attr-defined]  # read by the field tag
        self.fields["name"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not str(typed.get("who", "")).startswith("case:"):
            for name, missing in (
                ("kind", _("Choose the kind that is nearest.")),
                ("route", _("Choose where the letter goes: the clock runs by it.")),
            ):
                if name in typed and not typed[name]:
                    self.add_error(name, missing)
        promised, by_when = typed.get("promised"), typed.get("promised_by")
        if promised and "promised_by" in typed and not by_when:
            self.add_error("promised_by", _("Give the day by which it was promised: it is due then."))
        if not promised and (by_when or typed.get("promised_what")):
            self.add_error("promised", _("Choose what was promised, or empty the two fields after it."))
        if promised == "ring_back" and typed.get("may_ring") == "no":
            self.add_error("promised", NOT_RUNG)
        if by_when and by_when < today():
            self.add_error("promised_by", _("That day is past. Give today or a day to come."))
        return typed

    @property
    def team_chosen(self) -> Team:
        return self._team

    def matter(self, by: Actor, setting: Setting, worker: Member | None) -> Matter:
        """The case that is opened for somebody who has none on this."""
        typed = self.cleaned_data
        return Matter(
            kind=typed["kind"],
            route=typed["route"],
            came_in_on=setting.on,
            worker=worker,
            intake=self.intake(Intake(), by=by, on=setting.on, covers=typed["name"]),
            letter=EnquiryHead(questions=lines_of(typed["asks"])),
        )

    def seen(self, setting: Setting) -> Seen:
        """What was said, with the place, which stands nowhere else; and what was promised."""
        typed = self.cleaned_data
        lines = [typed["asks"].strip()]
        if setting.place:
            lines.append(_("Seen at: %(place)s") % {"place": setting.place})
        promises = []
        if typed["promised"]:
            promises.append(Promise(kind=typed["promised"], on=typed["promised_by"], what=typed["promised_what"]))
        return Seen(on=setting.on, note="\n\n".join(lines), promises=promises)
