"""What a select offers now."""

from healthvisit.forms.definition import Control
from healthvisit.forms.instance import Node
from healthvisit.forms.text import Catalogue
from healthvisit.forms.xpath.compile import descend
from healthvisit.forms.xpath.context import Context, World
from healthvisit.forms.xpath.values import text_of


def rows_of(control: Control, node: Node, world: World) -> list[tuple[str, Node]]:
    """Name and row of each choice of a list, in the list's order."""
    if control.itemset is None:
        return []
    rows = control.itemset.nodes(Context(world, node))
    if not isinstance(rows, list):
        return []
    steps = tuple(control.itemset.value.split("/"))
    return [(text_of(cells[0]), row) for row in rows if (cells := descend([row], steps))]


def names_of_choices(control: Control, node: Node, world: World) -> list[str]:
    """What can be answered, without its words."""
    return [choice.name for choice in control.choices] + [name for name, _ in rows_of(control, node, world)]


def choices_of(
    control: Control, node: Node, world: World, catalogue: Catalogue, language: str
) -> list[tuple[str, str]]:
    """Name and words of each choice in `language`."""
    context = Context(world, node)
    found = [(choice.name, choice.label.render(catalogue, language, context)) for choice in control.choices]
    if control.itemset:
        label = control.itemset.label
        for name, row in rows_of(control, node, world):
            found.append((name, label.render(catalogue, language, Context(world, row, node)) or name))
    return found


def still_offered(answer: str, names: list[str], *, is_multiple: bool) -> str:
    """What is left of an answer when only `names` are offered."""
    if is_multiple:
        return " ".join(name for name in answer.split() if name in names)
    return answer if answer in names else ""
