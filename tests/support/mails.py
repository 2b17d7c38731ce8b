"""Invented mail for tests: from an authority that does not exist, to an office that does not either."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime

WRITES = {
    "acknowledgement": "We acknowledge receipt of your letter. Your enquiry has been logged and allocated to a team.",
    "holding": "This is a holding reply. A full response will follow in due course.",
    "no_timeframe": (
        "The application remains under consideration and there is no timeframe within which it will be concluded."
    ),
    "outside_standards": (
        "The case you raise is complex and falls outside of our normal service standards. We are unable to give a"
        " timescale for a decision."
    ),
    "consent_required": "We need signed consent from your constituent before we can discuss the case with you.",
    "decided": "A decision has been made on the application and was served on 2 November.",
    "substantive": (
        "You asked whether biometrics were needed. I can confirm that biometrics were enrolled in June and that no"
        " further documents are needed."
    ),
    "wrong_person": (
        "Thank you for your letter about another of your constituents. Their application was received and biometrics"
        " were enrolled."
    ),
}


def mail(
    says: str,
    *,
    on: date,
    reference: str = "",
    subject: str = "Your letter",
    sender: str = "MP Enquiries <mpenquiries@ho.example>",
    to: str = "office@mp.example",
    answers: str = "",
    number: int = 1,
    html: str = "",
    attached: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """One message as it travels (.eml). ``answers`` is our letter, quoted below what they say."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(datetime.combine(on, time(9, 30), UTC))
    message["Message-ID"] = f"<{number}.invented@ho.example>"
    lines = ["Dear Member,", ""]
    if reference:
        lines += [f"Our ref: {reference}", ""]
    lines += [says, "", "Yours sincerely,", "", "Correspondence Team"]
    if answers:
        lines += [
            "",
            "-----Original Message-----",
            "From: office@mp.example",
            *(f"> {one}" for one in answers.split("\n")),
        ]
    message.set_content("\n".join(lines) + "\n")
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in attached:
        kind, _, what = ("application", "", "pdf") if name.endswith(".pdf") else ("application", "", "octet-stream")
        message.add_attachment(data, maintype=kind, subtype=what, filename=name)
    return message.as_bytes()
