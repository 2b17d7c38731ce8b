"""The base of what is inside an envelope."""

import msgspec


class FacetUnreadable(Exception):
    """An envelope opened, but what is in it is of a version this program does not know."""


class Facet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The base of every facet. Encoded as MessagePack."""
