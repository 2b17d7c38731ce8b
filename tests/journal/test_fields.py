"""Columns that keep to their plane, and what an entry commits to besides what its act wrote."""

from enum import Enum
from uuid import uuid4

import pytest
from django.db import models, transaction

from safeconduct.journal import actions, fields
from safeconduct.journal.actions import commit_besides, record_write
from safeconduct.journal.commitments import Written
from safeconduct.journal.models import Act, Commitment


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


def test_a_closed_list_is_kept_by_the_database() -> None:
    kept = fields.only_known("colour", Colour, name="colour_known")
    assert kept == models.CheckConstraint(condition=models.Q(colour__in=["blue", "red"]), name="colour_known")


def test_a_hash_has_thirty_two_bytes_unless_it_is_said_otherwise() -> None:
    assert fields.CommitmentField().max_length == 32
    assert fields.CommitmentField(max_length=16).max_length == 16
    assert fields.CommitmentField(null=True).null
    assert fields.CommitmentField("a hash").verbose_name == "a hash"


def test_handles_are_random() -> None:
    first, second = fields.new_handle(), fields.new_handle()
    assert first != second
    assert len(first.bytes) == 16


@pytest.mark.django_db(transaction=True)
def test_an_act_of_a_kind_commits_to_what_stands_besides(monkeypatch) -> None:
    monkeypatch.setattr(actions, "_besides", {})
    organisation, own, besides = uuid4(), uuid4(), uuid4()
    asked = []

    def standing(of):
        asked.append(of)
        return [Written(besides, 7, b"b" * 32)]

    commit_besides(frozenset({Act.TEAM_JOINED}), standing)
    with transaction.atomic():
        written = [Written(own, 3, b"a" * 32)]
        joined = record_write(organisation=organisation, act=Act.TEAM_JOINED, member=None, written=written)
        left = record_write(organisation=organisation, act=Act.TEAM_LEFT, member=None)
    rows = {(row.entry_id, row.envelope, row.revision, bytes(row.digest)) for row in Commitment.objects.all()}
    assert rows == {(joined.pk, own, 3, b"a" * 32), (joined.pk, besides, 7, b"b" * 32)}
    assert asked == [organisation]
    assert left.pk not in {row[0] for row in rows}
