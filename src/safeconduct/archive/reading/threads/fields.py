"""JSON from others: parsed within bounds, and its fields taken only where they are what they should be."""

import json
from typing import Any, Final

from ..bounds import MOST_MEMBER
from ..flags import letters
from ..shape import NotRead, Unfit

_LONGEST: Final = 400_000


def parsed(data: bytes | str) -> Any:
    """What a text of JSON says. Raises `NotRead`: too large or deep, cut off, no JSON."""
    if len(data) > MOST_MEMBER:
        raise NotRead(Unfit.TOO_LARGE)
    try:
        return json.loads(data)
    except json.JSONDecodeError as fault:
        # What stops at its very end was cut off; what stops before is something else.
        cut = not fault.doc[fault.pos :].strip() or fault.msg.startswith("Unterminated string")
        raise NotRead(Unfit.TRUNCATED if cut else Unfit.DAMAGED) from None
    except RecursionError:
        raise NotRead(Unfit.TOO_DEEP) from None
    except ValueError:
        raise NotRead(Unfit.DAMAGED) from None


def text(node: Any, *path: str) -> str:
    """A text at a path of names. An empty one where there is none, or something else stands there."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    if isinstance(node, int) and not isinstance(node, bool):
        return str(node)
    return letters(node[:_LONGEST]) if isinstance(node, str) else ""


def number(node: Any, name: str) -> int | None:
    """A whole number, also where it is written as a text, as X does."""
    value = node.get(name) if isinstance(node, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def nodes(node: Any, *path: str) -> list[dict[str, Any]]:
    """The structures of a list at a path of names; whatever else is in it is left out."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return [one for one in node if isinstance(one, dict)] if isinstance(node, list) else []
