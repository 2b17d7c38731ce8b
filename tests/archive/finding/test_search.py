"""Posts are found by words, parts and quotations in every script, in one order on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from safeconduct.accounts.models import Member, Team
from safeconduct.archive.citing.models import Passage
from safeconduct.archive.citing.timeline import of_found
from safeconduct.archive.finding import index
from safeconduct.archive.finding.normal import fold
from safeconduct.archive.finding.search import Wanted, find_public
from safeconduct.archive.finding.terms import Grade, Nothing, TooMuch, grade, terms
from safeconduct.archive.models import Findable, Source
from tests import builders
from tests.archive.finding.shelf import AT, found, keep

pytestmark = pytest.mark.django_db

POSTS = (
    "The Home\u00a0Office’s reply to the deportation charter flight was “not\u00a0straightforward”.",
    "They were deported. The office at home stayed shut; EU rules, Eurostar trains.",
    "قالت منظمة إن المُهاجرين والهجرة بلا أمان؛ رسالة إلى علي في ٢٠٢٠",
    "می‌روم به کمپ ناپیر، آقای علی کریمی گفت",
    "ሰብ ናብ ሃገሩ ክምለስ። ንሰብ ስደተኛታት",
    "申请庇护的人在酒店里等候",
    "আশ্রয়প্রার্থীদের হোটেলে রাখা হয়েছে। শরণার্থী",
    "புகலிடம் கோருவோர் விடுதியில் காத்திருக்கின்றனர்",
    "Nguyễn Thị Mai xin tị nạn; IŞIK kampta bekliyor; Qaxootiga ba'e",
)


@pytest.fixture
def office() -> builders.Office:
    return builders.office()


@pytest.fixture
def member(office: builders.Office) -> Member:
    return office.guardian.member


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("home office", [1, 2]),
        ('"home office"', [1]),
        ("“home\u2009 office”", [1]),
        ('"office home"', []),
        ("not straightforward", [1]),
        ("deport", [1, 2]),
        ("DEPORTATION", [1]),
        ("portat", [1]),
        ("eu", [2]),
        ("ro", []),
        ("مهاجرين", [3]),
        ("الهجرة", [3]),
        ("هجرة", [3]),
        ("بالهجرة", [3]),
        ("علي", [3, 4]),
        ("علی کریمي", [4]),
        ("میروم", [4]),
        ("2020", [3]),
        ("ሰብ", [5]),
        ("ሀገሩ", [5]),
        ("ስደተኛ", [5]),
        ("庇护", [6]),
        ("酒店 庇护", [6]),
        ("护庇", []),
        ("শরণার্থী", [7]),
        ("হোটেল", [7]),
        ("விடுதி", [8]),
        ("nguyen thi", [9]),
        ("tỵ nạn", []),
        ("tị nạn", [9]),
        ("ışık", [9]),
        ("ba’e", [9]),
        ("nothing of the kind", []),
    ],
)
def test_words_parts_and_quotations(member: Member, asked: str, numbers: list[int]) -> None:
    keep(member, *POSTS, number=1)
    assert found(member, asked) == [(1, number) for number in numbers]


def test_whole_words_come_before_beginnings_before_parts_and_then_the_newest(member: Member) -> None:
    year = (date(2020, 1, 1), date(2020, 12, 31))
    keep(
        member, "reported", "port", "ports", "port", "port", number=7, days=(year, None, year, year, (year[0], year[0]))
    )
    keep(member, "a port", number=3, days=(year,))
    assert found(member, "port") == [(3, 1), (7, 4), (7, 5), (7, 2), (7, 3), (7, 1)]


def test_every_term_must_be_in_one_post_and_the_worst_decides(member: Member) -> None:
    keep(member, "hotel food", "hotels food", "hotel", number=1)
    answer = find_public(member.organisation_id, Wanted("food hotel"))
    assert [(hit.number, hit.grade) for hit in answer.hits] == [(1, Grade.WHOLE), (2, Grade.BEGINNING)]


def test_a_title_is_found_and_no_quotation_runs_from_it_into_the_text(member: Member) -> None:
    keep(member, "letter to the minister", number=1, title="An open")
    assert found(member, "open letter") == [(1, 1)]
    assert found(member, '"open letter"') == []


def test_answers_are_narrowed(member: Member) -> None:
    first, later = (date(2020, 9, 18),) * 2, (date(2021, 1, 1), date(2021, 12, 31))
    one = keep(member, "camp one", "camp two", "camp", number=1, days=(first, later), author="Ana Invented, Élan")
    keep(member, "camp", number=2, kind="text", author="Somebody Else")
    assert found(member, "camp", since=date(2021, 6, 1)) == [(1, 2)]
    assert found(member, "camp", until=date(2020, 9, 18)) == [(1, 1)]
    assert found(member, "camp", since=date(2020, 9, 19), until=date(2020, 12, 31)) == []
    assert found(member, "camp", author="elan") == [(1, 2), (1, 1), (1, 3)]
    assert found(member, "camp", author="invented") == [(1, 2), (1, 1), (1, 3)]
    assert found(member, kinds=frozenset({"text"})) == [(2, 1)]
    assert found(member, "camp", source=one.handle) == [(1, 2), (1, 1), (1, 3)]
    Passage.objects.create(
        source=one, number=2, start=0, end=4, quote="camp", prefix="", suffix=" two", at=AT, by=member
    )
    assert found(member, "camp", cited=True) == [(1, 2)]
    assert found(member, "camp", cited=False) == [(1, 1), (1, 3), (2, 1)]


def test_a_timeline_counts_what_is_known_of_when(office: builders.Office, member: Member) -> None:
    day, year = (date(2020, 9, 18),) * 2, (date(2020, 1, 1), date(2020, 12, 31))
    keep(member, "camp", "camps", "camp", "camp", "other", number=1, days=(day, year, day, None, day))
    when = of_found(office.guardian.actor, Wanted("camp"))
    assert [(one.first, one.last, one.count) for one in when.spans] == [(*year, 1), (*day, 2)]
    assert [one.number for one in when.dated] == [2, 1, 3, 4]
    assert (when.undated, when.total) == (1, 4)
    assert len(of_found(office.guardian.actor, Wanted("camp"), most=2).dated) == 2


def test_pages_follow_one_another_and_each_says_how_many_there_are(member: Member) -> None:
    keep(member, *["camp"] * 5, number=1)
    pages = [find_public(member.organisation_id, Wanted("camp"), first=first, most=2) for first in (0, 2, 4, 6)]
    assert [[hit.number for hit in page.hits] for page in pages] == [[1, 2], [3, 4], [5], []]
    assert {page.total for page in pages} == {5}


def test_what_is_of_another_organisation_or_in_confidence_is_not_found(member: Member) -> None:
    source = keep(member, "camp", number=1)
    assert find_public(member.organisation_id + 1, Wanted("camp")).total == 0
    Source.objects.filter(pk=source.pk).update(
        plane="sealed", sha256=None, length=None, mark=b"m" * 32, team=Team.objects.get()
    )
    assert found(member, "camp") == []


@pytest.mark.parametrize("asked", ["", "  ", "🧡", '""', "…!"])
def test_nothing_to_look_for_is_said(asked: str) -> None:
    with pytest.raises(Nothing):
        Wanted(asked)


@pytest.mark.parametrize("asked", ["word " * 201, " ".join(f"w{n}" for n in range(17))])
def test_too_much_at_once_is_said(asked: str) -> None:
    with pytest.raises(TooMuch):
        Wanted(asked)


@pytest.mark.parametrize(
    "asked", ['camp" OR "x', "camp*", "camp) OR (x", "camp' --", "NEAR(camp x)", "%", "text:camp x"]
)
def test_no_sign_in_what_is_asked_means_anything_to_a_database(member: Member, asked: str) -> None:
    keep(member, "camp", number=1)
    try:
        assert found(member, asked) in ([], [(1, 1)])
        assert (found(member, asked) == [(1, 1)]) == (grade(fold("camp"), terms(asked)) is not None)
    except Nothing:
        assert not fold(asked)


LETTERS = st.text(st.sampled_from("abcABcéß 'الهکيى\u200cأሰብሀ庇护 হি."), max_size=14)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LETTERS, min_size=1, max_size=5), st.text(st.sampled_from('abAéالهکيىأሰብ庇护হি"  '), max_size=7))
def test_a_database_finds_what_memory_finds(member: Member, texts: list[str], asked: str) -> None:
    Source.objects.all().delete()
    keep(member, *texts, number=1)
    try:
        wanted = Wanted(asked)
    except Nothing:
        return
    graded = [(grade(index.folded("", text), wanted.terms), at + 1) for at, text in enumerate(texts)]
    assert [(hit.grade, hit.number) for hit in find_public(member.organisation_id, wanted).hits] == sorted(
        (one, number) for one, number in graded if one is not None
    )


def test_what_changes_is_found_anew(member: Member) -> None:
    post = keep(member, "camp napierbarracks", number=1).posts.get()
    keep(member, "camp", number=2)
    index.put([index.Entry(post.pk, "", "camp ████", "")])
    assert found(member, "napierbarracks") == []
    assert found(member, "camp") == [(1, 1), (2, 1)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # raises where index and rows differ
            cursor.execute(f"INSERT INTO {index.NAME} ({index.NAME}, rank) VALUES ('integrity-check', 1)")


def test_what_is_new_is_put_in_without_writing_the_index_anew(member: Member) -> None:
    with CaptureQueriesContext(connection) as asked:
        keep(member, "camp", number=1)
    said = [one["sql"] for one in asked.captured_queries if "archive_" in one["sql"]]
    assert any("archive_findable" in one for one in said)
    assert not any("optimize" in one or one.startswith("UPDATE") for one in said)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server keeps its files to itself")
def test_a_removed_source_leaves_nothing_in_the_file() -> None:
    member = builders.office().guardian.member
    source = keep(member, "around 鿋 nothing else", number=1)
    keep(member, "around", number=2)

    def in_the_file() -> bool:
        return "鿋".encode() in Path(connection.settings_dict["NAME"]).read_bytes()

    assert in_the_file()
    source.delete()
    assert in_the_file(), "FTS5 forgot it by itself: then nobody has to tidy"
    index.tidy()
    assert not in_the_file()
    assert found(member, "around") == [(2, 1)]
    assert Findable.objects.count() == 1
