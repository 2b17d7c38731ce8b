"""Invented posts in six scripts, and questions whose answers are known: what is typed, and how posts have it.

Each question says what kind it is: the word as it is typed; the same word written otherwise (marks, two letters for
one, joiners, digits, case); a part of the word posts have; a quotation whose spaces differ; a word of two letters.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

SEED: Final = 20261122
AS_TYPED, OTHERWISE, PART, QUOTATION, SHORT = "as typed", "written otherwise", "a part", "a quotation", "two letters"


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and one way in which posts that are meant have it."""

    script: str
    kind: str
    typed: str
    written: str


def _of(script: str, rows: str) -> list[Question]:
    out = []
    for row in rows.strip().splitlines():
        kind, typed, written = (one.strip().replace("_", "\u00a0").replace("~", "\u200c") for one in row.split("|"))
        out.append(
            Question(
                script, {"w": AS_TYPED, "o": OTHERWISE, "p": PART, "q": QUOTATION, "s": SHORT}[kind], typed, written
            )
        )
    return out


# _ is a no-break space, ~ a zero-width non-joiner.
QUESTIONS: Final = [
    *_of("Latin", """
        w | deportation | deportation
        w | caseworker | caseworker
        o | deportation | DEPORTATION
        o | cafe | café
        o | Nguyen | Nguyễn
        o | isik | IŞIK
        p | deport | deportations
        p | settle | resettlement
        p | worker | caseworkers
        q | "normal service standards" | normal_service standards
        q | "wifi in every residence" | wifi in  every_residence
        s | EU | EU
    """),
    *_of("Arabic", """
        w | اللجوء | اللجوء
        w | فندق | فندق
        o | مهاجرين | مُهاجِرين
        o | علي | علی
        o | كابول | کابول
        o | رسالة | رســالة
        o | احمد | أحمد
        o | 2020 | ٢٠٢٠
        p | هجرة | والهجرة
        p | لاجئين | للاجئين
        p | محكمة | بالمحكمة
        o | میروم | می~روم
        q | "وزارة الداخلية" | وزارة_الداخلية
        s | حق | حق
    """),
    *_of("Ethiopic", """
        w | ስደተኛ | ስደተኛ
        w | ካምፕ | ካምፕ
        o | ሀገር | ሐገር
        o | ሰላም | ሠላም
        o | አለም | ዓለም
        p | ሃገር | ካብሃገር
        p | ስደተኛ | ስደተኛታት
        p | ሰብ | ንሰብ
        q | "ናብ ሃገሩ" | ናብ፡ሃገሩ
        s | ሰብ | ሰብ
    """),
    *_of("Bengali", """
        w | শরণার্থী | শরণার্থী
        w | হোটেল | হোটেল
        o | ২০২০ | 2020
        o | আশ্রয় | আশ্রয়
        p | হোটেল | হোটেলে
        p | শরণার্থী | শরণার্থীদের
        q | "আশ্রয় প্রার্থী" | আশ্রয়_প্রার্থী
        s | মা | মা
    """),
    *_of("Tamil", """
        w | அகதி | அகதி
        w | விடுதி | விடுதி
        p | விடுதி | விடுதியில்
        p | அகதி | அகதிகள்
        p | கடிதம் | கடிதம்தான்
        q | "பிரித்தானிய அரசு" | பிரித்தானிய_அரசு
        s | நீ | நீ
    """),
    *_of("Han", """
        w | 庇护 | 庇护
        w | 酒店 | 酒店
        p | 申请 | 庇护申请人
        p | 等候 | 在酒店里等候
        q | "内政部 来信" | 内政部_来信
        s | 信件 | 信件
    """),
]  # fmt: skip
_LETTERS: Final = {
    "Latin": "abdefghiklmnoprstuvwy",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقلمنهوي",
    "Ethiopic": "".join(chr(code) for code in range(0x1208, 0x1320) if chr(code).isalpha()),
    "Bengali": "কখগঘচছজঝটঠডঢতথদধনপফবভমযরলশষসহ",
    "Tamil": "கஙசஞடணதநபமயரலவழளறன",
    "Han": "".join(chr(0x4E00 + 7 * at) for at in range(2500)),
}
_LENGTHS: Final = {"Ethiopic": (3, 6), "Han": (2, 3)}
_WORDS_EACH: Final = 20_000


def posts(count: int, planted: int) -> tuple[list[str], list[list[int]]]:
    """So many posts, and of each question the places of the ``planted`` posts that were given what it is about.

    Posts are as long as those of a blog or a thread: 20 to 260 words, few words often and most seldom.
    """
    chance = random.Random(SEED)
    words = {script: _vocabulary(chance, script) for script in _LETTERS}
    weights = list(accumulate(1 / (rank + 2) for rank in range(_WORDS_EACH)))
    scripts = list(_LETTERS)
    texts: list[list[str]] = []
    for at in range(count):
        many = min(260, 20 + int(chance.expovariate(1 / 90)))
        texts.append(chance.choices(words[scripts[at % len(scripts)]], cum_weights=weights, k=many))
    meant = []
    for question in QUESTIONS:
        first = scripts.index(question.script)
        own = range(first, count, len(scripts))
        places = sorted(chance.sample(own, min(planted, len(own))))
        for place in places:
            texts[place].insert(chance.randrange(len(texts[place])), question.written)
        meant.append(places)
    return ["".join(text) if at % 6 == 5 else " ".join(text) for at, text in enumerate(texts)], meant


def _vocabulary(chance: random.Random, script: str) -> Sequence[str]:
    low, high = _LENGTHS.get(script, (3, 10))
    letters = _LETTERS[script]
    return ["".join(chance.choices(letters, k=chance.randint(low, high))) for _ in range(_WORDS_EACH)]
