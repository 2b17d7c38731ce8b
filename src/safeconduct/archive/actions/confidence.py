"""Taking in what somebody supplied in confidence: sealed for one team, file and record."""

import hashlib
from datetime import UTC, datetime

import msgspec
from django.db import transaction

from safeconduct.accounts.actor import Actor
from safeconduct.accounts.models import Team
from safeconduct.core.calendar.days import day_in_london
from safeconduct.core.policy.facts import Act
from safeconduct.core.sealing import files as sealed_files
from safeconduct.journal.commitments import Written
from safeconduct.journal.fields import new_handle
from safeconduct.journal.models import Act as Entered

from .. import copies, files, journaling, policies, queries, sealed
from ..alike import matching
from ..capture import Captured
from ..copies import InConfidence
from ..faults import Changed, TooLarge
from ..finding import sealed as finding
from ..looking import media_type_of
from ..models import Observation, SealedRecord, Source, SourceFile, SourceWrap
from ..reading.bounds import MOST_BYTES
from ..reading.shape import NotRead, Reading
from ..sealed import Keyed, Wrapped
from . import quarantine
from .take_in import Taken, read_and_pack


def take_in_confidence(
    *, by: Actor, team: Team, data: bytes, name: str = "", note: str = "", address: str | None = None
) -> Taken:
    """Take in a file that somebody supplied in confidence to ``team``. The same bytes again are the same source.

    Raises:
        Refused: policy. NotInTeam.
        NotTakenIn: they are no source that can be read; the bytes are kept apart, sealed.
        TooLarge, CannotRead, DiskRefused, Changed, JournalUnavailable: nothing was kept.
    """
    policies.require(by, Act.TAKE_IN_CONFIDENCE, policies.of_team(team, by.organisation))
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A source has at most {MOST_BYTES // (1024 * 1024)} MB. This file was left where it is.")
    sha256 = hashlib.sha256(data).digest()
    marks = sealed.marks(by, team, sha256)
    known = Source.objects.filter(team=team, mark__in=marks).first()
    if known is not None:
        return _again(by, known)
    captured = Captured(address, datetime.now(UTC), media_type_of(data, name), data)
    try:
        reading, copy, package = read_and_pack(captured, name)
    except NotRead as fault:
        raise quarantine.keep(by, data, fault.reason, team=team) from None
    alike = matching(by.organisation, reading)
    handle, file = new_handle(), new_handle()
    keyed, wrapped = sealed.new_key(by, team, handle)
    content = InConfidence(
        sha256=sha256,
        length=len(data),
        media_type=captured.media_type,
        reading=copy,
        address=address or reading.address,
        name=name,
        note=note,
        alike=alike,
    )
    stored = sealed.seal_file(keyed, file, package)
    files.write(file, files.SEALED, stored)
    try:
        with transaction.atomic():
            Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
            if Source.objects.filter(team=team, mark__in=marks).exists():
                raise Changed("Somebody took in the same file at that very moment. Take it in again to observe it.")
            source = _write(by, keyed, wrapped, captured, reading, marks[0])
            digest = sealed_files.digest(stored)
            SourceFile.objects.create(handle=file, source=source, stored_bytes=len(stored), digest=digest)
            body = sealed.seal_record(keyed, content, revision=1)
            record = SealedRecord.objects.create(source=source, schema=copies.SCHEMA, body=body)
            found_by = finding.put(keyed, source, reading)
            written = [Written(file, 1, digest), sealed.written(record), found_by, journaling.committed(source)]
            journaling.wrote(by, Entered.TOOK_IN_SOURCE, written, keyed)
    except BaseException:
        files.remove_unclaimed(file)
        raise
    return Taken(source, reading, alike)


def _write(by: Actor, keyed: Keyed, wrapped: Wrapped, captured: Captured, reading: Reading, mark: bytes) -> Source:
    source = Source.objects.create(
        handle=keyed.handle,
        organisation=by.organisation,
        team=keyed.team,
        plane=Source.Plane.SEALED,
        kind=reading.kind.value,
        mark=mark,
        at=datetime.now(UTC),
        by=by.member,
        captured_at=captured.captured_at,
        captured_on=day_in_london(captured.captured_at),
    )
    SourceWrap.objects.create(source=source, team=keyed.team, **msgspec.structs.asdict(wrapped))
    return source


def _again(by: Actor, source: Source) -> Taken:
    keyed = sealed.hold(by, source)
    opened = queries.open_sealed(by, source)
    with transaction.atomic():
        Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        Observation.objects.create(
            source=source, at=datetime.now(UTC), by=by.member, outcome=Observation.Outcome.TAKEN_IN
        )
        journaling.wrote(by, Entered.OBSERVED_SOURCE, [journaling.committed(source)], keyed)
    return Taken(source, opened.reading, opened.alike, again=True)
