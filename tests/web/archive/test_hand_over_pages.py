"""Handing sources over on a page, and taking in what another office handed over: checked, and told in words."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from safeconduct.archive import queries
from safeconduct.archive.actions import gather
from safeconduct.archive.actions.cite import cite_words
from safeconduct.archive.actions.confidence import take_in_confidence
from safeconduct.archive.actions.masking import mask_word
from safeconduct.archive.actions.notes import add_collection, collect
from safeconduct.archive.actions.take_in import take_in
from safeconduct.archive.capture.handing_over import unzipped
from safeconduct.archive.capture.verifying import verify
from safeconduct.archive.citing import around
from safeconduct.archive.citing.models import Collection
from safeconduct.archive.faults import Changed
from safeconduct.archive.models import Source
from safeconduct.journal.models import Act, Entry
from tests import builders
from tests.archive.test_watch import LETTER, office
from tests.web.archive.test_watch_pages import text

__all__ = ["office"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Quailcopse gatherings"


def given(browser: Client, data: bytes, **said: str) -> Any:
    sent = {"file": SimpleUploadedFile("given.zip", data), "keys": "", "certificates": "", **said}
    return browser.post(reverse("receive"), sent)


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    data = b"".join(answer)
    assert answer.headers["Content-Length"] == str(len(data))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
    return data


def test_a_source_leaves_as_a_file_that_another_office_can_check(office: Any, tmp_path: Path) -> None:
    by = office.guardian
    source = take_in(by=by.actor, data=LETTER).source
    here = reverse("source-hand-over", args=[source.handle])
    assert "Letter from Farvale" in text(by.client.get(here))
    data = body(by.client.post(here))
    (tmp_path / "given.zip").write_bytes(data)
    verdict = verify(tmp_path / "given.zip")
    assert verdict.all_faults == ()
    assert verdict.sources[0].log, "the log's proof is in it"
    assert "HOW TO CHECK.html" in unzipped(data)
    assert Entry.objects.filter(act=Act.HANDED_OVER_SOURCE).count() == 1
    far = builders.other_office().guardian.client
    assert far.post(here).status_code == 404
    answer = given(far, data)
    assert answer.status_code == 302
    said = text(far.get(answer.url))
    assert "It holds, and was taken in" in said
    assert "holds it as entry" in said
    assert "Ask them for it by another way" in said
    assert "When it was published, and by whom: nothing of this shows that." in said
    assert Source.objects.count() == 2
    key = given(far, data, keys=_key(unzipped(data)))
    assert "Nothing is left to compare" in text(far.get(key.url))
    assert "was here already" in text(far.get(key.url))


def _key(files: dict[str, bytes]) -> str:
    held: str = json.loads(files["about.json"])["items"][0]["log"]["key"]
    return held


def test_what_does_not_hold_is_not_taken_in_and_what_was_typed_stays(office: Any) -> None:
    browser = office.guardian.client
    source = take_in(by=office.guardian.actor, data=LETTER).source
    files = unzipped(body(browser.post(reverse("source-hand-over", args=[source.handle]))))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as edited:
        for path, data in files.items():
            edited.writestr(path, data + b" " if path == "about.json" else data)
    far = builders.other_office().guardian.client
    for data, why in ((out.getvalue(), "A file is missing, was added or was changed"), (b"PK no zip", "is damaged")):
        said = text(given(far, data, keys="log.example/ours+1234"))
        assert "nothing of it was taken in" in said
        assert why in said
        assert "log.example/ours+1234" in said
    assert "This is no certificate as text" in text(given(far, data, certificates="our certificate"))
    assert Source.objects.count() == 1


def test_masks_and_confidence_are_asked_about_before_bytes_leave(office: Any) -> None:
    by, lowri = office.guardian, builders.member(office)
    source = take_in(by=by.actor, data=LETTER).source
    mask_word(by=by.actor, source=source, word="Farvale")
    confided = take_in_confidence(by=by.actor, team=office.team, data=LETTER + b"<p>Brindlewick</p>").source
    here = reverse("source-hand-over", args=[source.handle])
    assert "may see those who are masked" in text(by.client.post(here))
    body(by.client.post(here, {"masked": "on"}))
    sealed = reverse("source-hand-over", args=[confided.handle])
    assert "its team’s lead hands it over" in text(lowri.client.get(sealed))
    assert lowri.client.post(sealed, {"confided": "on"}).status_code == 404
    assert "may leave the desk" in text(by.client.post(sealed))
    opened = Entry.objects.filter(act=Act.EXPORTED).count()
    assert b"Brindlewick" not in by.client.get(sealed).content
    body(by.client.post(sealed, {"confided": "on"}))
    assert Entry.objects.filter(act=Act.EXPORTED).count() == opened + 1


def test_a_collection_leaves_with_its_name_only_where_somebody_says_so(office: Any) -> None:
    by = office.guardian
    row = add_collection(by=by.actor, team=office.team, name=NAME)
    here = reverse("collection-hand-over", args=[row.handle])
    assert "There is no source in it yet" in text(by.client.get(here))
    for data in (LETTER, LETTER + b"<p>And more.</p>"):
        collect(by=by.actor, collection=row, source=take_in(by=by.actor, data=data).source)
    without = unzipped(body(by.client.post(here)))
    assert {path.partition("/")[0] for path in without} >= {"1", "2"}
    assert not any(NAME.encode() in data for data in without.values())
    assert "collection.json" not in without
    assert NAME.encode() in unzipped(body(by.client.post(here, {"named": "on"})))["about.json"]
    other = builders.team(office)
    neighbour = builders.member(office, "Nia Neighbour", team=other)
    assert neighbour.client.get(here).status_code == 404


def test_a_collection_comes_in_elsewhere_with_the_passages_that_stand_there(office: Any, monkeypatch: Any) -> None:
    by = office.guardian
    letter, other, confided = (
        take_in(by=by.actor, data=LETTER).source,
        take_in(by=by.actor, data=LETTER + b"<p>And more.</p>").source,
        take_in_confidence(by=by.actor, team=office.team, data=LETTER + b"<p>Brindlewick</p>").source,
    )
    row = add_collection(by=by.actor, team=office.team, name=NAME)
    quote = queries.shown(by.actor, letter).posts[0].text.split(".")[0].split()[-3:]
    for source in (confided, letter):
        passage = cite_words(by=by.actor, source=source, quote=" ".join(quote))
        collect(by=by.actor, collection=row, source=source, passage=passage)
    collect(by=by.actor, collection=row, source=other)
    mask_word(by=by.actor, source=letter, word=quote[-1])
    here = reverse("collection-hand-over", args=[row.handle])
    assert "2 passages go along" in text(by.client.get(here))
    refused = by.client.post(here, {"named": "on", "confided": "on"})
    assert "may see those who are masked" in text(refused), "masks are asked about"
    data = body(by.client.post(here, {"named": "on", "confided": "on", "masked": "on"}))
    said = json.loads(unzipped(data)["collection.json"])
    assert (said["type"], said["label"], said["total"]) == ("AnnotationCollection", NAME, 3)
    exact = said["first"]["items"][1]["target"]["selector"][0]
    assert (exact["type"], exact["exact"].split()) == ("TextQuoteSelector", quote), "as published, for who may see it"
    left = Entry.objects.filter(act=Act.EXPORTED, team=office.team.handle)
    assert left.filter(label=None).count() == 1
    assert left.exclude(label=None).count() == 1, "a source in confidence leaves once, with its words or without"

    far = builders.other_office()
    mine = take_in(by=far.guardian.actor, data=LETTER).source
    mask_word(by=far.guardian.actor, source=mine, word=quote[0])
    browser, team = far.guardian.client, far.team.handle.hex
    left_out = given(browser, data, team="")
    assert "was left out: no team was chosen" in text(browser.get(left_out.url))
    assert not Collection.objects.filter(team=far.team).exists()
    with monkeypatch.context() as failing:
        failing.setattr(gather, "_Looking", Mock(side_effect=Changed))
        told = text(browser.get(given(browser, data, team=team).url))
    assert "The sources above are here" in told
    for _ in range(2):  # again, nothing is there twice
        told = text(browser.get(given(browser, data, team=team).url))
        assert "1 passage stands here" in told
        assert "What does not stand here to the letter" in told
    (kept,) = Collection.objects.filter(team=far.team)
    assert around.words_of(far.guardian.actor, kept) == NAME
    assert [one.passage is not None for one in around.items(far.guardian.actor, kept)] == [True, False]
    assert Entry.objects.filter(organisation=far.organisation.handle, act=Act.CITED_SOURCE).count() == 1

    files = unzipped(data)
    edited = json.loads(files["collection.json"])
    edited["first"]["items"][0]["target"]["source"]["sha256"] = "00" * 32
    files["collection.json"] = json.dumps(edited).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for path, content in files.items():
            package.writestr(path, content)
    assert "is of other sources" in text(given(browser, out.getvalue(), team=team))
