"""Sources of our own making, one of each kind. Everybody and everything in them is invented."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

PARAGRAPHS = (
    "The rooms at the old mill were cold all winter, several of the people who live there said to us last week.",
    "Nobody answered the letters that were sent about it for months on end, and the boiler was never looked at.",
    "A spokesman for the owners said that they take all complaints very seriously and would look into the matter.",
    "The council, which pays for the rooms, did not wish to say what it knew or when it had been told about them.",
)
BLOG = """The Lantern

Cold rooms at the old mill

3.11.2020: The Lantern has learned that the rooms at the old mill were cold all winter, and that nobody came.

Continue reading “Cold rooms at the old mill”

What to bring on Thursday

  • Old phones and chargers, however slow they are, and any cards that go with them
  • Names of people who can read a letter out loud in more than one language

Ask for “Orla” at the door, and mention “the kettle”

[Updated 28.11.2020] There is “no heating” in half of the rooms, the owners admit, and none is planned.

Continue reading “Ask for “Orla” at the door, and mention “the kettle””
"""
PAGE = (
    '<!doctype html><html lang="en-GB"><head><title>Cold rooms | The Lantern</title>'
    '<meta property="article:published_time" content="2020-11-03T08:00:00+01:00">'
    '<meta name="author" content="Ben Orrin"><link rel="canonical" href="https://lantern.example/cold">'
    "<script>document.title = 'changed'</script></head><body>"
    '<ul class="menu"><li><a href="/">Home</a></li></ul><div id="c"><h1>Cold rooms</h1>'
    + "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    + '<p style="display:none">Words nobody sees</p><p>See <a href="/more">the letters</a>.</p></div></body></html>'
)
INDEX = """<html><body>
<article class="post hentry"><h2><a rel="bookmark" href="https://lantern.example/2021/03/02/one/">One</a></h2>
<time class="published" datetime="2021-03-02">2 March</time> by <span class="author">Ada Quill</span>
<p>The first post is about rooms that are cold.</p><p><a href="/one">Continue reading “One”</a></p></article>
<article class="post"><h2>Two</h2><p>5 March 2021: The second post is about the letter of 18 February 2021.</p>
<article class="comment"><p>I agree with every word.</p></article></article>
<article class="comment"><p>So do I.</p></article></body></html>"""
THREAD = """Some of you asked what happened at the mill, so here is what we know so far. 1/
The heating was off from November. Staff were told and nothing was done. 2/

lantern.example/2020/11/cold-roo…
They said it was repaired. It was not, as these pictures show very plainly. 4/5

• • •

Missing some Tweet in this thread? You can try to force a refresh

Keep Current with Ada Quill 🌿

This Thread may be Removed Anytime!

More from @quill_of_mill

3 Feb
THREAD: what a cold room does to a child, in eleven posts and with sources. 1/
More of it. 2/
Read 11 tweets
28 Jan 2021
We asked the council four questions. It answered one of them, in part.
Read 4 tweets

Did Thread Reader help you today?
"""
THREAD_PAGE = """<html><head><title>Thread</title></head><body><div class="t-main">
<div id="tweet_1" class="content-tweet allow-preview" data-tweet="1690402154881925120" data-screenname="quill_of_mill">
The heating was off. <a class="entity-mention" href="https://x.example/orla">@orla</a> said so.
<sup class="tw-permalink"><a href="/p">#</a></sup></div>
<div id="tweet_2" class="content-tweet" data-tweet="1690402154881925999">Nothing was done.
<span class="entity-image"><img data-src="https://x.example/a.jpg" alt="A boiler with no cover"></span></div>
</div><p>Keep Current with Ada Quill</p><p>More from @quill_of_mill</p>
<p>3 Feb</p><p>What a cold room does.</p><p>Read 11 tweets</p></body></html>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Lantern</title>
<link>https://lantern.example/</link><language>en-gb</language>
<item><title>Cold rooms</title><link>https://lantern.example/cold</link><author>Ben Orrin</author>
<pubDate>Tue, 03 Nov 2020 08:00:00 +0100</pubDate>
<description>&lt;p&gt;The rooms were &lt;b&gt;cold&lt;/b&gt;. &lt;a href="https://l.example/x"&gt;More&lt;/a&gt;&lt;/p&gt;</description></item>
<item><title>No date</title><guid>2</guid><description>Plain words &amp; no date, on 3 May.</description></item>
</channel></rss>"""
MHTML = (
    "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://lantern.example/cold\r\nSubject: Cold\r\n"
    "Date: Mon, 1 Feb 2021 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="----edge"\r\n\r\n'
    "------edge\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
    "Content-Location: https://lantern.example/cold\r\n\r\n"
    + base64.encodebytes(PAGE.encode()).decode()
    + "\r\n------edge\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="
    + "\r\n------edge--\r\n"
)


def pdf(
    *pages: str, info: str = "/Title (Cold rooms) /Author (Ben Orrin) /CreationDate (D:20201103080000+01'00')"
) -> bytes:
    """A PDF with a line of text on each page; an empty one is a page without text."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET" if text else ""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    objects.append(f"<< {info} >>")
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    tail += f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + tail.encode()


def status(number: int, words: str, answers: int | None = None, **more: Any) -> dict[str, Any]:
    """A status as Mastodon gives it."""
    return {
        "id": str(number),
        "created_at": f"2023-08-12T16:{number % 60:02}:37.000Z",
        "in_reply_to_id": str(answers) if answers else None,
        "content": f"<p>{words}</p>",
        "account": {"display_name": "Ada Quill", "acct": "ada@mill.example"},
        "url": f"https://mill.example/@ada/{number}",
        "language": "en",
        "replies_count": 0,
        "media_attachments": [],
        **more,
    }


def view(name: str, words: str, *, replies: Any = None, parent: Any = None, **record: Any) -> dict[str, Any]:
    """A post as Bluesky's `getPostThread` gives it."""
    node: dict[str, Any] = {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": {
            "uri": f"at://did:plc:mill/app.bsky.feed.post/{name}",
            "cid": f"cid{name}",
            "author": {"displayName": "Ada Quill", "handle": "ada.example"},
            "record": {"text": words, "createdAt": "2023-08-12T16:10:37.123Z", "langs": ["en"], **record},
            "replyCount": len(replies or []),
        },
    }
    if replies is not None:
        node["replies"] = replies
    if parent is not None:
        node["parent"] = parent
    return node


def tweet(number: int, words: str, answers: int | None = None, **more: Any) -> dict[str, Any]:
    """A post as an X archive holds it: numbers are texts."""
    one: dict[str, Any] = {"id_str": str(number), "full_text": words, "created_at": "Sat Aug 12 16:10:37 +0000 2023"}
    if answers:
        one["in_reply_to_status_id_str"] = str(answers)
    return {"tweet": {**one, "lang": "en", **more}}


def script(name: str, entries: list[dict[str, Any]]) -> bytes:
    """A file of an X archive."""
    return f"window.YTD.{name}.part0 = ".encode() + json.dumps(entries).encode()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def warc(*pages: tuple[str, str, bytes], gzip: bool = True, status: str = "200 OK", encoding: str = "") -> bytes:
    """A WARC of answers: address, media type, body."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    for address, media_type, body in pages:
        fields = [("Content-Type", media_type), *([("Content-Encoding", encoding)] if encoding else [])]
        head = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                address, "response", payload=io.BytesIO(body), length=len(body), http_headers=head
            )
        )
    return out.getvalue()


def wacz(data: bytes, *addresses: str) -> bytes:
    """A WACZ of one WARC, listing some pages. Its hashes are nobody's business here."""
    lines = [{"format": "json-pages-1.0", "id": "pages", "title": "All"}]
    lines += [{"url": one, "ts": "2023-08-12T16:10:37Z"} for one in addresses]
    return zipped(
        {
            "datapackage.json": b'{"profile": "data-package"}',
            "archive/data.warc.gz": data,
            "pages/pages.jsonl": "\n".join(map(json.dumps, lines)).encode(),
        },
        zipfile.ZIP_STORED,
    )
