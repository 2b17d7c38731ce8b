"""The chain from a passphrase to a subject's key, link by link, and the epoch around it."""

import json
import os

import pytest

from safeconduct.core.sealing import boxes, bundles, epochs, members, sessions, wraps
from safeconduct.core.sealing.faults import (
    CannotOpen,
    EpochFileUnreadable,
    EpochMissing,
    NotASealedBox,
    WeakPassphrase,
)
from safeconduct.core.sealing.passphrase import STANDARD, Cost

CHEAP = Cost(8, 1, 1)
WORDS = "orchard kettle violin moss"


def locked(pair, words=WORDS, member="m1"):
    return members.Lock.make(pair, words, member=member, cost=CHEAP)


def test_a_passphrase_opens_the_key_it_locked_and_no_other():
    pair = members.KeyPair.generate()
    lock = locked(pair)
    assert lock.open(WORDS, member="m1") == pair
    assert lock.open(f"  {WORDS} ", member="m1") == pair
    for words, member in ((WORDS + "x", "m1"), (WORDS, "m2")):
        with pytest.raises(CannotOpen):
            lock.open(words, member=member)


def test_the_same_passphrase_never_gives_the_same_row():
    pair = members.KeyPair.generate()
    one, other = locked(pair), locked(pair)
    assert one.salt != other.salt
    assert one.sealed != other.sealed


@pytest.mark.parametrize("words", ["", "short", "elevenchars", "a" * 40, "ababababababab", "            "])
def test_a_passphrase_that_protects_nothing_is_refused(words):
    with pytest.raises(WeakPassphrase):
        locked(members.KeyPair.generate(), words)


def test_the_standard_cost_is_what_rfc_9106_recommends_second():
    assert Cost(memory_kib=65536, passes=3, lanes=4) == STANDARD


def test_a_bundle_is_for_one_member_of_one_team():
    pair, other = members.KeyPair.generate(), members.KeyPair.generate()
    bundle = bundles.TeamBundle.generate()
    sent = bundle.send_to(pair.public, organisation="o", team="t", member="m")
    assert bundles.TeamBundle.receive(sent, pair, organisation="o", team="t", member="m") == bundle
    for key, organisation, team, member in (
        (other, "o", "t", "m"),
        (pair, "x", "t", "m"),
        (pair, "o", "x", "m"),
        (pair, "o", "t", "x"),
    ):
        with pytest.raises(CannotOpen):
            bundles.TeamBundle.receive(sent, key, organisation=organisation, team=team, member=member)


def test_secrets_do_not_print():
    pair, bundle = members.KeyPair.generate(), bundles.TeamBundle.generate()
    for secret in (pair, bundle, locked(pair), epochs.Epochs.begin()):
        assert "b'" not in repr(secret)
        assert 'b"' not in repr(secret)


def test_a_fingerprint_tells_keys_apart():
    pair = members.KeyPair.generate()
    assert len(pair.public) == 1216
    assert members.fingerprint(pair.public) != members.fingerprint(members.KeyPair.generate().public)


@pytest.mark.parametrize("public", [b"", bytes(1215), bytes(1217)])
def test_a_public_key_of_another_length_is_refused(public):
    with pytest.raises(NotASealedBox):
        members.send(b"x", public, b"")


def test_a_wrap_is_for_one_team_and_subject_and_needs_its_epoch():
    bundle, now = bundles.TeamBundle.generate(), epochs.Epochs.begin()
    key = boxes.new_key()
    epoch, stored = wraps.wrap(key, bundle, now, team="t", subject="s")
    assert wraps.unwrap(epoch, stored, bundle, now, team="t", subject="s") == key
    with pytest.raises(CannotOpen):
        wraps.unwrap(epoch, stored, bundle, now, team="t", subject="another")
    with pytest.raises(CannotOpen):
        wraps.unwrap(epoch, stored, bundles.TeamBundle.generate(), now, team="t", subject="s")
    with pytest.raises(EpochMissing):
        wraps.unwrap(epoch + 1, stored, bundle, now, team="t", subject="s")
    with pytest.raises(CannotOpen):
        wraps.unwrap(epoch, stored, bundle, epochs.Epochs.begin(), team="t", subject="s")


def test_neither_the_cookie_nor_the_memory_alone_opens_a_session():
    pair, half, boot = members.KeyPair.generate(), sessions.new_half(), os.urandom(32)
    kept = sessions.keep(pair, half, boot)
    assert sessions.resume(kept, half, boot) == pair
    for other_half, other_boot in ((sessions.new_half(), boot), (half, os.urandom(32))):
        with pytest.raises(CannotOpen):
            sessions.resume(kept, other_half, other_boot)
    assert half not in kept + sessions.token(half)


def test_the_epoch_file_is_private_and_reads_back(tmp_path):
    path = tmp_path / "epoch.json"
    now = epochs.Epochs.begin()
    now.write(path)
    now.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert epochs.Epochs.read(path).keys == now.keys
    assert [one.name for one in tmp_path.iterdir()] == ["epoch.json"]


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "null", '{"version": 1, "current": 2, "epochs": {"1": "AAAA"}}', '{"version": 9}', "\xff"],
)
def test_a_damaged_epoch_file_is_refused(tmp_path, content):
    path = tmp_path / "epoch.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(EpochFileUnreadable):
        epochs.Epochs.read(path)


def test_an_epoch_file_of_a_later_version_is_refused(tmp_path):
    path = tmp_path / "epoch.json"
    epochs.Epochs.begin().write(path)
    body = json.loads(path.read_text())
    path.write_text(json.dumps(body | {"version": 3}))
    with pytest.raises(EpochFileUnreadable):
        epochs.Epochs.read(path)
    with pytest.raises(EpochFileUnreadable):
        epochs.Epochs.read(tmp_path / "nowhere.json")
