"""A Bluesky thread, as `app.bsky.feed.getPostThread` answers: a post, what it answers, and what answers it.

A post that is not there, is blocked or was not sent is a stub in its place: each becomes a gap. Offsets of links count
bytes of UTF-8.
"""

from typing import Any, Final

from .. import dates
from ..language import said
from ..shape import Found, Kind, Lack, Link, NotRead, Picture, Reading, Unfit
from .assembly import Draft, Hole, assembled
from .fields import nodes, number, parsed, text

_THREAD: Final = "app.bsky.feed.defs#threadViewPost"
_STUBS: Final = {"notFoundPost": Lack.MISSING, "blockedPost": Lack.BLOCKED}


def is_one(node: Any) -> bool:
    """Whether a structure is such an answer, or the thread in it."""
    inner = node.get("thread") if isinstance(node, dict) and "thread" in node else node
    return isinstance(inner, dict) and (inner.get("$type") == _THREAD or "cid" in _dict(inner, "post"))


def read(data: bytes) -> Reading:
    """The thread in a file of JSON. Raises `NotRead`."""
    return of(parsed(data))


def of(node: Any) -> Reading:
    """The thread in a structure. Raises `NotRead`."""
    if not is_one(node):
        raise NotRead(Unfit.NOT_SUCH)
    focal = node.get("thread", node)
    holes: list[Hole] = []
    drafts = _ancestors(focal, holes)
    todo: list[tuple[dict[str, Any], str | None]] = [(focal, drafts[-1].identifier if drafts else None)]
    while todo:
        view, parent = todo.pop()
        draft = _draft(_dict(view, "post"), parent)
        drafts.append(draft)
        replies = nodes(view, "replies")
        below = []
        for reply in replies:
            stub = _stub(reply)
            if stub is None:
                below.append((reply, draft.identifier))
            else:
                holes.append(Hole(stub, draft.identifier, None, text(reply, "uri")))
        todo += reversed(below)
        said_to_be = number(_dict(view, "post"), "replyCount") or 0
        if said_to_be > len(replies):
            holes.append(Hole(Lack.TRUNCATED, draft.identifier, None, str(said_to_be - len(replies))))
    return assembled(Kind.BLUESKY, drafts, holes)


def _ancestors(focal: dict[str, Any], holes: list[Hole]) -> list[Draft]:
    """What the focal post answers, oldest first."""
    chain: list[dict[str, Any]] = []
    view = _dict(focal, "parent")
    while view and _stub(view) is None:
        chain.append(view)
        view = _dict(view, "parent")
    first = text(chain[-1] if chain else focal, "post", "uri")
    if view:
        holes.append(Hole(_stub(view) or Lack.MISSING, None, first, text(view, "uri")))
    else:
        # The chain ends where the service stopped: an answer whose parent was not sent.
        parent = text(chain[-1] if chain else focal, "post", "record", "reply", "parent", "uri")
        if parent:
            holes.append(Hole(Lack.TRUNCATED, None, first, parent))
    drafts: list[Draft] = []
    for one in reversed(chain):
        drafts.append(_draft(_dict(one, "post"), drafts[-1].identifier if drafts else None))
    return drafts


def _stub(view: dict[str, Any]) -> Lack | None:
    kind = text(view, "$type").rpartition("#")[2]
    if kind in _STUBS:
        return _STUBS[kind]
    if view.get("notFound") is True:
        return Lack.MISSING
    if view.get("blocked") is True:
        return Lack.BLOCKED
    return None if _dict(view, "post") else Lack.MISSING


def _draft(post: dict[str, Any], parent: str | None) -> Draft:
    record = _dict(post, "record")
    written = text(record, "text")
    draft = Draft(text(post, "uri"), written, answers=parent)
    names = (text(post, "author", "displayName"), text(post, "author", "handle"))
    draft.author = f"{names[0]} @{names[1]}".strip() if names[1] else names[0] or None
    # `createdAt` is what its writer's program said; `indexedAt` is when the service first saw it.
    draft.date = dates.said(text(record, "createdAt"), Found.METADATA)
    langs = record.get("langs")
    draft.language = said(langs[0]) if isinstance(langs, list) and langs and isinstance(langs[0], str) else None
    draft.address = _address(draft.identifier, names[1])
    draft.links = _links(record, written)
    embed = _dict(post, "embed")
    for image in (*nodes(embed, "images"), *nodes(embed, "media", "images")):
        draft.pictures.append(Picture(text(image, "alt"), text(image, "fullsize") or text(image, "thumb")))
    external = _dict(embed, "external")
    if external:
        draft.links.append(Link(text(external, "title"), text(external, "uri"), None))
    return draft


def _links(record: dict[str, Any], written: str) -> list[Link]:
    data = written.encode("utf-8", "replace")
    found = []
    for facet in nodes(record, "facets"):
        start, end = number(_dict(facet, "index"), "byteStart"), number(_dict(facet, "index"), "byteEnd")
        if start is None or end is None or not 0 <= start < end <= len(data):
            continue
        at = len(data[:start].decode("utf-8", "ignore"))
        shown = data[start:end].decode("utf-8", "ignore")
        for feature in nodes(facet, "features"):
            target = text(feature, "uri") or text(feature, "did")
            if target:
                found.append(Link(shown, target, at))
    return found


def _address(uri: str, handle: str) -> str | None:
    """at://did:plc:…/app.bsky.feed.post/3k… is shown at https://bsky.app/profile/HANDLE/post/3k…"""
    parts = uri.split("/")
    if len(parts) == 5 and parts[3] == "app.bsky.feed.post":
        return f"https://bsky.app/profile/{handle or parts[2]}/post/{parts[4]}"
    return uri or None


def _dict(node: Any, name: str) -> dict[str, Any]:
    value = node.get(name) if isinstance(node, dict) else None
    return value if isinstance(value, dict) else {}
