"""A source is looked at again when it is due: without a key, as who asked is still here, and never in haste."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safeconduct.accounts.actions import members
from safeconduct.archive import checks, journaling, queries
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.look_due import look_at_due
from safeconduct.archive.actions.masking import mask_word
from safeconduct.archive.actions.schedule import set_watch
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.actions.watch import take_in_address
from safeconduct.archive.faults import NoAddress
from safeconduct.archive.models import Mask, Observation, Post, Source, Watch
from safeconduct.archive.policies import Refused
from safeconduct.archive.watches.models import HowOften
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.archive.capture.servers import Server, page
from tests.archive.test_watch import LETTER, office, server, taken, way_to

__all__ = ["office", "server"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
NAMED = LETTER.replace(b"The office wrote", b"Quillan Featherby says that the office wrote")


def test_it_is_looked_at_when_it_is_due_and_not_before(office: Any, server: Server) -> None:
    now, source, way = datetime.now(UTC), taken(office, server), way_to(server)
    set_watch(by=office.guardian.actor, source=source, every=HowOften.DAILY, now=now)
    assert list(look_at_due(way=way, now=now + DAY / 2)) == []
    server.says = page(LETTER.replace(b"end of the month", b"end of the year"))
    [looked] = look_at_due(way=way, now=now + DAY)
    assert looked.watched is not None
    assert (looked.watched.observation.outcome, looked.watched.observation.due) == ("changed", True)
    assert looked.watched.other is not None
    assert Entry.objects.get(act=Act.OBSERVED_DUE).member == office.guardian.member.handle
    assert list(look_at_due(way=way, now=now + DAY)) == []
    assert list(checks.sources_not_as_logged(office.organisation)) == []
    set_watch(by=office.guardian.actor, source=source, every=None)
    assert not Watch.objects.exists()
    assert list(checks.sources_not_as_logged(office.organisation)) == []
    assert Entry.objects.filter(act=Act.SET_WATCH).count() == 2


def test_a_throttle_is_no_deletion_and_its_server_is_left_alone(office: Any, server: Server) -> None:
    now, way, by = datetime.now(UTC), way_to(server), office.guardian.actor
    first = taken(office, server)
    server.says = page(LETTER.replace(b"Farvale", b"Oakmere"))
    other = take_in_address(by=by, address=f"{server.address}/other", way=way).source
    for source in (first, other):
        set_watch(by=by, source=source, every=HowOften.DAILY, now=now)
    server.says, came = page(b"Too many", status="429 Too Many Requests"), server.came
    looked = list(look_at_due(way=way, now=now + DAY))
    assert server.came == came + 1  # the second was not asked for
    assert [one.watched and one.watched.observation.outcome for one in looked] == ["unreachable", None]
    assert Observation.objects.get(source=first).why == "throttled"
    dues = [(row.put_off, row.due_at - now) for row in Watch.objects.order_by("pk")]
    assert [(many, after.days >= 2) for many, after in dues] == [(1, True), (1, True)]


def test_who_has_left_has_nothing_done_for_them(office: Any, server: Server) -> None:
    now, lowri = datetime.now(UTC), builders.member(office)
    source = taken(office, server)
    set_watch(by=lowri.actor, source=source, every=HowOften.WEEKLY, now=now)
    members.disable_member(by=office.guardian.actor, member=lowri.member)
    came = server.came
    [looked] = look_at_due(way=way_to(server), now=now + 7 * DAY)
    assert (looked.watched, server.came) == (None, came)
    assert "not at this desk any more" in looked.why


def test_masks_are_over_what_is_there_now_before_anybody_can_read_it(
    office: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, by, way = datetime.now(UTC), office.guardian.actor, way_to(server)
    server.says = page(NAMED)
    source = taken(office, server)
    mask_word(by=by, source=source, word="Quillan Featherby")
    set_watch(by=by, source=source, every=HowOften.DAILY, now=now)
    server.says = page(NAMED.replace(b"end of the month", b"end of the year"))

    class Killed(BaseException):
        pass

    entered = journaling.wrote

    def killed(by: Any, act: Act, *args: Any, **named: Any) -> Any:
        if act == Act.MASKED_SOURCE:
            raise Killed
        return entered(by, act, *args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(journaling, "wrote", killed)
        with pytest.raises(Killed):
            list(look_at_due(way=way, now=now + DAY))
    assert Source.objects.count() == 1  # nothing of it without its masks
    assert list(look_at_due(way=way, now=now + DAY)) == []  # as another run would find it in hand
    [looked] = look_at_due(way=way, now=now + DAY + timedelta(hours=1))
    assert looked.watched is not None
    assert looked.watched.other is not None
    there = queries.source(by, looked.watched.other.handle)
    assert Mask.objects.filter(source=there).exists()
    assert "Featherby" not in queries.shown(by, there).raw + "".join(Post.objects.values_list("title", flat=True))


def test_only_what_has_an_address_and_only_by_who_may(office: Any, server: Server) -> None:
    by = office.guardian.actor
    for source in (
        take_in(by=by, data=LETTER).source,
        take_in_confidence(by=by, team=office.team, data=LETTER + b" ", address=server.address).source,
    ):
        with pytest.raises((NoAddress, Refused)):
            set_watch(by=by, source=source, every=HowOften.DAILY)
    with pytest.raises(Refused):
        set_watch(by=builders.other_office().guardian.actor, source=taken(office, server), every=HowOften.DAILY)
    assert not Watch.objects.exists()
