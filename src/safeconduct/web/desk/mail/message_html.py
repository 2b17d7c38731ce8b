"""The HTML of a message as it looked, for a frame in which nothing runs, nothing is fetched and nothing leads anywhere.

Two walls, either of which is enough: what is kept of the HTML was cleaned when the message came, and the frame's own
policy lets nothing run or load, whatever it holds. The page around the frame lets it show this desk alone, so that no
link in it leads elsewhere either.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from csp.constants import SELF
from django.http import Http404, HttpResponse
from django.shortcuts import render

from safeconduct.people import opening
from safeconduct.people.mail_facets import Mail
from safeconduct.people.models import Envelope
from safeconduct.post.queries import find_message

from ...access import Request

WALL: Final = "sandbox; default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
# Of the page that holds the frame: `csp_update` takes it.
AROUND: Final = {"frame-src": [SELF]}


def view(request: Request, handle: UUID) -> HttpResponse:
    """The HTML of one message, opened under an entry of its own."""
    message = find_message(request.actor, handle)
    part = opening.open_part(by=request.actor, subject=message.subject, facet=Envelope.Facet.MAIL)
    mail: Mail = part.facets[Envelope.Facet.MAIL].content
    if not mail.html:
        raise Http404
    response = render(request, "components/message_html.html", {"html": mail.html})
    response.headers["Content-Security-Policy"] = WALL
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
