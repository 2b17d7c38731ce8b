"""Logs name nobody, whatever somebody else's code passes to them."""

from __future__ import annotations

import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from enum import Enum

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class, get_exception_reporter_filter

from safeconduct.config import logs

NAME = "Zahra Invented"


class Stage(Enum):
    READ = "read"


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    stream = io.StringIO()
    handler = logs.QuietStream()
    handler.setStream(stream)
    handler.setFormatter(logs.QuietFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)


def test_text_arguments_are_withheld_and_figures_kept(written: Callable[[], str]) -> None:
    logging.getLogger("safeconduct.people").warning("%s of %d at %s for %s", NAME, 12, Stage.READ, None)
    assert "WARNING safeconduct.people [withheld] of 12 at Stage.READ for None" in written()
    assert NAME not in written()


def test_a_mapping_of_arguments_is_withheld_too(written: Callable[[], str]) -> None:
    logging.getLogger("safeconduct.people").warning("%(who)s row %(row)d", {"who": NAME, "row": 3})
    assert "[withheld] row 3" in written()


@pytest.mark.parametrize("sentence", [f"cannot find {NAME}", ValueError(NAME)])
def test_a_finished_sentence_of_somebody_else_is_replaced_by_its_place(
    written: Callable[[], str], sentence: object
) -> None:
    logging.getLogger("thirdparty").warning(sentence)
    assert NAME not in written()
    assert "thirdparty [withheld] test_logs.py:" in written()


def test_arguments_that_do_not_fit_are_not_printed_either() -> None:
    record = logging.LogRecord("thirdparty", logging.WARNING, __file__, 7, "%d rows", (NAME,), None)
    assert logs.QuietFormatter().format(record).endswith("WARNING thirdparty [withheld] test_logs.py:7")


def test_a_record_that_cannot_be_formatted_is_dropped_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logs.QuietStream()
    handler.setFormatter(logging.Formatter("%(absent)s"))
    handler.handle(logging.LogRecord("thirdparty", logging.WARNING, __file__, 7, "%s", (NAME,), None))
    assert capsys.readouterr().err == ""


def test_an_exception_gives_its_class_and_place_only(written: Callable[[], str]) -> None:
    secret = NAME
    try:
        int(secret)
    except ValueError:
        logging.getLogger("django.request").exception("%s: %s", "Internal Server Error", f"/people/{NAME}")
    assert "ValueError at test_logs.py:" in written()
    assert NAME not in written()
    assert "invalid literal" not in written()


def test_warnings_are_withheld(written: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logs.quiet_process()
        try:
            warnings.warn(f"unknown zone {NAME}", stacklevel=1)
        finally:
            logging.captureWarnings(False)
    assert "py.warnings" in written()
    assert NAME not in written()


def test_uncaught_errors_of_any_thread_are_withheld(
    written: Callable[[], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.quiet_process()
    logging.captureWarnings(False)

    def fail() -> None:
        raise KeyError(NAME)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except KeyError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]  # inside `except` it is never None
    said = written().splitlines()
    assert [line.split()[1] for line in said] == ["ERROR", "CRITICAL"]
    assert all("KeyError at " in line and "test_logs.py:" in line for line in said)
    assert NAME not in written() + capsys.readouterr().err


def test_every_handler_in_force_is_quiet() -> None:
    handlers = [(logger.name, one) for logger in _loggers() for one in logger.handlers if not _is_pytests(one)]
    # pyasn1 makes a handler when it is imported and uses it only where code calls its setLogger, which none here does.
    handlers = [(name, one) for name, one in handlers if name != "pyasn1"]
    assert handlers
    assert [(name, one) for name, one in handlers if type(one.formatter) is not logs.QuietFormatter] == []


def test_a_report_of_an_error_has_no_value_in_it() -> None:
    request = RequestFactory().post("/people/", {"name": NAME}, headers={"cookie": f"half={NAME}"})
    try:
        raise RuntimeError(NAME)
    except RuntimeError:
        reporter = get_exception_reporter_class(request)(request, *sys.exc_info())
    assert NAME not in reporter.get_traceback_text()
    assert NAME not in reporter.get_traceback_html()
    assert NAME not in str(reporter.get_traceback_data())
    assert settings.SECRET_KEY not in str(reporter.get_traceback_data())
    assert isinstance(get_exception_reporter_filter(request), logs.NoValues)


def _loggers() -> list[logging.Logger]:
    known = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(each for each in known if isinstance(each, logging.Logger))]


def _is_pytests(handler: logging.Handler) -> bool:
    return type(handler).__module__.startswith("_pytest") or isinstance(handler, logging.NullHandler)
