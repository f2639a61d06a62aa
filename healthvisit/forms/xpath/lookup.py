"""`instance('list')/root/item[column = value]`: a dictionary instead of a walk, 500 rows or 20,000."""

from collections.abc import Callable
from typing import Any, NamedTuple

from healthvisit.forms.instance import below
from healthvisit.forms.xpath.context import Context, RunNodes
from healthvisit.forms.xpath.parse import Tree
from healthvisit.forms.xpath.shape import flattened, is_of_no_row, is_positional, leading_names, relative_names
from healthvisit.forms.xpath.values import Nodes, Value, text_of, unpadded


class Lookup(NamedTuple):
    """Such a path taken apart: rows at `place` whose `column` is `wanted`, and `others` for all further conditions."""

    name: str
    place: tuple[str, ...]
    column: str
    wanted: Tree
    others: tuple[Tree, ...]


def lookup_in(start: Any, steps: tuple[Tree, ...]) -> Lookup | None:
    """The lookup with which a path begins; its rows stand at the step of number `len(place) - 1`."""
    if start[:2] != ("call", "instance") or [argument[0] for argument in start[2]] != ["string"]:
        return None
    names = leading_names(steps)
    if len(names) == len(steps):
        return None
    axis, test, predicates = steps[len(names)]
    if axis != "child" or test[0] != "name" or len(predicates) != 1 or is_positional(predicates[0]):
        return None
    first, *others = flattened("and", predicates[0])
    column = relative_names(first[1]) if first[0] == "=" and is_of_no_row(first[2]) else None
    if column is None or len(column) > 1:
        return None
    as_conditions = tuple(("call", "boolean", (other,), 0) for other in others)  # a number would be a position
    return Lookup(start[2][0][1], (*names, test[1]), column[0], first[2], as_conditions)


def found_rows(c: Context, lookup: Lookup, value: Value, start: RunNodes) -> Nodes | None:
    """The rows in whose column `value` stands; None for a value that only a walk can compare with each.

    A node's text is compared as texts of two nodes are: 4.0 is 4.
    """
    write: Callable[[str], str] = str
    if isinstance(value, list):
        write = unpadded
        if len(value) == 1:
            value = unpadded(text_of(value[0]))
    if not isinstance(value, str):
        return None
    key = (lookup.name, lookup.place, lookup.column, write)
    index = c.world.indexes.get(key)
    if index is None:
        index = c.world.indexes[key] = _index(below(start(c), lookup.place), lookup.column, write)
    return index.get(value, [])


def _index(rows: Nodes, column: str, write: Callable[[str], str]) -> dict[str, Nodes]:
    index: dict[str, Nodes] = {}
    for row in rows:
        for text in {write(text_of(cell)) for cell in row.children if cell.name == column}:
            index.setdefault(text, []).append(row)
    return index
