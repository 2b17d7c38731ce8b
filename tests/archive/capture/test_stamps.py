"""Stamps by real authorities of the tests' own: taken, judged at their time, refused where they say something else."""

from __future__ import annotations

import hashlib
import ipaddress
import shutil
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safeconduct.archive.capture import stamps
from safeconduct.archive.capture.captured import Unreached
from safeconduct.archive.capture.fetching import Reach, Way
from safeconduct.archive.capture.stamps import NotStamped, Unstamped
from tests.archive.capture.authorities import Office
from tests.archive.capture.servers import Server, page, serving

DIGEST = hashlib.sha256(b"a page").digest()
OTHER = hashlib.sha256(b"another page").digest()


def way_to(*servers: Server) -> Way:
    ports = frozenset(server.port for server in servers)
    return Way(Reach((ipaddress.ip_network("::1"),), ports), seconds=30, most=1 << 18)


def refused(reply: bytes, digest: bytes, certificates: str) -> Unstamped:
    with pytest.raises(NotStamped) as caught:
        stamps.check_stamp(reply, digest, certificates)
    return caught.value.reason


def test_more_than_one_authority_is_asked_and_each_is_checked(offices: tuple[Office, Office]) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    with ExitStack() as stack:
        chosen = [stack.enter_context(office.answering()) for office in offices]
        way = way_to(*(server for _, server in chosen))
        had, missing = stamps.stamp_by_each(DIGEST, [authority for authority, _ in chosen], way=way)
    assert not missing
    assert [one.authority for one in had] == ["First", "Second"]
    told = [stamps.check_stamp(one.reply, DIGEST, one.chain) for one in had]
    # The second one's reply is what the library turns down, so it went to the program.
    assert [one.by for one in told] == ["rfc3161-client", "openssl"]
    assert [one.signer for one in told] == ["CN=First signer", "CN=Second signer"]
    assert all(before <= one.at <= datetime.now(UTC) + timedelta(seconds=1) for one in told)
    assert all(one.chain.count("BEGIN CERTIFICATE") == 2 for one in had)
    # All that went over the line was a hash.
    assert all(b"a page" not in server.asked[0] and DIGEST in server.asked[0] for _, server in chosen)


@pytest.mark.parametrize("which", [0, 1])
def test_a_stamp_of_something_else_is_refused(offices: tuple[Office, Office], which: int) -> None:
    office, stranger = offices[which], offices[1 - which]
    reply = office.answer(stamps._query(DIGEST))
    trusted = office.authority.certificates
    assert stamps.check_stamp(reply, DIGEST, trusted)
    assert refused(reply, OTHER, trusted) == Unstamped.OTHER_BYTES
    assert refused(reply.replace(DIGEST, OTHER), OTHER, trusted) == Unstamped.NOT_TRUSTED
    assert refused(reply, DIGEST, stranger.authority.certificates) == Unstamped.NOT_TRUSTED
    assert refused(reply[:-20], DIGEST, trusted) in (Unstamped.NOT_ONE, Unstamped.NOT_TRUSTED)
    assert refused(b"", DIGEST, trusted) == Unstamped.NOT_ONE
    assert refused(b"<p>no stamp</p>", DIGEST, trusted) == Unstamped.NOT_ONE
    altered = bytearray(reply)
    altered[-5] ^= 1  # in the signature
    assert refused(bytes(altered), DIGEST, trusted) == Unstamped.NOT_TRUSTED


def test_a_stamp_is_judged_at_its_own_time(tmp_path: Path) -> None:
    past = Office(tmp_path / "past", "Past", datetime(2019, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))
    trusted = past.authority.certificates
    then = datetime(2020, 9, 18, 12, 0, tzinfo=UTC)
    told = stamps.check_stamp(past.said_at(DIGEST, then), DIGEST, trusted)
    assert told.at == then
    late = past.said_at(DIGEST, datetime(2023, 1, 1, tzinfo=UTC))
    assert refused(late, DIGEST, trusted) == Unstamped.NOT_TRUSTED


def test_an_authority_that_cannot_be_had_is_said_and_asked_again(offices: tuple[Office, Office]) -> None:
    no = page(b"too many", status="429 Too Many Requests")
    with serving(no) as busy, serving(page(b"<p>Welcome</p>")) as portal, offices[0].answering() as (good, server):
        way = way_to(busy, portal, server)
        ours = offices[1].authority
        chosen = [
            replace(ours, name="Busy", address=busy.address),
            replace(ours, name="Portal", address=portal.address),
            replace(ours, name="Inside", address="http://127.0.0.1/"),
            good,
        ]
        had, missing = stamps.stamp_by_each(DIGEST, chosen, way=way)
    assert [one.authority for one in had] == ["First"]
    assert [(one.authority, one.reason) for one in missing] == [
        ("Busy", Unstamped.REFUSED),
        ("Portal", Unstamped.NOT_ONE),
        ("Inside", Unstamped.NOT_REACHED),
    ]
    assert missing[2].unreached == Unreached.REFUSED_ADDRESS
    last = datetime(2026, 1, 1, tzinfo=UTC)
    waits = [stamps.try_again(tried, last) - last for tried in (1, 2, 3, 50)]
    assert waits == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20), timedelta(days=1)]


def test_an_old_answer_is_not_taken_for_the_answer(offices: tuple[Office, Office]) -> None:
    kept = offices[0].answer(stamps._query(DIGEST, 5))
    with serving(page(kept)) as server:
        authority = replace(offices[0].authority, address=server.address)
        with pytest.raises(NotStamped) as caught:
            stamps.stamp(DIGEST, authority, way=way_to(server))
    assert caught.value.reason == Unstamped.OTHER_QUESTION


def test_without_the_program_it_is_said_that_nobody_could_check(
    offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = offices[1].answer(stamps._query(DIGEST))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert refused(reply, DIGEST, offices[1].authority.certificates) == Unstamped.NO_CHECKER


def test_nobody_is_asked_unless_the_office_chose_them(tmp_path: Path, offices: tuple[Office, Office]) -> None:
    file = tmp_path / "authorities.toml"
    assert stamps.read_authorities(file) == ()
    (tmp_path / "first.pem").write_text(offices[0].authority.certificates)
    row = '[[authority]]\nname = "First"\naddress = "https://stamps.example/"\ncertificates = "first.pem"\n'
    file.write_text(row)
    (one,) = stamps.read_authorities(file)
    assert one == replace(offices[0].authority, address="https://stamps.example/")
    for wrong in (row + row, row + "more = 1\n", '[[authority]]\nname = "First"\n', 'authority = "First"'):
        file.write_text(wrong)
        with pytest.raises(ValueError):
            stamps.read_authorities(file)
