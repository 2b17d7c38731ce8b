"""What changes while a passphrase is being stretched: a member's key, their place here, their session, the day."""

from datetime import timedelta

import pytest

from safeconduct.accounts import second_factor
from safeconduct.accounts.actions import leaving, passphrase, sessions
from safeconduct.accounts.faults import CannotSignIn, WrongPassphrase
from safeconduct.accounts.models import Session
from tests import builders
from tests.builders import PASSPHRASE

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "lantern gravel teapot fern"


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def worker(office):
    return builders.member(office)


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something happen once the passphrase was tried, before anything is written."""

    def arrange(happens):
        check = second_factor.check

        def checked(*args):
            monkeypatch.setattr(second_factor, "check", check)
            happens()
            return check(*args)

        monkeypatch.setattr(second_factor, "check", checked)

    return arrange


def sign_in(worker):
    return sessions.sign_in(name=worker.member.sign_in, passphrase=PASSPHRASE)


def changes_passphrase(worker):
    return lambda: passphrase.change(by=worker.actor, current=PASSPHRASE, new=NEW)


def goes_on_leave(office, worker):
    return lambda: leaving.put_on_leave(by=office.guardian.actor, member=worker.member)


def test_a_sign_in_with_a_passphrase_that_is_replaced_at_this_moment_begins_nothing(worker, meanwhile):
    meanwhile(changes_passphrase(worker))
    with pytest.raises(CannotSignIn):
        sign_in(worker)
    assert worker.member.sessions.count() == 1, "the one in which it was changed"


def test_who_is_put_on_leave_while_signing_in_has_no_session_when_they_are_back(office, worker, meanwhile):
    meanwhile(goes_on_leave(office, worker))
    with pytest.raises(CannotSignIn):
        sign_in(worker)
    assert not worker.member.sessions.exists()


@pytest.mark.parametrize("days", [0, 1])
def test_a_session_that_ends_while_it_is_unlocked_does_not_come_back(worker, meanwhile, days):
    signed = sign_in(worker)
    sessions.lock(session=signed.session)
    signed.session.started_at -= timedelta(days=days)
    signed.session.save(update_fields=["started_at"])
    meanwhile(changes_passphrase(worker))
    with pytest.raises(WrongPassphrase):
        sessions.unlock(session=signed.session, half=signed.half, passphrase=PASSPHRASE)
    assert worker.member.sessions.count() == 1, "the one in which it was changed"


def test_midnight_between_asking_and_opening_spares_nobody_the_second_factor(worker, monkeypatch):
    """Asked for the passphrase alone before midnight, the session stays the one of the day before."""
    signed = sign_in(worker)
    sessions.lock(session=signed.session)
    answers = iter([True])
    monkeypatch.setattr(sessions, "is_of_today", lambda _: next(answers, False))
    opened = sessions.unlock(session=signed.session, half=signed.half, passphrase=PASSPHRASE)
    assert opened.half == signed.half
    assert Session.objects.get(pk=opened.session.pk).started_at == signed.session.started_at
