"""Reference numbers: what kind a typed reference is, its normal form, and what looks odd about it.

The shapes come from what the Home Office's, the tribunals' and the courts' own public code and papers show
(`verified`), or from practice nobody publishes (`unconfirmed`). They are only ever a help: a reference of no known
shape is kept as typed, and nothing here refuses one. A reference lets whoever has it act for a person on the telephone,
so it is as confidential as a name: it never goes into a log, an address or the subject of a mail.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import msgspec

Status = Literal["verified", "unconfirmed"]


class Kind(StrEnum):
    """Whose number it is. `OWN` is the office's own reference, which only the office can tell; `OTHER` is the rest."""

    UAN = "uan"  # unique application number
    GWF = "gwf"  # visa application made abroad
    IHS = "ihs"  # immigration health surcharge
    HO_FILE = "ho_file"  # Home Office file, a letter and seven digits
    HO_NUMBER = "ho_number"  # bare number of an older Home Office record, up to nine digits
    PORT = "port"  # port reference
    ASYLUM_SUPPORT = "asylum_support"  # NASS
    AST = "ast"  # First-tier Tribunal (Asylum Support)
    FTT = "ftt"  # First-tier Tribunal (Immigration and Asylum Chamber)
    UT = "ut"  # Upper Tribunal, appeal
    UT_JR = "ut_jr"  # Upper Tribunal, judicial review
    ADMIN_COURT = "admin_court"
    BAIL = "bail"
    HO_LETTER = "ho_letter"  # correspondence with the Home Office (MPAM/...)
    ARC = "arc"  # application registration card
    CAS = "cas"  # confirmation of acceptance for studies, 14 characters
    PASSPORT = "passport"
    SHARE_CODE = "share_code"
    NHS = "nhs"
    PHSO = "phso"  # Parliamentary and Health Service Ombudsman
    ICO = "ico"
    OWN = "own"
    OTHER = "other"


class Caution(StrEnum):
    """What looks odd about a reference. Each is a word for a warning beside the field, never a reason to refuse it."""

    EMPTY = "empty"
    NOT_THE_USUAL_SHAPE = "not_the_usual_shape"
    LOOKS_LIKE_ANOTHER_KIND = "looks_like_another_kind"
    SEVERAL = "several"
    CHECK_DIGIT = "check_digit"
    TOO_LONG = "too_long"


class Reference(msgspec.Struct, frozen=True, gc=False):
    """One reference: `value` as typed, `normal` for comparing and searching, `status` of the shape it was told by."""

    kind: Kind
    value: str
    normal: str
    status: Status


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: Kind
    pattern: re.Pattern[str]
    normal: tuple[str | int, ...]  # texts, and numbers of the pattern's groups
    status: Status

    def filled(self, match: re.Match[str]) -> str:
        """The normal form with what the pattern's groups found."""
        return "".join([one if isinstance(one, str) else match[one] or "" for one in self.normal])


def _shape(kind: Kind, pattern: str, normal: str, status: Status) -> _Shape:
    """``normal`` as `Match.expand` takes it, which would take it apart again for each reference."""
    parts = tuple(int(one) if at % 2 else one for at, one in enumerate(re.split(r"\\(\d)", normal)))
    return _Shape(kind, re.compile(pattern), parts, status)


_S = r"[\s-]?"
# Tried in order on upper-case text. The patterns allow the spaces and missing hyphens people type.
_SHAPES: tuple[_Shape, ...] = (
    _shape(Kind.UAN, rf"(\d{{4}}){_S}(\d{{4}}){_S}(\d{{4}}){_S}(\d{{4}})", r"\1-\2-\3-\4", "verified"),
    _shape(Kind.GWF, rf"GWF{_S}(\d{{9}})", r"GWF\1", "verified"),
    _shape(Kind.IHS, rf"IHS{_S}(\d{{9}})", r"IHS\1", "verified"),
    _shape(Kind.AST, r"AS/(\d{2})/(\d{2})/(\d{5})", r"AS/\1/\2/\3", "unconfirmed"),
    _shape(Kind.ASYLUM_SUPPORT, r"(\d{2})/(\d{2})/(\d{5})(/\d{3})?", r"\1/\2/\3\4", "unconfirmed"),
    _shape(Kind.UT_JR, r"JR/(\d{1,5})/(\d{4})", r"JR/\1/\2", "verified"),
    _shape(Kind.UT_JR, r"JR-(\d{4})-([A-Z]{3})-(\d{6})", r"JR-\1-\2-\3", "unconfirmed"),
    _shape(Kind.ADMIN_COURT, r"AC-(\d{4})-([A-Z]{3})-(\d{6})", r"AC-\1-\2-\3", "verified"),
    _shape(Kind.ADMIN_COURT, r"CO/(\d{1,5})/(\d{4})", r"CO/\1/\2", "verified"),
    _shape(Kind.UT, r"UI-(\d{4})-(\d{6})", r"UI-\1-\2", "verified"),
    _shape(
        Kind.FTT,
        r"(HU|DA|DC|EA|EU|AG|PA|RP|LE|LD|LP|LH|LR|IA)[/\s](\d{5})[/\s](\d{4})",
        r"\1/\2/\3",
        "verified",
    ),
    _shape(Kind.FTT, r"([A-Z]{2})/(\d{5})/(\d{4})", r"\1/\2/\3", "verified"),  # moved from the tribunal's old system
    _shape(Kind.HO_LETTER, r"([A-Z][A-Z0-9]+)/(\d{7})/(\d{2})", r"\1/\2/\3", "verified"),
    _shape(Kind.HO_FILE, rf"([A-Z]){_S}(\d{{7}})(?:\s?/\s?(\d{{1,3}})|)", r"\1\2/\3", "unconfirmed"),
    _shape(Kind.BAIL, r"([A-Z]{2})/(\d{5})", r"\1/\2", "verified"),
    _shape(Kind.PORT, r"([A-Z]{2,4}\d?)/(\d{4,8})(/\d{2,4})?", r"\1/\2\3", "unconfirmed"),
    _shape(Kind.PHSO, r"P-(\d{6,7})", r"P-\1", "unconfirmed"),
    _shape(Kind.ICO, r"IC-(\d{6})-([A-Z0-9]{4})", r"IC-\1-\2", "unconfirmed"),
    _shape(Kind.ARC, r"(?:ARC|ASL)[\s/-]?([A-Z0-9/-]{4,16})", r"ARC\1", "unconfirmed"),
    _shape(Kind.SHARE_CODE, r"([A-Z]\d[A-Z0-9])[\s-]([A-Z0-9]{3})[\s-]([A-Z0-9]{3})", r"\1\2\3", "unconfirmed"),
    _shape(Kind.SHARE_CODE, r"([WRS](?=[A-Z0-9]*[A-Z])\d[A-Z0-9]{7})", r"\1", "unconfirmed"),
    _shape(Kind.NHS, rf"(\d{{3}}){_S}(\d{{3}}){_S}(\d{{4}})", r"\1\2\3", "unconfirmed"),
    _shape(Kind.HO_NUMBER, r"(\d{1,9})", r"\1", "verified"),
)
# Kinds whose numbers have no shape of their own, or one that any other might have.
_SHAPELESS = frozenset({Kind.OWN, Kind.OTHER, Kind.PASSPORT, Kind.CAS, Kind.ARC})
_APART = re.compile(r"\s+[/|&+]\s+|[,;|\n\r\t]+|\s+(?:and|or)\s+|\s+[-–]\s+|(?<=\d{7})\s*/\s*(?=\d{4}-)", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:(?:home office|ho|ukvi|our|your|uan|ref(?:erence)?|file|case|no|number|nhs|port|nass)\b[\s.:#]*)+(?=.*\d)",
    re.IGNORECASE,
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_LONGEST = 60


def recognise(text: str) -> tuple[Reference, ...]:
    """The references in what somebody typed into one cell or field, in the order typed, none twice.

    `recognise("S7089061 / 7209-4056-1125-5762")` gives a Home Office file and a UAN. Several may stand behind one
    another with a slash between spaces, a comma, a semicolon, "and" or a new line. Digits of any script are read. What
    has no known shape comes back as `OTHER`; text without a digit is no reference and is left out. Never raises.
    """
    found: dict[tuple[Kind, str], Reference] = {}
    for piece in _APART.split(plain(text)):
        for reference in _in_piece(piece.strip(" \t.;:()[]#'\"/")):
            found.setdefault((reference.kind, reference.normal), reference)
    return tuple(found.values())


def normal(kind: Kind, value: str) -> str:
    """The normal form of a reference whose kind is already known; falls back to upper case without spaces."""
    text = plain(value).upper().strip()
    for shape in _SHAPES:
        if shape.kind is kind and (match := shape.pattern.fullmatch(text)):
            return _expand(shape, match)
    return re.sub(r"\s+", "", text)


def warn(kind: Kind, value: str) -> Caution | None:
    """What looks odd about `value` as a reference of this kind, or None. A warning only: it may well be right."""
    text = plain(value).strip()
    if not text:
        return Caution.EMPTY
    if len(text) > _LONGEST:
        return Caution.TOO_LONG
    found = recognise(text)
    if len(found) > 1:
        return Caution.SEVERAL
    seen = found[0].kind if found else Kind.OTHER
    if kind is Kind.NHS and seen is not Kind.NHS and re.fullmatch(r"\d{10}", re.sub(r"[\s-]", "", text)):
        return Caution.CHECK_DIGIT
    if seen is kind or (kind in _SHAPELESS and seen in (Kind.OTHER, Kind.HO_NUMBER, Kind.HO_FILE, Kind.PORT)):
        return None
    if kind is Kind.BAIL and seen is Kind.UAN:  # newer bail applications carry a number shaped like a UAN
        return None
    if kind is Kind.OWN:
        return None
    return Caution.NOT_THE_USUAL_SHAPE if seen is Kind.OTHER else Caution.LOOKS_LIKE_ANOTHER_KIND


def _in_piece(piece: str) -> list[Reference]:
    if not piece:
        return []
    whole = _whole(piece)
    if whole is not None:
        return [whole]
    stripped = _LABEL.sub("", piece)
    if stripped != piece and (whole := _whole(stripped)) is not None:
        return [whole]
    # Several written with nothing but spaces between, or with words around them.
    words = [_whole(word) for word in stripped.split()]
    known = [reference for reference in words if reference is not None and reference.kind is not Kind.HO_NUMBER]
    if known:
        return known
    if not any(letter.isdigit() for letter in stripped):
        return []
    return [Reference(Kind.OTHER, stripped, re.sub(r"\s+", "", stripped.upper()), "unconfirmed")]


def _whole(piece: str) -> Reference | None:
    text = piece.upper()
    for shape in _SHAPES:
        match = shape.pattern.fullmatch(text)
        if match and not (shape.kind is Kind.NHS and not _nhs_check(shape.filled(match))):
            return Reference(shape.kind, piece, _expand(shape, match), shape.status)
    return None


def _expand(shape: _Shape, match: re.Match[str]) -> str:
    expanded = shape.filled(match).rstrip("/")
    return expanded.zfill(9) if shape.kind is Kind.HO_NUMBER else expanded


def _nhs_check(digits: str) -> bool:
    """The modulus 11 check of an NHS number."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


def plain(text: str) -> str:
    """A text with ASCII digits and hyphens, and without characters nobody sees."""
    if text.isascii():  # most of them; the rest of this takes a hundred times as long
        return text
    out = []
    for letter in unicodedata.normalize("NFKC", text).translate(_DASHES):
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            out.append(str(digit))
        elif unicodedata.category(letter) != "Cf":
            out.append(letter)
    return "".join(out)
