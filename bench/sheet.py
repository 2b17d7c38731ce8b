"""A spreadsheet as an office keeps it, of as many invented rows as wanted."""

from __future__ import annotations

import csv
import io
import random
from datetime import date, timedelta

from bench.names_data import people

_HEADINGS = (
    "Our ref", "Name", "DOB", "Nationality", "Tel", "Postcode", "Case type", "HO ref / UAN", "Date sent", "Sent to",
    "Subject", "Last chased", "Reply rec'd", "What HO said", "Worker", "Notes",
)  # fmt: skip
_KINDS = ("Asylum - delay", "Family reunion", "ILR", "Passport - urgent", "Asylum support", "Spouse visa")
_SENT_TO = ("MPAM", "UKVI MP Enquiries", "MP urgent enquiries", "Migrant Help")
_COUNTRIES = ("Afghanistan", "Iran", "Iraq", "Eritrea", "Sudan", "Syria")


def sheet(rows: int, *, today: date, seed: int) -> bytes:
    """A CSV of `rows` cases of as many people, none of whom are in an office made from `names_data`'s own seed."""
    generator = random.Random(seed)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS)
    for person in people(rows, seed=seed):
        sent = today - timedelta(days=generator.randrange(10, 200))
        born = date(1950, 1, 1) + timedelta(days=generator.randrange(20_000))
        uan = f"{generator.randrange(10**16):016d}"
        chased = sent + timedelta(days=30) if generator.random() < 0.4 else None
        writer.writerow(
            (
                f"NEW/{seed}/{person.number:05}", person.name, born.strftime("%d/%m/%Y"), generator.choice(_COUNTRIES),
                f"07700 900{generator.randrange(1000):03d}", f"ZZ{generator.randrange(10)} {generator.randrange(10)}AA",
                generator.choice(_KINDS), "-".join(uan[at : at + 4] for at in (0, 4, 8, 12)),
                sent.strftime("%d/%m/%Y"), generator.choice(_SENT_TO), "No decision after interview",
                chased.strftime("%d/%m/%Y") if chased and chased <= today else "", "", "", "", "interpreter needed",
            )
        )  # fmt: skip
    return out.getvalue().encode("utf-8")
