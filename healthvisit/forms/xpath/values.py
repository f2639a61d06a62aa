"""What an expression can be worth, and how one kind becomes another, by ODK's rules.

Kinds: `float`, `str`, `bool`, `Nodes` (a list of nodes in document order), `date` and aware `datetime`. A date is a
whole number of days since 1970-01-01, in every time zone; a moment counts days and parts of days in UTC.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from healthvisit.forms.instance import ELEMENT, ROOT, TEXT, Node

Nodes = list[Node]
Value = float | str | bool | Nodes | date

NAN = math.nan
EPOCH = date(1970, 1, 1)
_EPOCH_ORDINAL = EPOCH.toordinal()
_EPOCH_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000  # milliseconds first, then days: the last digit is as ODK's
_EXACT = 2.0**53  # above it the digits of an integer are no longer its own

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\Z")
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-5][0-9])?)?\Z"
)


def text_of(node: Node) -> str:
    """A node's string value; a hidden question reads as blank."""
    if node.hidden:
        return ""
    if not node.children:
        return node.text
    return "".join(text_of(child) for child in node.children if child.kind in {ELEMENT, TEXT, ROOT})


def to_text(value: Value) -> str:
    """`string()`, and the text that a record stores.

    Numbers shortest and without exponent, NaN blank, dates in ISO form, of a node-set the first node.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    return number_text(value)


def number_text(number: float) -> str:
    """A number as ODK prints it."""
    if number != number:  # noqa: PLR0124 - the quickest test for NaN
        return ""
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number)) if abs(number) < _EXACT else format(Decimal(repr(number)), "f").removesuffix(".0")
    text = repr(float(number))
    return format(Decimal(text), "f") if "e" in text else text


def unpadded(text: str) -> str:
    """A decimal without zeros at its end, any other text as it is."""
    return number_text(float(text)) if "." in text and _NUMBER.match(text) else text


def to_boolean(value: Value) -> bool:
    """`boolean()`: a text or node-set that is not empty, a number that is neither 0 nor NaN; every date."""
    if isinstance(value, float):
        return value == value and value != 0  # noqa: PLR0124 - as above
    if isinstance(value, (bool, str, list)):
        return bool(value)
    return True


def to_number(value: Value, zone: tzinfo = UTC) -> float:
    """`number()`, with ODK's dates: days since 1970-01-01; what cannot be read, also 2024-02-30, is NaN.

    A moment written without an offset is one in `zone`.
    """
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, datetime):
        return (value - _EPOCH_MOMENT) / _MILLISECOND / _DAY_MS
    if isinstance(value, date):
        return float(value.toordinal() - _EPOCH_ORDINAL)
    return text_number(value if isinstance(value, str) else text_of(value[0]) if value else "", zone)


def text_number(text: str, zone: tzinfo = UTC) -> float:
    """The number, or the days of the date, that a text holds; NaN otherwise."""
    text = text.strip()
    if _NUMBER.match(text):
        return float(text)
    found = read_date(text, zone)
    return NAN if found is None else to_number(found)


def read_date(text: str, zone: tzinfo = UTC) -> date | None:
    """A date or a moment from ISO text; a moment without an offset is in `zone`. None for anything else."""
    try:
        if match := _DATE.match(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _MOMENT.match(text):
            year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
            micro = int((match[7] or "0").ljust(6, "0")[:6])
            moment = datetime(year, month, day, hour, minute, int(match[6] or 0), micro, tzinfo=zone)
            return moment.replace(tzinfo=_offset(match[8])) if match[8] else moment
    except (ValueError, OverflowError):
        return None
    return None


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def days_to_date(days: float, zone: tzinfo = UTC) -> date | None:
    """The date of a whole number of days, the moment (in `zone`) of a broken one; None beyond the calendar."""
    if math.isnan(days) or math.isinf(days):
        return None
    try:
        if days == int(days):
            return date.fromordinal(int(days) + _EPOCH_ORDINAL)
        return (_EPOCH_MOMENT + timedelta(days=days)).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def to_date(value: Value, zone: tzinfo = UTC) -> date | None:
    """A date or moment (by the clock of `zone`) from a number of days or ISO text; None where there is none in it."""
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, date):
        return value
    if isinstance(value, float):
        return days_to_date(value, zone)
    found = None if isinstance(value, bool) else read_date(to_text(value).strip(), zone)
    return found.astimezone(zone) if isinstance(found, datetime) else found


def to_moment(value: date, zone: tzinfo) -> datetime:
    """The first moment of a day in `zone`; a moment as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), tzinfo=zone)


_RELATIONS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def relate(operator: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """`<`, `<=`, `>`, `>=`: always numbers; a node-set holds when any of its nodes does."""
    compare = _RELATIONS[operator]
    if not isinstance(left, list) and not isinstance(right, list):
        return compare(*_day_pair(left, right, zone))
    lefts, rights = _atoms(left), _atoms(right)
    return any(compare(*_day_pair(a, b, zone)) for a in lefts for b in rights)


def equal(operator: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """`=` and `!=`: text against text, but numbers as soon as one side is a number or date, booleans before both.

    Of two nodes 4.0 is 4, while 007 is not 7.
    """
    compare: Callable[[object, object], bool] = eq if operator == "=" else ne
    if isinstance(left, bool) or isinstance(right, bool):
        return compare(to_boolean(left), to_boolean(right))
    if isinstance(left, list) and isinstance(right, list):
        others = [unpadded(text_of(node)) for node in right]
        return any(compare(text, other) for text in (unpadded(text_of(node)) for node in left) for other in others)
    if isinstance(left, list) or isinstance(right, list):
        return any(_same(compare, a, b, zone) for a in _atoms(left) for b in _atoms(right))
    return _same(compare, left, right, zone)


def _atoms(value: Value) -> list[Value]:
    return [text_of(node) for node in value] if isinstance(value, list) else [value]


def _same(compare: Callable[[object, object], bool], left: Value, right: Value, zone: tzinfo) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return compare(left, right)
    one, other = _day_pair(left, right, zone)
    if one != other and _moments_of(left, right, zone):  # a day counted from 1970 is also a moment's midnight there
        one, other = to_number(left), to_number(right)
    return compare(one, other)


def _day_pair(left: Value, right: Value, zone: tzinfo) -> tuple[float, float]:
    """Both as numbers; a day against a moment by the clock on the wall, so that today is never after now."""
    if isinstance(left, str) and isinstance(right, str):
        left, right = _read(left, zone), _read(right, zone)
    left, right = _moments_of(left, right, zone) or (left, right)
    return to_number(left, zone), to_number(right, zone)


def _moments_of(left: Value, right: Value, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """A day beside a moment, as moments; None for any other pair."""
    if isinstance(left, date) and isinstance(right, date) and type(left) is not type(right):
        return to_moment(left, zone), to_moment(right, zone)
    return None


def _read(text: str, zone: tzinfo) -> float | date:
    return float(text) if _NUMBER.match(text.strip()) else read_date(text.strip(), zone) or NAN
