"""Functions that decide."""

from healthvisit.forms.instance import ROOT
from healthvisit.forms.xpath.context import Context, Run
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import Value, text_of, to_boolean, to_number, to_text


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
    total = sum(1 for value in ticks for tick in _each(value) if to_boolean(tick))
    return _within(total, to_number(least), to_number(most))


def _weighted_checklist(_: Context, least: Value, most: Value, *pairs: Value) -> bool:
    if len(pairs) % 2:
        raise XPathError("form.arity", "weighted-checklist", name="weighted-checklist", given=len(pairs) + 2)
    total = 0.0
    for ticks, weights in zip(map(_each, pairs[::2]), map(_each, pairs[1::2]), strict=True):
        if len(ticks) < len(weights):
            return False
        total += sum(to_number(weight) for tick, weight in zip(ticks, weights, strict=False) if to_boolean(tick))
    return _within(total, to_number(least), to_number(most))


def _each(value: Value) -> list[Value]:
    """One tick for a value, one for each node: a node is ticked when it holds anything."""
    return [text_of(node).strip() for node in value] if isinstance(value, list) else [value]


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
