"""What selects offer now, and what of their answers that leaves."""

from healthvisit.forms.definition import Control
from healthvisit.forms.instance import Node, below
from healthvisit.forms.ledger import Ledger
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.values import text_of, to_text


class Choices:
    """The choices of one record, by name: how they are put into words is for `looks` to say."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._fixed_names: dict[str, dict[str, None]] = {}

    def rows(self, control: Control, node: Node) -> list[tuple[str, Node]]:
        """Name and row of each choice of a list, in the list's order; the name of a row without one is blank."""
        itemset = control.itemset
        if itemset is None:
            return []
        inside = Context(self._ledger.world, node)
        rows = self._ledger.run(itemset.nodes, inside, control.path, "items")
        if not isinstance(rows, list):
            return []
        if (column := itemset.column) is not None:
            return [(text_of(cells[0]) if (cells := below([row], column)) else "", row) for row in rows]
        found = []
        for row in rows:
            inside.node = row
            name = self._ledger.run(itemset.value, inside, control.path, "items")
            found.append(("" if name is None else to_text(name), row))
        return found

    def names(self, control: Control, node: Node) -> dict[str, None]:
        """What can be answered, in the list's order; a list that depends on no answer is read once."""
        found = self._fixed_names.get(control.path)
        if found is None:
            listed = [name for name, _ in self.rows(control, node)]
            found = dict.fromkeys([choice.name for choice in control.choices] + listed)
            if control.has_fixed_choices:
                self._fixed_names[control.path] = found
        return found

    def offered(self, control: Control, node: Node, answer: str, *, in_order: bool = False) -> str:
        """What of an answer a select offers now; `in_order`: several names in the list's order, not the answer's.

        A ranking is of all that is offered: names that came to its list follow those that were ranked.
        """
        names = self.names(control, node)
        if control.kind == "select_one":
            return answer if answer in names else ""
        if control.kind == "rank" and answer:
            return " ".join(dict.fromkeys(name for name in (*answer.split(), *names) if name and name in names))
        if in_order and control.kind == "select_multiple":
            wanted = set(answer.split())
            return " ".join(name for name in names if name in wanted)
        return " ".join(name for name in answer.split() if name in names)

    def keep(self, control: Control, node: Node) -> None:
        """An answer that left its list goes on the shelf, and comes back when the list does."""
        answer = self._ledger.shelf.get(node) or node.text
        if not answer or node.hidden:
            return
        left = self.offered(control, node, answer)
        self._ledger.shelve(node, None if left == answer else answer)
        if left != node.text:
            self._ledger.write(node, left)
