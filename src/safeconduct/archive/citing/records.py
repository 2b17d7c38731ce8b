"""Citations as other programs read them: BibTeX (for biblatex) and CSL JSON.

Sources: the biblatex manual, `@online`; the CSL 1.0.2 specification, appendix IV (variables), and its JSON schema.
"""

import json
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote

from .works import Work, plain

# TeX's own signs. A brace counts as one even behind a backslash, so braces are written by name.
_ESCAPES: Final = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_", '"': r"{\textquotedbl}",
    }
)  # fmt: skip
# The types of the CSL schema; a post of a thread is `post`, of a site `post-weblog`.
_TYPES: Final = {
    "html": "webpage",
    "mhtml": "webpage",
    "warc": "webpage",
    "wacz": "webpage",
    "pdf": "document",
    "text": "document",
    "feed": "post-weblog",
    "x_archive": "post",
    "thread_reader": "post",
    "mastodon": "post",
    "bluesky": "post",
}


def bibtex(works: Iterable[Work]) -> str:
    """One `@online` entry a work, in UTF-8. Nothing a source says can end its field or become a command."""
    return "\n".join(_entry(work) for work in works)


def csl(works: Iterable[Work]) -> list[dict[str, Any]]:
    """The works as CSL JSON, for citeproc, Zotero and others."""
    return [_item(work) for work in works]


def csl_json(works: Iterable[Work]) -> str:
    """The same as text."""
    return json.dumps(csl(works), ensure_ascii=False, indent=1)


def _entry(work: Work) -> str:
    fields = {
        "author": f"{{{_tex(work.author)}}}" if work.author else None,
        "title": f"{{{_title(work).translate(_ESCAPES)}}}",
        "organization": _tex(work.container) if work.container else None,
        "date": work.said.iso if work.said else None,
        "url": _url(work.address) if work.address else None,
        "urldate": work.accessed.isoformat(),
        "langid": _tex(work.language) if work.language else None,
        "note": _tex(_note(work)) or None,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value is not None]
    return "\n".join([f"@online{{{_key(work)},", *lines, "}", ""])


def _item(work: Work) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": _key(work),
        "type": _TYPES.get(work.kind, "document"),
        "title": _title(work),
        "accessed": {"date-parts": [[work.accessed.year, work.accessed.month, work.accessed.day]]},
    }
    if work.author:
        # Not taken apart: which part of a name is a surname is not ours to say.
        item["author"] = [{"literal": plain(work.author)}]
    if work.said:
        item["issued"] = {"date-parts": [work.said.parts]} | ({"circa": True} if work.said.inferred else {})
    if work.address:
        item["URL"] = _url(work.address)
    if work.container:
        item["container-title"] = plain(work.container)
    if work.language:
        item["language"] = plain(work.language)
    if _note(work):
        item["note"] = _note(work)
    return item


def _title(work: Work) -> str:
    return plain(work.title or "") or plain(work.opening) or "Untitled"


def _note(work: Work) -> str:
    inferred = "The date was inferred." if work.said and work.said.inferred else ""
    return " ".join(
        one for one in (f"SHA-256 of the archived bytes: {work.sha256}." if work.sha256 else "", inferred) if one
    )


def _key(work: Work) -> str:
    return "".join(one for one in work.key if one.isascii() and one.isalnum()) or "source"


def _tex(text: str) -> str:
    return plain(text).translate(_ESCAPES)


def _url(address: str) -> str:
    """An address in ASCII, without a sign that would end a field; what is escaped already stays as it is."""
    return quote("".join(plain(address).split()), safe="%/:?#[]@!$&'()*+,;=-._~")
