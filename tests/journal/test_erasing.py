"""An erased record's entries say nothing more, the log holds, and no erasure can be forged."""

import os
from uuid import uuid4

import pytest
from django.db import transaction

from safeconduct.journal import sequencer
from safeconduct.journal.actions import record_write
from safeconduct.journal.commitments import Written
from safeconduct.journal.erasing import erase, stump
from safeconduct.journal.models import Act, Commitment, Entry
from safeconduct.journal.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
ORGANISATION, MEMBER, ASKED, TEAM = uuid4(), uuid4(), uuid4(), uuid4()
HERS, LATER, ANOTHERS = os.urandom(16), os.urandom(16), os.urandom(16)


def write(label, organisation=ORGANISATION):
    with transaction.atomic():
        return record_write(
            organisation=organisation, act=Act.CHANGED_PERSON, member=MEMBER, about=uuid4(), team=TEAM, label=label,
            body=b"sealed", count=2, written=[Written(uuid4(), 1, bytes(32))],
        )  # fmt: skip


def erased(labels=(HERS, LATER), organisation=ORGANISATION):
    with transaction.atomic():
        return erase(organisation=organisation, labels=labels, member=MEMBER, about=ASKED, team=TEAM)


@pytest.fixture
def log():
    entries = [write(HERS), write(ANOTHERS), write(LATER), write(HERS)]
    sequencer.sequence()
    return entries


def codes():
    sequencer.sequence()
    return [(one.code, one.position) for one in verify(ORGANISATION)]


def test_what_was_said_of_the_record_goes_and_the_leaves_stay(log):
    by = erased()
    assert (by.act, by.count, by.member, by.about, by.team) == ("erased", 3, MEMBER, ASKED, TEAM)
    for before in (log[0], log[2], log[3]):
        now = Entry.objects.get(pk=before.pk)
        assert (now.label, now.body, now.salt, now.erased_id) == (None, None, None, by.pk)
        assert bytes(now.commitment) == before.commitment
        assert (now.act, now.member, now.about, now.count) == (before.act, MEMBER, before.about, 2)
        assert not Commitment.objects.filter(entry=now).exists()
    other = Entry.objects.get(pk=log[1].pk)
    assert (bytes(other.label), bytes(other.body), other.erased_id) == (ANOTHERS, b"sealed", None)
    assert Commitment.objects.filter(entry=other).exists()
    assert codes() == []


def test_many_labels_and_many_entries_go_at_once(monkeypatch, log):
    monkeypatch.setattr("safeconduct.journal.erasing._AT_ONCE", 2)
    assert erased(labels=[os.urandom(16) for _ in range(5)] + [HERS, LATER]).count == 3
    assert not Entry.objects.filter(label__in=[HERS, LATER]).exists()
    assert codes() == []


def test_what_another_organisation_wrote_stays(log):
    theirs = write(HERS, organisation=uuid4())
    erased()
    assert bytes(Entry.objects.get(pk=theirs.pk).label) == HERS


def test_a_second_erasure_takes_only_what_is_new(log):
    first = erased()
    write(HERS)
    second = erased()
    assert (first.count, second.count) == (3, 1)
    assert codes() == []


FORGED = {
    "a salt taken away": lambda by: Entry.objects.filter(position=1).update(salt=None, body=None, label=None),
    "an entry laid to an erasure": lambda by: Entry.objects.filter(position=1).update(
        salt=None, body=None, label=None, erased=by
    ),
    "an entry laid to an act of another kind": lambda by: Entry.objects.filter(position=1).update(
        salt=None, body=None, label=None, erased=Entry.objects.get(position=0)
    ),
    "a label put back": lambda by: Entry.objects.filter(position=0).update(label=ANOTHERS),
    "a body put back": lambda by: Entry.objects.filter(position=0).update(body=b"other"),
}
CHANGED = {
    "handle": {"handle": uuid4()},
    "time": {"at": "2020-01-01T00:00:00Z"},
    "act": {"act": Act.LOCKED},
    "member": {"member": uuid4()},
    "no member": {"member": None},
    "about": {"about": uuid4()},
    "no about": {"about": None},
    "team": {"team": uuid4()},
    "no team": {"team": None},
    "count": {"count": 9},
    "leaf": {"commitment": bytes(32)},
}


@pytest.mark.parametrize("how", FORGED.values(), ids=FORGED)
def test_a_forged_erasure_is_noticed(log, how):
    by = erased()
    assert codes() == []
    how(by)
    assert next(code for code, _ in codes()) == "entry_changed"


@pytest.mark.parametrize("columns", CHANGED.values(), ids=CHANGED)
def test_what_is_left_of_an_erased_entry_cannot_be_changed(log, columns):
    erased()
    Entry.objects.filter(position=2).update(**columns)
    assert ("entry_changed", 2) in codes()


@pytest.mark.parametrize(
    "columns", [{"count": 4}, {"salt": bytes(16)}, {"salt": None}], ids=["count", "salt", "no salt"]
)
def test_an_erasing_entry_that_was_changed_accounts_for_nothing(log, columns):
    by = erased()
    Entry.objects.filter(pk=by.pk).update(**columns)
    assert {position for _, position in codes()} == {0, 2, 3, 4}


def test_an_erasure_of_another_organisation_accounts_for_nothing_here(log):
    elsewhere = uuid4()
    write(LATER, organisation=elsewhere)
    theirs = erased(organisation=elsewhere)
    Entry.objects.filter(position=1, organisation=ORGANISATION).update(salt=None, body=None, label=None, erased=theirs)
    assert codes() == [("entry_changed", 1)]


def test_very_many_entries_go_in_several_statements(monkeypatch):
    monkeypatch.setattr("safeconduct.journal.erasing._AT_ONCE", 2)
    for _ in range(7):
        write(HERS)
    assert erased().count == 7
    assert not Entry.objects.exclude(act=Act.ERASED).exclude(label=None).exists()
    assert codes() == []


def test_an_entry_with_its_label_put_back_is_not_erased_again(log):
    erased()
    Entry.objects.filter(position=0).update(label=HERS)
    assert erased().count == 0


def claimed(entry, *, act=Act.ERASED, organisation=ORGANISATION):
    """Lay ``entry`` to another that commits to what is left of it, as an erasing entry would."""
    left = Entry.objects.get(pk=entry.pk)
    with transaction.atomic():
        by = record_write(
            organisation=organisation, act=act, member=MEMBER, count=1, written=[Written(left.handle, 1, stump(left))]
        )
    Commitment.objects.filter(entry=left).delete()
    Entry.objects.filter(pk=left.pk).update(salt=None, body=None, label=None, erased=by)


def test_an_entry_that_commits_to_what_is_left_accounts_for_it_only_as_an_erasure_of_this_organisation(log):
    claimed(log[0])
    assert codes() == []
    claimed(log[1], organisation=uuid4())
    claimed(log[2], act=Act.CHANGED_PERSON)
    assert codes() == [("entry_changed", 1), ("entry_changed", 2)]
