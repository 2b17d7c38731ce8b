"""What the links of records say of one another, as plain data: no row and no key is needed for it."""

from collections.abc import Iterable, Mapping

from .facets import Links


def linked(links: Links) -> list[str]:
    """Handles (hex) of the records this one is directly merged with."""
    into = [links.merged_into.person] if links.merged_into else []
    return into + [one.person for one in links.merged_from]


def as_one(links: Mapping[int, tuple[str, Links]], order: Iterable[int]) -> dict[int, list[int]]:
    """Which of some records are of one person, for a list that shows each person once.

    Args:
        links: handle (hex) and links by subject id.
        order: subject ids as they would be listed.

    Returns:
        The id that stands for each person, in that order, with the ids of their other records in it.
    """
    group: dict[str, str] = {}

    def root(handle: str) -> str:
        while group.setdefault(handle, handle) != handle:
            handle = group[handle]
        return handle

    for handle, one in links.values():
        for other in linked(one):
            group[root(other)] = root(handle)
    out: dict[int, list[int]] = {}
    stands: dict[str, int] = {}
    for number in order:
        key = root(links[number][0]) if number in links else f"#{number}"
        if key in stands:
            out[stands[key]].append(number)
        else:
            stands[key] = number
            out[number] = []
    return out
