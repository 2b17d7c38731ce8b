"""`safeconduct archive`: sources in by files, found, listed, handed over and verified; the JSON that was agreed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from safeconduct.accounts.actor import Actor
from safeconduct.archive.actions.cite import uncite
from safeconduct.archive.citing.models import Passage
from safeconduct.archive.models import Source
from safeconduct.cli import archive, archive_cited, archive_going
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

POST = (
    "On {day} September the people in the Harbour hotel were told to leave at night, and no bus came for them until the"
    " morning. Some walked to the station and slept there; the town brought blankets, tea and three kettles."
)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> builders.Office:
    """A desk on which commands act as its first member."""
    office = builders.office()

    @contextmanager
    def acting(_folder: Path, _member: str | None, *, role: str) -> Iterator[Actor]:
        yield office.guardian.actor

    monkeypatch.setattr(archive, "acting", acting)
    return office


def run(*arguments: str | Path, code: int = 0) -> Result:
    line = [str(one) for one in arguments]
    if line[0] != "verify":
        line += ["--folder", str(settings.DATA_FOLDER.path)]
    result = CliRunner().invoke(archive.command, line)
    assert result.exit_code == code, result.output
    return result


def said(*arguments: str | Path, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


def page(folder: Path, name: str, *posts: str) -> Path:
    path = folder / name
    body = "".join(f"<article><h2>Post of {name}</h2><p>{post}</p></article>" for post in posts)
    path.write_text(f'<!doctype html><html lang="en"><title>{name}</title><body>{body}</body></html>', "utf-8")
    return path


def test_what_was_taken_in_is_told_though_a_later_file_ends_the_command(
    desk: builders.Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, large = page(tmp_path, "one.html", POST.format(day=17)), tmp_path / "large.txt"
    large.write_bytes(b"x" * 3000)
    monkeypatch.setattr("safeconduct.archive.actions.take_in.MOST_BYTES", 2000)
    result = run("add", one, large, "--json", code=2)
    assert [row["source"] for row in json.loads(result.stdout)] == [row["source"] for row in said("list")["sources"]]
    assert "large.txt: A source has at most" in result.stderr


def test_files_are_taken_in_found_handed_over_and_verified(desk: builders.Office, tmp_path: Path) -> None:
    one = page(tmp_path, "one.html", POST.format(day=17))
    other = page(tmp_path, "other.html", POST.format(day=17) + " Elsewhere it was quiet.")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    first, second, refused = said("add", one, other, broken, code=1)
    assert first.keys() == {
        "source", "kind", "sha256", "posts", "related", "duplicates", "gaps", "flags", "again",
    }  # fmt: skip
    assert first["posts"][0].keys() == {"number", "title", "author", "date", "date_found_by", "text"}
    assert (first["duplicates"], first["again"]) == ([], False)
    [like] = second["duplicates"]
    assert (like["post"], like["of"]) == (1, f"{first['source']}/1")
    assert like["containment"] > 0.9 > like["resemblance"]
    assert (refused["file"], refused["refused"]) == ("broken.zip", "truncated")
    assert said("add", one)[0]["again"] is True
    listed = said("list")
    assert [row["source"] for row in listed["sources"]] == [second["source"], first["source"]]
    assert [(row["quarantined"], row["reason"]) for row in listed["quarantined"]] == [
        (refused["quarantined"], "truncated")
    ]
    found = said("find", '"three  kettles"')
    assert {(row["source"], row["post"]) for row in found["found"]} == {(first["source"], 1), (second["source"], 1)}
    assert "three kettles" in found["found"][0]["text"]
    folder = tmp_path / "evidence"
    run("export", first["source"], second["source"], "--to", folder)
    verdict = said("verify", folder)
    assert verdict["good"] is True
    assert [row["faults"] for row in verdict["sources"]] == [[], []]
    assert all(row["log"] for row in verdict["sources"])
    [package, _] = sorted(folder.rglob("source.wacz"))
    package.write_bytes(package.read_bytes()[:-40])
    assert said("verify", folder, code=1)["good"] is False


def test_a_source_in_confidence_is_in_no_list_and_found_by_its_team(desk: builders.Office, tmp_path: Path) -> None:
    [taken] = said("add", page(tmp_path, "one.html", POST.format(day=17)), "--in-confidence")
    assert taken["sha256"] is None
    assert said("list") == {"sources": [], "in_confidence": 1, "quarantined": []}
    assert [one["in_confidence"] for one in said("find", "kettles")["found"]] == [True]
    assert Source.objects.get().plane == Source.Plane.SEALED
    folder = tmp_path / "evidence"
    assert "1 source is in" in run("export", "--all", "--to", folder).output
    run("export", taken["source"], "--all", "--to", folder, code=2)
    verdict = said("verify", folder, code=1)
    assert verdict["sources"][0]["doubts"] == ["nothing_outside"]


def test_what_cannot_be_done_is_said(desk: builders.Office, tmp_path: Path) -> None:
    one = page(tmp_path, "one.html", POST.format(day=17))
    [taken] = said("add", one)
    for arguments, words in (
        (("find", "x" * 4000), "more than a search takes"),
        (("find", "  "), "no word to look for"),
        (("export", "nothing", "--to", tmp_path / "a"), "not the handle"),
        (("export", "0" * 32, "--to", tmp_path / "b"), "no such source"),
        (("export", taken["source"], "--to", tmp_path), "is there already"),
    ):
        assert words in str(run(*arguments, code=2).output)


@pytest.mark.shared
class TestFiveSources:
    """The results that were checked by hand, where the five files are kept beside the project."""

    @pytest.fixture
    def taken(self, desk: builders.Office, shared: Path) -> dict[str, Any]:
        files = sorted((shared / "sources").glob("00?_*.txt"))
        return dict(zip((path.name[:3] for path in files), said("add", *files), strict=True))

    def test_posts_are_split_and_three_are_shared(self, taken: dict[str, Any]) -> None:
        assert [len(taken[name]["posts"]) for name in ("000", "001", "004")] == [9, 9, 11]
        assert [taken[name]["duplicates"] for name in ("000", "001", "002", "003")] == [[], [], [], []]
        shared = taken["004"]["duplicates"]
        assert len(shared) == 3
        assert {one["of"].split("/")[0] for one in shared} == {taken["001"]["source"]}
        assert sorted(one["resemblance"] == 1 for one in shared) == [False, True, True]
        assert all(one["containment"] > 0.95 for one in shared)

    def test_the_thread_names_six_others_and_the_broken_entity_is_flagged(self, taken: dict[str, Any]) -> None:
        assert [one["posts"] for one in taken["000"]["related"]] == [18, 6, 16, 5, 25, 20]
        assert "broken_entity" in {one["code"] for one in taken["003"]["flags"]}


def test_a_collection_leaves_by_its_name_and_comes_in_for_a_team(
    desk: builders.Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (archive_cited, archive_going):
        monkeypatch.setattr(module, "acting", archive.acting)
    (first, second) = said(
        "add", page(tmp_path, "one.html", POST.format(day=17)), page(tmp_path, "two.html", "And on.")
    )
    passage = said("cite", first["source"], "three kettles")["passage"]
    said("collect", "Quailcopse", second["source"], passage)
    assert (
        "no collection of this name" in run("export", "--collection", "Nothing", "--to", tmp_path / "a", code=2).output
    )
    run("export", "--collection", "quailcopse", second["source"], "--to", tmp_path / "a", code=2)
    given = tmp_path / "given"
    assert said("export", "--collection", "quailcopse", "--to", given) == {"folder": str(given), "sources": 2}
    uncite(by=desk.guardian.actor, passage=Passage.objects.get())
    assert "say --team to keep it" in run("receive", given).stderr
    assert [row["passage"] for row in said("collect", "Quailcopse")] == [None]
    assert "1 of its passages stand here" in run("receive", given, "--team", desk.team.name).stderr
    assert len(said("collect", "Quailcopse")) == 2
