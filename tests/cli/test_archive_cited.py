"""`safeconduct archive cite` and what else is said about sources, as it is typed."""

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
from safeconduct.archive.actions.take_in import take_in
from safeconduct.cli import archive, archive_cited, archive_going
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = (
    "Forty people were moved from the Harbour\u00a0hotel at night.\n\nNobody told them why. Nobody told the town.\n"
).encode()


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> str:
    """The handle of a source, at a desk whose commands act as its first member."""
    office = builders.office()

    @contextmanager
    def acting(_folder: Path, _member: str | None, *, role: str) -> Iterator[Actor]:
        yield office.guardian.actor

    monkeypatch.setattr(archive_cited, "acting", acting)
    return str(take_in(by=office.guardian.actor, data=LETTER).source.handle.hex)


def run(*arguments: str, code: int = 0, typed: str = "") -> Result:
    result = CliRunner().invoke(archive.command, [*arguments, "--folder", str(settings.DATA_FOLDER.path)], input=typed)
    assert result.exit_code == code, result.output
    return result


def said(*arguments: str, typed: str = "") -> Any:
    return json.loads(run(*arguments, "--json", typed=typed).stdout)


def test_a_passage_is_cited_noted_collected_and_put_in_time(source: str) -> None:
    made = said("cite", source, "-", typed="Harbour hotel at  night\n")
    assert (made["quote"], made["orphan"], made["post"]) == ("Harbour\u00a0hotel at night", False, 1)
    address = made["passage"]
    assert run("passages", address.lower()).stdout.startswith(f"{address}  “Harbour hotel at night”\n    ‘Forty people")
    assert said("passages", source, "--style", "apa")[0]["citation"].startswith("Forty people were moved")
    assert run("passages", source, "--style", "bibtex").stdout.startswith(f"@online{{{address},")
    assert [one["passage"] for one in said("note", address, "-", typed="Ask the town.")] == [address]
    assert [one["text"] for one in said("note", source)] == ["Ask the town."]
    assert [one["text"] for one in said("tag", source, "hotels")] == ["hotels"]
    assert said("tag", source, "Hotels", "--off") == []
    kept = said("collect", "The Harbour hotel", source, address, source)
    assert [one["passage"] for one in kept] == [None, address]
    assert [one["text"] for one in said("collect")] == ["The Harbour hotel"]
    assert run("collect", "the harbour hotel", "--style", "csl").stdout.count('"id"') == 2
    when = said("timeline", "--collection", "The Harbour hotel")
    assert (when["total"], when["undated"], [one["passage"] for one in when["dated"]]) == (2, 2, [None, address])
    assert said("timeline", "hotel")["total"] == 1


def test_what_cannot_be_done_is_said(source: str) -> None:
    for arguments, told in (
        (("cite", source, "Nobody told"), "They are in post 1"),
        (("cite", source, "Nobody tells"), "letter for letter"),
        (("cite", "nonsense", "Nobody"), "is not the handle of a source"),
        (("passages", "FJF6CYBM4N0D"), "no such passage"),
        (("tag", source, "hotels", "--off"), "not on this source"),
        (("collect", "Nothing"), "no collection of this name"),
        (("timeline",), "one of the two"),
        (("note", source, " "), "Write something"),
    ):
        assert told in run(*arguments, code=2).output


def test_a_source_is_read_anew_from_its_bytes(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_going, "acting", archive_cited.acting)
    assert said("read-anew", source) == [{"source": source, "changed": False, "orphans": 0, "masks_gone": 0}]
