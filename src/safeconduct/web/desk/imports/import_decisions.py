"""What a person decides about a sheet: which rows are one person, who of them is here, whom the worker column means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from safeconduct.accounts.models import Member
from safeconduct.casework.arrivals.compared import Compared
from safeconduct.casework.arrivals.staged import Found, Staged
from safeconduct.casework.arrivals.work import SAME, key_of_match, key_of_rows
from safeconduct.casework.arrivals.workers import guess
from safeconduct.casework.importing.rows import RowReading
from safeconduct.core.names.doubles import Reason, Strength

from ...templatetags.small import beside
from ...words import dates
from ...words import imports as words
from ...words.people import birth as birth_words
from ...words.people import reason
from ..people.present_person import shown_name

PROPOSALS: Final = 20
_WORKERS: Final = 60  # a worker column with more texts than this is no worker column


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rows that may be one person, or a row and somebody on record (``person``: their handle, hex)."""

    key: str
    rows: tuple[int, ...]
    reasons: tuple[Reason, ...]
    strength: Strength
    person: str = ""

    @property
    def strong(self) -> bool:
        """Whether it is among those one press may answer: strong reasons, and none that speaks against."""
        return self.strength is Strength.STRONG and not any(one.code.against for one in self.reasons)


def proposals(found: Found) -> list[Proposal]:
    """Everything there is to decide about people: those on record first, then repeats, the strongest first."""
    here = [
        Proposal(key_of_match(row, one.person), (row,), one.likeness.reasons, one.likeness.strength, one.person)
        for row, alike in found.here.items()
        for one in alike
    ]
    here.sort(key=lambda one: (-one.strength, one.rows))
    repeats = [
        Proposal(key_of_rows(one.rows), one.rows, tuple(Reason(code) for code in one.reasons), one.strength)
        for one in found.repeats
    ]
    return here + repeats


def undecided(all_of_them: Iterable[Proposal], staged: Staged) -> list[Proposal]:
    """Those nobody has answered with yes or no."""
    return [one for one in all_of_them if staged.decisions.get(one.key) not in (SAME, "apart")]


class DecisionForm(forms.Form):
    """One page of proposals, and the texts of the worker column. Nothing is chosen beforehand."""

    # Which state of the import the page showed: somebody else may decide meanwhile.
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        shown: Sequence[Proposal],
        staged: Staged,
        texts: Sequence[str],
        members: Sequence[Member],
        **named: Any,
    ) -> None:
        super().__init__(*args, **named)
        self.shown, self.texts, self._staged = shown, texts, staged
        for one in shown:
            self.fields[one.key] = forms.ChoiceField(
                label=_("Are they one person?"),
                choices=list(words.CHOICES.items()),
                widget=forms.RadioSelect,
                required=False,
                initial=staged.decisions.get(one.key),
            )
        guessed = guess(texts, members)
        people = [("", _("Nobody yet")), *((one.handle.hex, one.name) for one in members)]
        for text in texts:
            meant = guessed.get(text)
            self.fields[worker_key(text)] = forms.ChoiceField(
                label=_("“%(text)s” is") % {"text": text},
                choices=people,
                required=False,
                initial=staged.workers.get(text, meant.handle.hex if meant else ""),
            )

    def decisions(self) -> dict[str, str]:
        """Answers that are new or changed, by the key of their proposal."""
        typed = {one.key: self.cleaned_data.get(one.key, "") for one in self.shown}
        return {key: said for key, said in typed.items() if said and said != self._staged.decisions.get(key)}

    def workers(self) -> dict[str, str]:
        """Choices that are new or changed, by the text they are for."""
        out = {}
        for text in self.texts:
            key = worker_key(text)
            # A select that was not sent at all was not answered: "" would mean nobody.
            if self.add_prefix(key) in self.data and self.cleaned_data.get(key, "") != (self[key].initial or ""):
                out[text] = self.cleaned_data.get(key, "")
        return out


def worker_key(text: str) -> str:
    """The name of a text's field: the text itself may be anything."""
    return f"worker-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def worker_texts(rows: Iterable[RowReading]) -> list[str]:
    """What stands in the worker column, the most frequent first, as far as it can be a worker column."""
    counted: dict[str, int] = {}
    for row in rows:
        if row.worker:
            counted[row.worker] = counted.get(row.worker, 0) + 1
    return sorted(counted, key=lambda text: (-counted[text], text))[:_WORKERS]


def card(
    one: Proposal, form: DecisionForm, rows: Mapping[int, RowReading], people: Mapping[str, Compared]
) -> dict[str, Any]:
    """A proposal as components/proposal.html draws it."""
    sides = [_row_side(rows[number]) for number in one.rows if number in rows]
    if one.person in people:
        sides.append(_person_side(people[one.person]))
        title = _("Row %(row)d, and somebody on record") % {"row": one.rows[0]}
    else:
        title = _("Rows %(rows)s") % {"rows": ", ".join(map(str, one.rows))}
    return {
        "title": title,
        "sides": sides,
        "reasons": [reason(each) for each in one.reasons if not each.code.against],
        "against": [reason(each) for each in one.reasons if each.code.against],
        "field": form[one.key],
    }


def _row_side(row: RowReading) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    if row.birth.as_written:
        lines.append({"text": _("born %(when)s") % {"when": row.birth.as_written}})
    lines += [{"text": one.value, "kind": "ref"} for one in row.references]
    lines += [{"text": number, "kind": "phone"} for number in row.phones]
    lines += [{"text": text} for text in (row.postcode, row.nationality) if text]
    about = [row.kind_written, row.subject, dates.plain(row.sent_on) if row.sent_on else ""]
    lines.append({"text": beside(about)})
    where = _("Row %(row)d") % {"row": row.number}
    return {
        "name": row.name,
        "where": beside([where, row.our_ref]),
        "lines": [line for line in lines if line["text"]],
        "url": "",
    }


def _person_side(person: Compared) -> dict[str, Any]:
    names = [one.text for one in person.identity.names]
    lines: list[dict[str, Any]] = [{"text": text, "kind": "name"} for text in names[1:4]]
    lines += [
        {"text": _("born %(when)s") % {"when": text}} for one in person.identity.births if (text := birth_words(one))
    ]
    lines += [{"text": one.value, "kind": "ref"} for one in person.status.references]
    for way in person.contact.ways:
        if way.kind in ("phone", "postcode"):
            lines.append({"text": way.value, "kind": "phone" if way.kind == "phone" else "text"})
    lines += [{"text": one.value} for one in person.status.nationalities]
    return {
        "name": shown_name(person.identity),
        "where": _("On record since %(day)s") % {"day": dates.plain(person.subject.started_on)},
        "lines": lines,
        "url": reverse("person", args=[person.subject.handle]),
    }
