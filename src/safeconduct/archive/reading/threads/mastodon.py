"""A Mastodon thread: a status, the context of one, or both in one file.

{"ancestors": […], "descendants": […]}              /api/v1/statuses/:id/context: without the status itself
{"id": "1…", "content": "<p>…</p>", "account": {…}}  /api/v1/statuses/:id
{"status": {…}, "context": {…}}                     both, as this archive keeps them
"""

from typing import Any, Final

from .. import dates
from ..language import said
from ..pages.layout import text_of
from ..shape import Flagged, Found, Kind, Lack, NotRead, Picture, Reading, Unfit
from .assembly import Draft, Hole, assembled, missing_parents
from .fields import nodes, number, parsed, text

_SHOWN_WITHOUT_ACCOUNT: Final = 60  # replies; https://docs.joinmastodon.org/methods/statuses/#context
_ANCESTORS_SHOWN: Final = 40


def is_one(node: Any) -> bool:
    """Whether a structure is a status, a context, both, or a list of statuses."""
    if isinstance(node, list):
        return bool(node) and is_status(node[0])
    return isinstance(node, dict) and (
        is_status(node) or is_status(node.get("status")) or {"ancestors", "descendants"} <= node.keys()
    )


def is_status(node: Any) -> bool:
    """Whether a structure is a status."""
    return isinstance(node, dict) and {"id", "content", "account", "created_at"} <= node.keys()


def read(data: bytes) -> Reading:
    """The thread in a file of JSON. Raises `NotRead`."""
    return of(parsed(data))


def of(node: Any) -> Reading:
    """The thread in a structure. Raises `NotRead`."""
    if not is_one(node):
        raise NotRead(Unfit.NOT_SUCH)
    focal = node if is_status(node) else node.get("status") if isinstance(node, dict) else None
    context = node.get("context", node) if isinstance(node, dict) else {}
    before, after = nodes(context, "ancestors"), nodes(context, "descendants")
    listed = nodes({"list": node}, "list") if isinstance(node, list) else []
    statuses = [*before, *([focal] if isinstance(focal, dict) else []), *after, *listed]
    drafts = [_draft(one) for one in statuses if is_status(one)]
    return assembled(Kind.MASTODON, drafts, _holes(drafts, statuses), codes=_codes(before, after))


def _codes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[Flagged, ...]:
    full = len(after) >= _SHOWN_WITHOUT_ACCOUNT or len(before) >= _ANCESTORS_SHOWN
    return (Flagged.CAPPED,) if full else ()


def _holes(drafts: list[Draft], statuses: list[dict[str, Any]]) -> list[Hole]:
    holes = missing_parents(drafts)
    answered: dict[str, int] = {}
    for one in drafts:
        if one.answers:
            answered[one.answers] = answered.get(one.answers, 0) + 1
    for status in statuses:
        said_to_be = number(status, "replies_count") or 0
        here = answered.get(text(status, "id"), 0)
        if said_to_be > here:
            holes.append(Hole(Lack.TRUNCATED, text(status, "id"), None, str(said_to_be - here)))
    return holes


def _draft(status: dict[str, Any]) -> Draft:
    laid = text_of(text(status, "content"))
    warning = text(status, "spoiler_text")
    ahead = f"{warning}\n\n" if warning else ""
    draft = Draft(text(status, "id"), ahead + laid.raw, language=said(text(status, "language")))
    account = status.get("account")
    names = (text(account, "display_name"), text(account, "acct") or text(account, "username"))
    draft.author = f"{names[0]} @{names[1]}".strip() if names[1] else names[0] or None
    draft.date = dates.said(text(status, "created_at"), Found.METADATA)
    draft.address = text(status, "url") or text(status, "uri") or None
    draft.answers = text(status, "in_reply_to_id") or None
    draft.links = [type(link)(link.text, link.target, (link.at or 0) + len(ahead)) for link in laid.links]
    media = nodes(status, "media_attachments")
    draft.pictures = [Picture(text(one, "description"), text(one, "url") or text(one, "remote_url")) for one in media]
    draft.codes = [Flagged.EDITED] if text(status, "edited_at") else []
    draft.codes += [flag.code for flag in laid.flags[:5]]
    return draft
