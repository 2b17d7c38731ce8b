"""A source on paper: its text can be read back, nothing is fetched, nothing of it is run."""

from __future__ import annotations

import json
import unicodedata

import pypdfium2
import pytest

from safeconduct.archive import paper
from safeconduct.archive.reading.door import read_here
from safeconduct.archive.reading.shape import Reading
from tests.archive.reading import made
from tests.support.needs import need


def pango() -> bool:
    """Whether the library that sets type is on this machine."""
    try:
        import weasyprint
    except OSError:
        return False
    return weasyprint.HTML is not None


@pytest.fixture(autouse=True)
def _sets_type() -> None:
    need("Pango", pango())


WORDS = paper.Words(
    language="en-GB",
    flag=lambda code: f"[{code}]",
    gap=lambda gap: f"Missing here: {gap.about}",
    post=lambda post: f"Post {post.number}, {post.author}, {post.date} ({post.date_found_by})",
    sheet="Where this is from",
    marks="To know",
    limits=("These bytes existed by the time of the stamp. When they were published is not shown by that.",),
)
SHEET = paper.Sheet("S-4F2A", (("SHA-256", "ab" * 32), ("Captured", "2021-02-01 10:00 UTC"), ("Call", "0808 8010 503")))


def read_back(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        text = "\n".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    finally:
        document.close()
    return unicodedata.normalize("NFKC", " ".join(text.replace("\ufffe", "").replace("-\n", "-").split()))


def on_paper(reading: Reading) -> str:
    return read_back(paper.pdf(reading, SHEET, WORDS))


def test_every_post_every_gap_and_the_sheet_can_be_read_back() -> None:
    reading = read_here(made.THREAD.encode())
    text = on_paper(reading)
    for post in reading.posts:
        for word in post.text.replace("…", " ").split():
            assert word in text
    assert "Missing here: 3/" in text
    assert text.index("2/") < text.index("Missing here: 3/") < text.index("They said")
    assert "[removable]" in text
    assert "ab" * 16 in text.replace(" ", "")
    assert "These bytes existed by" in text
    assert "0808 8010 503" in text


@pytest.mark.parametrize(
    "words",
    [
        "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق",
        "ټول افراد آزاد نړۍ ته راځي او د حیثیت او حقوقو له پلوه سره برابر دي",
        "ብመንፅር ክብርን መሰልን ኩሎም ሰባት እንትውለዱ ነፃን ማዕሪን እዮም",
        "Mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm",
    ],
)
def test_scripts_of_the_field_can_be_read_back(words: str) -> None:
    text = on_paper(read_here(f"{words}\n\n{words}".encode()))
    missing = [word for word in unicodedata.normalize("NFKC", words).split() if word not in text]
    assert missing == []


def test_what_a_source_holds_is_text_on_paper() -> None:
    hostile = '<img src="file:///etc/passwd"><script>1</script><link rel=stylesheet href="http://l.example/x.css">'
    reading = read_here(json.dumps(made.status(1, hostile.replace("<", "&lt;"))).encode())
    assert "file:///etc/passwd" in reading.raw
    source = paper.page(reading, SHEET, WORDS)
    assert "<img" not in source
    assert "<script" not in source
    assert "<link" not in source
    assert "etc/passwd" in on_paper(reading)
    with pytest.raises(ValueError, match="no address"):
        paper._fetch_nothing("file:///etc/passwd")


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(paper.TooLong):
        paper.pdf(read_here(b"word " * (paper.MOST_CHARACTERS // 5 + 1)), SHEET, WORDS)
