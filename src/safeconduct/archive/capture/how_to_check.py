"""The page of a handed-over folder: commands of every Unix, and what they show. It is drawn from `about.json` alone."""

import html
from collections.abc import Mapping
from typing import Any, Final

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>How to check these sources</title>
<style>
body {{ font-family: system-ui, sans-serif; line-height: 1.5; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
pre {{ background: #f2f2f2; padding: .75rem; overflow-x: auto; }}
dt {{ font-weight: 600; }}
dd {{ overflow-wrap: anywhere; }}
</style>
<h1>How to check these sources</h1>
<p>{what} Made on {made_at}. You need no account, no network and none of our programs for this: a terminal on Linux or
macOS with <code>sha256sum</code> (on macOS: <code>shasum -a 256</code>) and OpenSSL 3 is enough. Open the terminal in
this folder. Each command ends without a word of complaint, or prints OK; anything else is a difference.</p>
<h2>What the checks show, and what not</h2>
<ul>
<li>A stamp shows that these bytes existed by the time it names. It does not show when they were published, who wrote
them, or that what they say is so.</li>
<li>The log shows that the office that kept them wrote down the hash of these bytes, and in what order with its other
entries. Changes to history are detectable by whoever kept an earlier checkpoint.</li>
<li>A folder can be made anew by whoever holds it. What cannot is a stamp by an authority, or a signature by the log's
key. So compare two things with somebody else than who gave you this: the fingerprint of each authority's certificate
with the one the authority publishes, and the log's key with what the office tells you.</li>
<li>Not independently audited.</li>
</ul>
<h2>Every file is as it was when the folder was made</h2>
<pre>sha256sum --check --quiet SHA256SUMS</pre>
{items}
{gathered}<h2>Reading a source</h2>
<p><code>source.wacz</code> is a package of the kind web archives use (WACZ; the records in it are WARC). Any player of
such packages shows it; turn the network off first, so that nothing else is loaded. It is a zip file: the record as it
came lies in <code>archive/data.warc.gz</code>.</p>
</html>
"""

_GATHERED: Final = """<h2>What was cited</h2>
<p><code>collection.json</code> holds the order in which the office kept these sources, and the passages it cited: each
with its words, what stands around them and their place in the text, as W3C Web Annotations. That they were cited says
nothing of whether they are so.</p>
"""

_ITEM: Final = """<h2>{number}. {title}</h2>
<dl>
<dt>Address</dt><dd>{address}</dd>
<dt>Captured, by the clock of the office</dt><dd>{captured_at}</dd>
<dt>SHA-256 of the package</dt><dd><code>{sha256}</code></dd>
<dt>SHA-256 of the source itself</dt><dd><code>{bytes_sha256}</code></dd>
</dl>
{stamps}
{log}
"""


def page_of(about: Mapping[str, Any], *, gathered: bool = False) -> str:
    """The page, as HTML that loads nothing. Its commands are what stands in each ``pre``."""
    count = len(about["items"])
    name = html.escape(about["name"])
    what = f"{count} source{'' if count == 1 else 's'}{f' of the collection {name}' if name else ''}."
    items = "".join(_item(number, row) for number, row in enumerate(about["items"], 1))
    return _PAGE.format(
        what=what, made_at=html.escape(about["made_at"]), items=items, gathered=_GATHERED if gathered else ""
    )


def _item(number: int, row: Mapping[str, Any]) -> str:
    at = row["folder"]
    stamps = "".join(_stamp(at, one) for one in row["stamps"]) or (
        "<p>There is no stamp: nobody outside the office says by when these bytes existed.</p>"
    )
    log = (
        _log(at, row["log"])
        if row["log"]
        else "<p>There is no proof from the log: the office does not show here that it wrote these bytes down.</p>"
    )
    shown = {key: html.escape(str(row[key])) for key in ("captured_at", "sha256", "bytes_sha256")}
    title = html.escape(row["title"] or row["address"] or "A file without a title")
    address = html.escape(row["address"] or "none: it came as a file")
    return _ITEM.format(number=number, title=title, address=address, stamps=stamps, log=log, **shown)


def _stamp(at: str, row: Mapping[str, Any]) -> str:
    verify = f"openssl ts -verify -data {at}/source.wacz -in {at}/{row['reply']} -CAfile {at}/{row['roots']}"
    if row["chained"]:
        verify += f" -untrusted {at}/{row['chain']}"
    lines = [
        f"{verify} -attime {row['seconds']}",
        f"openssl ts -reply -in {at}/{row['reply']} -text | grep 'Time stamp'",
        f"openssl x509 -in {at}/{row['roots']} -noout -subject -fingerprint -sha256",
    ]
    told = f"<h3>The stamp of {html.escape(row['authority'])}: existed by {html.escape(row['at'])}</h3>"
    return f"{told}\n<pre>{html.escape(chr(10).join(lines), quote=False)}</pre>\n"


def _log(at: str, row: Mapping[str, Any]) -> str:
    hashed = "openssl dgst -sha256 -binary"
    lines = [
        "T=$(mktemp -d)",
        f'{hashed} {at}/source.wacz > "$T/source"',
        f'tail -c +{row["begins"]} {at}/log/entry | head -c 32 | cmp - "$T/source"',
        f'{{ printf "\\000"; {hashed} {at}/log/entry; }} | {hashed} > "$T/hash"',
    ]
    for step in row["steps"]:
        pair = f'{at}/{step["file"]} "$T/hash"' if step["left"] else f'"$T/hash" {at}/{step["file"]}'
        lines.append(f'{{ printf "\\001"; cat {pair}; }} | {hashed} > "$T/next"; mv "$T/next" "$T/hash"')
    lines += [
        f'sed -n 3p {at}/log/checkpoint | openssl base64 -d -A | cmp - "$T/hash"',
        f"head -n 3 {at}/log/checkpoint | cmp - {at}/log/signed",
        f"openssl pkeyutl -verify -pubin -inkey {at}/log/key.pem -rawin"
        f" -in {at}/log/signed -sigfile {at}/log/signature",
        f"openssl pkey -pubin -in {at}/log/key.pem -noout -text",
        'rm -r "$T"',
    ]
    told = (
        f"<h3>Entry {row['index']} of the log {html.escape(row['origin'])}, when it had {row['size']}</h3>\n"
        "<p>The entry holds the hash of the package, the entry is a leaf of the log's tree, and the log's key signed"
        f" the root of that tree. The key in one line: <code>{html.escape(row['key'])}</code></p>"
    )
    return f"{told}\n<pre>{html.escape(chr(10).join(lines), quote=False)}</pre>\n"
