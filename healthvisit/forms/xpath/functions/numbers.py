"""Functions on numbers."""

import math
import secrets
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext

from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.values import NAN, Value, text_number, text_of, to_number

_MANTISSA = 2**53


def round_half_up(number: float) -> float:
    """XPath's rounding for positions: halves go up."""
    return math.floor(number + 0.5) if math.isfinite(number) else number


def _round(_: Context, value: Value, *places: Value) -> float:
    """Half away from zero, as the office's calculator does; negative places round to tens and hundreds."""
    number, digits = to_number(value), to_number(places[0]) if places else 0.0
    if not math.isfinite(number) or not math.isfinite(digits):
        return number if math.isfinite(digits) else NAN
    if abs(digits) > 300:  # noqa: PLR2004 - beyond what a number holds
        return number if digits > 0 else 0.0
    with localcontext() as context:
        context.prec = 700
        return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


def _int(_: Context, value: Value) -> float:
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _sum(_: Context, value: Value) -> float:
    """Of a node-set every node, and a blank one spoils it, as in XPath 1.0."""
    return math.fsum(text_number(text_of(node)) for node in value) if isinstance(value, list) else to_number(value)


def _best(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    """The largest or smallest of what is answered; a blank is passed over, text that is no number spoils it."""

    def best(_: Context, *values: Value) -> float:
        texts = [text_of(node) for value in values if isinstance(value, list) for node in value]
        numbers = [text_number(text) for text in texts if text.strip()]
        numbers += [to_number(value) for value in values if not isinstance(value, list)]
        return NAN if not numbers or any(math.isnan(number) for number in numbers) else choose(numbers)

    return best


def _unary(code: Callable[[float], float]) -> Function:
    """A function of one number: outside its domain NaN, beyond the largest number infinity."""

    def run(_: Context, value: Value) -> float:
        try:
            return float(code(to_number(value)))
        except ValueError:
            return NAN
        except OverflowError:
            return math.inf

    return Function(run, 1, 1)


def _log(base: Callable[[float], float]) -> Callable[[float], float]:
    return lambda number: -math.inf if number == 0 else base(number)


def _pow(_: Context, base: Value, exponent: Value) -> float:
    left, right = to_number(base), to_number(exponent)
    try:
        return math.pow(left, right)
    except ValueError:
        return math.inf if left == 0 else NAN
    except OverflowError:
        return -math.inf if left < 0 and right % 2 == 1 else math.inf


TABLE = {
    "number": Function(lambda c, *values: to_number(values[0] if values else [c.node], c.world.zone), 0, 1),
    "sum": Function(_sum, 1, 1),
    "round": Function(_round, 1, 2),
    "int": Function(_int, 1, 1),
    "floor": _unary(lambda n: math.floor(n) if math.isfinite(n) else n),
    "ceiling": _unary(lambda n: math.ceil(n) if math.isfinite(n) else n),
    "random": Function(lambda _: secrets.randbelow(_MANTISSA) / _MANTISSA, 0, 0),
    "max": Function(_best(max), 0, None),
    "min": Function(_best(min), 0, None),
    "pow": Function(_pow, 2, 2),
    "log": _unary(_log(math.log)),
    "log10": _unary(_log(math.log10)),
    "abs": _unary(abs),
    "sin": _unary(math.sin),
    "cos": _unary(math.cos),
    "tan": _unary(math.tan),
    "asin": _unary(math.asin),
    "acos": _unary(math.acos),
    "atan": _unary(math.atan),
    "atan2": Function(lambda _, y, x: math.atan2(to_number(y), to_number(x)), 2, 2),
    "sqrt": _unary(math.sqrt),
    "exp": _unary(math.exp),
    "exp10": _unary(lambda n: math.pow(10, n)),
    "pi": Function(lambda _: math.pi, 0, 0),
}
