"""Packages: what went in comes out byte for byte, and what others made is taken as it is or refused."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from safeconduct.archive.capture import Captured, NotPacked, Unsound, pack, pages, unpack
from safeconduct.archive.capture.fetching import response
from safeconduct.archive.capture.packages import packing, records, unpacking
from tests.archive.capture import made

SOURCES = [
    pytest.param(made.fetched(), id="page"),
    pytest.param(made.fetched(packed=False), id="plain page"),
    pytest.param(made.file(), id="file"),
    pytest.param(made.file(target=made.ADDRESS), id="file with an address"),
    pytest.param(made.file(b"", "text/plain"), id="empty"),
    pytest.param(made.file(bytes(range(256)) * 9, "application/octet-stream"), id="bytes"),
    pytest.param(made.fetched(target="https://statement.example/لماذا?q=a b"), id="odd address"),
]


def warc(*, as_one: bool = False, plain: bool = False) -> bytes:
    """A file of records as somebody else might give it."""
    data = unpacking.files_of(pack(made.fetched()))["archive/data.warc.gz"]
    if plain:
        return gzip.decompress(data)
    return gzip.compress(gzip.decompress(data), mtime=0) if as_one else data


def edited(wacz: bytes, edit: Callable[[dict[str, bytes]], None], *, refresh: bool) -> bytes:
    """A package after an edit, with every hash in it made right again if ``refresh``."""
    files = unpacking.files_of(wacz)
    edit(files)
    if refresh:
        said = json.loads(files["datapackage.json"])
        for row in said["resources"]:
            row |= {"hash": records.digest_of(files[row["path"]]), "bytes": len(files[row["path"]])}
        files["datapackage.json"] = json.dumps(said).encode()
        digest = {"path": "datapackage.json", "hash": records.digest_of(files["datapackage.json"])}
        files["datapackage-digest.json"] = json.dumps(digest).encode()
    return packing.write_zip(files, made.AT)


def changed_words(files: dict[str, bytes]) -> None:
    """Somebody moves the day in the letter, and makes the records anew."""
    source = made.fetched(made.HTML.replace(b"1&nbsp;May", b"9&nbsp;May"))
    other = unpacking.files_of(pack(source))
    files |= {path: other[path] for path in ("archive/data.warc.gz", "indexes/index.cdx")}


def refusal(wacz: bytes) -> Unsound:
    with pytest.raises(NotPacked) as caught:
        unpack(wacz)
    return caught.value.reason


@pytest.mark.parametrize("source", SOURCES)
def test_what_went_in_comes_out(source: Captured) -> None:
    package = pack(source)
    assert unpack(package) == source
    assert pack(source) == package
    (page,) = pages(package)
    assert page.body == source.body
    assert page.target == (source.target and packing.address_of(source))


def test_what_came_over_the_line_lies_there_as_it_came() -> None:
    data = unpacking.files_of(pack(made.fetched()))["archive/data.warc.gz"]
    assert made.wire() in gzip.decompress(data)
    kinds = {record.kind: record for record in records.read(data)}
    assert set(kinds) == {"warcinfo", "response", "metadata"}
    assert kinds["response"].date == made.AT
    assert kinds["response"].server == "198.51.100.7"


@pytest.mark.parametrize("data", [warc(), warc(plain=True), warc(as_one=True)], ids=["packed", "plain", "as one"])
def test_a_file_of_records_stays_as_it_came(data: bytes) -> None:
    given = Captured(None, made.AT, "application/warc", data)
    package = pack(given)
    assert unpack(package) == given
    (page,) = pages(package)
    assert page.body == made.HTML
    assert data in unpacking.files_of(package).values()


def test_a_package_others_made_stays_as_it_came() -> None:
    package = edited(pack(made.fetched()), lambda files: files.update(without_ours(files)), refresh=True)
    given = Captured(made.ADDRESS, made.AT, "application/wacz", package)
    assert pack(given) == package
    assert unpack(package) == given
    broken = edited(package, changed_words, refresh=False)
    with pytest.raises(NotPacked):
        pack(replace(given, body=broken))


def without_ours(files: dict[str, bytes]) -> dict[str, bytes]:
    said = json.loads(files["datapackage.json"])
    del said["safeconduct"]
    return {"datapackage.json": json.dumps(said).encode()}


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries:
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", Unsound.NOT_ONE, id="empty"),
        pytest.param(b"<p>no package</p>", Unsound.NOT_ONE, id="a page"),
        pytest.param(pack(made.file())[:-40], Unsound.DAMAGED, id="cut"),
        pytest.param(zipped(("a", b"b")), Unsound.NOT_ONE, id="another zip"),
        pytest.param(zipped(("../../etc/cron.d/x", b"b")), Unsound.HOSTILE, id="leaves the folder"),
        pytest.param(zipped(("/etc/passwd", b"b")), Unsound.HOSTILE, id="from the root"),
        pytest.param(zipped(("a\\..\\b", b"b")), Unsound.HOSTILE, id="of another system"),
        pytest.param(zipped(("datapackage.json", b"[" * 100_000)), Unsound.DAMAGED, id="deep"),
        pytest.param(zipped(("datapackage.json", b"{}")), Unsound.DAMAGED, id="lists nothing"),
        pytest.param(zipped(("datapackage.json", b'{"resources":[]}')), Unsound.NOTHING_INSIDE, id="holds nothing"),
        pytest.param(edited(pack(made.fetched()), changed_words, refresh=False), Unsound.HASHES_DIFFER, id="edited"),
        pytest.param(
            edited(pack(made.fetched()), lambda files: files.update({"pages/more.jsonl": b"{}"}), refresh=False),
            Unsound.HASHES_DIFFER,
            id="something unlisted",
        ),
    ],
)
def test_what_is_no_package_is_refused(data: bytes, reason: Unsound) -> None:
    assert refusal(data) == reason


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    assert refusal(zipped(("datapackage.json", b"{}"), ("datapackage.json", b"{}"))) == Unsound.HOSTILE


def test_a_package_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1 << 20)
    assert refusal(zipped(("archive/data.warc.gz", bytes(1 << 21)))) == Unsound.TOO_LARGE
    monkeypatch.setattr(records, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(records, "MOST_BLOCK", 1 << 20)
    bomb = pack(made.file(bytes(1 << 20) + b"x", "text/plain"))
    assert refusal(bomb) == Unsound.TOO_LARGE


@pytest.mark.parametrize(
    "data", [b"", b"WARC/1.0\r\n", b"WARC/1.0\r\nContent-Length: x\r\n\r\n", b"\x1f\x8b\x08\x00zz"]
)
def test_what_are_no_records_is_refused(data: bytes) -> None:
    with pytest.raises(NotPacked):
        pack(Captured(None, made.AT, "application/warc", data))


def test_a_cut_file_of_records_is_refused() -> None:
    with pytest.raises(NotPacked):
        pack(Captured(None, made.AT, "application/warc", warc()[:300]))


def test_records_that_are_not_what_they_say_are_refused_and_nothing_of_them_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    changed = warc(plain=True).replace(b"X-Odd", b"X-0dd")
    longer = warc(plain=True).replace(b"X-Odd", b"X-Odd-and-somebody-named")
    for data, reason in ((changed, Unsound.HASHES_DIFFER), (longer, Unsound.DAMAGED)):
        with pytest.raises(NotPacked) as caught:
            pack(Captured(None, made.AT, "application/warc", data))
        assert caught.value.reason in (reason, Unsound.HASHES_DIFFER)
    assert capfd.readouterr() == ("", "")


def test_an_answer_is_taken_apart_as_it_was_sent() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"two")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:9], packed[9:], b""))
    sent = b"HTTP/1.1 203 Odd\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunks
    answer = response.take_apart_bytes(sent)
    assert (answer.status, answer.body, answer.media_type) == (203, b"onetwo", "application/octet-stream")
    strange = response.take_apart_bytes(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nas it came")
    assert strange.body == b"as it came"
