"""The form in which it is written how somebody may be reached, and the way from the facet to it and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from safeconduct.people.contact_rules import Channel
from safeconduct.people.facets import Contact, Never, Rules, Way

from ...forms import DayField, LineField, ProseField
from ...repeat import Part, Row, RowForm
from ...words.contact import CHANNELS, NEVER, SAID
from ...words.dates import typed_again
from .person_forms import RevisionForm, WayForm

# What "May we use it?" is about, by the kind of way. Text and voicemail are asked apart: a phone is read by others.
_MAIN: Final[dict[str, tuple[Channel, ...]]] = {
    "phone": (Channel.PHONE,),
    "email": (Channel.EMAIL,),
    "address": (Channel.POST,),
    "postcode": (),
    "other": (Channel.PHONE, Channel.EMAIL, Channel.POST),
}
_ASIDE: Final = (Channel.TEXT, Channel.VOICEMAIL)
_SAID: Final = list(SAID.items())


class RuledWayForm(WayForm):
    """One way to reach somebody, and what they said of it."""

    beside = WayForm.beside | {"may", *_ASIDE}
    more = ("may", *_ASIDE, "when", "answered_by")
    more_label = _("What they said of it")
    may = forms.ChoiceField(label=_("May we use it?"), choices=_SAID, required=False)
    text = forms.ChoiceField(label=_("And text?"), choices=_SAID, required=False)
    voicemail = forms.ChoiceField(label=_("And leave a voicemail?"), choices=_SAID, required=False)
    when = LineField(label=_("When"), required=False, help_text=_("Days and hours that are safe."))
    answered_by = LineField(label=_("Who may answer"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        kind = self.data.get(self.add_prefix("kind")) if self.is_bound else self.initial.get("kind")
        if kind in ("email", "address", "postcode"):
            for channel in _ASIDE:
                del self.fields[channel]
        if kind == "postcode":
            del self.fields["may"]


class NeverForm(RowForm):
    """Somebody who must hear nothing."""

    main = "kind"
    kind = forms.ChoiceField(label=_("Who"), choices=[("", _("Choose")), *NEVER.items()], required=False)
    who = LineField(
        label=_("Name"), required=False, help_text=_("Without a name, every authority of that kind is meant.")
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("kind") == "person" and not typed.get("who") and not typed.get("DELETE"):
            self.add_error("who", _("Write who it is, as you would know them."))
        return typed


RULED_WAYS: Final = Part("ways", RuledWayForm, _("Ways to reach them"), _("Add another way"))
NEVERS: Final = Part(
    "never",
    NeverForm,
    _("Who must hear nothing"),
    _("Add somebody else"),
    _("Nothing is sent to them, and nobody tells them that you know this person."),
)


class ContactForm(RevisionForm):
    """What must be read before any way is used, and what holds for all of them."""

    safe_note = ProseField(
        label=_("Safe contact"),
        required=False,
        max_length=2000,
        help_text=_("What must not happen: who must not pick up, which address is not safe, when not to ring."),
    )
    phone = forms.ChoiceField(label=_("Ring"), choices=_SAID, required=False)
    text = forms.ChoiceField(label=_("Text"), choices=_SAID, required=False)
    voicemail = forms.ChoiceField(label=_("Voicemail"), choices=_SAID, required=False)
    email = forms.ChoiceField(label=_("Email"), choices=_SAID, required=False)
    post = forms.ChoiceField(label=_("Post"), choices=_SAID, required=False)
    when = LineField(label=_("When"), required=False, help_text=_("Days and hours that are safe."))
    answered_by = LineField(label=_("Who may answer"), required=False)
    code_word = LineField(
        label=_("Code word"),
        required=False,
        max_length=60,
        help_text=_("What you and they say so that each knows the other."),
    )
    since = DayField(label=_("Settled on"), required=False)
    said_by = LineField(label=_("Who said so"), required=False, help_text=_("They themselves, or who else."))

    sections = (
        {"legend": _("Read this first"), "fields": ("safe_note",)},
        {
            "legend": _("Code word, and who settled this when"),
            "fields": ("code_word", "since", "said_by"),
            "folded": True,
        },
        {
            "legend": _("May we?"),
            "why": _("What holds for every way. A no here or beside a way always stands; nobody said is not a yes."),
            "fields": (*CHANNELS, "when", "answered_by"),
            "folded": True,
        },
    )


def contact_fields(contact: Contact) -> dict[str, Any]:
    """What does not repeat, by the names of the form's fields."""
    rules = contact.rules
    return {
        "safe_note": contact.safe_note,
        **{channel.value: getattr(rules, channel) for channel in Channel},
        "when": rules.when,
        "answered_by": rules.answered_by,
        "code_word": contact.code_word,
        "since": typed_again(contact.since),
        "said_by": contact.said_by,
    }


def ruled_way_rows(contact: Contact) -> list[Row]:
    """Ways with their rules as lines of the form."""
    return [
        {
            "kind": way.kind,
            "value": way.value,
            "note": way.note,
            "may": next((said for one in _MAIN.get(way.kind, ()) if (said := getattr(way.rules, one))), ""),
            **{channel.value: getattr(way.rules, channel) for channel in _ASIDE},
            "when": way.rules.when,
            "answered_by": way.rules.answered_by,
        }
        for way in contact.ways
    ]


def never_rows(contact: Contact) -> list[Row]:
    """Who must hear nothing, as lines of the form."""
    return [{"kind": one.kind, "who": one.who} for one in contact.never]


def ruled_contact(ways: Sequence[Row], never: Sequence[Row], fields: Row) -> Contact:
    """The contact typed."""
    return Contact(
        ways=tuple(_way(row) for row in ways),
        safe_note=fields["safe_note"],
        rules=Rules(
            **{channel.value: fields[channel.value] for channel in Channel},
            when=fields["when"],
            answered_by=fields["answered_by"],
        ),
        never=tuple(Never(kind=row["kind"], who=row["who"]) for row in never),
        code_word=fields["code_word"],
        since=fields["since"],
        said_by=fields["said_by"],
    )


def _way(row: Row) -> Way:
    kind = row["kind"] or "other"
    said = {channel.value: row.get("may") or "" for channel in _MAIN.get(kind, ())}
    said |= {channel.value: row.get(channel.value) or "" for channel in _ASIDE}
    return Way(
        kind=kind,
        value=row["value"],
        note=row["note"],
        rules=Rules(**said, when=row["when"], answered_by=row["answered_by"]),
    )
