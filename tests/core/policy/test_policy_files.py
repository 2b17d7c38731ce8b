"""Policy files are validated when they are loaded: what cannot mean what it says does not start."""

import shutil
from pathlib import Path

import pytest

from safeconduct.core.policy.engine import POLICIES, PolicyBook
from safeconduct.core.policy.errors import (
    ActsDiffer,
    PolicyFilesMissing,
    PolicyInvalid,
    PolicyUnnamed,
    SchemaInvalid,
)


def book_with(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "policies"
    shutil.copytree(POLICIES, folder)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("more.cedar", '@id("x") permit (principal, action, resource) when { principal.guardain };', PolicyInvalid),
        ("more.cedar", '@id("x") permit (principal, action == Action::"OpenPersn", resource);', PolicyInvalid),
        ("more.cedar", '@id("x") forbid (principal, action, resource) when { context.purpose == "" };', PolicyInvalid),
        ("more.cedar", '@id("x") permit (principal, action, resource) when { principal.guardian > 1 };', PolicyInvalid),
        ("more.cedar", '@id("x") permit (principal, action, resource', PolicyInvalid),
        ("more.cedar", "permit (principal, action, resource);", PolicyUnnamed),
        ("more.cedar", '@id("own-passphrase") permit (principal, action, resource);', PolicyUnnamed),
        ("schema.cedarschema", "entity Member {", SchemaInvalid),
        ("schema.cedarschema", "entity Member;", PolicyInvalid),
    ],
)
def test_policy_files_that_cannot_mean_what_they_say_do_not_load(
    name: str, text: str, fault: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(fault):
        PolicyBook.load(book_with(tmp_path, name, text))


def test_the_schema_and_the_program_know_the_same_acts(tmp_path: Path) -> None:
    schema = (POLICIES / "schema.cedarschema").read_text(encoding="utf-8")
    more = schema + "action Destroy appliesTo { principal: Member, resource: Person };"
    with pytest.raises(ActsDiffer, match="Destroy"):
        PolicyBook.load(book_with(tmp_path, "schema.cedarschema", more))
    fewer = schema.replace("InviteMember, CreateTeam", "CreateTeam")
    folder = tmp_path / "fewer"
    shutil.copytree(POLICIES, folder)
    (folder / "schema.cedarschema").write_text(fewer, encoding="utf-8")
    guardian = folder / "guardian.cedar"
    guardian.write_text(guardian.read_text(encoding="utf-8").replace('Action::"InviteMember",', ""), encoding="utf-8")
    with pytest.raises(ActsDiffer, match="InviteMember"):
        PolicyBook.load(folder)


def test_a_folder_without_policies_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(PolicyFilesMissing):
        PolicyBook.load(tmp_path)
    shutil.copy(POLICIES / "schema.cedarschema", tmp_path)
    with pytest.raises(PolicyFilesMissing):
        PolicyBook.load(tmp_path)


def test_every_policy_file_ships_beside_the_engine() -> None:
    assert {file.name for file in POLICIES.iterdir()} == {
        "archive.cedar",
        "boundary.cedar",
        "guardian.cedar",
        "own.cedar",
        "schema.cedarschema",
        "team.cedar",
    }
