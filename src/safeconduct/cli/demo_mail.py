"""The demo's morning mail: what waits in the tray, an incident, and a letter of our own that has filed itself.

Each is read, sealed, matched and labelled as anybody's mail is. Senders are at domains kept for examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # Django must be started before its models are imported
    from safeconduct.accounts.actor import Actor
    from safeconduct.accounts.models import Team
    from safeconduct.casework.models import Case

_OFFICE: Final = "Office of Ada Fairweather MP <office@fairweather.example>"
_NOBODY: Final = "Do not reply <noreply@ho.example>"
_UNIT: Final = "MP Enquiries <mpenquiries@ho.example>"
_OTHER_UNIT: Final = "Asylum correspondence <asylum@ho.example>"

# Whose letter the reply should have answered that is about somebody else.
_MEANT: Final = "WM/0010"
_ABOUT_ANOTHER: Final = "Your constituent's application"


@dataclass(frozen=True, slots=True)
class Written:
    """A message: who wrote it, what it says, the letter of ours it quotes, and the text of a file with it."""

    subject: str
    says: str
    sender: str = _UNIT
    to: str = _OFFICE
    answers: str = ""
    file: str = ""


_MAILS: Final = (
    Written(
        "Automatic reply: WM/0005",
        "Thank you for your email. This is an automatic reply. We acknowledge receipt of your letter; your enquiry has"
        " been logged. Please do not reply to this message.",
        sender=_NOBODY,
    ),
    Written(
        "RE: WM/0012 - MPAM/0903139/26",
        "Thank you for your letter about Ms Osman. Her application remains under consideration, and there is no"
        " timeframe within which it will be concluded. We will write to you again within 8 weeks.",
        answers="We wrote for our constituent.\nHas she been interviewed, and when can a decision be expected?",
        file="Our letter to you is attached.",
    ),
    Written(
        "WM/0013",
        "A decision has been made on the application. It was refused, and the decision was served on {served}.",
        sender=_OTHER_UNIT,
    ),
    Written(
        "Your enquiry about 1148-2259-3370-4481",
        "This is a holding reply. We are still making enquiries with colleagues, and a full response will follow in due"
        " course.",
    ),
    Written(
        "Signed consent needed: WM/0006",
        "We need signed consent from your constituent before we can discuss the case with you.",
        sender=_OTHER_UNIT,
    ),
    Written(
        "My neighbour",
        "I am writing for my neighbour Fatima, who has no email of her own. There has been no heating in the hotel"
        " since Sunday, and she was told that the MP might help. Her room is on the second floor, left of the stairs.",
        sender="Harriet Placeholder <harriet@post.example>",
    ),
    Written(
        "Winter opening hours",
        "You are invited to our newsletter. Our drop-in moves to the library in December; tea and coffee from ten.",
        sender="Tidewell Welcome Group <news@tidewell.example>",
    ),
    Written(
        _ABOUT_ANOTHER,
        "Thank you for your letter about another of your constituents, Mr Nobody-Known of Fernhill. His application was"
        " received in March, and his fingerprints were taken in Nowhereford.",
    ),
    Written(
        "Chasing WM/0020",
        "We wrote to you about our constituent and have had no reply. Please let us have one by the end of next week.",
        sender=_OFFICE,
        to=_UNIT,
    ),
)

# Words of the mail that may lie nowhere in the open.
TELLING: Final = ("Harriet Placeholder", "left of the stairs", "Nobody-Known", "Nowhereford", "no heating in the hotel")


def put_in(by: Actor, team: Team, by_reference: Mapping[str, Case]) -> None:
    """A morning's mail, taken in as somebody would drop it; and one that is about somebody else set apart."""
    from safeconduct.accounts.keys import today
    from safeconduct.post.actions.incidents import do_step, open_incident
    from safeconduct.post.actions.take_in import take_in
    from safeconduct.post.models import StepName

    day = today()
    files = [(f"{number}.eml", _as_sent(one, day, number)) for number, one in enumerate(_MAILS, start=1)]
    taken = take_in(by=by, team=team, files=files)
    messages = {one.subject: row.message for one, row in zip(_MAILS, taken.rows, strict=True)}
    wrong = messages[_ABOUT_ANOTHER]
    assert wrong is not None
    incident = open_incident(by=by, message=wrong, case=by_reference[_MEANT], on=day)
    for step in (StepName.SET_APART, StepName.TELL_LEAD):
        do_step(by=by, incident=incident, step=step, on=day)


def _as_sent(one: Written, day: date, number: int) -> bytes:
    """The bytes of an .eml file. They came in the first minutes of the day, one after the other."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = one.sender, one.to, one.subject
    message["Date"] = format_datetime(datetime.combine(day, time(0, 2 * number), UTC))
    message["Message-ID"] = f"<{number}.demo@ho.example>"
    served = day - timedelta(days=3)
    lines = ["Good morning,", "", one.says.format(served=f"{served.day} {served:%B %Y}"), "", "Yours sincerely,", ""]
    lines.append(one.sender.partition(" <")[0])
    if one.answers:
        quoted = (f"> {line}" for line in one.answers.split("\n"))
        lines += ["", "-----Original Message-----", "From: office@fairweather.example", *quoted]
    message.set_content("\n".join(lines) + "\n")
    if one.file:
        message.add_attachment(one.file.encode(), maintype="text", subtype="plain", filename="letter.txt")
    return message.as_bytes()
