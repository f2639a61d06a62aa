"""The record of a session and what follows from each change: only what changed is computed again."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from healthvisit.forms.answers import computed_text
from healthvisit.forms.choices import names_of_choices, still_offered
from healthvisit.forms.definition import FormDefinition, Repeat
from healthvisit.forms.graph import Target, path_without_positions
from healthvisit.forms.instance import Node, path_of, without_positions
from healthvisit.forms.views import ChangeSet
from healthvisit.forms.xpath.context import Context, World
from healthvisit.forms.xpath.values import to_boolean, to_number

MAX_INSTANCES = 1_000  # of one repeat under one parent


@dataclass(slots=True)
class Changes:
    """What one deed changed, gathered as it spreads."""

    values: list[Node] = field(default_factory=list)
    relevance: list[Node] = field(default_factory=list)
    choices: list[Node] = field(default_factory=list)
    structure: set[str] = field(default_factory=set)


class Record:
    """The tree of one session with its expressions."""

    def __init__(self, definition: FormDefinition, world: World) -> None:
        self.definition = definition
        self.world = world
        self._plan = definition.plan
        self._places: dict[str, list[Node]] = {}
        self._shelf: dict[Node, str] = {}  # answers that left their list, until the list offers them again
        self.changes = Changes()
        self._due: list[int] = []
        self._queued: set[int] = set()
        self.index()

    # -- places

    def index(self) -> None:
        """Find every node again after the structure changed."""
        self._places = {}
        self.world.places.clear()
        for top in self.world.document.children:
            self._index(top, "")

    def _index(self, node: Node, base: str) -> None:
        if node.name:
            path = f"{base}/{node.name}"
            self._places.setdefault(path, []).append(node)
            for child in node.children:
                self._index(child, path)

    def at(self, path: str) -> list[Node]:
        """Every node at a path without positions."""
        return self._places.get(path, [])

    def find(self, path: str) -> Node | None:
        """The node at a path with positions."""
        nodes = self._places.get(path)
        if nodes is not None and len(nodes) == 1:
            return nodes[0]
        candidates = self._places.get(without_positions(path), ())
        return next((node for node in candidates if path_of(node) == path), None)

    # -- what follows from a change

    def write(self, node: Node, text: str) -> None:
        """Store a text and note who reads it."""
        if node.text != text:
            node.text = text
            self.changes.values.append(node)
            self.due(self._plan.readers.get(path_without_positions(node), ()))

    def due(self, ranks: Iterable[int]) -> None:
        """Put targets in the queue, each once."""
        for rank in ranks:
            if rank not in self._queued:
                self._queued.add(rank)
                heapq.heappush(self._due, rank)

    def everything(self) -> None:
        """Compute all there is, as on opening."""
        self.due(range(len(self._plan.order)))
        self.settle()

    def settle(self) -> None:
        """Compute what is due, in order, until nothing is."""
        while self._due:
            rank = heapq.heappop(self._due)
            self._queued.discard(rank)
            self._compute(self._plan.order[rank])

    def _compute(self, target: Target) -> None:
        match target.aspect:
            case "relevant":
                for node in self.at(target.path):
                    self._relevant(node, target.path)
            case "calculate":
                for node in self.at(target.path):
                    self._calculate(node, target.path)
            case "items":
                for node in self.at(target.path):
                    self._items(node, target.path)
            case "count":
                repeat = self.definition.repeats[target.path]
                for parent in self.at(target.path.rpartition("/")[0]):
                    self._count(repeat, parent)

    def _relevant(self, node: Node, path: str) -> None:
        expression = self.definition.binds[path].relevant
        node.irrelevant = expression is not None and not to_boolean(expression(Context(self.world, node)))
        if self._hide(node, hidden=node.irrelevant or (node.parent is not None and node.parent.hidden)):
            self.due(self._plan.on_relevance.get(path, ()))

    def _hide(self, node: Node, *, hidden: bool) -> bool:
        """Pass relevance down; whether anything changed."""
        if node.hidden == hidden:
            return False
        node.hidden = hidden
        self.changes.relevance.append(node)
        for child in node.children:
            self._hide(child, hidden=hidden or child.irrelevant)
        return True

    def _calculate(self, node: Node, path: str) -> None:
        bind = self.definition.binds[path]
        if node.hidden or bind.calculate is None:
            return
        node.typed = None
        self.write(node, computed_text(bind, bind.calculate(Context(self.world, node))))

    def _items(self, node: Node, path: str) -> None:
        """A new list: an answer that left it goes on the shelf, and comes back when the list does."""
        self.changes.choices.append(node)
        control = self.definition.controls[path]
        answer = self._shelf.get(node) or node.text
        if not answer or node.hidden:
            return
        names = names_of_choices(control, node, self.world)
        left = still_offered(answer, names, is_multiple=control.kind != "select_one")
        if left == answer:
            self._shelf.pop(node, None)
        else:
            self._shelf[node] = answer
        if left != node.text:
            node.typed = None
            self.write(node, left)

    def unshelve(self, node: Node) -> None:
        """The person answered anew: what was on the shelf is gone."""
        self._shelf.pop(node, None)

    # -- repeats

    def _count(self, repeat: Repeat, parent: Node) -> None:
        if repeat.count is None:
            return
        wanted = to_number(repeat.count(Context(self.world, parent)))
        count = min(int(wanted), MAX_INSTANCES) if wanted >= 1 else 0
        self.resize(repeat, parent, count)

    def resize(self, repeat: Repeat, parent: Node, count: int) -> None:
        """Give `parent` so many instances, the surplus going from the end."""
        name = repeat.path.rpartition("/")[2]
        twins = [child for child in parent.children if child.name == name]
        if len(twins) == count:
            return
        for _ in range(len(twins), count):
            self._insert(repeat, parent)
        for surplus in twins[count:]:
            parent.children.remove(surplus)
        self.restructured(repeat.path, parent)

    def _insert(self, repeat: Repeat, parent: Node) -> None:
        name = repeat.path.rpartition("/")[2]
        places = [place for place, child in enumerate(parent.children) if child.name == name]
        fresh = repeat.template.copy()
        fresh.parent = parent
        parent.children.insert(places[-1] + 1 if places else self._place_for(repeat, parent), fresh)
        for node in fresh.walk():
            node.hidden = parent.hidden

    def _place_for(self, repeat: Repeat, parent: Node) -> int:
        """Where the first instance goes: before what follows the repeat in the form."""
        order = self.definition.child_order.get(repeat.path.rpartition("/")[0], ())
        later = order[order.index(repeat.path.rpartition("/")[2]) + 1 :]
        return next((place for place, child in enumerate(parent.children) if child.name in later), len(parent.children))

    def remove(self, node: Node) -> None:
        """Take one instance out."""
        if node.parent is not None:
            parent = node.parent
            parent.children = [child for child in parent.children if child is not node]
            self.restructured(path_without_positions(node), parent)

    def restructured(self, path: str, parent: Node) -> None:
        """Instances came or went: everything that can see them is due."""
        self.index()
        self.changes.structure.add(path if parent.parent is None else f"{path_of(parent)}/{path.rpartition('/')[2]}")
        inside = f"{path}/"
        for rank, target in enumerate(self._plan.order):
            if target.path == path and target.aspect == "count":
                continue
            if target.path == path or target.path.startswith(inside):
                self.due((rank,))
        for read, ranks in self._plan.readers.items():
            if read == path or read.startswith(inside):
                self.due(ranks)

    # -- what to tell the screen

    def report(self) -> ChangeSet:
        """What changed since the last report."""
        changes, self.changes = self.changes, Changes()
        touched = {path_without_positions(node) for node in (*changes.values, *changes.relevance)}
        touched.update(changes.structure)
        watching = {path for read in touched for path in self._plan.watchers.get(read, ())}
        return ChangeSet(
            values=frozenset(path_of(node) for node in changes.values),
            relevance=frozenset(path_of(node) for node in changes.relevance),
            choices=frozenset(path_of(node) for node in changes.choices),
            structure=frozenset(changes.structure),
            looks=frozenset(path_of(node) for path in watching for node in self.at(path)),
        )
