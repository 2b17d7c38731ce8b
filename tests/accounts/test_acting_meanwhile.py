"""What changes between the beginning of somebody's request and the moment in which it is written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safeconduct.accounts import codes
from safeconduct.accounts.actions import alarms, factors, kits, leaving, members, passphrase, recovery
from safeconduct.accounts.actions.alarms import Tripwire
from safeconduct.accounts.faults import WrongPassphrase
from safeconduct.accounts.models import CodeFactor, Member, RecoveryKit, Team
from safeconduct.accounts.policies import Refused
from safeconduct.journal.models import Alarm
from tests import builders
from tests.builders import PASSPHRASE
from tests.support import factors as having

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "lantern gravel teapot fern"


@pytest.fixture
def office():
    return builders.office()


@pytest.fixture
def worker(office):
    return builders.member(office)


ACTS = {
    "add": lambda by, office, _: members.add_member(
        by=by, name="Their Friend", sign_in="friend", is_guardian=True, roles={office.team.pk: "lead"}
    ),
    "join": lambda by, office, worker: members.add_to_team(
        by=by, team=office.team, member=worker.member, role="caseworker"
    ),
    "team": lambda by, *_: members.create_team(by=by, name="Apart"),
    "leave": lambda by, _, worker: leaving.put_on_leave(by=by, member=worker.member),
    "end": lambda by, _, worker: leaving.end_access(by=by, member=worker.member, state=Member.State.LEFT),
    "out": lambda by, office, worker: leaving.leave_team(by=by, team=office.team, member=worker.member),
    "guardian": lambda by, _, worker: leaving.set_guardian(by=by, member=worker.member, guardian=True),
    "kits": lambda by, office, _: kits.make(by=by, guardians=[office.guardian.member], hours=24),
    "factors": lambda by, _, worker: factors.remove_all(by=by, member=worker.member, passphrase=PASSPHRASE),
    "tripwire": lambda by, *_: alarms.set_tripwire(by=by, tripwire=Tripwire(20, 40, 200)),
    "alarm": lambda by, *_: alarms.answer_alarm(by=by, alarm=Alarm(kind=Alarm.Kind.LOG)),
}


OF_LEADS_TOO = {("join", "not-guardian")}  # whoever leads the team may as well
SHUT_OUT = [(name, how) for name in ACTS for how in ("disabled", "leave", "not-guardian")]


@pytest.mark.parametrize(("name", "ended"), [one for one in SHUT_OUT if one not in OF_LEADS_TOO])
def test_a_guardian_who_is_shut_out_after_their_request_began_does_nothing_with_it(office, worker, name, ended):
    second = builders.member(office, "Bron Second", guardian=True)
    by = second.actor
    assert by.memberships
    {
        "disabled": lambda: members.disable_member(by=office.guardian.actor, member=second.member),
        "leave": lambda: leaving.put_on_leave(by=office.guardian.actor, member=second.member),
        "not-guardian": lambda: leaving.set_guardian(by=office.guardian.actor, member=second.member, guardian=False),
    }[ended]()
    with pytest.raises(Refused):
        ACTS[name](by, office, worker)
    assert Member.objects.count() == 3
    assert not RecoveryKit.objects.exists()
    assert Team.objects.count() == 1
    stands = Member.objects.get(pk=worker.member.pk)
    assert (stands.state, stands.is_guardian, stands.memberships.count()) == (Member.State.ACTIVE, False, 1)


def test_bringing_back_is_refused_to_who_is_no_guardian_by_then(office, worker):
    second = builders.member(office, "Bron Second", guardian=True)
    leaving.put_on_leave(by=office.guardian.actor, member=worker.member)
    by = second.actor
    leaving.set_guardian(by=office.guardian.actor, member=second.member, guardian=False)
    with pytest.raises(Refused):
        leaving.bring_back(by=by, member=worker.member)
    assert Member.objects.get(pk=worker.member.pk).state == Member.State.ON_LEAVE


def test_a_factor_sealed_to_a_key_that_was_replaced_meanwhile_is_not_taken_up(worker):
    """It would be asked for at the next sign-in, and no code could ever be right."""
    by = worker.actor
    proposed = factors.propose_code(by=by)
    passphrase.change(by=worker.actor, current=PASSPHRASE, new=NEW)
    code = having.code(codes.written(proposed.secret))
    with pytest.raises(WrongPassphrase):
        factors.add_code(by=by, passphrase=PASSPHRASE, sealed=proposed.sealed, code=code)
    assert not CodeFactor.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_stopping_a_recovery_holds_its_row_alone(office, worker):
    """Finishing holds the member first: whoever holds both in the other order would be stopped in their stead."""
    kits.make(by=office.guardian.actor, guardians=[office.guardian.member], hours=24)
    words = " ".join(kits.open_own(by=office.guardian.actor).words)
    waiting = recovery.ask(name=worker.member.sign_in, typed=[words])
    with CaptureQueriesContext(
        connection,
    ) as ran:
        recovery.stop(by=office.guardian.actor, handle=waiting.handle)
    held = [one["sql"] for one in ran if "FOR UPDATE" in one["sql"] and "accounts_recovery" in one["sql"]]
    assert held
    assert all(one.endswith('FOR UPDATE OF "accounts_recovery"') for one in held)
