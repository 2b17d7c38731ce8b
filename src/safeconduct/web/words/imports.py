"""Bringing a spreadsheet in: what a column can be, what is wrong with a row, and why a file was refused.

The sentences of `casework.importing` are for scripts and stay as they are; these are what people read, and translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from safeconduct.casework.arrivals.again import Again
from safeconduct.casework.importing.errors import UnreadableSheet
from safeconduct.casework.importing.faults import Fault, Remark
from safeconduct.casework.importing.fields import Field
from safeconduct.casework.importing.sheet import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Notice
from safeconduct.core.calendar.written import Problem

from .dates import PROBLEMS

# In the order a reader looks for them.
FIELDS: Final[Mapping[Field, Promise]] = {
    Field.OUR_REF: _("Our reference"),
    Field.NAME: _("Name"),
    Field.GIVEN_NAME: _("Given name"),
    Field.FAMILY_NAME: _("Family name"),
    Field.BIRTH: _("Date of birth or age"),
    Field.NATIONALITY: _("Nationality"),
    Field.PHONE: _("Phone"),
    Field.EMAIL: _("Email"),
    Field.ADDRESS: _("Address"),
    Field.POSTCODE: _("Postcode"),
    Field.REFERENCES: _("Home Office and other references"),
    Field.KIND: _("Kind of case"),
    Field.CAME_IN_ON: _("Day they came to us"),
    Field.SENT_ON: _("Day the letter went out"),
    Field.SENT_TO: _("Whom it went to"),
    Field.SUBJECT: _("What it was about"),
    Field.CHASED_ON: _("Day it was chased"),
    Field.REPLIED_ON: _("Day a reply came"),
    Field.REPLY_SAID: _("What the reply said"),
    Field.WORKER: _("Who works on it"),
    Field.NOTES: _("Notes"),
    Field.IGNORE: _("Leave this column out"),
    Field.NOT_MAPPED: _("Not recognised: left out"),
}

UNREADABLE: Final[Mapping[str, Promise]] = {
    "unreadable": _("This file could not be read as a spreadsheet. Save it as CSV or .xlsx and try again."),
    "not_a_spreadsheet": _("This is no spreadsheet. Bring in a file that ends in .csv or .xlsx."),
    "empty": _("There are no rows in this file. It needs a row of headings and at least one row below it."),
    "no_columns": _("Only one column was found. Save the sheet as .xlsx, or as CSV with commas, and try again."),
    "old_excel": _("This is an older kind of Excel file. Open it, save it as “Excel Workbook (.xlsx)”, and use that."),
    "encrypted": _(
        "A password protects this file. Open it, take the password off, save a copy and bring that in. "
        "Delete the copy afterwards."
    ),
    "open_document": _("This is an OpenDocument or Numbers file. Save it as .xlsx or CSV and bring in the new file."),
    "macros": _(
        "There are macros in this workbook, which the desk never takes. Save it as “Excel Workbook (.xlsx)” "
        "and bring in the new file."
    ),
    "corrupt": _("This workbook is damaged. Open it in your spreadsheet program, save it under a new name, try again."),
    "unsafe": _(
        "No spreadsheet program builds a file like this one, so it was not opened. Save it anew and try again."
    ),
    "file_too_big": _("This file is larger than %(mb)d MB. Split it, or delete pictures and sheets you do not need."),
    "unpacks_too_big": _("This workbook unpacks to far more than a sheet of casework, so it was not opened."),
    "too_many_rows": _("This sheet has more than %(rows)s rows. Split it into several files."),
    "too_many_columns": _("This sheet has more than %(columns)d columns. Delete those you do not need."),
    "broken_quotes": _(
        "The quotation marks in this CSV file do not match, so rows would run together. "
        "Open it in your spreadsheet program and save it as .xlsx."
    ),
    "unknown_text": _("The letters in this file could not be read. Save it as “CSV UTF-8” or as .xlsx and try again."),
    "no_such_sheet": _("The workbook has no visible sheet of that name."),
    "no_name_column": _("No column says who the people are. Choose the one that does."),
}

FAULTS: Final[Mapping[str, Promise]] = {
    "empty": _("%(column)s is empty"),
    "not_a_day": _("%(column)s is not a date"),
    "in_future": _("%(column)s is in the future"),
    "too_long_ago": _("%(column)s is further back than working days can be counted"),
    "duplicate": _("Duplicate of an earlier row"),
    "too_long": _("%(column)s is too long"),
}
# What to do about each, in the sheet itself.
ADVICE: Final[Mapping[str, Promise]] = {
    "empty": _("Fill it in, or delete the row."),
    "not_a_day": _("Write it as 20/11/2026 or 20 November 2026."),
    "in_future": _("Write the day it happened on, or leave it empty until it has."),
    "too_long_ago": _("Check the year; a letter that old needs no clock, so leave its day out."),
    "duplicate": _("Give one of the two its own reference, or delete one."),
    "too_long": _("Shorten it: something may have been pasted into the wrong cell."),
}
REMARKS: Final[Mapping[str, Promise]] = {
    "kind_not_recognised": _("%(column)s was not recognised: the case counts as “something else”."),
    "route_not_recognised": _("%(column)s was not recognised: no published standard is applied."),
    "reply_not_described": _("A reply came and nothing says what it was: the letter stays open until somebody says."),
    "reply_not_sure": _("%(column)s can be read in two ways: the letter stays open until somebody says."),
    "reply_without_date": _("%(column)s has no date beside it: kept as a note."),
    "not_a_day": _("%(column)s is not a date: kept as a note."),
    "in_future": _("%(column)s is in the future: kept as a note."),
    "too_long_ago": _("%(column)s is too long ago: kept as a note."),
    "before_sent": _("%(column)s is before the letter went out: kept as a note."),
    "weekday_disagrees": _("%(column)s: weekday and date do not agree; the date was taken."),
    "nothing_sent": _("%(column)s is empty: a case, and no letter yet."),
    "no_own_reference": _("No reference of your own: next week's sheet is compared by name, date and subject."),
    "birth_not_read": _("%(column)s could not be read: kept as a note."),
    "birth_in_future": _("%(column)s is in the future: kept as a note."),
    "birth_too_long_ago": _("%(column)s is more than 120 years ago: kept as a note."),
    "birth_other_calendar": _("%(column)s seems to be of another calendar: kept as a note, to be converted."),
    "zero_restored": _("%(column)s had lost its leading 0: put back."),
    "phone_not_read": _("%(column)s holds words beside a number: kept as a note."),
    "email_not_read": _("%(column)s is no mail address: kept as a note."),
    "looks_like_formula": _("A cell begins like a formula: kept as plain text, never worked out."),
}

NOTICES: Final[Mapping[str, Promise]] = {
    "hidden_sheets": ngettext_lazy(
        "%(count)d hidden sheet is left alone.", "%(count)d hidden sheets are left alone.", "count"
    ),
    "other_sheets": ngettext_lazy(
        "%(count)d other sheet is not read.", "%(count)d other sheets are not read.", "count"
    ),
    "title_rows": ngettext_lazy(
        "%(count)d row above the headings is passed over.",
        "%(count)d rows above the headings are passed over.",
        "count",
    ),
    "hidden_rows": ngettext_lazy(
        "%(count)d row is hidden in the sheet and is read all the same.",
        "%(count)d rows are hidden in the sheet and are read all the same.",
        "count",
    ),
    "merged_filled": ngettext_lazy(
        "%(count)d merged cell says the same for a row it covers.",
        "%(count)d merged cells say the same for the rows they cover.",
        "count",
    ),
    "formulas": ngettext_lazy(
        "%(count)d cell holds a formula. What it last showed is read; it is never worked out.",
        "%(count)d cells hold formulas. What they last showed is read; they are never worked out.",
        "count",
    ),
    "cell_errors": ngettext_lazy(
        "%(count)d cell shows an error and counts as empty.",
        "%(count)d cells show an error and count as empty.",
        "count",
    ),
    "not_utf8": ngettext_lazy(
        "The file is in an older encoding. Look whether names with accents are right.",
        "The file is in an older encoding. Look whether names with accents are right.",
        "count",
    ),
}

CHOICES: Final[Mapping[str, Promise]] = {
    "same": _("The same person"),
    "apart": _("Different people"),
    "later": _("Decide later: kept apart for now"),
}


def unreadable(fault: UnreadableSheet) -> str:
    """Why a file was refused, and what to do."""
    bounds = {"mb": MAX_BYTES // (1024 * 1024), "rows": f"{MAX_ROWS:,}", "columns": MAX_COLUMNS}
    return str(UNREADABLE.get(fault.code, UNREADABLE["unreadable"])) % bounds


def fault(one: Fault) -> str:
    """What is wrong with a row."""
    return str(FAULTS[one.code]) % {"column": one.column}


def advice(one: Fault) -> str:
    """What to do about it, in the sheet."""
    if one.code == "duplicate":
        return f"{_duplicate(one)} {ADVICE['duplicate']}"
    # What the desk says of a day typed into one of its own forms, but where it speaks of "-3d": a sheet has no today.
    if one.code == "not_a_day" and one.why in set(Problem) - {Problem.UNREADABLE, Problem.EMPTY}:
        return str(PROBLEMS[Problem(one.why)])
    return str(ADVICE[one.code])


def remark(one: Remark) -> str:
    """What is doubtful in a row that is brought in all the same."""
    return str(REMARKS[one.code]) % {"column": one.column}


def notice(one: Notice) -> str:
    """Something about the file as a whole."""
    return str(NOTICES[one.code] % {"count": one.count})


def _duplicate(one: Fault) -> str:
    if not one.differs:
        return str(_("Row %(row)d has the same reference and says the same.")) % {"row": one.other_row}
    return str(_("Row %(row)d has the same reference; these differ: %(columns)s.")) % {
        "row": one.other_row,
        "columns": ", ".join(one.differs),
    }


# What a row says of its case or its person, by the code the comparison has for it.
_SAID: Final[Mapping[str, Promise]] = {
    "kind": _("kind of case"),
    "worker": _("who works on it"),
    "route": _("which standard counts"),
    "exact_kind": _("kind of case in your words"),
    "subject": _("what it was about"),
    "sent_to": _("whom it went to"),
    "note": _("notes"),
    "came_in": _("day they came to us"),
    "sent": _("day the letter went out"),
    "name": _("name"),
    "birth": _("date of birth"),
    "nationality": _("nationality"),
    "phone": _("phone"),
    "email": _("email"),
    "address": _("address"),
    "postcode": _("postcode"),
    "reference": _("reference"),
    "safe": _("note on safe contact"),
}


def again(one: Again) -> list[str]:
    """What becomes of a row whose case is here already, as sentences; none where nothing does."""
    sets = [*one.sets, *(kind for kind, _old, _new in one.moved)]
    said = []
    if sets:
        said.append(gettext("Changed: %(what)s.") % {"what": _listed(sets)})
    if one.person:
        said.append(gettext("Added to the person: %(what)s.") % {"what": _listed(one.person)})
    if one.kept:
        said.append(gettext("Left as somebody changed it here: %(what)s.") % {"what": _listed(one.kept)})
    return said


def gone(count: int) -> str:
    """What it means that rows of the last sheet are not in this one."""
    text = ngettext(
        "%(count)s row of the last sheet is not in this one. Its case stays as it is.",
        "%(count)s rows of the last sheet are not in this one. Their cases stay as they are.",
        count,
    )
    return text % {"count": f"{count:,}"}


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(str(_SAID[code]) for code in codes)
