"""Two hundred people who do not exist, in the scripts people have, and a sheet of them.

Every word of a name is put together from signs at random, so that none can be met in a browser's own files by chance.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import openpyxl

SCRIPTS = {
    "Latin": "bdfgjklmnprstvwxyzaeiou",
    "Latin with marks": "čćšžđłńśźąęőűăâîșțñç",
    "Vietnamese": "ắằẵặấầẫậểễệốồổỗộớờởỡợ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Persian": "پچژگکیابدرسمنهو",
    "Ethiopic": "ሀለሐመሠረሰሸቀበተቸኀነኘአከኸወዐዘየደጀገ",
    "Cyrillic": "абвгдежзиклмнопрстуфхцчшщэюя",
    "Ukrainian": "єіїґабвгджзклмнопрст",
    "Bengali": "কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ",
    "Gurmukhi": "ਕਖਗਘਚਛਜਝਟਠਡਢਣਤਥਦਧਨਪਫਬਭਮਯਰਲਵ",
    "Tamil": "கஙசஞடணதநபமயரலவழளறன",
    "Georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
}
HEADINGS = (
    "Our ref", "Name", "DOB", "Nationality", "Tel", "Email", "Address", "Postcode", "Case type", "HO ref / UAN",
    "Date sent", "Sent to", "Subject", "Notes",
)  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """One invented person. ``words`` are the single words of it that stand nowhere else."""

    our_reference: str
    name: str
    phone: str
    email: str
    address: str
    postcode: str
    exact_kind: str
    reference: str
    subject: str
    note: str
    nation: str
    words: tuple[str, ...]

    @property
    def strings(self) -> tuple[str, ...]:
        """Everything to look for: whole and in words."""
        whole = (
            *(self.our_reference, self.name, self.phone, self.email, self.address, self.exact_kind, self.reference),
            *(self.subject, self.note, self.nation, self.postcode, self.reference.replace("-", "")),
        )
        return (*whole, *self.words)


def people(count: int = 200) -> list[Identity]:
    """The same people every time."""
    chosen = random.Random(1951)
    return [_one(chosen, number) for number in range(count)]


def _one(chosen: random.Random, number: int) -> Identity:
    script = list(SCRIPTS.values())[number % len(SCRIPTS)]

    def word(signs: str = "bdfgjklmnprstvwxyzaeiou") -> str:
        return "".join(chosen.choices(signs, k=chosen.randrange(7, 11))).capitalize()

    first, last, street, scheme, asks, noted, nation = word(script), word(script), *(word() for _ in range(5))
    return Identity(
        our_reference=f"ZQX/{chosen.randrange(10**6, 10**7)}",
        name=f"{first} {last}",
        phone=f"07{chosen.randrange(10**8, 10**9)}",
        email=f"{word().lower()}@{street.lower()}.invalid",
        address=f"{chosen.randrange(1, 200)} {street} Passage",
        postcode=f"ZZ{chosen.randrange(10, 100)} {chosen.randrange(1, 10)}{''.join(chosen.choices('ABDEFGHJLN', k=2))}",
        exact_kind=f"{scheme} resettlement pathway",
        reference="-".join(f"{chosen.randrange(10**4):04}" for _ in range(4)),
        subject=f"No answer about {asks}",
        note=f"Sister {noted} interprets",
        nation=nation,
        words=(first, last, street, scheme, asks, noted, nation),
    )


def _rows(some: Sequence[Identity], today: date) -> list[list[str]]:
    return [
        [
            *(one.our_reference, one.name, f"1{number % 10}/04/19{60 + number % 40}", one.nation, one.phone, one.email),
            *(one.address, one.postcode, one.exact_kind, one.reference),
            *((today - timedelta(days=3 + number % 60)).isoformat(), "MPAM", one.subject, one.note),
        ]
        for number, one in enumerate(some)
    ]


def as_csv(some: Sequence[Identity], today: date) -> bytes:
    """The sheet as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADINGS, *_rows(some, today)])
    return out.getvalue().encode()


def as_workbook(some: Sequence[Identity], today: date) -> bytes:
    """The sheet as a workbook."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in [HEADINGS, *_rows(some, today)]:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
