"""The command itself: quick help, sentences for faults, exit codes, and nobody's name in an unforeseen error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from safeconduct.cli import main
from tests.support.desk import run


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> object:
    """Replace `version` by a command that raises what it is given."""

    def fail_with(fault: BaseException) -> None:
        @click.command("version")
        def command() -> None:
            raise fault

        monkeypatch.setattr(main.LazyGroup, "get_command", lambda self, ctx, name: command)

    return fail_with


def test_asking_for_help_loads_neither_django_nor_cryptography() -> None:
    program = (
        "import sys; from safeconduct.cli.main import run; assert run(['--help']) == 0;"
        "print(sorted({'django', 'cryptography', 'openpyxl', 'waitress'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"
    assert "Run the desk on a data folder." in ended.stdout


@pytest.mark.parametrize("name", ["serve", "version"])
def test_every_command_explains_itself(name: str) -> None:
    ended = run(name, "--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith(f"Usage: safeconduct {name}")


def test_an_unknown_command_is_a_usage_error() -> None:
    ended = run("explode")
    assert ended.returncode == 2
    assert "No such command" in ended.stderr


def test_a_part_that_is_absent_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(main.COMMANDS, "witness", ("witness", "Not in this installation."))
    context = click.Context(main.group)
    assert "witness" not in main.group.list_commands(context)
    assert main.group.get_command(context, "witness") is None
    assert main.group.get_command(context, "version") is not None


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (main.CommandFault("The folder is gone. Make a new one."), 2, "Error: The folder is gone. Make a new one.\n"),
        (click.Abort(), 130, "Stopped.\n"),
        (KeyboardInterrupt(), 130, "\nStopped.\n"),
    ],
)
def test_faults_are_sentences_with_an_exit_code(
    failing: object, capsys: pytest.CaptureFixture[str], fault: BaseException, code: int, said: str
) -> None:
    failing(fault)  # type: ignore[operator]
    assert main.run(["version"]) == code
    assert capsys.readouterr().err == said


def test_an_unforeseen_fault_says_where_and_names_nobody(failing: object, capsys: pytest.CaptureFixture[str]) -> None:
    failing(ValueError("row 7: Zahra Invented"))  # type: ignore[operator]
    assert main.run(["version"]) == 3
    said = capsys.readouterr().err
    assert "ValueError at " in said
    assert "test_main.py:" in said
    assert "Zahra" not in said


def test_a_command_may_end_with_a_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("check")
    @click.pass_context
    def command(context: click.Context) -> None:
        context.exit(1)

    monkeypatch.setattr(main.LazyGroup, "get_command", lambda self, ctx, name: command)
    assert main.run(["check"]) == 1


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear")
    ended = run("serve", "--folder", str(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: ")
    assert "not a Safeconduct data folder" in ended.stderr
    assert "Traceback" not in ended.stderr
