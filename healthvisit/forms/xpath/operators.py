"""Operators between expressions, as closures."""

import math
from collections.abc import Callable
from functools import reduce

from healthvisit.forms.xpath.context import Run
from healthvisit.forms.xpath.values import equal, relate, to_boolean, to_number

CHAINS = frozenset(("or", "and", "+"))  # of these a form may hold hundreds in a row


def chain(operator: str, parts: list[Run]) -> Run:
    """One of `CHAINS` between two parts or more."""
    if operator == "or":
        return lambda c: any(to_boolean(part(c)) for part in parts)
    if operator == "and":
        return lambda c: all(to_boolean(part(c)) for part in parts)
    return lambda c: reduce(lambda total, part: total + to_number(part(c)), parts[1:], to_number(parts[0](c)))


def operation(operator: str, left: Run, right: Run) -> Run:
    """Any other operator on values: a comparison, `-`, `*`, `div`, `mod`."""
    if operator in {"=", "!="}:
        return lambda c: equal(operator, left(c), right(c), c.world.zone)
    if operator in {"<", "<=", ">", ">="}:
        return lambda c: relate(operator, left(c), right(c), c.world.zone)
    if operator == "-":
        return lambda c: to_number(left(c)) - to_number(right(c))
    compute = _ARITHMETIC[operator]
    return lambda c: compute(to_number(left(c)), to_number(right(c)))


def _multiply(left: float, right: float) -> float:
    return left * right


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    if math.isnan(left) or not left:
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _modulo(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {"*": _multiply, "div": _divide, "mod": _modulo}
