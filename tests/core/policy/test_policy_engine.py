"""Who may do what, as a truth table written by hand; and that whatever goes wrong refuses."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cedarpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.core.policy.engine import (
    POLICIES,
    Account,
    Act,
    Case,
    Household,
    Import,
    Member,
    Message,
    Organisation,
    Person,
    PolicyBook,
    Refused,
    Request,
    Resource,
    SealedSource,
    Source,
    Team,
    decide,
    decide_many,
    require,
)

A, B = "organisation-a", "organisation-b"
TEAM, OTHER, FOREIGN = "team-a1", "team-a2", "team-b1"

PLAIN = Member("actor", A, frozenset(), frozenset(), guardian=False, disabled=False, unlocked=True)
CASEWORKER = replace(PLAIN, caseworker_in=frozenset({TEAM}))
LEAD = replace(PLAIN, lead_of=frozenset({TEAM}))
GUARDIAN = replace(PLAIN, guardian=True)
OTHER_CASEWORKER = replace(PLAIN, caseworker_in=frozenset({OTHER}))
OTHER_LEAD = replace(PLAIN, lead_of=frozenset({OTHER}))
ALL_OF_A = replace(PLAIN, caseworker_in=frozenset({TEAM, OTHER}), lead_of=frozenset({TEAM}), guardian=True)
ALL_OF_B = Member("actor", B, frozenset({FOREIGN}), frozenset({FOREIGN}), guardian=True, disabled=False, unlocked=True)

PERSON = Person("person", A, frozenset({TEAM}))
CASE = Case("case", A, frozenset({TEAM}))
HOUSEHOLD = Household("household", A, frozenset({TEAM}))
MESSAGE = Message("message", A, frozenset({TEAM}))
SOURCE = Source("source", A, "colleague")
OWN_SOURCE = Source("own source", A, "actor")
IN_CONFIDENCE = SealedSource("sealed source", A, frozenset({TEAM}))
THE_TEAM = Team(TEAM, A)
THEIRS = Import("import", A, TEAM, "colleague")
OWN = Import("import", A, TEAM, "actor")
HOUSE = Organisation(A)
COLLEAGUE = Account("colleague", A)
SELF = Account("actor", A)

ROLES = {
    "caseworker": CASEWORKER,
    "lead": LEAD,
    "guardian": GUARDIAN,
    "other_caseworker": OTHER_CASEWORKER,
    "other_lead": OTHER_LEAD,
    "plain": PLAIN,
}
IN_TEAM = {"caseworker", "lead"}

TABLE: list[tuple[Act, Resource, set[str]]] = [
    (Act.OPEN_PERSON, PERSON, IN_TEAM),
    (Act.CHANGE_PERSON, PERSON, IN_TEAM),
    (Act.OPEN_CASE, CASE, IN_TEAM),
    (Act.CHANGE_CASE, CASE, IN_TEAM),
    (Act.LOG_EVENT, CASE, IN_TEAM),
    (Act.OPEN_HOUSEHOLD, HOUSEHOLD, IN_TEAM),
    (Act.CHANGE_HOUSEHOLD, HOUSEHOLD, IN_TEAM),
    (Act.MERGE, PERSON, IN_TEAM),
    (Act.OPEN_LOG, PERSON, IN_TEAM),
    (Act.OPEN_LOG, HOUSEHOLD, IN_TEAM),
    (Act.OPEN_LOG, CASE, IN_TEAM),
    (Act.EXPORT_PAPER, PERSON, IN_TEAM),
    (Act.EXPORT_PAPER, CASE, IN_TEAM),
    (Act.OPEN_HISTORY, PERSON, IN_TEAM),
    (Act.OPEN_HISTORY, CASE, IN_TEAM),
    (Act.OPEN_HISTORY, HOUSEHOLD, IN_TEAM),
    (Act.STRIKE_HISTORY, PERSON, {"lead"}),
    (Act.STRIKE_HISTORY, CASE, {"lead"}),
    (Act.STRIKE_HISTORY, HOUSEHOLD, {"lead"}),
    (Act.ASK_ERASURE, PERSON, IN_TEAM),
    (Act.ASK_ERASURE, CASE, IN_TEAM),
    (Act.ASK_ERASURE, HOUSEHOLD, IN_TEAM),
    (Act.ERASE, PERSON, {"lead"}),
    (Act.ERASE, CASE, {"lead"}),
    (Act.ERASE, HOUSEHOLD, {"lead"}),
    (Act.LIST_CERTIFICATES, HOUSE, set(ROLES)),
    (Act.LIST_PEOPLE, THE_TEAM, IN_TEAM),
    (Act.LIST_AGENDA, THE_TEAM, IN_TEAM),
    (Act.BRING_IN, THE_TEAM, IN_TEAM),
    (Act.UNDO_BRING_IN, THEIRS, {"lead"}),
    (Act.UNDO_BRING_IN, OWN, IN_TEAM),
    (Act.CHANGE_MEMBERSHIP, THE_TEAM, {"lead", "guardian"}),
    (Act.INVITE_MEMBER, HOUSE, {"guardian"}),
    (Act.CREATE_TEAM, HOUSE, {"guardian"}),
    (Act.SET_OFFICE_DAYS, HOUSE, {"guardian"}),
    (Act.DISABLE_MEMBER, COLLEAGUE, {"guardian"}),
    (Act.OPEN_ORGANISATION_LOG, HOUSE, {"guardian"}),
    (Act.EXPORT_LOG, HOUSE, {"guardian"}),
    (Act.SET_TRIPWIRE, HOUSE, {"guardian"}),
    (Act.ANSWER_ALARM, HOUSE, {"guardian"}),
    (Act.CHANGE_OWN_PASSPHRASE, SELF, set(ROLES)),
    (Act.CHANGE_OWN_PASSPHRASE, COLLEAGUE, set()),
    (Act.CHANGE_OWN_FACTORS, SELF, set(ROLES)),
    (Act.CHANGE_OWN_FACTORS, COLLEAGUE, set()),
    (Act.REMOVE_FACTORS, COLLEAGUE, {"guardian"}),
    (Act.SET_LEAVE, COLLEAGUE, {"guardian"}),
    (Act.SET_GUARDIAN, COLLEAGUE, {"guardian"}),
    (Act.RENEW_KEYS, THE_TEAM, IN_TEAM),
    (Act.MAKE_KITS, HOUSE, {"guardian"}),
    (Act.TRY_KITS, HOUSE, {"guardian"}),
    (Act.OPEN_OWN_KIT, SELF, {"guardian"}),
    (Act.OPEN_OWN_KIT, COLLEAGUE, set()),
    (Act.STOP_RECOVERY, HOUSE, set(ROLES)),
    (Act.TAKE_IN_MAIL, THE_TEAM, IN_TEAM),
    (Act.OPEN_MESSAGE, MESSAGE, IN_TEAM),
    (Act.FILE_MESSAGE, MESSAGE, IN_TEAM),
    (Act.EXPORT_PAPER, MESSAGE, IN_TEAM),
    (Act.OPEN_LOG, MESSAGE, IN_TEAM),
    (Act.ASK_ERASURE, MESSAGE, IN_TEAM),
    (Act.ERASE, MESSAGE, {"lead"}),
    (Act.OPEN_DIRECTORY, THE_TEAM, IN_TEAM),
    (Act.CHANGE_DIRECTORY, THE_TEAM, IN_TEAM),
    (Act.READ_ARCHIVE, HOUSE, set(ROLES)),
    (Act.TAKE_IN_SOURCE, HOUSE, set(ROLES)),
    (Act.WATCH_SOURCE, SOURCE, set(ROLES)),
    (Act.WATCH_DUE, SOURCE, set(ROLES)),
    (Act.MASK_SOURCE, SOURCE, set(ROLES)),
    (Act.CITE_SOURCE, SOURCE, set(ROLES)),
    (Act.HAND_OVER_SOURCE, SOURCE, set(ROLES)),
    (Act.REMOVE_SOURCE, SOURCE, {"guardian"}),
    (Act.REMOVE_SOURCE, OWN_SOURCE, set(ROLES)),
    (Act.TAKE_IN_CONFIDENCE, THE_TEAM, IN_TEAM),
    (Act.OPEN_SEALED_SOURCE, IN_CONFIDENCE, IN_TEAM),
    (Act.CHANGE_SEALED_SOURCE, IN_CONFIDENCE, IN_TEAM),
    (Act.HAND_OVER_SEALED_SOURCE, IN_CONFIDENCE, {"lead"}),
    (Act.REMOVE_SEALED_SOURCE, IN_CONFIDENCE, {"lead"}),
    (Act.OPEN_NOTES, THE_TEAM, IN_TEAM),
    (Act.CHANGE_NOTES, THE_TEAM, IN_TEAM),
    (Act.ASSIGN, THE_TEAM, {"lead"}),
    (Act.SEE_LOAD, THE_TEAM, {"lead"}),
    (Act.EXPORT_OFFICE, THE_TEAM, {"lead"}),
    (Act.SET_COVER, SELF, set(ROLES)),
    (Act.SET_COVER, COLLEAGUE, {"guardian"}),
    (Act.MAKE_FEED, SELF, set(ROLES)),
    (Act.MAKE_FEED, COLLEAGUE, set()),
]
ROWS = [
    pytest.param(act, resource, id=f"{act}-{type(resource).__name__}-{n}") for n, (act, resource, _) in enumerate(TABLE)
]
CELLS = [
    pytest.param(act, resource, role, role in may, id=f"{act}-{n}-{role}")
    for n, (act, resource, may) in enumerate(TABLE)
    for role in ROLES
]
SEALED = [(act, resource) for act, resource, may in TABLE if may <= IN_TEAM and may]


def test_the_table_has_every_act() -> None:
    assert {act for act, _, _ in TABLE} == set(Act)


@pytest.mark.parametrize(("act", "resource", "role", "expected"), CELLS)
def test_each_role_may_exactly_this(act: Act, resource: Resource, role: str, expected: bool) -> None:
    decision = decide(Request(ROLES[role], act, resource))
    assert decision.errors == ()
    assert decision.allowed is expected
    assert bool(decision.policies) or not expected


@pytest.mark.parametrize(("act", "resource"), ROWS)
def test_a_disabled_member_may_nothing(act: Act, resource: Resource) -> None:
    decision = decide(Request(replace(ALL_OF_A, disabled=True), act, resource))
    assert not decision.allowed
    assert "member-disabled" in decision.policies
    assert decision.errors == ()


@pytest.mark.parametrize(("act", "resource"), ROWS)
def test_a_locked_session_may_nothing_but_what_was_asked_for_before(act: Act, resource: Resource) -> None:
    decision = decide(Request(replace(ALL_OF_A, unlocked=False), act, resource))
    assert decision.allowed == (act == Act.WATCH_DUE)
    assert ("session-locked" in decision.policies) != decision.allowed
    assert decision.errors == ()


@pytest.mark.parametrize(("act", "resource"), ROWS)
def test_another_organisation_may_nothing_even_if_a_fact_says_it_is_in_the_team(act: Act, resource: Resource) -> None:
    in_both = replace(ALL_OF_B, caseworker_in=frozenset({FOREIGN, TEAM}), lead_of=frozenset({FOREIGN, TEAM}))
    for actor in (ALL_OF_B, in_both):
        decision = decide(Request(actor, act, resource))
        assert not decision.allowed
        assert "another-organisation" in decision.policies
        assert decision.errors == ()


@pytest.mark.parametrize(("act", "resource"), SEALED)
def test_a_guardian_outside_the_team_opens_nothing_sealed(act: Act, resource: Resource) -> None:
    decision = decide(Request(replace(GUARDIAN, caseworker_in=frozenset({OTHER})), act, resource))
    assert not decision.allowed
    assert "not-in-holding-team" in decision.policies


def test_who_left_the_team_undoes_nothing_there() -> None:
    assert decide(Request(CASEWORKER, Act.UNDO_BRING_IN, OWN)).allowed
    assert not decide(Request(OTHER_CASEWORKER, Act.UNDO_BRING_IN, OWN)).allowed


def test_a_guardian_of_the_holding_team_confirms_an_erasure_and_a_caseworker_of_it_does_not() -> None:
    both = replace(CASEWORKER, guardian=True)
    for resource in (PERSON, CASE, HOUSEHOLD):
        assert decide(Request(both, Act.ERASE, resource)).policies == ("guardian-of-the-team-confirms-erasure",)
        assert not decide(Request(CASEWORKER, Act.ERASE, resource)).allowed


def test_a_guardian_who_is_no_lead_strikes_no_history() -> None:
    both = replace(CASEWORKER, guardian=True)
    for resource in (PERSON, CASE, HOUSEHOLD):
        assert decide(Request(both, Act.OPEN_HISTORY, resource)).allowed
        assert not decide(Request(both, Act.STRIKE_HISTORY, resource)).allowed


def test_a_record_held_by_several_teams_opens_to_each() -> None:
    shared = Person("person", A, frozenset({TEAM, OTHER}))
    for actor in (CASEWORKER, OTHER_CASEWORKER, OTHER_LEAD):
        assert decide(Request(actor, Act.OPEN_PERSON, shared)).allowed
    assert not decide(Request(PLAIN, Act.OPEN_PERSON, shared)).allowed


def test_a_record_no_team_holds_opens_to_nobody() -> None:
    assert not decide(Request(ALL_OF_A, Act.OPEN_PERSON, Person("person", A, frozenset()))).allowed


def test_a_decision_names_the_policies_that_made_it() -> None:
    assert decide(Request(CASEWORKER, Act.OPEN_PERSON, PERSON)).policies == ("works-in-holding-team",)
    assert decide(Request(GUARDIAN, Act.OPEN_PERSON, PERSON)).policies == ("not-in-holding-team",)
    assert decide(Request(CASEWORKER, Act.INVITE_MEMBER, HOUSE)).policies == ()
    both = replace(LEAD, guardian=True)
    assert decide(Request(both, Act.CHANGE_MEMBERSHIP, THE_TEAM)).policies == (
        "guardian-runs-organisation",
        "lead-changes-membership",
    )


def test_require_raises_and_its_words_name_no_handle() -> None:
    assert require(Request(CASEWORKER, Act.OPEN_PERSON, PERSON)).allowed
    with pytest.raises(Refused) as refusal:
        require(Request(GUARDIAN, Act.OPEN_PERSON, PERSON))
    assert str(refusal.value) == "OpenPerson is refused: not-in-holding-team"
    with pytest.raises(Refused, match="InviteMember is refused: nothing permits it"):
        require(Request(CASEWORKER, Act.INVITE_MEMBER, HOUSE))
    with pytest.raises(Refused, match="the policies could not be evaluated") as refusal:
        require(Request(CASEWORKER, Act.OPEN_CASE, PERSON))
    assert PERSON.handle not in str(refusal.value)
    assert refusal.value.decision.errors


def test_many_are_decided_as_one_by_one() -> None:
    resources = [
        PERSON,
        Person("second", A, frozenset({OTHER})),
        Person("third", B, frozenset({TEAM})),
        PERSON,
        Person("fourth", A, frozenset({TEAM, OTHER})),
    ]
    decisions = decide_many(CASEWORKER, Act.OPEN_PERSON, resources)
    assert decisions == [decide(Request(CASEWORKER, Act.OPEN_PERSON, resource)) for resource in resources]
    assert [decision.allowed for decision in decisions] == [True, False, False, True, True]
    assert decide_many(CASEWORKER, Act.OPEN_PERSON, []) == []


def test_two_accounts_of_one_record_refuse() -> None:
    contradiction = [PERSON, replace(PERSON, teams=frozenset({OTHER}))]
    assert [decision.allowed for decision in decide_many(ALL_OF_A, Act.OPEN_PERSON, contradiction)] == [False, False]


def test_a_changed_fact_decides_at_once() -> None:
    """Members are kept parsed; a member who leaves the team is another member to that cache."""
    assert decide(Request(CASEWORKER, Act.OPEN_PERSON, PERSON)).allowed
    assert not decide(Request(replace(CASEWORKER, caseworker_in=frozenset()), Act.OPEN_PERSON, PERSON)).allowed
    assert decide(Request(CASEWORKER, Act.OPEN_PERSON, PERSON)).allowed


def test_one_book_serves_several_threads() -> None:
    requests = [Request(actor, act, resource) for act, resource, _ in TABLE for actor in ROLES.values()]
    alone = [decide(request) for request in requests]
    with ThreadPoolExecutor(4) as pool:
        for together in pool.map(lambda _: [decide(request) for request in requests], range(4)):
            assert together == alone


# --- what is amiss refuses ---


@pytest.mark.parametrize("resource", [CASE, THE_TEAM, HOUSE, SELF, OWN])
def test_an_act_on_the_wrong_kind_of_thing_refuses(resource: Resource) -> None:
    decision = decide(Request(ALL_OF_A, Act.OPEN_PERSON, resource))
    assert (decision.allowed, decision.policies) == (False, ())
    assert all(error and error != "None" for error in decision.errors)
    assert decision.errors


@pytest.mark.parametrize(
    "actor",
    [
        replace(CASEWORKER, guardian="yes"),  # type: ignore[arg-type]
        replace(CASEWORKER, unlocked=None),  # type: ignore[arg-type]
        replace(CASEWORKER, disabled=0),  # type: ignore[arg-type]
        replace(CASEWORKER, organisation=None),  # type: ignore[arg-type]
        replace(CASEWORKER, caseworker_in=frozenset({7})),  # type: ignore[arg-type]
        replace(CASEWORKER, caseworker_in=TEAM, lead_of=None),  # type: ignore[arg-type]
        replace(CASEWORKER, handle=None),  # type: ignore[arg-type]
        None,
    ],
)
def test_facts_of_the_wrong_type_refuse(actor: Member) -> None:
    decision = decide(Request(actor, Act.OPEN_PERSON, PERSON))
    assert (decision.allowed, decision.policies) == (False, ())
    assert all(error and error != "None" for error in decision.errors)
    assert decision.errors


def test_a_thing_without_a_fact_of_its_kind_refuses_even_where_no_policy_asks_for_it() -> None:
    lookalike = type("Account", (), {"handle": "colleague", "organisation": A})()
    assert decide(Request(GUARDIAN, Act.DISABLE_MEMBER, COLLEAGUE)).allowed
    decision = decide(Request(GUARDIAN, Act.DISABLE_MEMBER, lookalike))
    assert (decision.allowed, decision.policies) == (False, ())
    assert decision.errors


@pytest.mark.parametrize("act", ["OpenPersn", "Sealed", "", None])
def test_an_act_nobody_declared_refuses(act: Act) -> None:
    decision = decide(Request(CASEWORKER, act, PERSON))
    assert (decision.allowed, decision.policies) == (False, ())
    assert all(error and error != "None" for error in decision.errors)
    assert decision.errors


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_no_handle_speaks_as_policy(team: str, handle: str) -> None:
    """Handles are data, whatever quotes, braces or line ends they hold."""
    actor = replace(PLAIN, handle=handle, caseworker_in=frozenset({team}))
    assert decide(Request(actor, Act.OPEN_PERSON, Person(handle, A, frozenset({team})))).allowed
    assert not decide(Request(actor, Act.OPEN_PERSON, Person(handle, A, frozenset({f"{team}x"})))).allowed
    assert not decide(Request(actor, Act.OPEN_PERSON, Person(handle, B, frozenset({team})))).allowed


def book_with(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "policies"
    shutil.copytree(POLICIES, folder)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


# Type-correct, so the schema lets it in; and it fails whenever it is evaluated.
FAILING_FORBID = """
@id("fails")
forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };
"""


def test_a_forbid_that_fails_refuses_where_cedar_alone_would_allow(tmp_path: Path) -> None:
    book = PolicyBook.load(book_with(tmp_path, "failing.cedar", FAILING_FORBID))
    decision = book.decide(Request(CASEWORKER, Act.OPEN_PERSON, PERSON))
    assert (decision.allowed, decision.policies) == (False, ())
    assert any("overflow" in error for error in decision.errors)

    # The same policy before Cedar itself: without the rule above, this test would find the request allowed.
    alone = cedarpy.is_authorized(
        {"principal": 'Member::"m"', "action": 'Action::"Open"', "resource": 'Person::"p"', "context": {}},
        f'@id("all") permit (principal, action, resource); {FAILING_FORBID}',
        [],
    )
    assert alone.allowed
    assert alone.diagnostics.errors


def test_a_forbid_that_holds_wins_over_a_hostile_permit(tmp_path: Path) -> None:
    hostile = '@id("hostile") permit (principal, action, resource);'
    book = PolicyBook.load(book_with(tmp_path, "hostile.cedar", hostile))
    assert book.decide(Request(CASEWORKER, Act.INVITE_MEMBER, HOUSE)).allowed  # the permit does work
    for act, resource in SEALED:
        assert not book.decide(Request(GUARDIAN, act, resource)).allowed
    for act, resource, _ in TABLE:
        locked = [] if act == Act.WATCH_DUE else [replace(ALL_OF_A, unlocked=False)]
        for actor in (ALL_OF_B, replace(ALL_OF_A, disabled=True), *locked):
            assert not book.decide(Request(actor, act, resource)).allowed
