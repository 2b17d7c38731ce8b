"""What is inside the envelope of a message, and of a team's directory."""

from datetime import date

from .facet import Facet


class Attached(Facet, frozen=True):
    """A file that came with a message: the handle (hex) of its paper, and its name as sent."""

    paper: str
    name: str = ""


class Mail(Facet, frozen=True):
    """A message as it was read. The bytes it came in are a paper of the same subject, called ``original``.

    ``sent_at`` is ISO 8601 in UTC, "" where the message has no readable date. ``plain`` is its text; ``html`` what is
    safe to show of its HTML. ``labels``, ``candidates`` (handles of cases, hex) and ``enquiry`` (of the one letter that
    can be meant, where one alone can) are what was proposed when it came. ``faults`` are codes of what could not be
    read.
    """

    message_id: str = ""
    answers: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    sent_at: str = ""
    plain: str = ""
    html: str = ""
    original: str = ""
    attached: tuple[Attached, ...] = ()
    labels: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    enquiry: str = ""
    faults: tuple[str, ...] = ()
    note: str = ""


class Reached(Facet, frozen=True):
    """Whom the office reaches for what: a unit, a duty line, a firm. ``rung`` is what for (see `casework.rungs`)."""

    rung: str
    name: str
    phone: str = ""
    email: str = ""
    hours: str = ""
    note: str = ""
    checked_on: date | None = None
    checked_by: str = ""


class Directory(Facet, frozen=True):
    """A team's own contacts at authorities and beside them, in the order to try them."""

    contacts: tuple[Reached, ...] = ()
