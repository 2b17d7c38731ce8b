"""Fixtures every test may use. The network is off: only this machine and Unix sockets can be reached."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import UserSettingsHolder, settings
from django.test.client import ClientHandler
from hypothesis import settings as hypothesis_settings

from safeconduct.config.folder import DataFolder
from tests.support import postgresql
from tests.support.browser import STAY_HERE, Profiles
from tests.support.desk import LiveDesk, run
from tests.support.first_desk import FirstDesk, unpack
from tests.support.needs import need

if TYPE_CHECKING:  # Playwright is slow to import and most runs of one test do without it
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
ON_POSTGRESQL = os.environ.get("SAFECONDUCT_TEST_DATABASE") == "postgresql"
# What these try does not depend on the database under the desk, and they are the slowest: once is enough. Of pages, one
# journey through everything and those that search, sort and count run on both.
ONCE_IS_ENOUGH = ("journeys", "web")
ON_BOTH = {"journeys/test_first_use", *(f"web/test_{name}" for name in ("today", "week", "cases", "people", "tray"))}
ON_ANY_DATABASE = {
    f"attacks/test_{name}"
    for name in ("t11_every_url", "t13_mass_assignment", "t16_formulas", "t17_uploads", "t21_sessions")
}
CHEAP_PASSPHRASES = (8, 1, 1)  # KiB, passes, lanes: a guess costs nothing
CHROMIUM = ("chromium", "chromium-browser")
LIGHT = "chromium-headless-shell"  # the same without windows, and without all of a profile: a quarter less work
CHROMIUM_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    STAY_HERE,
)

# A slow machine is no failure: tests measure nothing in time.
hypothesis_settings.register_profile("project", deadline=None)
hypothesis_settings.load_profile("project")


def pytest_configure(config: pytest.Config) -> None:
    """Turn the network off for every test, whatever else the command line says, and make passphrases cheap."""
    config.option.allow_hosts = "127.0.0.1,::1"
    config.option.allow_unix_socket = True
    settings.PASSPHRASE_COST = CHEAP_PASSPHRASES


def pytest_report_header() -> str:
    """Say what is weaker here than at a real desk."""
    return "insecure, for tests only: stretching a passphrase costs 8 KiB and one pass"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are no name: those made at collection differ from worker to worker, and pytest-xdist refuses that."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With PostgreSQL, run only the tests that touch a database or say that they need PostgreSQL; no looks."""
    if not ON_POSTGRESQL:
        return
    touching = {"db", "transactional_db", "_desks", "cluster"}
    items[:] = [
        item
        for item in items
        if _depends_on_the_database(f"{item.path.parent.name}/{item.path.stem}")
        and (
            touching & set(getattr(item, "fixturenames", ()))
            or item.get_closest_marker("django_db")
            or item.get_closest_marker("postgresql")
        )
    ]


def _depends_on_the_database(name: str) -> bool:
    return name in ON_BOTH or (name not in ON_ANY_DATABASE and not name.startswith(ONCE_IS_ENOUGH))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgresql.Cluster]:
    """A real PostgreSQL server of this run's own."""
    need("PostgreSQL", postgresql.programs())
    if ON_POSTGRESQL:
        folder = settings.DATA_FOLDER.path.parent  # the settings already point there
    else:
        folder = Path(f"/tmp/safeconduct-{secrets.token_hex(6)}")  # a socket's path must be short
        folder.mkdir(mode=0o711)
    server = postgresql.Cluster(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder / "cluster", ignore_errors=True)
    if not ON_POSTGRESQL:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """pytest-django's hook before it makes the test database: start the server it will be made on."""
    if ON_POSTGRESQL:
        request.getfixturevalue("cluster")


@pytest.fixture(scope="session", autouse=True)
def _middleware_once() -> Iterator[None]:
    """Load the middleware once, not for every browser of a test: it finds all static files. Changed settings: anew."""
    load, loaded = ClientHandler.load_middleware, dict[str, object]()

    def load_once(self: ClientHandler, is_async: bool = False) -> None:
        if is_async or isinstance(settings._wrapped, UserSettingsHolder):
            load(self, is_async)
        elif loaded:
            self.__dict__.update(loaded)
        else:
            load(self)
            loaded.update((name, value) for name, value in vars(self).items() if name.startswith("_"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield


@pytest.fixture
def data_folder(tmp_path: Path) -> DataFolder:
    """A new, empty, real data folder."""
    return DataFolder.create(tmp_path / "data", "real", environment={})


@pytest.fixture(scope="session")
def shared() -> Path:
    """The sample inputs kept beside the project; tests that read them are skipped where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared sample inputs are absent")
    return SHARED


StartDesk = Callable[..., LiveDesk]


@pytest.fixture(scope="session")
def _desks(request: pytest.FixtureRequest) -> Iterator[StartDesk]:
    running: list[LiveDesk] = []

    def start(folder: Path, *, name: str = "serve", options: tuple[str, ...] = (), **extra: str) -> LiveDesk:
        if ON_POSTGRESQL and "SAFECONDUCT_DATABASE" not in extra:
            server = request.getfixturevalue("cluster")
            extra["SAFECONDUCT_DATABASE"] = server.create(f"desk_{secrets.token_hex(6)}")
        desk = LiveDesk(folder, name=name, options=options, extra=extra)
        running.append(desk)
        return desk

    yield start
    for desk in running:
        if desk.process.poll() is None:
            desk.stop()


@pytest.fixture
def start_desk(_desks: StartDesk) -> Iterator[StartDesk]:
    """`start_desk(folder, name="serve"|"demo", options=(...), SAFECONDUCT_X="...")` -> `LiveDesk`; ended afterwards."""
    mine: list[LiveDesk] = []

    def start(*arguments: object, **named: object) -> LiveDesk:
        desk = _desks(*arguments, **named)
        mine.append(desk)
        return desk

    yield start
    for desk in mine:
        if desk.process.poll() is None:
            desk.stop()


@pytest.fixture
def live_desk(start_desk: StartDesk, tmp_path: Path) -> LiveDesk:
    """A desk nobody has set up yet; `live_desk.setup_code` lets a test do so."""
    return start_desk(tmp_path / "office")


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder, invented once and on SQLite: copy it."""
    folder = tmp_path_factory.mktemp("invented") / "demo"
    made = run("demo", "--folder", str(folder), "--no-serve")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="session")
def first_desk_today(tmp_path_factory: pytest.TempPathFactory) -> FirstDesk:
    """The first desk's folder, on SQLite, brought up to date once by today's code: copy it."""
    place = unpack(tmp_path_factory.mktemp("first-desk") / "today")
    upgraded = place.run("migrate", SAFECONDUCT_DATABASE="sqlite")
    assert upgraded.returncode == 0, upgraded.stderr
    return place


@pytest.fixture(scope="module")
def demo_desk(
    _desks: StartDesk, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveDesk]:
    """A demo desk for the tests of one module; `sign-ins.json` lies in its folder."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    if not ON_POSTGRESQL:
        shutil.copytree(request.getfixturevalue("demo_folder"), folder)
    desk = _desks(folder, name="demo")
    yield desk
    desk.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    program = next((found for name in (LIGHT, *CHROMIUM) if (found := shutil.which(name))), None)
    need("Chromium", program)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code. It is not: each
    # call blocks. Other tests of the session use the database in the same thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_OPTIONS))
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def profiles(browser: Browser) -> Iterator[Profiles]:
    """`profiles.new(**playwright's options)` -> a fresh profile. A request for anything elsewhere fails the test."""
    made = Profiles(browser)
    yield made
    made.close()
    assert not made.left, f"the desk asked for something elsewhere: {sorted(set(made.left))}"


@pytest.fixture
def page(profiles: Profiles) -> Page:
    """One page in a fresh profile, as wide as a laptop."""
    return profiles.new(viewport={"width": 1280, "height": 800}).new_page()
