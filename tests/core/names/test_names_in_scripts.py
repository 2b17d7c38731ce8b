"""People of many scripts, all invented, in one index: each is first for how somebody else may write them."""

import pytest

from safeconduct.core.names import Birth, Generation, query_tokens, search, tokens
from safeconduct.core.names.kept import keep, read
from safeconduct.core.names.lookup import Newest, kept_of
from safeconduct.core.names.match import rank_kept

FIRM, BARE, NEW_YEAR = Birth(1987, 5, 6), Birth(1987), Birth(1987, 1, 1)
PEOPLE = {
    1: (["Zarmina Qalandari"], [FIRM]),
    2: (["زرغونه قلندری"], []),
    3: (["ተክለ ገብረማርያም"], []),
    4: (["Олександра Вербицька"], []),
    5: (["রহিমা সুলতানা"], []),
    6: (["முருகன் செல்வராஜ்"], []),
    7: (["ਗੁਰਪ੍ਰੀਤ ਢਿੱਲੋਂ"], []),
    8: (["Nguyễn Thị Hường"], []),
    9: (["Sukarnoputra"], []),
    10: (["Yonas Berhane"], [Birth(1990, 3, 4)]),
    11: (["Yonas Berhane"], [NEW_YEAR]),
    12: (["Yonas Berhane"], [FIRM]),
}
GENERATION = Generation.build(
    ((number, tokens(names)) for number, (names, _) in PEOPLE.items()),
    {number: keep(names, births) for number, (names, births) in PEOPLE.items()},
)


def found(text: str) -> list[int]:
    none = Newest([])
    known = [(one, kept_of(GENERATION, none, one) or b"") for one in search(GENERATION, none, query_tokens(text))]
    return [one.number for one in rank_kept(text, known)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Zarmeena Kalandari", 1),
        ("QALANDARI, Zarmina", 1),
        ("zarghuna qalandari", 2),
        ("Tekle Gebremariam", 3),
        ("Gebre Mariam Tekle", 3),
        ("Oleksandra Verbytska", 4),
        ("Verbitskaya Aleksandra", 4),
        ("Rohima Sultana", 5),
        ("Murugan Selvaraj", 6),
        ("Gurpreet Dhillon", 7),
        ("Dillon Gurprit", 7),
        ("nguyen thi huong", 8),
        ("Huong Nguyen", 8),
        ("Soekarnoputra", 9),
        ("Ahmad Sukarnoputra", 9),
    ],
)
def test_who_is_meant_is_first(typed: str, meant: int) -> None:
    assert found(typed)[0] == meant


def test_a_year_orders_people_of_one_name_and_the_first_of_january_says_less() -> None:
    assert found("Yonas Berhane 1987")[:3] == [12, 11, 10]
    assert found("Yonas Berhane 1990")[:3] == [10, 11, 12]


def test_what_is_kept_reads_back_folded() -> None:
    kept = keep(["Mohamad RAHEEMI", "محمد رحیمی", "12"], [FIRM, BARE, NEW_YEAR])
    assert kept == b"mohamad raheemi|mhmd rhymy;1987;1987~"
    names, births = read(kept)
    assert names == (("mohamad", "raheemi"), ("mhmd", "rhymy"))
    assert [(birth.year, birth.exact) for birth in births] == [(1987, True), (1987, False)]
    assert read(keep(["12"])) == ((), ())
