"""The demo's office: invented members and people, and weeks of invented work before today.

Nobody here exists. Names are put together from common ones, telephone numbers are from the range kept for fiction,
postcodes are of an area that does not exist, and references only have the shape of real ones.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

PASSPHRASE: Final = "paper lamp river demo"  # noqa: S105 - it protects invented people only

# name, sign-in, roles by team: the first is also a guardian
MEMBERS: Final = (
    ("Sian Williams", "sian", {"Westmere office": "lead", "Outreach": "lead"}),
    ("Alex Brown", "alex", {"Westmere office": "caseworker"}),
    ("Leila Wood", "leila", {"Westmere office": "caseworker", "Outreach": "caseworker"}),
    ("Tomasz Reed", "tomasz", {"Outreach": "caseworker"}),
)
OFFICE: Final = "Office of Ada Fairweather MP (invented)"

_HEADINGS: Final = (
    "Our ref", "Name", "DOB", "Nationality", "Tel", "Postcode", "Case type", "HO ref / UAN", "Date sent", "Sent to",
    "Subject", "Last chased", "Reply rec'd", "What HO said", "Worker", "Notes",
)  # fmt: skip

# name, nationality, year of birth
_PEOPLE: Final = (
    ("محمد رحیمی", "Afghanistan", 1994), ("Mohammad Raheemi", "Iran", 1986), ("Dilovan Barzani", "Iraq", 1990),
    ("ተስፋይ ሃይለ", "Eritrea", 1998), ("Tesfay Haile", "Eritrea", 1991), ("Fatima Rahmani", "Afghanistan", 2001),
    ("Nguyễn Thị Hoa", "Vietnam", 1996), ("Оксана Мельник", "Ukraine", 1988), ("Arben Kola", "Albania", 1999),
    ("Blessing Adeyemi", "Nigeria", 1984), ("ਗੁਰਪ੍ਰੀਤ ਕੌਰ", "India", 1979), ("Amina Osman", "Sudan", 1993),
    ("يوسف العلي", "Syria", 1982), ("Yousef Al-Ali", "Syria", 1997), ("Shirin Begum", "Bangladesh", 1987),
    ("Gulalai", "Afghanistan", 2003), ("Tharshan Selvarasa", "Sri Lanka", 1992), ("Hodan Warsame", "Somalia", 1995),
    ("Zehra Karimi", "Iran", 1989), ("Abebe Tadesse", "Ethiopia", 1985), ("Ahmad Hossaini", "Afghanistan", 2006),
    ("Mariam Jalloh", "Sierra Leone", 1990), ("Kateryna Bondar", "Ukraine", 1972), ("Ibrahim Idris", "Sudan", 1996),
)  # fmt: skip

_KINDS: Final = (
    "Asylum - delay", "Family reunion", "ILR", "Passport - urgent", "Asylum support", "eVisa problem",
    "Travel document", "Reporting", "Spouse visa", "Detention", "Citizenship", "EUSS",
)  # fmt: skip
_SENT_TO: Final = ("MPAM", "UKVI MP Enquiries", "MP urgent enquiries", "minister", "HMPO MP hotline", "Migrant Help")
_SUBJECTS: Final = (
    "No decision after interview", "Wrong name on eVisa", "Hotel, no school place", "Expedite please", "Lost documents",
    "Request for update",
)  # fmt: skip
_REPLIES: Final = (
    "ack only", "holding reply", "no timeframe", "complex - outside service standards", "asked for consent form",
    "granted",
)  # fmt: skip
_NOTES: Final = ("interpreter needed", "do NOT write to address", "safe to text only", "", "", "")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the law to let run: the rule, how many days ago the event was, and on which case."""

    rule: str
    days_ago: int
    reference: str


# Fall today or soon, soon, and later, whatever day it is.
LIMITS: Final = (
    Limit("ftt.iac.appeal.in", 13, "WM/0003"),
    Limit("ftt.iac.appeal.in", 9, "WM/0011"),
    Limit("moveon.42", 30, "WM/0006"),
)


def sheet(today: date, *, letters: int = 60) -> bytes:
    """The office's spreadsheet as of ``today``, as a CSV file with a few people in it more than once."""
    chosen = random.Random(20)  # noqa: S311 - the same office every time is what is wanted
    people = [
        (
            name,
            nation,
            f"{year}-01-01"
            if chosen.random() < 0.2
            else f"{year}-{chosen.randrange(1, 13):02}-{chosen.randrange(1, 29):02}",
            f"07700 900{chosen.randrange(1000):03}",
            f"ZZ{chosen.randrange(1, 10)} {chosen.randrange(1, 10)}AX",
            "-".join(f"{at * 37 + part * 1111:04}" for part in range(1, 5)),
        )
        for at, (name, nation, year) in enumerate(_PEOPLE)
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    for number in range(1, letters + 1):
        name, nation, born, phone, postcode, uan = people[
            number - 1 if number <= len(people) else chosen.randrange(len(people))
        ]
        sent = today - timedelta(days=chosen.choice((2, 6, 9, 15, 20, 27, 29, 33, 36, 48, 61, 90)))
        chased = sent + timedelta(days=chosen.randrange(8, 30)) if chosen.random() < 0.3 else None
        replied = sent + timedelta(days=chosen.randrange(3, 25)) if chosen.random() < 0.3 else None
        reply = chosen.choice(_REPLIES) if replied and replied <= today else ""
        writer.writerow(
            [
                f"WM/{number:04}",
                name,
                born,
                nation,
                phone,
                postcode,
                chosen.choice(_KINDS),
                uan,
                sent.isoformat(),
                chosen.choice(_SENT_TO),
                chosen.choice(_SUBJECTS),
                chased.isoformat() if chased and chased <= today else "",
                replied.isoformat() if replied and reply else "",
                reply,
                chosen.choice(("Alex", "Leila", "Sian", "")),
                chosen.choice(_NOTES),
            ]
        )
    return out.getvalue().encode()
