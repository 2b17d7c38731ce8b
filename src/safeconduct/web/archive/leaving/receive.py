"""Taking in what another office handed over: checked first, and what was checked and what was not said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.archive.actions.gather import Restored, restore
from safeconduct.archive.actions.receive import ReadIn, Received, read_in_zipped
from safeconduct.archive.capture.verifying import Checked, Known
from safeconduct.archive.faults import ArchiveFault, CannotRead, NotSound, NotTakenIn

from ...access import Request
from ...forms import ProseField
from ...upload_fields import UploadField, megabytes
from ...words import archive_sources, dates
from ...words import archive_watch as words
from .. import once_told


class ReceiveForm(forms.Form):
    """The file, and what the member knows from elsewhere."""

    file = UploadField(
        label=gettext_lazy("The file that was handed over"),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("There is nothing in this file. Ask for it again."),
        },
    )
    keys = ProseField(
        label=gettext_lazy("Keys of logs you have from elsewhere"),
        required=False,
        rows=2,
        max_length=4000,
        help_text=gettext_lazy("One a line, as the other office told you on the telephone or in a letter."),
    )
    certificates = ProseField(
        label=gettext_lazy("Certificates of time-stamping authorities you have from elsewhere"),
        required=False,
        rows=2,
        max_length=100_000,
        help_text=gettext_lazy("As the authority publishes them: text that begins with -----BEGIN CERTIFICATE-----."),
    )

    team = forms.ChoiceField(
        label=gettext_lazy("If a collection came along, keep it and its passages for"),
        required=False,
        help_text=gettext_lazy("Its name is sealed for that team. You are told of passages that do not stand here."),
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **named: Any) -> None:
        super().__init__(*args, **named)
        self._teams = {one.handle.hex: one for one in teams}
        choices = [(key, one.name) for key, one in self._teams.items()]
        self.fields["team"].choices = [("", _("Nobody: leave it out")), *choices]  # type: ignore[attr-defined]  # the stubs know only Field
        if len(choices) == 1:
            self.initial.setdefault("team", choices[0][0])
        if not choices:
            del self.fields["team"]
        self.fields["file"].help_text = _(
            "A zip of up to %(mb)d MB, as Safeconduct makes it. A larger one, or a folder, is read in by command:"
            " safeconduct archive receive."
        ) % {"mb": megabytes()}

    def clean_certificates(self) -> str:
        """ASCII, or an error."""
        typed: str = self.cleaned_data["certificates"]
        if not typed.isascii() or (typed.strip() and "-----BEGIN CERTIFICATE-----" not in typed):
            raise ValidationError(_("This is no certificate as text. Leave it empty if you have none."))
        return typed

    def of_team(self) -> Team | None:
        """The team that gets a collection."""
        return self._teams.get(self.cleaned_data.get("team", ""))

    def known(self) -> Known:
        """What the member knows without the file."""
        keys = [line.strip() for line in self.cleaned_data["keys"].splitlines() if line.strip()]
        return Known(self.cleaned_data["certificates"], tuple(keys))


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the last file: a line for each source, and what became of its collection."""

    lines: Sequence[dict[str, Any]]
    along: dict[str, Any] | None


def view(request: Request) -> HttpResponse:
    """The form; and what came of a file that was sent."""
    by, faults = request.actor, list[str]()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReceiveForm(*sent, teams=by.teams)
    if form.is_bound and form.is_valid():
        try:
            read = read_in_zipped(by=by, data=form.cleaned_data["file"].read(), known=form.known())
        except NotSound as fault:
            faults = [str(words.FAULTS[one]) for one in fault.faults] or [str(words.FAULTS["not_one"])]
            form.add_error("file", _("It does not hold, so nothing of it was taken in. Why is said on this page."))
        except CannotRead:
            form.add_error(None, archive_sources.NOT_INSTALLED)
        except NotTakenIn as fault:
            said = archive_sources.UNFIT[fault.reason]
            form.add_error(
                "file", _("A source in it is none that is kept: %(why)s Those before it are here.") % {"why": said}
            )
        except ArchiveFault as fault:
            form.add_error(None, str(fault))
        else:
            along = _kept_along(by, read, form.of_team())
            told = once_told.keep(request, Told([_line(one) for one in read.received], along))
            return redirect(f"{reverse('receive')}?told={told.hex}")
    told_now = _told(request)
    context = {
        "form": form,
        "faults": faults,
        "received": told_now.lines if told_now else [],
        "along": told_now.along if told_now else None,
        "back_url": reverse("sources"),
    }
    return render(request, "archive/receive.html", context)


def _told(request: Request) -> Told | None:
    try:
        told = once_told.of(request, UUID(hex=request.GET.get("told", "")))
    except ValueError:
        return None
    return told if isinstance(told, Told) else None


def _kept_along(by: Actor, read: ReadIn, team: Team | None) -> dict[str, Any] | None:
    """The same, once it was kept for ``team``. The sources are here by now, whatever becomes of it."""
    if read.gathered is None or team is None:
        return _along(read, None)
    try:
        return _along(read, restore(by=by, team=team, gathered=read.gathered, sources=read.sources))
    except ArchiveFault:
        return {"name": read.gathered.name, "failed": True}


def _along(read: ReadIn, restored: Restored | None) -> dict[str, Any] | None:
    """What became of the collection that came along; None where there was none."""
    if read.gathered is None:
        return None
    titles = {bytes(one.sha256 or b"").hex(): one.title or one.address or "" for one in read.sources}
    return {
        "name": read.gathered.name,
        "url": reverse("collection", args=[restored.collection.handle]) if restored else "",
        "passages": words.passages(restored.passages) if restored else "",
        "missing": [
            {
                "title": titles.get(one.sha256, ""),
                "quote": " ".join(one.quotation.exact.split()) if one.quotation else "",
            }
            for one in (restored.missing if restored else ())
        ],
    }


def _line(one: Received) -> dict[str, Any]:
    source = one.taken.source
    return {
        "title": source.title or source.address or "",
        "url": reverse("source", args=[source.handle]),
        "again": one.taken.again,
        "holds": _holds(one.checked),
        "doubts": [str(words.DOUBTS[doubt]) for doubt in one.checked.doubts],
    }


def _holds(checked: Checked) -> list[str]:
    said = [_("Its package is whole: every file and every record in it has the hash it claims.")]
    said += [
        _("%(authority)s stamped it: these bytes existed by %(when)s.")
        % {"authority": one.signer, "when": dates.instant(one.at).text}
        for one in checked.stamped
    ]
    if checked.log:
        origin, size, index = checked.log.rsplit(" ", 2)
        said.append(
            _("The log %(log)s holds it as entry %(number)d of %(size)d.")
            % {"log": origin, "number": int(index) + 1, "size": int(size)}
        )
    return said
