"""Whose record a page is about, where the record may be a person's, a case, a household or a message."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.people.facets import CaseHead
from safeconduct.people.mail_facets import Mail
from safeconduct.people.models import Envelope, PaperFile, Subject
from safeconduct.people.opening import WITH_PAPERS, Part

from ..cases.present_case import about
from . import present_contact
from .present_person import shown_name

Links = list[dict[str, str]]


def whose(part: Part) -> dict[str, Any]:
    """The shape of `about` in desk/form.html: the name to show and the note to read before any contact."""
    facets, kind = part.facets, part.subject.kind
    if kind == Subject.Kind.PERSON:
        contact = facets[Envelope.Facet.CONTACT].content
        name = shown_name(facets[Envelope.Facet.IDENTITY].content)
        return {"name": name, "ref": "", "safe": present_contact.safe(contact)}
    if kind == Subject.Kind.CASE:
        head: CaseHead = facets[Envelope.Facet.HEAD].content
        said = about(head, part.concerned)
        return {"name": said.name, "ref": said.ref, "safe": said.safe}
    if kind == Subject.Kind.MESSAGE:
        mail: Mail = facets[Envelope.Facet.MAIL].content
        return {"name": mail.subject or mail.sender_name or mail.sender or _("A message"), "ref": "", "safe": ""}
    return {"name": _("A household"), "ref": "", "safe": ""}


def section(subject: Subject) -> str:
    """Which entry of the navigation is lit."""
    return {Subject.Kind.CASE.value: "cases", Subject.Kind.MESSAGE.value: "tray"}.get(subject.kind, "people")


def address(subject: Subject) -> str:
    """The page of the record itself."""
    return reverse(subject.kind, args=[subject.handle])


def kept_with(subject: Subject) -> Links:
    """The pages of what is kept with a record, each with how much there is where that is an open fact."""
    links: Links = []
    if subject.kind in WITH_PAPERS:
        papers = PaperFile.objects.filter(subject=subject).count()
        url = reverse("papers", args=[subject.handle])
        links.append({"text": _("Papers"), "url": url, "note": str(papers) if papers else _("none yet")})
    if subject.kind == Subject.Kind.PERSON:
        links.append({"text": _("What they told"), "url": reverse("account", args=[subject.handle]), "note": ""})
    links.append({"text": _("What it was before"), "url": reverse("history", args=[subject.handle]), "note": ""})
    links.append({"text": _("Erase it"), "url": reverse("erase", args=[subject.handle]), "note": ""})
    return links
