"""What became of a source: what was seen each time, what changed, another look, and how often it is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from safeconduct.accounts.actor import Actor
from safeconduct.archive import queries
from safeconduct.archive.actions.schedule import set_watch
from safeconduct.archive.actions.stamping import stamp_source
from safeconduct.archive.actions.watch import observe
from safeconduct.archive.capture.stamps import read_authorities
from safeconduct.archive.faults import ArchiveFault, FileGone, NotReached
from safeconduct.archive.likeness import Change, Changed
from safeconduct.archive.models import Observation, Source
from safeconduct.archive.watches.comparing import compare_shown
from safeconduct.archive.watches.models import HowOften, Watch

from ...access import Request
from ...words import archive_sources, dates
from ...words import archive_watch as words

SHOWN: Final = 100
# Of a stretch that both have: as much as shows where the changes stand.
_AROUND: Final = 160
_CHANGES: Final = frozenset({Observation.Outcome.CHANGED, Observation.Outcome.GONE})
DONE: Final = {
    "looked": gettext_lazy("Looked. What was seen is the first of the list."),
    "set": gettext_lazy("Saved."),
}


class EveryForm(forms.Form):
    """How often it is looked at."""

    every = forms.ChoiceField(
        label=gettext_lazy("How often it is looked at"), choices=list(words.EVERY.items()), required=False
    )


def view(request: Request, handle: UUID) -> HttpResponse:
    """The page, another look, and how often."""
    by = request.actor
    source = queries.source(by, handle)
    watch = Watch.objects.filter(source=source).select_related("by").first()
    form = EveryForm(initial={"every": watch.every if watch else ""})
    cannot = problem = _cannot(source)
    if request.method != "POST":
        problem = ""
    elif not cannot:
        problem, done = _done(by, source, request)
        if done:
            return redirect(f"{reverse('source-watch', args=[handle])}?done={done}")
    said = request.GET.get("done", "")
    context = {
        "source": source,
        "title": source.title or "",
        "back_url": reverse("source", args=[handle]),
        "cannot": cannot,
        "problem": problem,
        "form": form,
        "watch": _next(watch),
        **_seen(by, source, request.GET.get("seen", "")),
        "notices": [{"text": DONE[said], "kind": "done", "title": ""}] if said in DONE else [],
    }
    return render(request, "archive/source_watch.html", context)


def _done(by: Actor, source: Source, request: Request) -> tuple[str, str]:
    """What went wrong, and what was done: one of them is empty."""
    try:
        if request.POST.get("do") == "every":
            form = EveryForm(request.POST)
            if not form.is_valid():
                return str(words.EVERY[""]), ""
            every = form.cleaned_data["every"]
            set_watch(by=by, source=source, every=HowOften(every) if every else None)
            return "", "set"
        watched = observe(by=by, source=source)
    except NotReached as fault:
        return str(archive_sources.UNREACHED[fault.reason]), ""
    except FileGone:
        raise
    except ArchiveFault as fault:
        return str(fault), ""
    if watched.other is not None:
        _stamp(by, watched.other)
    return "", "looked"


def _stamp(by: Actor, source: Source) -> None:
    """As of what is taken in: each authority the office chose is asked; one that is silent, again later."""
    try:
        authorities = read_authorities(settings.DATA_FOLDER.authorities_path)
    except (ValueError, OSError):
        return  # said where sources are taken in
    if authorities:
        stamp_source(by=by, source=source, authorities=authorities)


def _cannot(source: Source) -> str:
    if source.plane != Source.Plane.PUBLIC:
        return str(words.IN_CONFIDENCE)
    return "" if source.address else str(words.NO_ADDRESS)


def _next(watch: Watch | None) -> dict[str, str]:
    if watch is None:
        return {}
    return {"at": dates.instant(watch.due_at).text, "by": watch.by.name, "put_off": words.due(watch.put_off)}


def _seen(by: Actor, source: Source, chosen: str) -> dict[str, Any]:
    rows = list(source.observations.select_related("by", "other").order_by("-at", "-pk")[: SHOWN + 1])
    changed = [one for one in rows if one.outcome == Observation.Outcome.CHANGED and one.other is not None]
    open_one = next((one for one in changed if one.handle.hex == chosen), changed[0] if changed else None)
    return {
        "seen": [_line(source, one, is_open=one is open_one) for one in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "compared": _compared(by, source, open_one) if open_one else None,
    }


def _line(source: Source, one: Observation, *, is_open: bool) -> dict[str, Any]:
    here = reverse("source-watch", args=[source.handle])
    changed = one.outcome in _CHANGES
    comparable = one.outcome == Observation.Outcome.CHANGED and one.other is not None
    return {
        "at": dates.instant(one.at),
        "outcome": words.OUTCOMES[one.outcome],
        "why": words.WHYS[one.why] if one.why else "",
        "status": one.status or "",
        "by": one.by.name,
        "due": one.due,
        "address": one.address if one.address and one.address != source.address else "",
        "other_url": reverse("source", args=[one.other.handle]) if one.other else "",
        "not_kept": words.NOT_KEPT if changed and one.other is None else "",
        "other_words": words.THERE[one.outcome] if one.other else "",
        "is_open": is_open,
        "compare_url": f"{here}?seen={one.handle.hex}#h-compared" if comparable and not is_open else "",
    }


def _compared(by: Actor, source: Source, one: Observation) -> dict[str, Any]:
    assert one.other is not None
    other = queries.source(by, one.other.handle)
    return {
        "at": dates.instant(one.at).text,
        "other_url": reverse("source", args=[other.handle]),
        "posts": [
            {
                "which": words.posts(post.before, post.after),
                "title": post.title,
                "changes": list(shortened(post.changes)),
            }
            for post in compare_shown(source, other)
        ],
    }


def shortened(changes: Sequence[Change]) -> Iterator[dict[str, str]]:
    """Changes to draw; of a long stretch that is the same, what stands beside them."""
    last = len(changes) - 1
    for at, one in enumerate(changes):
        text = one.text
        if one.what == Changed.SAME and len(text) > _AROUND * 2:
            head = "" if at == 0 else _to_word(text[:_AROUND])
            tail = "" if at == last else _to_word(text[-_AROUND:][::-1])[::-1]
            text = f"{head} … {tail}"
        yield {"what": one.what.value, "text": text}


def _to_word(text: str) -> str:
    """Without the word it was cut in, where there are spaces."""
    return re.sub(r"\s\S*$", "", text)
