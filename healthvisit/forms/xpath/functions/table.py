"""Every function by name."""

from datetime import date
from decimal import Decimal
from typing import Any

from healthvisit.forms.xpath.context import Context, Run
from healthvisit.forms.xpath.functions import dates, geo, logic, nodes, numbers, selects, texts
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.values import Value, to_text

FUNCTIONS: dict[str, Function] = {
    **texts.TABLE,
    **logic.TABLE,
    **numbers.TABLE,
    **nodes.TABLE,
    **dates.TABLE,
    **selects.TABLE,
    **geo.TABLE,
}


def handed_in(name: str, runs: list[Run]) -> Run:
    """A call of one of the caller's own functions, found by name when it runs."""

    def run(c: Context) -> Value:
        values = [run(c) for run in runs]
        return _as_value(c.world.functions[name](*[to_text(v) if isinstance(v, list) else v for v in values]))

    return run


def _as_value(result: Any) -> Value:
    if result is None:
        return ""
    if isinstance(result, (str, bool, float, date)):
        return result
    return float(result) if isinstance(result, (int, Decimal)) else str(result)
