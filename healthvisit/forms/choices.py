"""What a select offers now."""

from collections.abc import Callable, Collection

from healthvisit.forms.definition import Control
from healthvisit.forms.instance import Node, below
from healthvisit.forms.text import Catalogue
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.context import Context, World
from healthvisit.forms.xpath.values import Value, text_of, to_text

Run = Callable[[Expression, Context, str, str], Value | None]
"""Evaluates an expression of (path, aspect); None where it stumbled."""


def rows_of(control: Control, node: Node, world: World, run: Run) -> list[tuple[str, Node]]:
    """Name and row of each choice of a list, in the list's order; the name of a row without one is blank."""
    if control.itemset is None:
        return []
    rows = run(control.itemset.nodes, Context(world, node), control.path, "items")
    if not isinstance(rows, list):
        return []
    if (column := control.itemset.column) is not None:
        return [(text_of(cells[0]) if (cells := below([row], column)) else "", row) for row in rows]
    inside, found = Context(world, node), []
    for row in rows:
        inside.node = row
        name = run(control.itemset.value, inside, control.path, "items")
        found.append(("" if name is None else to_text(name), row))
    return found


def names_of_choices(control: Control, node: Node, world: World, run: Run) -> list[str]:
    """What can be answered, without its words."""
    return [choice.name for choice in control.choices] + [name for name, _ in rows_of(control, node, world, run)]


def choices_of(
    control: Control, node: Node, world: World, run: Run, catalogue: Catalogue, language: str
) -> list[tuple[str, str]]:
    """Name and words of each choice in `language`; a list without words shows its names."""
    context = Context(world, node)
    found = [(choice.name, choice.label.render(catalogue, language, context)) for choice in control.choices]
    if control.itemset:
        label = control.itemset.label
        for name, row in rows_of(control, node, world, run):
            words = name if label is None else label.render(catalogue, language, Context(world, row, node))
            found.append((name, words))
    return found


def still_offered(answer: str, names: Collection[str], *, is_multiple: bool) -> str:
    """What is left of an answer when only `names` are offered."""
    if is_multiple:
        return " ".join(name for name in answer.split() if name in names)
    return answer if answer in names else ""
