"""Taking sources in: files and addresses, one after the other, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.archive import faults
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.take_in import Taken, take_in
from safeconduct.archive.actions.watch import take_in_address
from safeconduct.archive.capture.captured import MissingExtra

from ...access import Request
from ...forms import LineField, ProseField
from ...upload_fields import UploadsField, megabytes
from ...words import archive_sources as words
from .. import once_told
from ..installed import takes_in
from ..kept import post_url
from . import stamps
from .errand import Errand

MOST_FILES: Final = 12
MOST_ADDRESSES: Final = 5


class TakeForm(forms.Form):
    """Addresses, files, and what is known of them."""

    addresses = ProseField(
        label=gettext_lazy("Addresses"),
        required=False,
        rows=2,
        max_length=10_000,
        help_text=gettext_lazy(
            "One a line, up to five. The desk fetches each page once, without its pictures and scripts; the site sees"
            " that somebody asked."
        ),
    )
    file = UploadsField(most=MOST_FILES, label=gettext_lazy("Files"), required=False)
    address = LineField(
        label=gettext_lazy("Where the file is from"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Its address, where the file does not say so itself."),
    )
    in_confidence = forms.BooleanField(
        label=gettext_lazy("Somebody supplied the files in confidence"),
        required=False,
        help_text=gettext_lazy("They are sealed to one team, and no outside authority is told of them."),
    )
    team = forms.ChoiceField(label=gettext_lazy("Which team holds them"), required=False)
    note = ProseField(
        label=gettext_lazy("Note"),
        required=False,
        rows=2,
        max_length=2000,
        help_text=gettext_lazy("Who supplied them and on what terms. Sealed with them; kept in confidence only."),
    )

    sections: Sequence[dict[str, Any]] = (
        {"legend": "", "fields": ("addresses", "file", "address")},
        {
            "legend": gettext_lazy("Supplied in confidence"),
            "fields": ("in_confidence", "team", "note"),
            "folded": True,
        },
    )

    def __init__(self, *args: Any, by: Actor, **named: Any) -> None:
        super().__init__(*args, **named)
        self.teams = {team.handle.hex: team for team in by.teams}
        self.fields["file"].help_text = _(
            "A saved page (HTML, MHTML), PDF, text, WARC, WACZ, a feed, an X archive, a thread saved by Thread Reader,"
            " posts of Mastodon or Bluesky as JSON. Up to %(mb)d MB each here; larger ones by the command line."
        ) % {"mb": megabytes()}
        choices = [(handle, team.name) for handle, team in self.teams.items()]
        self.fields["team"].choices = choices if len(choices) == 1 else [("", _("Choose")), *choices]  # type: ignore[attr-defined]  # the stubs know only Field
        if not choices:
            del self.fields["in_confidence"], self.fields["team"], self.fields["note"]
            self.sections = self.sections[:1]

    def clean_addresses(self) -> list[str]:
        """The addresses, each once. Raises `ValidationError`: too many."""
        typed = list(dict.fromkeys(self.cleaned_data["addresses"].split()))
        if len(typed) > MOST_ADDRESSES:
            raise forms.ValidationError(_("At most %(most)d addresses at once.") % {"most": MOST_ADDRESSES})
        return typed

    def clean(self) -> dict[str, Any]:
        """Something to take in, and a team where it is in confidence. Raises nothing: faults stand at their fields."""
        typed = super().clean() or {}
        sealed = typed.get("in_confidence")
        if not self.errors and not typed.get("addresses") and not self._files():
            self.add_error("addresses", _("Give an address, or choose a file."))
        if sealed and not typed.get("team"):
            self.add_error("team", _("Choose the team that may open them."))
        if sealed and typed.get("addresses"):
            self.add_error(
                "addresses",
                _("An address is public. Take it in by itself, or save what was supplied and take in the file."),
            )
        return typed

    def team_chosen(self) -> Team | None:
        """The team that files in confidence are sealed to."""
        return self.teams.get(self.cleaned_data.get("team", "")) if self.cleaned_data.get("in_confidence") else None

    def sent(self) -> list[UploadedFile[Any]]:
        """The files."""
        return self._files()

    def _files(self) -> list[UploadedFile[Any]]:
        return [one for one in self.cleaned_data.get("file") or [] if one]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one file or address: ``name`` as it was chosen or typed, shown to who sent it and kept nowhere."""

    name: str
    taken: Taken | None = None
    problem: str = ""
    kept_apart: bool = False


def view(request: Request) -> HttpResponse:
    """The form, and taking in what it sends."""
    by = request.actor
    form = TakeForm(request.POST, request.FILES, by=by) if request.method == "POST" else TakeForm(by=by)
    if form.is_bound and takes_in() and form.is_valid():
        files, addresses = list(_files(by, form)), form.cleaned_data["addresses"]
        if addresses and len(files) + len(addresses) > 1:
            # A site can take a minute to answer: its page tells of each, and goes on from one to the next.
            return redirect("source-took", handle=once_told.keep(request, Errand(map(told, files), addresses)))
        came = files + [fetched(by, one) for one in addresses]
        if len(came) == 1 and (taken := came[0].taken) is not None:
            done = "again" if taken.again else "taken"
            return redirect(f"{reverse('source', args=[taken.source.handle])}?done={done}")
        if any(one.taken for one in came) or len(came) > 1:
            return redirect("source-took", handle=once_told.keep(request, Errand(map(told, came))))
        where = "file" if form.sent() else "addresses"
        form.add_error(where, _said(came[0]))
    context = {
        "form": form,
        "not_installed": "" if takes_in() else words.NOT_INSTALLED,
        "refused_url": reverse("quarantine"),
        "under_way": [
            {"url": reverse("source-took", args=[handle]), "left": one.left}
            for handle, one in once_told.all_of(request, Errand)
            if one.left
        ],
    }
    return render(request, "archive/source_take.html", context)


def _files(by: Actor, form: TakeForm) -> Iterator[Came]:
    team, typed = form.team_chosen(), form.cleaned_data
    for file in form.sent():
        name, data = file.name or "", file.read()
        more: dict[str, Any] = {"data": data, "name": name, "address": typed["address"] or None}
        if team is not None:
            yield _one(name, lambda more=more: take_in_confidence(by=by, team=team, note=typed.get("note", ""), **more))
        else:
            yield _one(name, lambda more=more: take_in(by=by, **more), stamped_for=by)


def fetched(by: Actor, address: str) -> Came:
    """Fetch one address and take in what it answers with."""
    return _one(address, lambda: take_in_address(by=by, address=address), stamped_for=by)


def _one(name: str, take: Any, *, stamped_for: Actor | None = None) -> Came:
    """Take in one. One that is refused keeps nothing from those that come after it."""
    try:
        taken: Taken = take()
    except faults.NotTakenIn as fault:
        return Came(name, problem=str(words.UNFIT[fault.reason]), kept_apart=True)
    except faults.NotReached as fault:
        return Came(name, problem=str(words.UNREACHED[fault.reason]))
    except (faults.CannotRead, MissingExtra):
        return Came(name, problem=str(words.NOT_INSTALLED))
    except faults.ArchiveFault as fault:
        return Came(name, problem=str(fault))
    if stamped_for is not None:
        stamps.ask(stamped_for, taken.source)
    return Came(name, taken)


def _said(came: Came) -> str:
    if came.kept_apart:
        return _("%(why)s Its bytes are kept apart, under Refused.") % {"why": came.problem}
    return _("%(why)s Nothing was taken in.") % {"why": came.problem}


def told(came: Came) -> dict[str, Any]:
    """What came of one, as a line of the page: its file's name is shown once, to who sent it."""
    taken = came.taken
    if taken is None:
        return {"name": came.name, "problem": _said(came), "kept_apart": came.kept_apart, "url": ""}
    reading = taken.reading
    like = list(dict.fromkeys((one.number, one.source, one.other) for one in taken.alike))
    return {
        "name": came.name,
        "problem": "",
        "kept_apart": False,
        "url": reverse("source", args=[taken.source.handle]),
        "title": reading.title or came.name,
        "again": taken.again,
        "posts": words.posts(len(reading.posts)),
        "gaps": words.gaps(len(reading.gaps)) if reading.gaps else "",
        "alike": words.alike(len({one[0] for one in like})) if like else "",
        "alike_url": post_url(like[0][1], like[0][2]) if like else "",
    }
