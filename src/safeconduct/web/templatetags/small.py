"""The smallest parts of a page: names, numbers, days and values, each isolated from the text around it.

The three shapes used everywhere:

- *Name*: a string, or something with `text` and optionally `lang` (a language code, "" when unknown);
- *Day*: something with `text` (already worded) and `iso` (for the machine); a bare string is text without a date;
- *Value*: a string, or something with `text` and optionally `kind` ("text", "name", "phone", "ref", "day"), `lang`,
  `iso` and `note`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Scripts that need more room than Latin at the same nominal size; `paper.css` has one rule for each.
_TALL_SCRIPTS: dict[str, tuple[str, str]] = {
    "ARABIC": ("arab", "und-Arab"),
    "ETHIOPIC": ("ethi", "und-Ethi"),
    "BENGALI": ("deva", "und-Beng"),
    "DEVANAGARI": ("deva", "und-Deva"),
    "GURMUKHI": ("deva", "und-Guru"),
    "TAMIL": ("deva", "und-Taml"),
    "CJK": ("hani", "und-Hani"),
    "HANGUL": ("hani", "und-Hang"),
}


def get(thing: object, key: str, default: Any = "") -> Any:
    """One value out of a mapping or an object, `default` when it has none."""
    if isinstance(thing, Mapping):
        return thing.get(key, default)
    return getattr(thing, key, default)


def script_of(text: str) -> tuple[str, str]:
    """The style class and language code of the first letter's script; two empty strings for Latin, Cyrillic, Greek."""
    for letter in text:
        if letter.isalpha():
            return _TALL_SCRIPTS.get(unicodedata.name(letter, "").split(" ", 1)[0], ("", ""))
    return ("", "")


def name(value: object, extra: str = "") -> SafeString:
    """A person's name, isolated from the text around it and set at the size its script needs."""
    text = value if isinstance(value, str) else str(get(value, "text"))
    script, und = script_of(text)
    lang = "" if isinstance(value, str) else get(value, "lang")
    classes = " ".join(part for part in ("name", f"s-{script}" if script else "", extra) if part)
    if lang or und:
        return format_html('<bdi class="{}" dir="auto" lang="{}">{}</bdi>', classes, lang or und, text)
    return format_html('<bdi class="{}" dir="auto">{}</bdi>', classes, text)


def phone(text: str) -> SafeString:
    """A phone number, kept left to right. Never a link: a stray touch must not ring an unsafe number."""
    return format_html('<bdi class="num" dir="ltr">{}</bdi>', text)


def reference(text: str) -> SafeString:
    """A reference (ours, the Home Office's), kept left to right and unbroken."""
    return format_html('<bdi class="ref" dir="ltr">{}</bdi>', text)


def beside(parts: Iterable[object]) -> SafeString:
    """Parts of one line with a dot between them, each isolated: they stand in the page's order. None is empty."""
    return format_html_join(" · ", "<bdi>{}</bdi>", ((part,) for part in parts if part))


def day(value: object, extra: str = "") -> SafeString:
    """A day or an instant in words, with its machine form when there is one."""
    text = value if isinstance(value, str) else str(get(value, "text"))
    iso = "" if isinstance(value, str) else get(value, "iso")
    if not iso:
        return format_html('<span class="day {}">{}</span>', extra, text)
    return format_html('<time class="day {}" datetime="{}">{}</time>', extra, iso, text)


def value(item: object) -> SafeString:
    """A Value: drawn as what its `kind` says, with its note after it."""
    if isinstance(item, str | Promise):
        return format_html('<span class="val" dir="auto">{}</span>', item)
    drawn = _draw(item)
    note = get(item, "note")
    if note:
        return format_html('<span class="val">{} <span class="note">{}</span></span>', drawn, note)
    return format_html('<span class="val">{}</span>', drawn)


def _draw(item: object) -> SafeString:
    text = str(get(item, "text"))
    match get(item, "kind"):
        case "name":
            return name(item)
        case "phone" | "email":
            return phone(text)
        case "ref":
            return reference(text)
        case "day":
            return day(item)
    lang = get(item, "lang")
    if isinstance(text, SafeString):  # parts beside each other: in the page's order, each in its own direction
        return format_html('<span class="prose">{}</span>', text)
    if lang:
        return format_html('<span class="prose" dir="auto" lang="{}">{}</span>', lang, text)
    return format_html('<span class="prose" dir="auto">{}</span>', text)


def values(row: object) -> list[object]:
    """The values of a summary row: its `values`, or its single `value`, as a list without blanks."""
    many = get(row, "values", None)
    if callable(many):  # a plain dictionary without the key: its own method of that name
        many = None
    if many is None:
        many = [get(row, "value")]
    return [one for one in many if one]
