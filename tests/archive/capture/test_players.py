"""Others' validator takes our packages, and others' player shows them: with what a page holds at rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from safeconduct.archive.capture import Captured, pack
from safeconduct.archive.capture.packages.packing import address_of
from safeconduct.archive.capture.playing import POLICY, Shown
from safeconduct.archive.capture.playing import shown as shown_by_us
from tests.archive.capture import made
from tests.archive.capture.players import playing, validate
from tests.archive.capture.servers import Server, page, serving
from tests.archive.capture.test_packages import changed_words, edited, warc
from tests.support.browser import Profiles

if TYPE_CHECKING:  # Playwright is slow to import
    from playwright.sync_api import Page

# Each of these would run a script, or ask the address for something.
HOSTILE = """<!doctype html><html><head><meta charset=utf-8><title>Left alone</title>
<base href="ADDRESS/base/">
<link rel=preconnect href="ADDRESS"><link rel=dns-prefetch href="ADDRESS"><link rel=prefetch href="ADDRESS/prefetch">
<link rel=preload as=image href="ADDRESS/preload"><link rel=stylesheet href="ADDRESS/style">
<link/rel=icon href="ADDRESS/icon"><LINK
rel=preconnect href="ADDRESS">
<link rel=modulepreload href="ADDRESS/module"><link rel=manifest href="ADDRESS/manifest">
<meta http-equiv=refresh content="0;url=ADDRESS/refresh">
<style>@import url(ADDRESS/import); body { background: url(ADDRESS/background) }
@font-face { font-family: f; src: url(ADDRESS/font) } p { font-family: f }</style>
<script>document.title = "EXECUTED"; fetch("ADDRESS/fetch"); new Image().src = "ADDRESS/image"</script>
<script src="ADDRESS/script"></script><script type=module>document.title = "EXECUTED"</script>
<script type=speculationrules>{"prefetch": [{"source": "list", "urls": ["ADDRESS/speculated"]}]}</script>
</head><body onload="document.title='EXECUTED'" onpageshow="document.title='EXECUTED'">
<p>What the minister wrote.</p>
<img src=x onerror="document.title='EXECUTED'"><img src="ADDRESS/img" srcset="ADDRESS/srcset 2x">
<svg onload="document.title='EXECUTED'"><image href="ADDRESS/svg" /><use href="ADDRESS/use#x" /></svg>
<iframe src="ADDRESS/frame"></iframe><iframe src="javascript:top.document.title='EXECUTED'"></iframe>
<iframe srcdoc="<script>top.document.title='EXECUTED'</script><img src='ADDRESS/srcdoc'>"></iframe>
<object data="ADDRESS/object"></object><embed src="ADDRESS/embed">
<video src="ADDRESS/video" poster="ADDRESS/poster"></video>
<input autofocus onfocus="document.title='EXECUTED'"><details open ontoggle="document.title='EXECUTED'">x</details>
<style onload="document.title='EXECUTED'"></style><marquee onstart="document.title='EXECUTED'">x</marquee>
<form action="ADDRESS/form"><input name=a></form><a href="ADDRESS/link" ping="ADDRESS/ping">link</a>
</body></html>"""


@pytest.fixture
def outside() -> Iterator[Server]:
    """Somebody elsewhere whom nothing may ask: anybody who comes is counted."""
    with serving(page(b"seen you"), host="127.0.0.1") as server:
        yield server


def hostile(outside: Server, target: str = "http://statement.example/hostile") -> Captured:
    return made.fetched(HOSTILE.replace("ADDRESS", outside.address).encode(), target=target)


def written(folder: Path, package: bytes) -> Path:
    path = folder / "source.wacz"
    path.write_bytes(package)
    return path


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(made.fetched(), id="page"),
        pytest.param(made.file(), id="file"),
        pytest.param(made.file(b"%PDF-1.7", "application/pdf", "https://statement.example/a.pdf"), id="paper"),
        pytest.param(Captured(None, made.AT, "application/warc", warc(as_one=True)), id="records packed as one"),
    ],
)
def test_the_validator_takes_it(source: Captured, tmp_path: Path) -> None:
    taken, said = validate(written(tmp_path, pack(source, title="A letter")))
    assert taken, said


def test_the_validator_notices_an_edit_but_not_one_with_refreshed_hashes(tmp_path: Path) -> None:
    """Which is why the hash of a package also stands in its stamps and in the log: see test_handing_over."""
    package = pack(made.fetched())
    assert not validate(written(tmp_path, edited(package, changed_words, refresh=False)))[0]
    assert validate(written(tmp_path, edited(package, changed_words, refresh=True)))[0]


def shown(profiles: Profiles, address: str) -> tuple[Page, list[str]]:
    """A page in Chromium once it has done all it does, and every address that was asked for and answered."""
    tab = profiles.new().new_page()
    asked: list[str] = []
    tab.on("response", lambda response: asked.append(response.url))
    tab.goto(address, wait_until="networkidle")
    return tab, asked


@pytest.mark.browser
def test_the_player_shows_it_and_nothing_of_it_runs(tmp_path: Path, profiles: Profiles, outside: Server) -> None:
    source = hostile(outside)
    with playing(tmp_path, written(tmp_path, pack(source)), policy=POLICY) as player:
        tab, asked = shown(profiles, f"{player}/20210420123015/{source.target}")
        assert "What the minister wrote." in tab.inner_text("body")
        assert tab.title() == "Left alone"
        assert asked == [f"{player}/20210420123015/{source.target}"]
    assert outside.came == 0


@pytest.mark.browser
def test_a_file_without_an_address_is_played_too(tmp_path: Path, profiles: Profiles) -> None:
    source = made.file()
    with playing(tmp_path, written(tmp_path, pack(source)), policy=POLICY) as player:
        tab, _ = shown(profiles, f"{player}/20210420123015/{address_of(source)}")
        assert "لن ينقل أحد" in tab.inner_text("body")


def answer(shown: Shown) -> bytes:
    lines = [f"{name}: {value}" for name, value in shown.headers]
    return (
        "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(shown.body)}", *lines]).encode()
        + b"\r\n\r\n"
        + shown.body
    )


@pytest.mark.browser
def test_shown_by_us_nothing_runs_and_nothing_is_asked_for(profiles: Profiles, outside: Server) -> None:
    ready = shown_by_us(hostile(outside))
    assert ready is not None
    with serving(answer(ready), host="127.0.0.1") as ours:
        tab, asked = shown(profiles, f"{ours.address}/shown")
        assert "What the minister wrote." in tab.inner_text("body")
        assert tab.title() == "Left alone"
        assert asked == [f"{ours.address}/shown"]
    assert outside.came == 0  # not even a line was opened


@pytest.mark.browser
def test_the_control_without_the_head_it_runs_and_asks(profiles: Profiles, outside: Server) -> None:
    body = hostile(outside).body.replace(b"<meta http-equiv=refresh", b"<meta name=refresh")
    with serving(page(body), host="127.0.0.1") as ours:
        tab, asked = shown(profiles, f"{ours.address}/shown")
        assert tab.title() == "EXECUTED"
        assert len(asked) > 5
    assert outside.came > 0


def test_what_is_no_page_is_not_shown() -> None:
    for kind in (
        "image/svg+xml",
        "application/pdf",
        "text/html; charset=utf-16",
        "text/html; charset=iso-2022-jp",
        "",
        "x",
    ):
        assert shown_by_us(made.file(b"x", kind)) is None
    assert shown_by_us(made.file("<p>x".encode("utf-16"))) is None
    assert shown_by_us(made.file(b"<meta charset=utf-7><p>x", "text/html")) is None
    split = shown_by_us(made.file(b"x", "text/html; charset=utf-8\r\nX: y"))
    assert split is not None
    assert dict(split.headers)["Content-Type"] == "text/html; charset=utf-8"
    xhtml = shown_by_us(made.file(b'<h:link xmlns:h="x"/><LINK rel=preconnect><linked>', "application/xhtml+xml"))
    assert xhtml is not None
    assert dict(xhtml.headers)["Content-Type"] == "text/html; charset=utf-8"
    assert xhtml.body == b'<h:link xmlns:h="x"/><not-LINK rel=preconnect><linked>'
