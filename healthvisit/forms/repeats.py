"""Instances of repeats that come and go."""

from collections.abc import Iterable

from healthvisit.forms.choices import Choices
from healthvisit.forms.definition import Repeat
from healthvisit.forms.graph import Edge
from healthvisit.forms.instance import Node, is_within, path_of
from healthvisit.forms.ledger import Ledger

MAX_INSTANCES = 1_000  # of one repeat under one parent


class Repeats:
    """The repeats of one record. `born`: new instances for which nothing has been done yet, by their repeat's path."""

    def __init__(self, ledger: Ledger, choices: Choices) -> None:
        self.born: list[tuple[str, list[Node]]] = []
        self._ledger, self._choices = ledger, choices
        self._definition = ledger.definition
        self._reach: dict[str, tuple[list[int], list[Edge]]] = {}

    def resize(self, repeat: Repeat, parent: Node, count: int) -> None:
        """Give `parent` so many instances; the surplus goes from the end."""
        twins = parent.named(repeat.name)
        if len(twins) == count:
            return
        self._ledger.note_children(parent)
        if len(twins) < count:
            self._added(repeat, parent, [self._insert(repeat, parent, number) for number in range(len(twins), count)])
        else:
            self._removed(repeat, parent, twins[count:])

    def remove(self, node: Node) -> None:
        """Take one instance out."""
        if node.parent is not None:
            self._ledger.note_children(node.parent)
            self._removed(self._definition.repeats[node.place], node.parent, [node])

    def _insert(self, repeat: Repeat, parent: Node, number: int) -> Node:
        fresh = (repeat.first[number] if number < len(repeat.first) else repeat.template).copy()
        fresh.parent = parent
        parent.children = list(parent.children)
        parent.children.insert(self._place_for(repeat, parent), fresh)
        for node in fresh.walk():
            node.hidden = parent.hidden
            for attribute in node.attributes:
                attribute.hidden = parent.hidden
        return fresh

    def _place_for(self, repeat: Repeat, parent: Node) -> int:
        """Behind the last instance; the first goes before what follows the repeat in the form."""
        places = [place for place, child in enumerate(parent.children) if child.name == repeat.name]
        if places:
            return places[-1] + 1
        order = self._definition.child_order.get(repeat.above, ())
        later = order[order.index(repeat.name) + 1 :]
        return next((place for place, child in enumerate(parent.children) if child.name in later), len(parent.children))

    def _added(self, repeat: Repeat, parent: Node, fresh: list[Node]) -> None:
        """New instances came last: all in them is due, and who looks into the repeat from outside."""
        parents = self._ledger.index.at(repeat.above)
        if parents and parents[-1] is parent:
            self._ledger.index.add(fresh, repeat.above)
        else:
            self._ledger.index.rebuild()
        self._restructured(repeat, parent, fresh)
        self.born.append((repeat.path, fresh))
        for node in fresh:
            for leaf in node.leaves():
                control = self._definition.controls.get(leaf.place)
                if control is not None and control.is_select and control.has_fixed_choices:
                    self._choices.keep(control, leaf)
                if self._ledger.awaited:
                    self._ledger.stirred[leaf] = None

    def _removed(self, repeat: Repeat, parent: Node, gone: list[Node]) -> None:
        """Instances went: whoever stood behind them has another position."""
        for node in gone:
            parent.children = [child for child in parent.children if child is not node]
            node.parent = None
        self._ledger.index.rebuild()
        self._restructured(repeat, parent, ())
        self._ledger.due.put_everywhere(rank for rank, _ in self._definition.plan.readers.get(repeat.path, ()))

    def _restructured(self, repeat: Repeat, parent: Node, fresh: Iterable[Node]) -> None:
        self._ledger.changes.structure.add(f"{path_of(parent)}/{repeat.name}")
        inside, outside = self._reached(repeat)
        for rank in inside:
            for node in fresh:
                self._ledger.due.put(rank, node)
        self._ledger.due.spread(outside, parent)

    def _reached(self, repeat: Repeat) -> tuple[list[int], list[Edge]]:
        """Ranks of what is computed in an instance, and edges to what reads it from outside."""
        if repeat.path not in self._reach:
            plan, depth = self._definition.plan, repeat.path.count("/")
            self._reach[repeat.path] = (
                [
                    rank
                    for rank, target in enumerate(plan.order)
                    if is_within(target.path, repeat.path) and target != (repeat.path, "count")
                ],
                [
                    edge
                    for read, edges in plan.readers.items()
                    if is_within(read, repeat.path)
                    for edge in edges
                    if edge[1] < depth
                ],
            )
        return self._reach[repeat.path]
