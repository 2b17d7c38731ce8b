"""Taking in what another office handed over: checked first, and what was checked and what was not said in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.archive.actions.receive import Received, read_in_zipped
from safeconduct.archive.capture.verifying import Checked, Known
from safeconduct.archive.faults import ArchiveFault, CannotRead, NotSound, NotTakenIn

from ..access import Request
from ..forms import ProseField
from ..upload_fields import UploadField, megabytes
from ..words import archive_sources, dates
from ..words import archive_watch as words
from . import once_told


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

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
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

    def known(self) -> Known:
        """What the member knows without the file."""
        keys = [line.strip() for line in self.cleaned_data["keys"].splitlines() if line.strip()]
        return Known(self.cleaned_data["certificates"], tuple(keys))


def view(request: Request) -> HttpResponse:
    """The form; and what came of a file that was sent."""
    by, faults = request.actor, list[str]()
    form = ReceiveForm(request.POST or None, request.FILES or None) if request.method == "POST" else ReceiveForm()
    if form.is_bound and form.is_valid():
        try:
            received = read_in_zipped(by=by, data=form.cleaned_data["file"].read(), known=form.known())
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
            told = once_told.keep(request, [_line(one) for one in received])
            return redirect(f"{reverse('receive')}?told={told.hex}")
    context = {
        "form": form,
        "faults": faults,
        "received": _told(request),
        "back_url": reverse("sources"),
    }
    return render(request, "archive/receive.html", context)


def _told(request: Request) -> Sequence[dict[str, Any]]:
    try:
        return once_told.of(request, UUID(hex=request.GET.get("told", ""))) or []
    except ValueError:
        return []


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
