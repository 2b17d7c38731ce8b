"""T18: an address somebody gives makes this machine speak to the public network alone, and hear no more than it can.

A server on ::1 stands for the public network: it alone is in reach. One on 127.0.0.1 is what must not be reached; a
control shows that it can be.
"""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import subprocess
import tempfile
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from safeconduct.archive import paper
from safeconduct.archive.capture.captured import Captured, NotFetched, Unreached
from safeconduct.archive.capture.fetching import Way, fetch, reach, steps, visit
from safeconduct.archive.reading.door import read_here
from tests.archive.capture.servers import Answer, Server, moved, page, serving
from tests.archive.test_paper import SHEET, WORDS, pango
from tests.support.needs import need

PUBLIC = "::1"


@pytest.fixture
def private() -> Iterator[Server]:
    with serving(page(b"a router's own page"), host="127.0.0.1") as server:
        yield server


def way_to(*servers: Server, seconds: float = 30, most: int = 1 << 20) -> Way:
    """Only ::1 is in reach, though every port of these servers is."""
    ports = frozenset(server.port for server in servers)
    return Way(reach.Reach((ipaddress.ip_network(PUBLIC),), ports), seconds=seconds, most=most)


def reason(result: Captured | NotFetched) -> Unreached | None:
    return result.reason if isinstance(result, NotFetched) else None


HIDDEN = [
    "http://127.0.0.1:{}/",
    "http://2130706433:{}/",
    "http://0177.0.0.1:{}/",
    "http://0x7f.0.0.1:{}/",
    "http://0x7f000001:{}/",
    "http://127.1:{}/",
    "http://127.0.0.1.:{}/",
    "http://１２７.0.0.1:{}/",
    "http://[::ffff:127.0.0.1]:{}/",
    "http://[::ffff:7f00:1]:{}/",
    "http://[64:ff9b::7f00:1]:{}/",
    "http://[2002:7f00:1::]:{}/",
    "http://[::127.0.0.1]:{}/",
    "http://0.0.0.0:{}/",
    "http://0:{}/",
    "http://localhost:{}/",
    "http://LOCALHOST.:{}/",
    "http://169.254.169.254:{}/latest/meta-data/",
    "http://[fe80::1%25eth0]:{}/",
    "http://[fe80::1%eth0]:{}/",
    "http://[fd00::2]:{}/",
    "http://10.0.0.1:{}/",
    "http://100.64.0.1:{}/",
    "http://224.0.0.1:{}/",
    "http://%31%32%37.0.0.1:{}/",
    "http://public.example\\@127.0.0.1:{}/",
    "http://public.example@127.0.0.1:{}/",
    "http://127.0.0.1\t:{}/",
    "http://127.0.0.1\r\nX: y:{}/",
    "file:///etc/passwd",
    "file://127.0.0.1:{}/etc/passwd",
    "ftp://127.0.0.1:{}/",
    "gopher://127.0.0.1:{}/_GET",
    "data:text/html,<p>x",
    "//127.0.0.1:{}/",
    "http:///x",
    "",
]


@pytest.mark.parametrize("address", HIDDEN)
def test_what_is_not_public_is_not_spoken_to(address: str, private: Server) -> None:
    result = fetch(address.format(private.port), way=way_to(private))
    assert reason(result) in (Unreached.REFUSED_ADDRESS, Unreached.NO_ADDRESS, Unreached.NO_NAME)
    assert private.came == 0


def test_the_control_it_would_have_answered(private: Server) -> None:
    way = Way(reach.Reach((ipaddress.ip_network("127.0.0.1"),), frozenset({private.port})))
    result = fetch(private.address, way=way)
    assert isinstance(result, Captured)
    assert result.body == b"a router's own page"
    assert private.came == 1


@pytest.mark.parametrize("address", [HIDDEN[0], HIDDEN[1], HIDDEN[8], "//127.0.0.1:{}/", "file:///etc/passwd"])
def test_a_redirect_is_judged_anew(address: str, private: Server) -> None:
    with serving(moved(address.format(private.port))) as server:
        result = fetch(f"{server.address}/a", way=way_to(server, private))
    assert isinstance(result, NotFetched)
    assert result.reason in (Unreached.REFUSED_ADDRESS, Unreached.NO_ADDRESS)
    assert [hop.address for hop in result.hops] == [f"{server.address}/a"]
    assert private.came == 0


def test_a_name_that_points_elsewhere_a_moment_later_gains_nothing(private: Server) -> None:
    with serving(page()) as server:
        answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
        asked: list[str] = []

        def lookup(host: str, _port: int) -> list[str]:
            asked.append(host)
            return next(answers)

        way = replace(way_to(server, private), lookup=lookup)
        result = fetch(f"http://turning.example:{server.port}/", way=way)
        assert isinstance(result, Captured)
        assert result.server == PUBLIC
        assert asked == ["turning.example"]
        again = fetch(f"http://turning.example:{private.port}/", way=way)
    assert reason(again) == Unreached.REFUSED_ADDRESS
    assert private.came == 0


def test_a_name_of_which_one_address_is_private_is_refused(private: Server) -> None:
    with serving(page()) as server:
        way = replace(way_to(server, private), lookup=lambda _host, _port: [PUBLIC, "127.0.0.1"])
        assert reason(fetch(f"http://both.example:{server.port}/", way=way)) == Unreached.REFUSED_ADDRESS
        assert (server.came, private.came) == (0, 0)


def test_a_redirect_to_a_name_is_looked_up_and_judged(private: Server) -> None:
    with serving(moved(f"http://inside.example:{private.port}/")) as server:
        way = replace(way_to(server, private), lookup=lambda host, _: ["127.0.0.1" if "inside" in host else PUBLIC])
        assert reason(fetch(f"http://outside.example:{server.port}/", way=way)) == Unreached.REFUSED_ADDRESS
    assert private.came == 0


def test_only_the_ports_of_the_web_are_spoken_to() -> None:
    with serving(page()) as server:
        way = Way(reach.Reach((ipaddress.ip_network(PUBLIC),)))
        assert reason(fetch(server.address, way=way)) == Unreached.REFUSED_ADDRESS
        assert server.came == 0


def test_redirects_end() -> None:
    with serving(moved("/again")) as server:
        result = fetch(server.address, way=way_to(server))
    assert isinstance(result, NotFetched)
    assert result.reason == Unreached.TOO_MANY_HOPS
    assert len(result.hops) == steps.MOST_HOPS


def bomb() -> bytes:
    """A hundred million zeros in a hundred thousand bytes."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(100)), packer.flush()])


def endless(head: bytes) -> Answer:
    def answer(line: socket.socket, _question: bytes) -> None:
        line.sendall(head)
        while True:  # until whoever asked goes away
            line.sendall(b"x: " + b"y" * 60_000 + b"\r\n")

    return answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(page(b"x" * ((1 << 20) + 1)), Unreached.TOO_LARGE, id="one byte more"),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\n\r\n"), Unreached.TOO_LARGE, id="endless"),
        pytest.param(page(bomb(), "Content-Encoding: gzip"), Unreached.TOO_LARGE, id="bomb"),
        pytest.param(
            page(gzip.compress(b"x") * 3 + bomb(), "Content-Encoding: gzip"), Unreached.TOO_LARGE, id="members"
        ),
        pytest.param(endless(b"HTTP/1.1 200 OK\r\n"), None, id="endless head"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", Unreached.NOT_HTTP, id="another protocol"),
        pytest.param(b"<p>no head</p>\r\n\r\n", Unreached.NOT_HTTP, id="no head"),
        pytest.param(b"", Unreached.NO_ANSWER, id="nothing"),
        pytest.param(page(b"x" * 99)[:-9], Unreached.NO_ANSWER, id="cut"),
        pytest.param(page(gzip.compress(b"x" * 99)[:-9], "Content-Encoding: gzip"), Unreached.NO_ANSWER, id="cut gzip"),
        pytest.param(page(b"not packed", "Content-Encoding: gzip"), Unreached.NOT_HTTP, id="not packed"),
    ],
)
def test_what_a_server_says_is_bounded(answer: bytes | Answer, said: Unreached | None) -> None:
    with serving(answer) as server:
        result = fetch(server.address, way=way_to(server))
    assert isinstance(result, NotFetched)
    assert said is None or result.reason == said


def test_a_slow_drip_and_silence_end_with_the_time() -> None:
    def drip(line: socket.socket, _question: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.ended.wait(0.05):
            line.sendall(b"x")

    with serving(drip) as server:
        assert reason(fetch(server.address, way=way_to(server, seconds=1))) == Unreached.TIME
    with serving(lambda _line, _question: server.ended.wait(60) and None) as server:
        assert reason(fetch(server.address, way=way_to(server, seconds=1))) == Unreached.TIME


def test_a_name_server_that_is_silent_ends_with_the_time() -> None:
    silent = threading.Event()

    def lookup(_host: str, _port: int) -> list[str]:
        silent.wait(60)
        return []

    way = Way(seconds=0.2, lookup=lookup)
    assert reason(fetch("http://slow.example/", way=way)) == Unreached.TIME
    silent.set()
    assert reason(fetch("http://no.example/", way=replace(way, seconds=30))) == Unreached.NO_NAME


def test_a_server_nobody_vouches_for_is_not_believed() -> None:
    context, certificate = certified("vouched.example")
    with serving(page(), tls=context) as server:
        way = replace(way_to(server), lookup=lambda _host, _port: [PUBLIC])
        address = f"https://vouched.example:{server.port}/"
        assert reason(fetch(address, way=way)) == Unreached.NO_TRUST
        vouched = fetch(address, way=replace(way, trusted=certificate))
        assert isinstance(vouched, Captured)
        assert vouched.body == b"<p>hello</p>"
        other = f"https://other.example:{server.port}/"
        assert reason(fetch(other, way=replace(way, trusted=certificate))) == Unreached.NO_TRUST


def test_the_process_gets_nothing_but_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[list[str], dict[str, object]]] = []
    real = subprocess.Popen

    def watched(arguments: list[str], **named: object) -> object:
        given.append((arguments, named))
        return real(arguments, **named)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(subprocess, "Popen", watched)
    with serving(page()) as server:
        fetch(f"{server.address}/who-was-asked", way=way_to(server))
    ((arguments, named),) = given
    assert named["env"] == {}
    assert named["cwd"] == "/"
    assert len(named["pass_fds"]) == 1  # type: ignore[arg-type]
    assert "who-was-asked" not in " ".join(arguments)  # the list of processes is open to everybody


def test_where_nothing_can_be_confined_nothing_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "bound", lambda: None)
    monkeypatch.setattr(visit, "confine", lambda: False)
    here, there = socket.socketpair()
    question = {"tls": False, "host": "x.example", "most": 1000, "trusted": ""}
    with here, there:
        said, wire, body = visit.answered(here.fileno(), question)
        there.setblocking(False)
        with pytest.raises(BlockingIOError):
            there.recv(1)
    assert (said, wire, body) == ({"fault": Unreached.NOT_HERE}, b"", b"")


def test_the_paper_of_a_source_asks_for_nothing(private: Server) -> None:
    need("Pango", pango())
    at = f"{private.address}/seen"
    hostile = f'<p>Read me <img src="{at}"><link rel=stylesheet href="{at}"><object data="{at}"></object>'
    hostile += f"<style>@import url({at});</style>"
    for text in (hostile, hostile.replace("<", "&lt;")):
        body = f"<html><head><title>T</title></head><body><article>{text}</article></body></html>".encode()
        assert paper.pdf(read_here(body, media_type="text/html"), SHEET, WORDS)
    unescaped = weasyprint().HTML(string=hostile, url_fetcher=paper.fetcher())
    assert unescaped.write_pdf()
    assert private.came == 0
    weasyprint().HTML(string=hostile).write_pdf()  # the control: drawn with nothing in its way
    assert private.came > 0


def weasyprint() -> Any:
    import weasyprint  # slow to import, and not on every machine

    return weasyprint


def certified(name: str) -> tuple[ssl.SSLContext, str]:
    """A TLS server's context with a certificate of its own for ``name``, and that certificate (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        both.write_bytes(pem + secret)
        context.load_cert_chain(both)
    return context, pem.decode()
