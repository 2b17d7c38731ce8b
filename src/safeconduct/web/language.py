"""The language somebody chose in Settings, and its direction. Nothing a browser says by itself changes either.

A browser's own wish (`Accept-Language`) would hand English words to a reader of Arabic from right to left, unasked.
A language without a translation can be chosen as a trial: the page runs in its direction, the words stay English and
say so (`lang`), so that a screen reader pronounces them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

_YEAR: Final = 365 * 24 * 3600
_NAMED: Final = dict(settings.LANGUAGES)


class ChosenLanguage:
    """Django's language for the request, from the cookie alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language the words are in, whatever thread this is and whatever it answered before."""
        with translation.override(spoken(request)):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", spoken(request))
        return response


def chosen(request: HttpRequest) -> str:
    """The code of the language chosen in this browser; the default where there is none, or an unknown one."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in _NAMED else settings.LANGUAGE_CODE


def spoken(request: HttpRequest) -> str:
    """The code of the language the words are in."""
    code = chosen(request)
    return settings.LANGUAGE_CODE if code in settings.LANGUAGES_ON_TRIAL else code


def right_to_left(request: HttpRequest) -> bool:
    """Whether the page runs from right to left."""
    return bool(translation.get_language_info(chosen(request))["bidi"])


def choose(response: HttpResponse, code: str) -> None:
    """Keep a choice in this browser. The cookie says nothing about anybody."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_YEAR,
        httponly=True,
        samesite="Strict",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
