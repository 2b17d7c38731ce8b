"""Words for people: births, references and what looks odd about them, ways to reach somebody, reasons for a double."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from safeconduct.core.names.doubles import Code, Reason
from safeconduct.core.names.references import Caution, Kind
from safeconduct.people.facets import Birth

from . import dates

# In the order an office meets them most.
REFERENCES: Final[Mapping[str, Promise]] = {
    Kind.HO_FILE: _("Home Office reference"),
    Kind.UAN: _("Unique application number (UAN)"),
    Kind.GWF: _("Visa application (GWF)"),
    Kind.IHS: _("Health surcharge (IHS)"),
    Kind.PORT: _("Port reference"),
    Kind.HO_NUMBER: _("Home Office number"),
    Kind.HO_LETTER: _("Home Office correspondence"),
    Kind.ASYLUM_SUPPORT: _("Asylum support (NASS)"),
    Kind.AST: _("Asylum support tribunal"),
    Kind.FTT: _("Immigration tribunal (First-tier)"),
    Kind.UT: _("Immigration tribunal (Upper)"),
    Kind.UT_JR: _("Judicial review, Upper Tribunal"),
    Kind.ADMIN_COURT: _("Administrative Court"),
    Kind.BAIL: _("Bail"),
    Kind.ARC: _("Application registration card (ARC)"),
    Kind.CAS: _("Confirmation of acceptance for studies (CAS)"),
    Kind.PASSPORT: _("Passport"),
    Kind.SHARE_CODE: _("Share code"),
    Kind.NHS: _("NHS number"),
    Kind.PHSO: _("Parliamentary Ombudsman"),
    Kind.ICO: _("Information Commissioner"),
    Kind.OWN: _("Our own"),
    Kind.OTHER: _("Another reference"),
}

# A warning beside the value, never a reason to refuse it.
CAUTIONS: Final[Mapping[Caution, Promise]] = {
    Caution.EMPTY: _("Nothing is written here."),
    Caution.NOT_THE_USUAL_SHAPE: _("Not the usual shape of this kind. Check it against the letter."),
    Caution.LOOKS_LIKE_ANOTHER_KIND: _("It looks like a reference of another kind. Check it against the letter."),
    Caution.SEVERAL: _("It looks like several references. Give each a line of its own."),
    Caution.CHECK_DIGIT: _("One figure does not fit the others. Check it against the letter."),
    Caution.TOO_LONG: _("Longer than references are. Check that nothing else is in it."),
}

WAYS: Final[Mapping[str, Promise]] = {
    "phone": _("Phone"),
    "email": _("Email"),
    "address": _("Address"),
    "postcode": _("Postcode"),
    "other": _("Another way"),
}

BASES: Final[Mapping[str, Promise]] = {
    "claimed": _("As they say it"),
    "document": _("From a document"),
    "assigned": _("Given by an authority"),
    "assessed": _("From an age assessment"),
}

REASONS: Final[Mapping[Code, Promise]] = {
    Code.SAME_REFERENCE: _("The same reference"),
    Code.SAME_FAMILY_REFERENCE: _("The same Home Office file, which a family shares"),
    Code.SAME_NAME: _("The same name"),
    Code.SIMILAR_NAME: _("A similar name"),
    Code.OTHER_SCRIPT: _("written in another script"),
    Code.ONE_NAME_ONLY: _("One name only, which says little"),
    Code.SAME_BIRTH: _("The same date of birth"),
    Code.SAME_BIRTH_YEAR: _("The same year of birth"),
    Code.BIRTH_FIRST_OF_JANUARY: _("Both born on 1 January, which often stands for an unknown day"),
    Code.BIRTH_DAY_AND_MONTH_EXCHANGED: _("The same date of birth, with day and month exchanged"),
    Code.SAME_PHONE: _("The same phone number"),
    Code.SAME_POSTCODE: _("The same postcode"),
    Code.DIFFERENT_NAME: _("Different names"),
    Code.DIFFERENT_BIRTH: _("Different dates of birth"),
    Code.DIFFERENT_NATIONALITY: _("Different nationalities"),
}


def reason(one: Reason) -> str:
    """A reason as a sentence; a shared reference says of which kind."""
    kinds = [str(REFERENCES[Kind(kind)]) for kind in one.params if kind in set(Kind)]
    return f"{REASONS[one.code]}: {', '.join(kinds)}" if kinds else str(REASONS[one.code])


def birth(one: Birth) -> str:
    """`3 March 1987`, `March 1987`, `1987`, `about 1987`; "" where not even a year is known."""
    if one.year is None:
        return ""
    if one.month is None:
        text = str(one.year)
    elif one.day is None:
        text = written(date(one.year, one.month, 1), "F Y")
    else:
        text = dates.plain(date(one.year, one.month, one.day))
    return _now("about %(when)s") % {"when": text} if one.precision == "estimated" else text


def birth_typed(one: Birth) -> str:
    """The same as somebody would type it, in any language of the desk: `03/03/1987`, `03/1987`, `1987`, `abt 1987`."""
    if one.year is None:
        return ""
    parts = [f"{part:02}" for part in (one.day, one.month) if part is not None] + [str(one.year)]
    return ("abt " if one.precision == "estimated" else "") + "/".join(parts)
