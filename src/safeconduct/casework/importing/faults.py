"""What is wrong with a row (a fault: the row is not brought in) or doubtful about it (a remark: it is).

Sentences hold the office's headings and row numbers, never a cell.
"""

from typing import Final, Literal

import msgspec

FaultCode = Literal["empty", "not_a_day", "in_future", "too_long_ago", "duplicate", "too_long"]

_FAULTS: Final[dict[str, str]] = {
    "empty": "{column} is empty",
    "not_a_day": "{column} is not a date",
    "in_future": "{column} is in the future",
    "too_long_ago": "{column} is further back than working days can be counted",
    "duplicate": "Duplicate of an earlier row",
    "too_long": "{column} is too long",
}

_REMARKS: Final[dict[str, str]] = {
    "kind_not_recognised": "{column} was not recognised, so the case counts as “other”",
    "route_not_recognised": "{column} was not recognised, so no published standard is applied",
    "reply_not_described": "A reply came, but nothing says what it was: the enquiry stays open until somebody says",
    "reply_not_sure": "{column} can be read in two ways: the enquiry stays open until somebody says",
    "reply_without_date": "{column} has no date beside it, so it is kept as a note",
    "not_a_day": "{column} is not a date, so it is kept as a note",
    "in_future": "{column} is in the future, so it is kept as a note",
    "too_long_ago": "{column} is further back than working days can be counted, so it is kept as a note",
    "before_sent": "{column} is before the letter was sent, so it is kept as a note",
    "weekday_disagrees": "{column}: the day of the week and the date do not agree; the date was taken",
    "nothing_sent": "{column} is empty, so there is a case but no enquiry yet",
    "no_own_reference": "There is no reference of your own: next week's sheet is compared by name, date and subject",
    "birth_not_read": "{column} could not be read and is kept as written",
    "birth_in_future": "{column} is in the future and is kept as written",
    "birth_too_long_ago": "{column} is more than 120 years ago and is kept as written",
    "birth_other_calendar": "{column} seems to be of another calendar and is kept as written",
    "zero_restored": "{column} had lost its leading 0, which was put back",
    "phone_not_read": "{column} holds words beside a number; they are kept as a note",
    "email_not_read": "{column} is not a mail address; it is kept as a note",
    "looks_like_formula": "A cell begins like a formula; it is kept as plain text and never worked out",
}


class Fault(msgspec.Struct, frozen=True, gc=False):
    """Why a row is not brought in. `column` is the office's heading.

    For a duplicate, `other_row` is the earlier row's number and `differs` the headings whose cells differ between the
    two: empty means the rows are the same. `why` is the calendar's code for a text that is no day.
    """

    row: int
    code: FaultCode
    column: str = ""
    why: str = ""
    other_row: int | None = None
    differs: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The fault in the words scripts rely on."""
        return _FAULTS[self.code].format(column=self.column)

    @property
    def detail(self) -> str:
        """What helps to put it right, or ""."""
        if self.code != "duplicate":
            return ""
        if not self.differs:
            return f"Row {self.other_row} has the same reference and says the same."
        return f"Row {self.other_row} has the same reference; these differ: {', '.join(self.differs)}."


class Remark(msgspec.Struct, frozen=True, gc=False):
    """Something doubtful in a row that is brought in all the same."""

    row: int
    code: str
    column: str = ""

    @property
    def sentence(self) -> str:
        """The remark in words."""
        return _REMARKS[self.code].format(column=self.column)
