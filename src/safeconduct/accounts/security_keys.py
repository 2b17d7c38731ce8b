"""Security keys and passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

Nothing here knows members or writes. A `Site` is the name the desk is reached under; a credential answers for that
name only, which is what makes it useless to a page that imitates the desk.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from . import challenges

# The library takes longer to load than most commands to run, and none of them asks for a key: it waits until one is.
if TYPE_CHECKING:
    from webauthn.helpers.structs import UserVerificationRequirement

# A browser's answer is a few kilobytes; a longer one is nobody's.
LONGEST: Final = 16 * 1024
_LONGEST_ID: Final = 1023
_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Site:
    """``name`` (WebAuthn's rpId) is a host without port; ``origin`` is what the browser shows, e.g. https://desk.example."""

    name: str
    origin: str


@dataclass(eq=False, repr=False)
class Answer:
    """What a browser sent for a challenge: its credential as JSON, and where, with the challenge's ``token``.

    ``purpose`` and ``about`` are what the challenge must have been issued for.
    """

    site: Site
    credential: Mapping[str, Any]
    token: str
    purpose: str
    about: str = ""

    @cached_property
    def challenge(self) -> bytes:
        """The challenge that must have been signed. Asked for, it is used; one nobody signed stands in for none."""
        return challenges.take(self.token, self.purpose, self.about) or os.urandom(challenges.CHALLENGE_BYTES)

    @property
    def id(self) -> bytes:
        """The credential's id, empty where there is none that could be one."""
        from webauthn.helpers import base64url_to_bytes

        try:
            found = base64url_to_bytes(str(self.credential.get("rawId", "")))
        except ValueError:
            return b""
        return found if len(found) <= _LONGEST_ID else b""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A new credential: its id, its public key (COSE) and where its count of signatures stands."""

    id: bytes
    public_key: bytes
    sign_count: int


def parse(text: str) -> Mapping[str, Any]:
    """A browser's credential; empty for what is none."""
    try:
        read = json.loads(text) if 0 < len(text) <= LONGEST else {}
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def options_to_add(
    site: Site, challenge: bytes, *, account: str, handle: bytes, known: Sequence[bytes], salt: bytes | None
) -> dict[str, Any]:
    """What `navigator.credentials.create` is asked; ``salt`` asks for the PRF as well, and then for a PIN or finger."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
    )

    made = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name="Safeconduct",
        user_name=account,
        user_id=handle,
        user_display_name=account,
        challenge=challenge,
        timeout=_SECONDS * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=_verification(asked=salt is not None),
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    out: dict[str, Any] = json.loads(webauthn.options_to_json(made))
    if salt is not None:
        out["extensions"] = {"prf": {"eval": {"first": bytes_to_base64url(salt)}}}
    return out


def options_to_answer(
    site: Site, challenge: bytes, *, known: Sequence[bytes] = (), salts: Mapping[bytes, bytes] | None = None
) -> dict[str, Any]:
    """What `navigator.credentials.get` is asked. Without ``known`` it says nothing about who there is.

    ``salts`` by credential ask for the PRF as well, and then for a PIN or finger.
    """
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    made = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        timeout=_SECONDS * 1000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=_verification(asked=bool(salts)),
    )
    out: dict[str, Any] = json.loads(webauthn.options_to_json(made))
    if salts:
        by_credential = {bytes_to_base64url(one): {"first": bytes_to_base64url(salt)} for one, salt in salts.items()}
        out["extensions"] = {"prf": {"evalByCredential": by_credential}}
    return out


def verify_new(answer: Answer, *, verified: bool) -> Enrolled | None:
    """The credential a browser made; None where it does not hold. ``verified`` insists on a PIN or finger."""
    import webauthn

    try:
        made = webauthn.verify_registration_response(
            credential=dict(answer.credential),
            expected_challenge=answer.challenge,
            expected_rp_id=answer.site.name,
            expected_origin=answer.site.origin,
            require_user_verification=verified,
        )
    except Exception:  # the library raises whatever a hostile answer trips over; none of it may be told apart
        return None
    if not 0 < len(made.credential_id) <= _LONGEST_ID:
        return None
    return Enrolled(made.credential_id, made.credential_public_key, made.sign_count)


def verify(answer: Answer, *, public_key: bytes, sign_count: int, verified: bool = False) -> int | None:
    """The new count of signatures; None where the answer does not hold, or the count went back (a copied key)."""
    import webauthn

    try:
        held = webauthn.verify_authentication_response(
            credential=dict(answer.credential),
            expected_challenge=answer.challenge,
            expected_rp_id=answer.site.name,
            expected_origin=answer.site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=verified,
        )
    except Exception:  # as above
        return None
    return held.new_sign_count


@cache
def decoy() -> bytes:
    """A public key (COSE, P-256) that is nobody's: verified against where there is none, at the same cost."""
    from webauthn.helpers import encode_cbor

    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})


def _verification(*, asked: bool) -> UserVerificationRequirement:
    from webauthn.helpers.structs import UserVerificationRequirement

    return UserVerificationRequirement.REQUIRED if asked else UserVerificationRequirement.PREFERRED
