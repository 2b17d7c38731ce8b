"""Handing over: a source, or all of a collection, as one file that can be checked without this program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safeconduct.accounts import signing
from safeconduct.accounts.keys import today
from safeconduct.archive import policies, queries
from safeconduct.archive.actions.hand_over import hand_over_zipped, sources_of
from safeconduct.archive.capture import Fault
from safeconduct.archive.citing.models import Collection, Passage
from safeconduct.archive.faults import NoSource, NotHandedOver, TooLarge, TooMuchAlong
from safeconduct.archive.models import Mask, Source, Stamp
from safeconduct.core.policy.facts import Act

from ...access import Request
from ...words import archive_sources, dates, papers
from ...words import archive_watch as words


class HandOverForm(forms.Form):
    """What somebody says before bytes leave. Only what is asked of these sources is there."""

    masked = forms.BooleanField(
        label=gettext_lazy("Whoever gets this may see those who are masked here"),
        error_messages={"required": gettext_lazy("Say so, or take in a page that does not name them instead.")},
    )
    confided = forms.BooleanField(
        label=gettext_lazy("What was supplied in confidence may leave the desk"),
        help_text=gettext_lazy("It leaves unsealed, and names whoever it names. Ask who supplied it first."),
        error_messages={"required": gettext_lazy("Say so, or hand over the others one by one.")},
    )
    named = forms.BooleanField(
        label=gettext_lazy("Let the collection’s name, its order and its passages go along"),
        required=False,
        help_text=gettext_lazy(
            "Whoever gets it can take them in with the sources, and sees what you found worth citing. Passages go as"
            " they were published; notes and words of your team stay here. Leave it out where that tells more than the"
            " sources do."
        ),
    )

    def __init__(self, *args: Any, sources: Sequence[Source], collection: Collection | None, **named: Any) -> None:
        super().__init__(*args, **named)
        if not Mask.objects.filter(source__in=sources).exists():
            del self.fields["masked"]
        if all(one.plane == Source.Plane.PUBLIC for one in sources):
            del self.fields["confided"]
        if collection is None:
            del self.fields["named"]
        else:
            along = self.fields["named"]
            along.help_text = f"{words.going_along(*_passages(collection))} {along.help_text}"


def of_source(request: Request, handle: UUID) -> HttpResponseBase:
    """One source."""
    source = queries.source(request.actor, handle)
    return _page(request, [source], back_url=reverse("source", args=[handle]))


def of_collection(request: Request, handle: UUID) -> HttpResponseBase:
    """Every source of a collection, also those of which only a passage is in it."""
    by = request.actor
    row = Collection.objects.filter(handle=handle, team__in=by.teams).select_related("team").first()
    if row is None:
        raise NoSource("There is no such collection, or your teams do not hold it.")
    return _page(request, sources_of(by, row), back_url=reverse("collection", args=[handle]), collection=row)


def _page(
    request: Request, sources: Sequence[Source], *, back_url: str, collection: Collection | None = None
) -> HttpResponseBase:
    by, problem = request.actor, ""
    kept = [one for one in sources if not policies.allows_of(by, Act.HAND_OVER_SOURCE, one)]
    sent = request.POST if request.method == "POST" else None
    form = HandOverForm(sent, sources=sources, collection=collection)
    if sent is not None and sources and form.is_valid():
        called = f"sources-{today().isoformat()}"
        along = collection if form.cleaned_data.get("named") else None
        try:
            leaving = hand_over_zipped(by=by, sources=sources, called=called, signed=_signed, collection=along)
        except TooMuchAlong:
            problem = str(words.TOO_MUCH_ALONG)
        except TooLarge:
            problem = _("Together they are more than one file holds. Hand them over in parts.")
        except NotHandedOver as fault:
            problem = str(words.FAULTS[Fault.STAMP_UNCHECKED] if fault.unchecked else words.NOT_HANDED_OVER)
        except signing.KeyDamaged:
            problem = _("The key that signs the log is damaged. Put its copy back; see: safeconduct check.")
        else:
            response = StreamingHttpResponse(leaving.pieces(), content_type="application/zip")
            response.headers["Content-Length"] = str(leaving.length)
            response.headers["Content-Disposition"] = f'attachment; filename="{called}.zip"'
            return response
    context = {
        "of_collection": collection is not None,
        "back_url": back_url,
        "count_text": words.sources(len(sources)),
        "size": papers.size(sum(one.file.stored_bytes for one in sources)),
        "sources": list(_lines(sources)),
        "kept": len(kept),
        "form": None if kept or not sources else form,
        "problem": problem,
    }
    return render(request, "archive/hand_over.html", context)


def _signed(organisation: UUID) -> tuple[str, str]:
    return signing.signed_with_key(organisation, settings.DATA_FOLDER.log_key_path)


def _passages(collection: Collection) -> tuple[int, int]:
    """How many passages of a collection stand in their sources, and how many are orphans."""
    rows = Passage.objects.filter(collected__collection=collection)
    standing = rows.filter(state=Passage.State.STANDING).count()
    return standing, rows.count() - standing


def _lines(sources: Sequence[Source]) -> Iterator[dict[str, Any]]:
    for one in sources:
        in_confidence = one.plane == Source.Plane.SEALED
        yield {
            "title": one.title or one.address or "",
            "kind": archive_sources.KINDS[one.kind],
            "captured": dates.plain(one.captured_on),
            "in_confidence": in_confidence,
            "stamps": one.stamps.filter(state=Stamp.State.HAD).count(),
            "masks": one.masks.count(),
            "url": reverse("source", args=[one.handle]),
        }
