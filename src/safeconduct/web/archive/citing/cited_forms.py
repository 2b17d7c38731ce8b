"""The forms about passages, notes, words and collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safeconduct.accounts.models import Team
from safeconduct.archive.citing.anchors import MOST_LETTERS

from ...desk.team_field import offer_teams
from ...forms import LineField, ProseField
from ...words import archive_cited as words


class CiteForm(forms.Form):
    """The words that are cited. ``at`` is where they were selected, in characters of the raw text; a script says it.

    ``place`` is offered where they stand in several places: `start-end` of the one that is meant.
    """

    quote = ProseField(
        label=_("The words to cite"),
        rows=3,
        max_length=MOST_LETTERS,
        help_text=_("Paste them as they stand in the text. Spaces and quotation marks may differ; letters may not."),
        error_messages={"required": words.NO_QUOTATION},
    )
    at = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("Which place is meant?"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        if places:
            field.widget = forms.RadioSelect()
            field.choices = list(places)
        else:
            # Which places there are is known once the words were looked for: see the view.
            del self.fields["place"]


class _OfATeam(forms.Form):
    """Something that is written for one team."""

    team = forms.ChoiceField(label=_("For which team"))

    def __init__(self, *args: Any, teams: Sequence[Team], **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = offer_teams(self, teams)
        self.order_fields([*(name for name in self.fields if name != "team"), "team"])

    def of_team(self) -> Team:
        """The team that was chosen."""
        return self._teams[self.cleaned_data["team"]]


class NoteForm(_OfATeam):
    """A new note; ``passage`` is the short address of the passage it is about."""

    passage = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    text = ProseField(label=_("Note"), rows=3, error_messages={"required": words.NOT_WRITTEN})


class NoteTextForm(forms.Form):
    """A note that is written anew, over the revision that was read."""

    text = ProseField(label=_("Note"), rows=6, error_messages={"required": words.NOT_WRITTEN})
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class TagForm(_OfATeam):
    """A word on a source."""

    word = LineField(label=_("Word"), max_length=100, error_messages={"required": words.NOT_WRITTEN})


class CollectionForm(_OfATeam):
    """The name of a new collection."""

    name = LineField(label=_("Name"), max_length=200, error_messages={"required": _("Give it a name.")})


class NameForm(forms.Form):
    """The name of a collection written anew, over the revision that was read."""

    name = LineField(label=_("Name"), max_length=200, error_messages={"required": _("Give it a name.")})
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class CollectForm(forms.Form):
    """Which collection something is added to: one that is there, or a new one of a team."""

    collection = forms.ChoiceField(
        label=_("Collection"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("One of the two is needed: choose a collection here, or name a new one below."),
    )
    name = LineField(
        label=_("Or begin a new one, called"),
        required=False,
        max_length=200,
        help_text=_("A name here begins a new collection, whichever is chosen above."),
    )
    team = forms.ChoiceField(label=_("For which team"), required=False, help_text=_("Of the new collection."))

    def __init__(self, *args: Any, collections: Sequence[tuple[str, str]], teams: Sequence[Team], **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = offer_teams(self, teams)
        field = self.fields["collection"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(collections)
        if not collections:
            del self.fields["collection"]
            self.fields["name"] = LineField(
                label=_("Begin a collection, called"),
                max_length=200,
                error_messages={"required": _("Give it a name.")},
            )
            self.order_fields(["name", "team"])
        for one in self.fields.values():
            one.desk_optional = False  # type: ignore[attr-defined]  # read by the tag that draws it

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("collection") and not typed.get("name"):
            self.add_error("name", _("Choose a collection, or give a new one its name."))
        if typed.get("name") and not typed.get("team"):
            self.add_error("team", _("Say for which team the new collection is."))
        return typed

    def of_team(self) -> Team:
        """The team that was chosen for a new one."""
        return self._teams[self.cleaned_data["team"]]
