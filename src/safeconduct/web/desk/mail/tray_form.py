"""The form that puts mail in the tray, and what came of it in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.post.actions.take_in import TakenIn

from ...upload_fields import UploadsField, megabytes
from ...words import mail as words
from ..team_field import offer_teams

MOST_FILES: Final = 100


class TrayForm(forms.Form):
    """Files of mail, and the team whose members will be able to open them."""

    team = forms.ChoiceField(
        label=gettext_lazy("Team"), error_messages={"required": gettext_lazy("Choose the team it is for.")}
    )
    file = UploadsField(
        most=MOST_FILES,
        label=gettext_lazy("Mail"),
        error_messages={
            "required": gettext_lazy("Choose the mail to put in the tray."),
            "empty": gettext_lazy("There is nothing in one of these files. Save it again from your mail program."),
        },
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = offer_teams(self, by.teams)
        self.fields["team"].help_text = gettext_lazy("Its members will be able to open it; nobody else will.")
        self.fields["file"].help_text = _(
            "Messages saved as .eml or .msg, or a folder as mbox: many at once, up to %(mb)d MB each. You can also drop"
            " them on any page."
        ) % {"mb": megabytes()}

    def team_chosen(self) -> Team:
        """The team it is for, once the form is valid."""
        return self._teams[self.cleaned_data["team"]]

    def sent(self) -> list[tuple[str, bytes]]:
        """Each file by its place, counted from 1, and what is in it: its name often names somebody."""
        files: list[UploadedFile[Any]] = self.cleaned_data["file"]
        return [(str(at), file.read()) for at, file in enumerate(files, start=1)]


@dataclass(frozen=True, slots=True)
class Took:
    """What came of putting files in the tray: how many messages are new, how many were here, and what was refused."""

    new: int
    again: int
    refused: list[str]

    @property
    def said(self) -> str:
        """In a sentence."""
        return words.took(self.new, self.again)

    @property
    def counts(self) -> dict[str, int]:
        """The same for an address: open facts."""
        return {"new": self.new, "again": self.again}


def told(taken: TakenIn) -> Took:
    """In words. Files are called by their place, as `TrayForm.sent` gives them."""
    refused = Counter(taken.refused)
    sentences = [_refusal(place, why, count) for (place, why), count in refused.items()]
    return Took(len(taken.new), len(taken.repeats), sentences)


def _refusal(place: str, why: str, count: int) -> str:
    said = {"number": place, "why": words.UNREAD[why], "count": count}
    if count > 1:
        return _("File %(number)s, %(count)d messages of it: %(why)s") % said
    return _("File %(number)s: %(why)s") % said


def bounds(teams: list[Team]) -> dict[str, Any]:
    """What `components/tray_drop.html` needs to know before anything is sent."""
    return {
        "teams": [{"handle": team.handle.hex, "name": team.name} for team in teams],
        "most": settings.MAX_UPLOAD_BYTES,
        "most_together": settings.MAX_UPLOADS_BYTES,
        "most_files": MOST_FILES,
        "too_large": _("What was larger than %(mb)d MB was not sent.") % {"mb": megabytes()},
    }


DONE: Final[Mapping[str, Promise]] = {
    "filed": gettext_lazy("Filed."),
    "aside": gettext_lazy("Set aside. It stands under “Set aside” and can be put back."),
    "back": gettext_lazy("It is in the tray again."),
    "incident": gettext_lazy("An incident was opened, and the message was taken out of the tray."),
}


def dealt_with(request: HttpRequest) -> dict[str, str] | None:
    """The message that was dealt with just before, from a code and a handle in the address: to look at it again."""
    done, was = request.GET.get("done", ""), request.GET.get("was", "")
    if done not in DONE or not was:
        return None
    try:
        return {"text": str(DONE[done]), "url": reverse("message", args=[UUID(hex=was)])}
    except ValueError:
        return None
