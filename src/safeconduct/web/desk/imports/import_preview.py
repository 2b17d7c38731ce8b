"""How a sheet is read, before anything of it is kept: faults, what a person has to decide, every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safeconduct.casework import policies
from safeconduct.casework.actions import arrivals, bring_in
from safeconduct.casework.arrivals.compared import open_compared
from safeconduct.casework.arrivals.reading import Reading
from safeconduct.casework.arrivals.staged import Found, Staged, Work
from safeconduct.casework.arrivals.work import SAME, settle, still_holds
from safeconduct.casework.arrivals.workers import of_team
from safeconduct.casework.faults import RecordsMoved
from safeconduct.casework.importing.formula import write_csv
from safeconduct.casework.models import Arrival
from safeconduct.core.policy.facts import Act

from ...access import Request
from ...words import dates
from ...words import imports as words
from ..day.filters import address
from ..pages import ROWS, page_of
from .import_decisions import PROPOSALS, DecisionForm, Proposal, card, proposals, undecided, worker_key, worker_texts
from .import_rows import Rows, for_the_sheet, known_cases
from .import_state import about_import, where

_FAULTS_SHOWN: Final = 200
_GONE_SHOWN: Final = 500
_NUMBERS: Final = ("page", "decide")
_ACTS: Final = frozenset({"save", "strong", "again", "bring"})


@about_import
def view(request: Request, arrival: Arrival) -> HttpResponse:
    """Show how everything was read; keep what is decided, and start once somebody says so."""
    if arrival.state != Arrival.State.STAGED:
        return redirect(where(arrival))
    staged, reading = arrivals.open_arrival(by=request.actor, arrival=arrival)
    if reading.plan is None or staged.found is None:
        return redirect("import-columns", arrival.handle)
    page = _Preview(request, arrival, staged, reading, staged.found)
    return page.decide() if request.method == "POST" else page.draw()


@about_import
def faults(request: Request, arrival: Arrival) -> HttpResponse:
    """The rows that cannot be read as CSV, to be put right in the sheet. It holds nobody's name."""
    found = arrivals.take_out_faults(by=request.actor, arrival=arrival)
    response = HttpResponse(write_csv(for_the_sheet(found)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rows-to-put-right.csv"'
    return response


class _Preview:
    """One look at the page: what is shown of it, and the form over that."""

    def __init__(self, request: Request, arrival: Arrival, staged: Staged, reading: Reading, found: Found) -> None:
        self._request, self._arrival, self._staged, self._reading = request, arrival, staged, reading
        self._found = found
        self._path = reverse("import-preview", args=[arrival.handle])
        self._asked = {name: request.GET[name] for name in _NUMBERS if request.GET.get(name, "").isdecimal()}
        self._all = proposals(found)
        self._pages = page_of(
            len(self._all),
            self._asked.get("decide", ""),
            self._path,
            self._beside("decide"),
            rows=PROPOSALS,
            name="decide",
        )
        self._shown = self._all[self._pages.start : self._pages.start + PROPOSALS]
        self._members = of_team(arrival.team)
        self._form = DecisionForm(
            request.POST if request.method == "POST" else None,
            shown=self._shown,
            staged=staged,
            texts=worker_texts(reading.rows.values()),
            members=self._members,
            initial={"revision": arrival.revision},
        )

    def decide(self) -> HttpResponse:
        """Keep what was answered on this page, then do what the pressed button says. Raises `CaseworkFault`."""
        form, arrival, by = self._form, self._arrival, self._request.actor
        act = self._request.POST.get("do", "save")
        if not form.is_valid() or act not in _ACTS:
            return self.draw(status=400)
        if form.cleaned_data["revision"] != arrival.revision:
            problem = _("Somebody else has decided about this import meanwhile. Your answers are below, not saved yet.")
            form.data = {**self._request.POST.dict(), "revision": str(arrival.revision)}
            return self.draw(status=409, problem=problem)
        decisions, workers = form.decisions(), form.workers()
        if act == "strong":
            strong = [one for one in undecided(self._all, self._staged) if one.strong and one.key not in decisions]
            decisions |= {one.key: SAME for one in strong}
        if decisions or workers:
            arrivals.decide(by=by, arrival=arrival, staged=self._staged, decisions=decisions, workers=workers)
        if act == "again":
            staged, _reading = arrivals.open_arrival(by=by, arrival=arrival)
            arrivals.compare_again(by=by, arrival=arrival, staged=staged)
        if act == "bring":
            try:
                bring_in.start(by=by, arrival=arrival)
            except RecordsMoved:
                return redirect(address(self._path, {**self._asked, "done": "records-moved"}))
            return redirect("import-run", arrival.handle)
        return redirect(address(self._path, {**self._asked, "done": "saved" if act == "save" else act}))

    def draw(self, *, status: int = 200, problem: str = "") -> HttpResponse:
        """The page as it stands."""
        reading, arrival, by = self._reading, self._arrival, self._request.actor
        assert reading.plan is not None
        settled = settle(self._found, reading.rows, self._staged)
        rows = Rows(reading, settled, known_cases(list(settled.known.values())), self._found.again)
        people = open_compared(by=by, team=arrival.team, handles=[one.person for one in self._shown if one.person])
        row_pages = page_of(len(reading.sheet.rows), self._asked.get("page", ""), self._path, self._beside("page"))
        strong = [one for one in undecided(self._all, self._staged) if one.strong]
        sound = len(reading.rows)
        context = {
            "form": self._form,
            "problem": problem,
            "counts": self._counts(settled, rows),
            "faults": rows.faults(reading.sheet.rows, most=_FAULTS_SHOWN),
            "fault_count": len(reading.plan.faults),
            "faults_url": reverse("import-faults", args=[arrival.handle]),
            "proposals": [card(one, self._form, reading.rows, people) for one in self._shown],
            "proposal_count": len(self._all),
            "proposal_pages": self._pages,
            "decide_text": self._decide_text(),
            "strong_text": _strong_text(strong),
            "workers": [self._form[worker_key(text)] for text in self._form.texts],
            "rows": [rows.line(row) for row in reading.sheet.rows[row_pages.start : row_pages.start + ROWS]],
            "row_pages": row_pages,
            "gone": self._found.gone[:_GONE_SHOWN],
            "gone_text": words.gone(len(self._found.gone)),
            "bring_text": ngettext("Bring %(count)s row in", "Bring %(count)s rows in", sound) % {"count": f"{sound:,}"}
            if sound
            else "",
            "compared": _("Compared with your records on %(at)s.") % {"at": dates.instant(self._found.at).text},
            "may_be_old": not still_holds(self._found, arrival.team),
            "notices": _notices(self._request.GET),
            "columns_url": reverse("import-columns", args=[arrival.handle]),
            "cancel_action": reverse("import-cancel", args=[arrival.handle])
            if policies.allows(by, Act.UNDO_BRING_IN, policies.of_arrival(arrival))
            else "",
        }
        return render(self._request, "desk/import_preview.html", context, status=status)

    def _beside(self, name: str) -> dict[str, str]:
        return {other: number for other, number in self._asked.items() if other != name}

    def _counts(self, settled: Work, rows: Rows) -> list[dict[str, Any]]:
        assert self._reading.plan is not None
        cases = sum(len(unit.rows) for unit in settled.units)
        new = sum(not unit.is_here for unit in settled.units)
        here = len(settled.units) - new
        out = len({fault.row for fault in self._reading.plan.faults})
        news, changed = rows.news(), len(self._found.again)
        figures = [
            (
                len(self._reading.sheet.rows),
                ngettext("row in the sheet", "rows in the sheet", len(self._reading.sheet.rows)),
            ),
            (new, ngettext("new person", "new people", new)),
            (cases, ngettext("new case", "new cases", cases)),
            (here, ngettext("person on record gets a case", "people on record get cases", here)),
            (len(settled.known), ngettext("case already here", "cases already here", len(settled.known))),
            (news, ngettext("event added to those", "events added to those", news)),
            (changed, ngettext("of those changed in the sheet", "of those changed in the sheet", changed)),
            (out, ngettext("row left out", "rows left out", out)),
        ]
        return [{"n": f"{count:,}", "text": text} for count, text in figures if count or text == figures[0][1]]

    def _decide_text(self) -> str:
        left = len(undecided(self._all, self._staged))
        said = ngettext("%(left)d is undecided.", "%(left)d are undecided.", left) % {"left": left}
        return f"{said} {_('What nobody decides stays apart.')}"


def _strong_text(strong: list[Proposal]) -> str:
    if not strong:
        return ""
    text = ngettext(
        "Same person for the %(count)d with strong reasons",
        "Same person for all %(count)d with strong reasons",
        len(strong),
    )
    return text % {"count": len(strong)}


def _notices(query: Mapping[str, str]) -> list[dict[str, str]]:
    """What was just done, read from a code in the address."""
    said = {
        "saved": (_("Your answers are kept."), "done"),
        "strong": (_("Those with strong reasons are now one person each. Look through them below."), "done"),
        "again": (_("Compared once more with your records."), "done"),
        "records-moved": (
            _("Somebody added to your records just now. Look through what changed, and bring the rows in again."),
            "needs",
        ),
    }
    done = said.get(query.get("done", ""))
    return [{"text": done[0], "kind": done[1], "title": ""}] if done else []
