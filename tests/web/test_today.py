"""Today, as a browser sees it: what is due, why, and in which order."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from safeconduct.accounts.keys import today
from safeconduct.agenda.models import Item
from safeconduct.casework.actions import deadlines
from safeconduct.casework.actions.events import log_event
from safeconduct.casework.actions.tasks import add_task
from safeconduct.casework.models import Case
from safeconduct.casework.queries import visible
from safeconduct.casework.schedule import rebuild
from safeconduct.core.calendar.days import Nation, working_days
from safeconduct.journal.models import Act, Entry
from safeconduct.web.desk.day.today import ROWS
from tests import builders
from tests.builders import Colleague, Office
from tests.support.case_pages import days_ago, text

pytestmark = pytest.mark.django_db

DAYS = working_days(Nation.ENGLAND_AND_WALES)


@pytest.fixture
def worker(place: Office) -> Colleague:
    return builders.member(place)


def look(browser: Client, **query: str) -> str:
    answer = browser.get(reverse("today"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def sections(page: str) -> dict[str, int]:
    """The headings, with how many rows stand under each."""
    found = {}
    for part in page.split('<section class="group">')[1:]:
        title = re.search(r"<h2>(.*?) <span", part)
        assert title
        found[title[1]] = part.count("data-row")
    return found


def links(page: str) -> list[str]:
    return [url.replace("&amp;", "&") for url in re.findall(r'class="row-link" href="([^"]+)"', page)]


class TestRows:
    def test_a_row_shows_a_given_name_and_an_initial_only(self, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker, "Fatima Rahimi"), sent_on=days_ago(60), reference="IM/0188")
        page = look(worker.client)
        assert "Fatima R." in text(page.encode())
        assert "Rahimi" not in page
        assert "IM/0188" in page
        title = re.search("<title>(.*?)</title>", page, re.DOTALL)
        assert title
        assert "Fatima" not in title[1]

    def test_a_late_letter_says_by_how_much_and_that_it_was_never_chased(self, worker: Colleague) -> None:
        sent = DAYS.add(days_ago(60), 0)
        made = builders.case(worker, builders.person(worker), sent_on=sent)
        ends = Item.objects.get(case=made.handle).day
        late = DAYS.between(ends, today())
        said = text(look(worker.client).encode())
        assert f"No reply, {late} working days past the standard. First chase." in said
        assert "95% of MPs&#x27; letters in 20 working days" in said
        assert "Stated January 2023, not confirmed since" in said
        assert "That day is not known here, so the day it was sent is day 0." in said

    def test_a_holding_reply_is_told_and_changes_nothing(self, worker: Colleague) -> None:
        made = builders.case(worker, builders.person(worker), sent_on=days_ago(60))
        builders.event(worker, made, "holding_reply", days_ago(50), shape="outside_standards")
        page = look(worker.client)
        assert sections(page) == {"Late": 1}
        assert "Only a holding reply so far." in text(page.encode())

    def test_without_a_standard_nothing_is_late(self, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker), sent_on=days_ago(90), route="migrant_help")
        page = look(worker.client)
        assert sections(page) == {"To follow up": 1}
        assert "late" not in text(page.encode()).lower().split("due")[0]
        assert "past the standard" not in page
        assert "no standard is published" in page

    def test_a_limit_of_the_law_sends_to_the_solicitor(self, worker: Colleague) -> None:
        made = builders.case(worker, builders.person(worker))
        deadlines.set_deadline(
            by=worker.actor, case=made, rule="ast.appeal", on=days_ago(0), nation="england-and-wales"
        )
        Item.objects.exclude(kind="act_by").delete()
        Item.objects.update(day=today())
        page = look(worker.client)
        assert "Act by today" in sections(page)
        said = text(page.encode())
        assert "Check with the solicitor" in said
        assert "It can be read in more than one way." in said
        assert "this office gives no legal advice" in said

    def test_an_unconfirmed_rule_says_so_in_its_row(self, worker: Colleague) -> None:
        made = builders.case(worker, builders.person(worker))
        deadlines.set_deadline(by=worker.actor, case=made, rule="s120", on=days_ago(30), nation="england-and-wales")
        assert "Nobody has checked this against the law yet." in look(worker.client)

    def test_a_person_nobody_told_waits_for_the_office(self, worker: Colleague) -> None:
        made = builders.case(worker, builders.person(worker), sent_on=days_ago(60))
        builders.event(worker, made, "answered", days_ago(9))
        page = look(worker.client)
        assert sections(page) == {"People to tell": 1}
        assert "Answered 9 days ago; nobody has logged telling them" in page

    def test_what_comes_soon_stands_apart(self, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker), came_in_on=today())
        page = look(worker.client)
        assert sections(page) == {"Coming up": 1}
        assert "no letter has gone out yet" in page

    def test_another_teams_rows_are_not_there(self, place: Office, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker, "Fatima Rahimi"), sent_on=days_ago(60))
        stranger = builders.member(place, "Other Team", team=builders.team(place))
        page = look(stranger.client)
        assert sections(page) == {}
        assert "Fatima" not in page

    def test_a_name_in_its_own_script_is_isolated(self, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker, "محمد رحیمی"), sent_on=days_ago(60))
        assert re.search(r'<bdi class="name[^>]*dir="auto"[^>]*>محمد ر\.</bdi>', look(worker.client))

    def test_reading_is_in_the_log_before_the_names_are(self, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker), sent_on=days_ago(60))
        before = Entry.objects.filter(act=Act.LISTED).count()
        look(worker.client)
        [page] = Entry.objects.filter(act=Act.LISTED).order_by("pk")[before:]
        assert (page.count, page.member, page.label) == (1, worker.member.handle, None)

    @pytest.mark.parametrize("address", ["today", "cases"])
    def test_a_page_is_one_entry_and_as_few_questions_for_many_rows_as_for_one(
        self, worker: Colleague, address: str
    ) -> None:
        asked, browser = [], worker.client
        browser.get(reverse("promise"))  # the first page of a session looks at the log and at keys as well
        for rows in (1, 6):
            while visible(worker.actor).count() < rows:
                builders.case(worker, builders.person(worker), sent_on=days_ago(60))
            before = Entry.objects.filter(act=Act.LISTED).count()
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(reverse(address)).status_code == 200
            assert Entry.objects.filter(act=Act.LISTED).count() == before + 1
            asked.append(len(captured))
        one, six = asked
        assert six <= one
        # Beginning and ending the transaction of the entry are two of them.
        assert six <= 28

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps statistics, and plans by them")
    def test_no_question_of_a_page_reads_all_that_a_team_has(self, worker: Colleague) -> None:
        """SQLite takes "of this team" for a narrow question, whatever the team has: rows are found by their handles."""
        builders.case(worker, builders.person(worker), sent_on=days_ago(60))
        browser = worker.client
        with CaptureQueriesContext(connection) as captured:
            look(browser)
        plans = []
        for one in captured.captured_queries:
            if one["sql"].startswith("SELECT"):
                with connection.cursor() as cursor:
                    cursor.execute("EXPLAIN QUERY PLAN " + one["sql"])
                    plans += [row[-1] for row in cursor.fetchall()]
        said = [plan for plan in plans if "casework_case" in plan or "people_wrap" in plan]
        assert said
        for plan in said:
            assert plan.startswith("SEARCH")
            assert "(team_id=?)" not in plan
            assert "(organisation_id=?)" not in plan


class TestEmpty:
    def test_a_new_desk_shows_its_first_steps(self, place: Office) -> None:
        said = text(look(place.guardian.client).encode())
        for step in ("Bring in the sheet you keep", "Add a person", "Add your colleagues", "Read what is protected"):
            assert step in said

    def test_only_a_guardian_is_told_to_add_colleagues(self, worker: Colleague) -> None:
        assert "Add your colleagues" not in look(worker.client)

    def test_with_nothing_due_it_says_what_comes_next(self, worker: Colleague) -> None:
        builders.case(worker, builders.person(worker), sent_on=today())
        builders.case(worker, builders.person(worker), sent_on=today())
        said = text(look(worker.client).encode())
        assert "Nothing is due" in said
        assert ": 2 letters reach their standard." in said
        assert "First steps" not in said

    def test_with_no_day_ahead_it_says_how_a_clock_starts(self, worker: Colleague) -> None:
        made = builders.case(worker, builders.person(worker))
        builders.closed(worker.actor, made)
        assert "A clock starts when a letter is logged as sent." in look(worker.client)


class TestFilters:
    @pytest.fixture
    def busy(self, worker: Colleague) -> None:
        about = builders.person(worker)
        builders.case(worker, about, reference="IM/1", sent_on=days_ago(60), worker=worker.member)
        builders.case(worker, about, reference="IM/2", sent_on=days_ago(60), kind="family")
        builders.case(worker, about, reference="IM/3", came_in_on=days_ago(20))

    @pytest.mark.parametrize(
        ("query", "references"),
        [
            ({}, {"IM/1", "IM/2", "IM/3"}),
            ({"worker": "mine"}, {"IM/1"}),
            ({"worker": "nobody"}, {"IM/2", "IM/3"}),
            ({"topic": "family"}, {"IM/2"}),
            ({"kind": "answer"}, {"IM/3"}),
            ({"worker": "nobody", "kind": "reply_due"}, {"IM/2"}),
            ({"worker": "ffffffffffffffffffffffffffffffff", "topic": "unheard of"}, {"IM/1", "IM/2", "IM/3"}),
        ],
    )
    @pytest.mark.usefixtures("busy")
    def test_they_keep_what_they_say(self, worker: Colleague, query: dict[str, str], references: set[str]) -> None:
        assert set(re.findall(r"IM/\d", look(worker.client, **query))) == references

    @pytest.mark.usefixtures("busy")
    def test_each_one_can_be_taken_away_again(self, worker: Colleague) -> None:
        page = look(worker.client, worker="mine", topic="asylum")
        chips = re.findall(r'class="chip" href="([^"]+)"', page)
        assert {urlsplit(url).query for url in chips} == {"worker=mine", "topic=asylum"}
        assert "Clear all" in page
        assert 'class="chip"' not in look(worker.client)

    @pytest.mark.usefixtures("busy")
    def test_a_colleagues_rows_by_their_handle(self, place: Office, worker: Colleague) -> None:
        page = look(place.guardian.client, worker=worker.member.handle.hex)
        assert set(re.findall(r"IM/\d", page)) == {"IM/1"}
        assert "Who works on it: Lowri Worker" in text(page.encode())

    @pytest.mark.usefixtures("busy")
    def test_rows_carry_their_place_and_filters_in_open_facts(self, worker: Colleague) -> None:
        [url] = links(look(worker.client, worker="mine"))
        assert parse_qs(urlsplit(url).query) == {"queue": ["today"], "at": ["0"], "worker": ["mine"]}


def test_a_long_list_has_pages(worker: Colleague) -> None:
    about = builders.person(worker)
    made = builders.case(worker, about, sent_on=days_ago(60))
    [item] = Item.objects.filter(case=made.handle)
    for _ in range(ROWS):
        builders.case(worker, about, sent_on=days_ago(60))
    browser = worker.client
    first, second = look(browser), look(browser, page="2")
    assert (len(links(first)), len(links(second))) == (ROWS, 1)
    assert f"at={ROWS}" in links(second)[0]
    assert f"1 to {ROWS} of {ROWS + 1}" in text(first.encode())
    assert look(browser, page="99").count("data-row") == 1
    assert look(browser, page="x").count("data-row") == ROWS
    assert item.kind == "reply_due"


@pytest.mark.parametrize("rows", [1, 12])
def test_the_queries_do_not_grow_with_the_rows(
    worker: Colleague, rows: int, django_assert_max_num_queries: object
) -> None:
    for number in range(rows):
        builders.case(worker, builders.person(worker, f"Person {number}"), sent_on=days_ago(60))
    browser = worker.client
    with django_assert_max_num_queries(32):  # type: ignore[operator]  # a fixture
        look(browser)


class TestSections:
    """Of every kind one thing, in the order in which a morning goes."""

    @pytest.fixture
    def one_of_each(self, worker: Colleague) -> dict[str, Case]:
        about = builders.person(worker, "Fatima Rahimi")

        def case(reference: str, **more: object) -> Case:
            return builders.case(worker, about, reference=reference, **more)  # type: ignore[arg-type]  # passed on

        made = {
            "quiet": case("IM/9", sent_on=days_ago(90)),
            "late": case("IM/7", sent_on=days_ago(60)),
            "follow": case("IM/8", sent_on=days_ago(60), route="migrant_help"),
            "tell": case("IM/3", sent_on=days_ago(60)),
            "answer": case("IM/2", sent_on=days_ago(20)),
            "task": case("IM/5", sent_on=today()),
            "promise": case("IM/4", sent_on=days_ago(20)),
            "act_by": case("IM/1", sent_on=today()),
            "removal": case("IM/0", sent_on=today()),
        }
        builders.event(worker, made["quiet"], "answered", days_ago(80))
        builders.event(worker, made["quiet"], "told_person", days_ago(79))
        builders.event(worker, made["tell"], "answered", days_ago(9))
        builders.event(worker, made["answer"], "holding_reply", days_ago(5), shape="consent_required")
        add_task(by=worker.actor, case=made["task"], kind="ring_back", on=today(), what="the hotel about the heating")
        log_event(
            by=worker.actor,
            case=made["promise"],
            enquiry=builders.enquiry(made["promise"]),
            kind="promised",
            on=days_ago(10),
            until=days_ago(1),
        )
        deadlines.set_deadline(
            by=worker.actor, case=made["act_by"], rule="ftt.iac.appeal.in", on=days_ago(30), nation="england-and-wales"
        )
        Case.objects.filter(pk=made["removal"].pk).update(removal_on=today() + timedelta(days=5))
        rebuild()
        return made

    @pytest.mark.usefixtures("one_of_each")
    def test_they_come_in_their_order(self, worker: Colleague) -> None:
        page = look(worker.client)
        assert [title for title in sections(page) if title != "Coming up"] == [
            "Removal",
            "Act by today",
            "Waiting for you",
            "People to tell",
            "Promised",
            "To do",
            "Late",
            "To follow up",
            "Gone quiet",
        ]
        references = re.findall(r"IM/\d", re.split("Coming up", page)[0])
        assert list(dict.fromkeys(references)) == [f"IM/{number}" for number in (0, 1, 2, 3, 4, 5, 7, 8, 9)]

    @pytest.mark.usefixtures("one_of_each")
    def test_a_task_says_what_it_is_and_a_quiet_case_since_when(self, worker: Colleague) -> None:
        said = text(look(worker.client).encode())
        assert "Ring back" in said
        assert "the hotel about the heating" in said
        assert "The last entry is of 79 days ago; nothing else is due on this case" in said
        assert "set for " in said

    @pytest.mark.usefixtures("one_of_each")
    def test_the_words_of_a_task_are_sealed_and_open_under_the_entry_of_the_page(self, worker: Colleague) -> None:
        browser = worker.client
        before = Entry.objects.filter(act=Act.LISTED).count()
        browser.get(reverse("today"))
        assert Entry.objects.filter(act=Act.LISTED).count() == before + 1

    @pytest.mark.parametrize(
        ("kind", "reference"),
        [("removal", 0), ("act_by", 1), ("answer", 2), ("tell", 3), ("promise", 4), ("task", 5), ("silence", 9)],
    )
    @pytest.mark.usefixtures("one_of_each")
    def test_each_kind_can_be_asked_for(self, worker: Colleague, kind: str, reference: int) -> None:
        page = re.split("Coming up", look(worker.client, kind=kind))[0]
        assert set(re.findall(r"IM/\d", page)) == {f"IM/{reference}"}

    def test_a_task_of_somebody_elses_is_theirs(
        self, place: Office, worker: Colleague, one_of_each: dict[str, Case]
    ) -> None:
        case = one_of_each["late"]
        add_task(by=worker.actor, case=case, kind="send", on=today(), what="papers", worker=place.guardian.member)
        assert "papers" in look(place.guardian.client, worker="mine", kind="task")
        assert "papers" not in look(worker.client, worker="mine", kind="task")
        assert "Sian Guardian" in text(look(worker.client, kind="task").encode())


def test_a_list_too_long_to_count_says_more(worker: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.agenda.listing.Listing.count", lambda _self, _most=1000: 1001)
    builders.case(worker, builders.person(worker), sent_on=days_ago(60))
    said = text(look(worker.client).encode())
    assert "More than 1,000 things are due, most pressing first" in said
    assert "1,000+" in said
    assert f"1 to {ROWS} of more than 1000" in said
