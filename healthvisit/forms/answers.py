"""What a person typed, as the record stores it."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

from healthvisit.forms.definition import Bind, Control
from healthvisit.forms.units import is_whole_where_needed
from healthvisit.forms.xpath.functions.geo import points_of
from healthvisit.forms.xpath.values import Value, days_to_date, number_text, read_date, text_number, to_text

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)\Z")
_TIME = re.compile(
    r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?\Z"
)
_OFFSET = re.compile(r"T.*(?:Z|[+-][0-9:]+)\Z")
_OFFSET_WITHOUT_COLON = re.compile(r"T.*[+-][0-9]{3,4}\Z")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?\Z")
_ANY_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OF_A_LINE, _CORNERS = 2, 3
_LONGEST_NUMBER = 30
_LARGEST_INT = 2_147_483_647  # ODK's integers have 32 bits


def writable(text: str) -> str:
    """The text without the characters that no XML document can hold: a paste brings them, nobody sees them."""
    return _NOT_IN_XML.sub("", text)


def stored_answer(control: Control, typed: str) -> str:
    """The stored text for what was typed: numbers with a point and no padding; "" for what does not fit."""
    text = typed.strip()
    match control.kind:
        case "range":
            number = _number(text, whole=control.bind.type in {"int", "integer"})
            return number if number and control.allows(float(number)) else ""
        case "integer" | "decimal":
            return _number(text, whole=control.bind.type in {"int", "integer"})
        case "date":
            return _day(text)
        case "datetime":
            return text if isinstance(_moment(text), datetime) else ""
        case "time":
            return text if _TIME.match(text) else ""
        case "select_multiple" | "rank":
            return " ".join(text.split())
    if control.bind.type in {"geopoint", "geotrace", "geoshape"}:
        return cast(control.bind, text)
    return typed if text else ""


def _number(text: str, *, whole: bool) -> str:
    if not _NUMBER.match(text) or len(text) > _LONGEST_NUMBER:
        return ""
    number = Decimal(text.replace(",", "."))
    if number == number.to_integral_value():
        return format(number.to_integral_value() + 0, "f")
    return "" if whole else format(number.normalize(), "f")


def fits(control: Control, stored: str, typed: str | None) -> bool:
    """Whether what was typed is an answer of the question's type, and exact in the unit it is stored in."""
    if not stored:
        return not (typed and typed.strip())
    return is_whole_where_needed(control.bind, stored)


def cast(bind: Bind, text: str) -> str:
    """A default, a calculated or an acted value as a node of this type keeps it: blank where it does not fit."""
    if not text:
        return ""
    match bind.type:
        case "int" | "integer":
            number = text_number(text) if _ANY_NUMBER.match(text.strip()) else math.nan
            return number_text(float(int(number))) if abs(number) <= _LARGEST_INT else ""
        case "decimal":
            number = text_number(text) if _ANY_NUMBER.match(text.strip()) else math.nan
            return text if _PLAIN.match(text) else number_text(number) if math.isfinite(number) else ""
        case "date":
            found = read_date(text)
            return found.isoformat()[:10] if found else ""
        case "dateTime" | "datetime":
            return text if _moment(text) else ""
        case "time":
            moment = read_date(text)
            return text if _TIME.match(text) else text.partition("T")[2] if isinstance(moment, datetime) else ""
        case "geopoint" | "geotrace" | "geoshape":
            return text if _is_place(bind.type, text) else ""
    return text


def _day(text: str) -> str:
    """A day, also as a moment on somebody's own clock; with an offset nobody can say which day it was here."""
    if "T" in text and isinstance(read_date(text), datetime) and not _OFFSET.search(text):
        text = text.partition("T")[0]
    return text if type(read_date(text)) is date else ""


def _moment(text: str) -> date | None:
    return None if _OFFSET_WITHOUT_COLON.search(text) else read_date(text)


def _is_place(kind: str, text: str) -> bool:
    """One point that is not all zeros; a line of two or more; a shape that ends where it began."""
    words = text.replace(";", " ").split()
    if not all(_ANY_NUMBER.match(word) for word in words):  # heights and accuracies too
        return False
    points = points_of(text) or []
    if kind == "geopoint":
        return len(points) == 1 and any(float(word) for word in words)  # a device without a place sends zeros
    if kind == "geotrace":
        return len(points) >= _OF_A_LINE
    return len(points) > _CORNERS and points[0] == points[-1]


def computed_text(bind: Bind, value: Value) -> str:
    """A calculated value as the record stores it in a node of this type."""
    if bind.type == "date" and isinstance(value, float):
        found = days_to_date(value)
        return found.isoformat()[:10] if found else ""
    return cast(bind, to_text(value))
