"""The papers kept with a record: the list, and the form that keeps further ones."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts.models import Member
from safeconduct.people import opening
from safeconduct.people.actions.papers import Sent, TooManyPapers, keep_papers
from safeconduct.people.facets import Paper, Papers
from safeconduct.people.models import Envelope, Subject
from safeconduct.people.papers import preview
from safeconduct.people.papers.files import DiskRefused
from safeconduct.people.papers.media import NotKept
from safeconduct.people.records import Changed

from ...access import Request
from ...forms import DayField, LineField, ProseField
from ...templatetags.small import beside
from ...upload_fields import UploadsField, megabytes
from ...words import dates
from ...words import papers as words
from .whose import address, section, whose

_AT_ONCE: Final = 12
DONE: Final = {
    "kept": gettext_lazy("Kept, sealed. Only the team that holds this record can open it."),
    "removed": gettext_lazy("The paper was removed. The history says that there was one, and why it went."),
}


class PaperForm(forms.Form):
    """Files, and what is said of all of them."""

    file = UploadsField(
        most=_AT_ONCE,
        label=gettext_lazy("Files"),
        error_messages={
            "required": gettext_lazy("Choose a file to keep."),
            "empty": gettext_lazy("There is nothing in one of these files. Choose it again, or scan it anew."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[("", gettext_lazy("Choose")), *words.KINDS.items()],
        error_messages={"required": gettext_lazy("Choose what is nearest.")},
    )
    title = LineField(label=gettext_lazy("Title"), required=False, help_text=gettext_lazy("Sealed, like the paper."))
    on = DayField(label=gettext_lazy("Day on the paper"), required=False)
    source = LineField(
        label=gettext_lazy("Where it came from"),
        required=False,
        help_text=gettext_lazy("They brought it, their solicitor sent it …"),
    )
    note = ProseField(label=gettext_lazy("Note"), required=False, rows=2, max_length=2000)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["file"].help_text = _(
            "PDF, JPEG, PNG, WebP, HEIC, plain text, DOCX or ODT, up to %(mb)d MB each. Several pages of one paper"
            " can be chosen together. They are sealed as they arrive."
        ) % {"mb": megabytes()}

    def sent(self) -> list[Sent]:
        """The files with what was said of them. Their names, which often name somebody, are not kept."""
        typed = self.cleaned_data
        files: list[UploadedFile[Any]] = typed["file"]
        said = {name: typed[name] for name in ("kind", "title", "on", "source", "note")}
        return [Sent(file.read(), **said) for file in files]


def view(request: Request, handle: UUID) -> HttpResponse:
    """The list; and keeping what was sent."""
    by = request.actor
    subject = opening.find(by, handle, opening.WITH_PAPERS)
    form = PaperForm(request.POST or None, request.FILES or None) if request.method == "POST" else PaperForm()
    if form.is_bound and form.is_valid():
        try:
            keep_papers(by=by, subject=subject, sent=form.sent())
        except NotKept as fault:
            form.add_error("file", _said(form, fault))
        except (DiskRefused, TooManyPapers) as fault:
            form.add_error(None, str(fault))
        except preview.Busy:
            form.add_error("file", words.DRAWING)
        except Changed:
            form.add_error(None, _("The papers of this record are being changed by somebody else. Send them again."))
        else:
            return redirect(f"{reverse('papers', args=[handle])}?done=kept")
    part = opening.open_part(by=by, subject=subject, facet=Envelope.Facet.PAPERS)
    done = request.GET.get("done", "")
    context = {
        "section": section(subject),
        "about": whose(part),
        "back_url": address(subject),
        "papers": [line(subject, one) for one in reversed(_papers(part))],
        "form": form,
        "no_preview": not preview.installed(),
        "notices": [{"text": DONE[done], "kind": "done", "title": ""}] if done in DONE else [],
    }
    return render(request, "desk/papers.html", context)


def line(subject: Subject, paper: Paper) -> dict[str, Any]:
    """One paper in the list."""
    added = dates.plain(paper.added_on) if paper.added_on else ""
    member = Member.objects.filter(handle=UUID(hex=paper.added_by)).first() if paper.added_by else None
    return {
        "kind": words.KINDS.get(paper.kind, words.KINDS["other"]),
        "title": paper.title,
        "on": dates.plain(paper.on) if paper.on else "",
        "added": _("kept %(day)s by %(member)s")
        % {"day": added, "member": member.name if member else _("nobody now here")},
        "what": beside(what(paper)),
        "url": reverse("paper", args=[subject.handle, UUID(hex=paper.handle)]),
    }


def what(paper: Paper) -> list[str]:
    """What its file is: `PDF`, `3 pages`, `340 KB`."""
    told = [str(words.MEDIA.get(paper.media, paper.media))]
    if paper.pages > 1:
        told.append(words.pages(paper.pages))
    return [*told, words.size(paper.length)]


def _papers(part: opening.Part) -> tuple[Paper, ...]:
    content: Papers = part.facets[Envelope.Facet.PAPERS].content
    return content.papers


def _said(form: PaperForm, fault: NotKept) -> str:
    said = words.unfit(fault.code)
    if len(form.cleaned_data["file"]) == 1:
        return said
    # By its place in the choice: the name of a file often names somebody, and this page may be printed.
    return _("File %(number)d: %(why)s None of them was kept.") % {"number": fault.at + 1, "why": said}
