"""From the unit a question is asked in to the unit of its field, exactly: `weight_g` from kilograms."""

from decimal import Decimal

from healthvisit.forms.definition import Bind
from healthvisit.forms.errors import FormError

# how many of the smallest unit of its family each unit is
_FAMILIES: tuple[dict[str, int], ...] = (
    {"mg": 1, "g": 1_000, "kg": 1_000_000},
    {"mm": 1, "cm": 10, "m": 1_000},
    {"ml": 1, "l": 1_000},
    {"c10": 1, "C": 10},  # tenths of a degree Celsius
    {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800},
)
_WHOLE = frozenset(("g", "mm", "ml", "c10"))  # fields in these units are integers


def scale(unit: str, field: str) -> Decimal | None:
    """By how much a number in `unit` is multiplied for `field`, whose name ends in its own unit; None: no such pair."""
    target = field.rpartition("_")[2]
    for family in _FAMILIES:
        if unit in family and target in family:
            return Decimal(family[unit]) / Decimal(family[target])
    return None


def to_field(bind: Bind, stored: str) -> str:
    """A stored answer in the unit of its field.

    Raises:
        FormError: `form.unknown_unit`; `form.not_whole` where grams or millimetres would come out broken.
    """
    if not bind.unit or not bind.field or not stored:
        return stored
    if not is_whole_where_needed(bind, stored):
        raise FormError("form.not_whole", path=bind.path)
    return _plain(Decimal(stored) * _factor(bind, bind.unit, bind.field))


def from_field(bind: Bind, text: str) -> str:
    """The inverse: a field's text in the unit of the question.

    Raises:
        FormError: `form.unknown_unit`.
    """
    if not bind.unit or not bind.field or not text:
        return text
    return _plain(Decimal(text) / _factor(bind, bind.unit, bind.field))


def is_whole_where_needed(bind: Bind, stored: str) -> bool:
    """Whether a stored answer is a whole number of grams or millimetres, where its field counts those."""
    if not bind.unit or not bind.field:
        return True
    factor = scale(bind.unit, bind.field)
    if factor is None or bind.field.rpartition("_")[2] not in _WHOLE:
        return True
    return _is_whole(Decimal(stored) * factor)


def _factor(bind: Bind, unit: str, field: str) -> Decimal:
    factor = scale(unit, field)
    if factor is None:
        raise FormError("form.unknown_unit", path=bind.path, name=unit)
    return factor


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _plain(number: Decimal) -> str:
    """Without an exponent, and without zeros behind the point."""
    return format(number.to_integral_value() if _is_whole(number) else number.normalize(), "f")
