"""Certificates of erasure. They say what went and by when, and not who it was, so every member may read them."""

from uuid import UUID

from django.db.models import QuerySet

from safeconduct.accounts.actor import Actor
from safeconduct.core.policy.facts import Act

from . import policies
from .keys import NotHeld
from .models import Erasure


def certificates(by: Actor) -> QuerySet[Erasure]:
    """The office's certificates, newest first. Raises `Refused`."""
    policies.require(by, Act.LIST_CERTIFICATES, policies.of_organisation(by.organisation))
    return Erasure.objects.filter(organisation=by.organisation).order_by("-on", "-id")


def certificate(by: Actor, handle: UUID) -> Erasure:
    """One of them. Raises `Refused`, `NotHeld`."""
    found = certificates(by).filter(handle=handle).first()
    if found is None:
        raise NotHeld("There is no such certificate.")
    return found
