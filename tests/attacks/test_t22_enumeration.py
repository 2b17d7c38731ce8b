"""T22: stuffing and enumeration. Nobody learns from signing in who is a member, and guessing gets slower.

Each way of not getting in is compared with a name that nobody has: status, page, headers, the queries and writes the
database is asked for, and the costly steps. Time itself is not measured: the same steps are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from safeconduct.accounts import attempts, codes, security_keys
from safeconduct.accounts.actions import refused_tries, sessions
from safeconduct.accounts.faults import CannotSignIn
from safeconduct.accounts.models import Attempts, Member, RefusalSpan, RefusedTries
from safeconduct.core.sealing import passphrase
from safeconduct.core.sealing.members import KeyPair
from safeconduct.core.sealing.passphrase import Cost
from safeconduct.journal.models import Act, Alarm, Entry
from safeconduct.web.cookies import DEVICE, SESSION
from tests import builders
from tests.builders import PASSPHRASE, Colleague
from tests.support import factors as having
from tests.support.authenticator import Authenticator

pytestmark = pytest.mark.django_db
NOBODY = "nobody.here"
WRONG = "not the passphrase"


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The costly steps taken meanwhile, in their order, with the cost of each stretching."""
    taken: list[object] = []

    def watch(place: object, name: str, said: Callable[..., object]) -> None:
        real = getattr(place, name)

        def step(*args: Any, **named: Any) -> Any:
            taken.append(said(*args))
            return real(*args, **named)

        monkeypatch.setattr(place, name, step)

    with monkeypatch.context() as patched:
        monkeypatch_, monkeypatch = monkeypatch, patched
        watch(passphrase, "stretch", lambda _words, _salt, cost: ("argon2", cost))
        watch(KeyPair, "open_sent", lambda _pair, sealed, _info: ("hpke", len(sealed)))
        watch(codes, "step_of", lambda *_: "codes")
        watch(security_keys, "verify", lambda *_: "signature")
        yield taken
        monkeypatch = monkeypatch_


def asked(queries: CaptureQueriesContext) -> list[str]:
    """The queries without their values: what each does to which table, in order."""
    out = []
    for one in queries.captured_queries:
        text = re.sub(r"'[^']*'|\b\d+\b|X'[0-9a-f]*'|x'[0-9a-f]*'", "?", one["sql"])
        text = text.partition(" VALUES ")[0]
        out.append(re.sub(r"SAVEPOINT .*|\W+", " ", text)[:200])
    return out


def with_state(place: builders.Office, state: str) -> Colleague:
    gone = builders.member(place, f"Gone {state}")
    Member.objects.filter(pk=gone.member.pk).update(state=state)
    return gone


@pytest.fixture
def ways() -> dict[str, dict[str, str]]:
    """Every way of not getting in, by what is wrong; the form a browser sends."""
    place = builders.office()
    plain, with_code, with_key = (builders.member(place, name) for name in ("Una Plain", "Cai Codes", "Kit Keys"))
    secret = having.add_codes(with_code.client)
    having.add_key(with_key.client)
    out = {
        "unknown": {"sign_in": NOBODY, "passphrase": PASSPHRASE},
        "wrong passphrase": {"sign_in": plain.member.sign_in, "passphrase": WRONG},
        "wrong passphrase, right code": {
            "sign_in": with_code.member.sign_in, "passphrase": WRONG, "code": having.code(secret)
        },
        "no code": {"sign_in": with_code.member.sign_in, "passphrase": PASSPHRASE},
        "wrong code": {"sign_in": with_code.member.sign_in, "passphrase": PASSPHRASE, "code": "000000"},
        "no key": {"sign_in": with_key.member.sign_in, "passphrase": PASSPHRASE},
    }  # fmt: skip
    for state in Member.State.values:
        if state != Member.State.ACTIVE:
            out[state] = {"sign_in": with_state(place, state).member.sign_in, "passphrase": PASSPHRASE}
    return out


def seen(form: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    """Everything somebody outside, or with a stopwatch, could tell one refusal from another by."""
    browser = having.by_name(Client())
    Attempts.objects.all().delete()  # each is the first try at its name; later ones are compared below
    with counted(monkeypatch) as steps, CaptureQueriesContext(connection) as queries:
        answer = browser.post(reverse("sign-in"), form)
    assert SESSION not in browser.cookies
    body = re.sub(r'name="csrfmiddlewaretoken"[^>]*', "", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Content-Length")}
    return (
        answer.status_code,
        body.replace(form["sign_in"], "NAME"),
        headers,
        sorted(browser.cookies),
        asked(queries),
        list(steps),
    )


def test_every_refusal_is_one_and_the_same(ways: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = seen(ways.pop("unknown"), monkeypatch)
    kinds = [step[0] if isinstance(step, tuple) else step for step in unknown[-1]]  # type: ignore[union-attr,attr-defined]
    assert kinds == ["argon2", "hpke", "codes"]
    assert any("INSERT INTO journal_entry" in one for one in unknown[-2])  # type: ignore[attr-defined]
    for why, form in ways.items():
        for told, expected in zip(seen(form, monkeypatch), unknown, strict=True):
            assert told == expected, why


def test_a_security_keys_answer_is_verified_whoever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    place = builders.office()
    kit = builders.member(place, "Kit Keys")
    key, stranger = having.add_key(kit.client), Authenticator()
    told = []
    for name, words, one in (
        (NOBODY, PASSPHRASE, key),
        (NOBODY, PASSPHRASE, stranger),
        (kit.member.sign_in, WRONG, key),
        (kit.member.sign_in, PASSPHRASE, stranger),
        (place.guardian.member.sign_in, WRONG, key),
    ):
        answer = one.get(having.asked_to_sign_in(Client()))
        told.append(seen({"sign_in": name, "passphrase": words, **answer}, monkeypatch))
    assert all(one == told[0] for one in told)
    assert "signature" in told[0][-1]  # type: ignore[operator]


def test_the_control_a_refusal_that_writes_less_is_noticed(
    ways: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = seen(ways["unknown"], monkeypatch)
    real = sessions._refuse
    monkeypatch.setattr(sessions, "_refuse", lambda office, member: real(office, member) if member else None)
    assert seen({**ways["unknown"], "sign_in": "another.nobody"}, monkeypatch)[-2] != unknown[-2]


def test_the_challenge_is_the_same_for_everybody() -> None:
    place = builders.office()
    empty = having.asked_to_sign_in(Client())
    having.add_key(place.guardian.client)
    after = having.asked_to_sign_in(Client())
    for one in (empty, after):
        one.pop("token")
        one["publicKey"].pop("challenge")
    assert empty == after


def test_a_second_try_is_the_same_again() -> None:
    builders.office()
    told = []
    for name in (NOBODY, "sian"):
        Attempts.objects.all().delete()
        browser = Client()
        attempt(name)
        with CaptureQueriesContext(connection) as queries:
            browser.post(reverse("sign-in"), {"sign_in": name, "passphrase": WRONG})
        told.append(asked(queries))
    assert told[0] == told[1]


def test_a_lock_of_another_cost_is_brought_to_the_offices_at_the_next_sign_in(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    builders.office()
    settings.PASSPHRASE_COST = (16, 1, 1)
    for words, cost in ((WRONG, Cost(8, 1, 1)), (PASSPHRASE, None), (WRONG, Cost(16, 1, 1))):
        with counted(monkeypatch) as steps:
            attempt("sian", words)
        if cost:
            assert steps[0] == ("argon2", cost)
    assert attempt("sian", PASSPHRASE) == 302


# Growing the log


def test_however_many_tries_are_refused_the_log_grows_by_a_few_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    place = builders.office()
    lowri = builders.member(place, "Lowri Refused")
    monkeypatch.setattr(refused_tries, "OWN_ENTRIES", 3)
    monkeypatch.setattr(refused_tries, "TELL_FROM", 10)
    refused = Entry.objects.filter(act=Act.SIGN_IN_REFUSED).order_by("id")
    for at in range(20):
        attempt(f"made-up-{at}")
    attempt(lowri.member.sign_in)
    assert [one.count for one in refused] == [1, 1, 1]
    # The hour is over: the next try writes down what was counted, each name of the staff by itself.
    RefusalSpan.objects.update(began_at=datetime.now(UTC) - refused_tries.SPAN)
    attempt("made-up-again")
    assert [(one.member, one.count) for one in refused.all()[3:]] == [(None, 17), (lowri.member.handle, 1), (None, 1)]
    assert not RefusedTries.objects.exists()
    desk = place.guardian.client
    assert "17 times" in desk.get(reverse("log")).content.decode()
    [alarm] = Alarm.objects.all()
    assert (alarm.kind, alarm.count) == (Alarm.Kind.TRIES, 18)
    assert "refused 18 more times" in desk.get(reverse("alarms")).content.decode()
    assert desk.post(reverse("alarm-answer", args=[alarm.handle])).status_code == 302
    assert "1 alarm" not in desk.get("/").content.decode()


def test_what_was_counted_is_in_the_log_before_anybody_reads_it_or_works(monkeypatch: pytest.MonkeyPatch) -> None:
    place = builders.office()
    desk = place.guardian.client
    monkeypatch.setattr(refused_tries, "OWN_ENTRIES", 0)
    for at in range(3):
        attempt(f"made-up-{at}")
    assert "3 times" in desk.get(reverse("log")).content.decode()
    attempt("made-up-again")
    assert attempt("sian", PASSPHRASE) == 302  # within the hour it may still grow
    RefusalSpan.objects.update(began_at=datetime.now(UTC) - refused_tries.SPAN)
    assert attempt("sian", PASSPHRASE) == 302
    refused = Entry.objects.filter(act=Act.SIGN_IN_REFUSED).order_by("id")
    assert [one.count for one in refused] == [3, 1]


def test_a_refusal_that_is_only_counted_is_one_and_the_same_too(
    ways: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused_tries, "OWN_ENTRIES", 0)
    unknown = seen(ways["unknown"], monkeypatch)
    assert not any("INSERT INTO journal_entry" in one for one in unknown[-2])  # type: ignore[attr-defined]
    # A name that was counted before, and those that were not.
    for why, form in ways.items():
        assert seen(form, monkeypatch) == unknown, why


# Getting slower


def attempt(name: str, words: str = WRONG, browser: Client | None = None) -> int:
    browser = browser or Client()
    return browser.post(reverse("sign-in"), {"sign_in": name, "passphrase": words}).status_code


@pytest.mark.parametrize("name", ["sian", NOBODY])
def test_wrong_tries_wait_whether_or_not_anybody_has_the_name(name: str) -> None:
    builders.office()
    assert [attempt(name) for _ in range(attempts.FREE)] == [200] * attempts.FREE
    told = Client().post(reverse("sign-in"), {"sign_in": name, "passphrase": PASSPHRASE})
    assert told.status_code == 429
    assert told.headers["Retry-After"] in {"1", "2"}
    assert re.search(r"Wait \d seconds?, then try again", told.content.decode())
    assert SESSION not in told.cookies


def test_waiting_costs_nobody_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    builders.office()
    for _ in range(attempts.FREE):
        attempt("sian")
    with counted(monkeypatch) as steps:
        assert attempt("sian") == 429
    assert steps == []
    assert Attempts.objects.get().failures == attempts.FREE


def test_the_waits_grow_and_end() -> None:
    waits = [attempts.wait_after(count).total_seconds() for count in range(40)]
    assert waits[: attempts.FREE] == [0] * attempts.FREE
    assert waits[attempts.FREE : attempts.FREE + 4] == [2, 4, 8, 16]
    assert waits == sorted(waits)
    assert waits[-1] == attempts.LONGEST.total_seconds()


def test_once_the_wait_is_over_the_right_passphrase_signs_in_and_begins_anew() -> None:
    builders.office()
    for _ in range(attempts.FREE):
        attempt("sian")
    Attempts.objects.update(last_at=datetime.now(UTC) - timedelta(seconds=3))
    assert attempt("sian", PASSPHRASE) == 302
    assert not Attempts.objects.exists()


def test_whoever_hammers_a_name_slows_no_browser_that_signed_in_before() -> None:
    builders.office()
    own = Client()
    assert attempt("sian", PASSPHRASE, own) == 302
    own.post(reverse("sign-out"))
    stranger = Client()
    for _ in range(attempts.FREE + 3):
        attempt("sian", WRONG, stranger)
    assert attempt("sian", PASSPHRASE, stranger) == 429
    assert attempt("sian", PASSPHRASE, Client()) == 429
    assert attempt("sian", PASSPHRASE, own) == 302


def test_a_browser_known_for_one_member_is_a_stranger_to_another() -> None:
    place = builders.office()
    worker = builders.member(place)
    inside = Client()
    assert attempt(worker.member.sign_in, PASSPHRASE, inside) == 302
    inside.post(reverse("sign-out"))
    for _ in range(attempts.FREE):
        attempt("sian", WRONG, Client())
    assert attempt("sian", PASSPHRASE, inside) == 429


def test_a_known_browser_is_slowed_by_its_own_tries() -> None:
    builders.office()
    own = Client()
    attempt("sian", PASSPHRASE, own)
    own.post(reverse("sign-out"))
    assert [attempt("sian", WRONG, own) for _ in range(attempts.FREE)] == [200] * attempts.FREE
    assert attempt("sian", PASSPHRASE, own) == 429


def test_the_mark_of_a_browser_names_nobody_and_cannot_be_made_up() -> None:
    builders.office()
    own = Client()
    attempt("sian", PASSPHRASE, own)
    cookie = own.cookies[DEVICE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert "sian" not in cookie.value
    for _ in range(attempts.FREE):
        attempt("sian")
    number, mark = cookie.value.split(".")
    for made_up in (number, f"{number}.{mark[::-1]}", f"{mark}.{mark}", f".{mark}", "é", "." * 100):
        other = Client()
        other.cookies[DEVICE] = made_up
        assert attempt("sian", PASSPHRASE, other) == 429, made_up


def test_many_at_once_are_counted_before_anything_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    builders.office()
    inside: list[int] = []

    def opens(_member: object, _words: str) -> None:
        inside.append(Attempts.objects.get().failures)

    monkeypatch.setattr(sessions, "_open", opens)
    with pytest.raises(CannotSignIn):
        sessions.sign_in(name="sian", passphrase=WRONG)
    assert inside == [1]


def test_counters_are_bounded_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST", 8)
    monkeypatch.setattr(attempts, "_AT_ONCE", 4)
    for _ in range(3):
        attempts.count("sign-in", "sian")
    for at in range(40):
        attempts.count("sign-in", f"made-up-{at}")
    assert Attempts.objects.count() <= 8
    # The one that was hammered outlives those that were tried once.
    assert Attempts.objects.filter(failures=3).exists()
    later = datetime.now(UTC) + attempts.FORGOTTEN_AFTER + timedelta(minutes=1)
    attempts.count("sign-in", "sian", now=lambda: later)
    assert [one.failures for one in Attempts.objects.all()] == [1]


def test_a_counter_says_nothing_of_what_was_typed() -> None:
    builders.office()
    attempt(PASSPHRASE)
    row = Attempts.objects.get()
    assert PASSPHRASE.encode() not in bytes(row.key)
    assert len(bytes(row.key)) == 32


def test_the_lock_and_the_passphrase_page_are_slowed_too() -> None:
    browser = builders.office().guardian.client
    typed = {"current": WRONG, "new": "granite willow tin echo", "again": "granite willow tin echo"}
    for _ in range(attempts.FREE):
        assert "Nothing was changed" in browser.post(reverse("passphrase"), typed).content.decode()
    assert "Wait" in browser.post(reverse("passphrase"), {**typed, "current": PASSPHRASE}).content.decode()
    browser.post(reverse("lock"))
    for _ in range(attempts.FREE):
        assert browser.post(reverse("unlock"), {"passphrase": WRONG}).status_code == 200
    assert browser.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 429


def test_hammering_the_lock_of_one_browser_slows_no_other() -> None:
    place = builders.office()
    stolen, own = place.guardian.client, place.guardian.client
    for browser in (stolen, own):
        browser.post(reverse("lock"))
    for _ in range(attempts.FREE):
        stolen.post(reverse("unlock"), {"passphrase": WRONG})
    assert stolen.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 429
    assert own.post(reverse("unlock"), {"passphrase": PASSPHRASE}).status_code == 302
