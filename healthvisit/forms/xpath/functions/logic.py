"""Functions that decide."""

from collections.abc import Callable
from typing import Any

from healthvisit.forms.instance import ROOT
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import Value, text_of, to_boolean, to_number, to_text

Run = Callable[[Context], Value]


def _if(c: Context, condition: Run, then: Run, otherwise: Run) -> Value:
    return then(c) if to_boolean(condition(c)) else otherwise(c)


def _coalesce(c: Context, *choices: Run) -> str:
    for choice in choices:
        if text := to_text(choice(c)):
            return text
    return ""


def _once(c: Context, value: Run) -> Value:
    """The node's own value when it has one: whatever was there first stays."""
    return (c.node.kind != ROOT and text_of(c.node)) or value(c)


def _checklist(_: Context, least: Value, most: Value, *ticks: Value) -> bool:
    return _within(sum(1 for tick in _each(ticks) if to_boolean(tick)), to_number(least), to_number(most))


def _weighted_checklist(_: Context, least: Value, most: Value, *pairs: Value) -> bool:
    if len(pairs) % 2:
        raise XPathError("form.arity", "weighted-checklist", name="weighted-checklist", given=len(pairs) + 2)
    total = 0.0
    for ticks, weights in zip(pairs[::2], pairs[1::2], strict=True):
        are_lists = isinstance(ticks, list) and isinstance(weights, list)
        rows = zip(_each((ticks,)), _each((weights,)), strict=False) if are_lists else [(ticks, weights)]
        total += sum(to_number(weight) for tick, weight in rows if to_boolean(tick))
    return _within(total, to_number(least), to_number(most))


def _each(values: tuple[Value, ...]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        found.extend([_tick(text_of(node)) for node in value] if isinstance(value, list) else [value])
    return found


def _tick(text: str) -> Value:
    """A node is ticked by its number or its words, not by merely holding text such as 0 or false."""
    number = to_number(text)
    return number if number == number else text not in {"", "false"}  # noqa: PLR0124 - the test for NaN


def _within(total: float, least: float, most: float) -> bool:
    """Between both limits; -1 is no limit."""
    return (least < 0 or total >= least) and (most < 0 or total <= most)


TABLE = {
    "true": Function(lambda _: True, 0, 0),
    "false": Function(lambda _: False, 0, 0),
    "boolean": Function(lambda _, value: to_boolean(value), 1, 1),
    "not": Function(lambda _, value: not to_boolean(value), 1, 1),
    "boolean-from-string": Function(lambda _, value: to_text(value) in {"true", "1"}, 1, 1),
    "if": Function(_if, 3, 3, lazy=True),
    "coalesce": Function(_coalesce, 2, None, lazy=True),
    "once": Function(_once, 1, 1, lazy=True),
    "checklist": Function(_checklist, 2, None),
    "weighted-checklist": Function(_weighted_checklist, 2, None),
}
