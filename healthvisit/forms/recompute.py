"""The record of a session and what follows from each change: only what changed is computed again."""

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from healthvisit.forms.answers import cast, computed_text
from healthvisit.forms.choices import names_of_choices, still_offered
from healthvisit.forms.definition import Bind, Control, FormDefinition, Repeat
from healthvisit.forms.errors import FormError
from healthvisit.forms.graph import Edge, Target
from healthvisit.forms.instance import ROOT, Node, below, locate, path_of
from healthvisit.forms.journal import Journal
from healthvisit.forms.views import ChangeSet
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.context import Context, World
from healthvisit.forms.xpath.values import Value, stored_text, to_boolean, to_number

MAX_INSTANCES = 1_000  # of one repeat under one parent
MAX_RUNS = MAX_INSTANCES + 10  # of one target after one deed; each instance may have to wait for the one before


@dataclass(slots=True)
class Changes:
    """What one deed changed, gathered as it spreads."""

    values: list[Node] = field(default_factory=list)
    relevance: list[Node] = field(default_factory=list)
    choices: list[Node] = field(default_factory=list)
    structure: set[str] = field(default_factory=set)


class Record:
    """The tree of one session with its expressions.

    `stirred` are the questions that some action waits for, where they may have changed. `faults`: (path, aspect) of
    an expression → the code of what it stumbled over; it counts as blank.
    """

    def __init__(self, definition: FormDefinition, world: World) -> None:
        self.definition = definition
        self.world = world
        self.journal: Journal | None = None
        self.changes = Changes()
        self.stirred: dict[Node, None] = {}
        self.born: list[tuple[str, list[Node]]] = []  # instances for which nothing has been done yet, by repeat
        self.faults: dict[tuple[str, str], str] = {}
        self._plan = definition.plan
        self._ranks: dict[tuple[str, str], int] = {
            (target.path, target.aspect): rank for rank, target in enumerate(self._plan.order)
        }
        self._awaited = {action.trigger for action in definition.actions if action.trigger}
        self._outside = frozenset(  # paths that need no positions
            path
            for path in definition.order
            if not any(f"{path}/".startswith(f"{repeat}/") for repeat in definition.repeats)
        )
        self._places: dict[str, list[Node]] = {}
        self.shelf: dict[Node, str] = {}  # answers that left their list, until the list offers them again
        self._fixed_names: dict[str, dict[str, None]] = {}
        self._due: list[int] = []
        self._where: dict[int, dict[Node, None] | None] = {}  # rank → instances in which it is due; None: everywhere
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
            path = node.place = f"{base}/{node.name}"
            self._places.setdefault(path, []).append(node)
            for attribute in node.attributes:
                attribute.place = f"{path}/@{attribute.name}"
                self._places.setdefault(attribute.place, []).append(attribute)
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
        return locate(self.world.document, path)

    # -- what follows from a change

    def run(self, expression: Expression, context: Context, path: str, aspect: str) -> Value | None:
        """What an expression gives; None where it stumbles, which is remembered as a fault and stops nobody."""
        try:
            value = expression(context)
        except (FormError, ArithmeticError, ValueError) as exc:
            self.faults[path, aspect] = exc.code if isinstance(exc, FormError) else "form.failed"
            return None
        self.faults.pop((path, aspect), None)
        return value

    def write(self, node: Node, text: str, typed: str | None = None) -> None:
        """Store a text, with what was typed where that differs, and note who reads it."""
        if node.text == text and node.typed == typed:
            return
        self._note("text", node, (node.text, node.typed))
        node.typed = typed
        if node.text != text:
            node.text = text
            self.changes.values.append(node)
            path = node.place
            self.spread(self._plan.readers.get(path, ()), node)
            if path in self._awaited:
                self.stirred[node] = None

    def accept(self, node: Node, text: str) -> None:
        """Store a text that nobody typed: cast to the node's type, and of a select only what it offers."""
        path = node.place
        control = self.definition.controls.get(path)
        stored = cast(self.definition.binds.get(path) or Bind(path=path), text)
        if control is not None and control.is_select:
            stored = self.offered(control, node, stored)
        self.write(node, stored)

    def offered(self, control: Control, node: Node, answer: str, *, in_order: bool = False) -> str:
        """What of an answer a select offers now; `in_order`: several names in the list's order, not the answer's.

        A ranking is of all that is offered: names that came to its list follow those that were ranked.
        """
        names = self.names(control, node)
        if control.kind == "rank" and answer:
            return " ".join(dict.fromkeys(name for name in (*answer.split(), *names) if name and name in names))
        if in_order and control.kind == "select_multiple":
            wanted = set(answer.split())
            return " ".join(name for name in names if name in wanted)
        return still_offered(answer, names, is_multiple=control.kind != "select_one")

    def names(self, control: Control, node: Node) -> dict[str, None]:
        """The names of the choices of a question; a list that depends on no answer is read once."""
        found = self._fixed_names.get(control.path)
        if found is None:
            found = dict.fromkeys(names_of_choices(control, node, self.world, self.run))
            if control.has_fixed_choices:
                self._fixed_names[control.path] = found
        return found

    def spread(self, edges: Sequence[Edge], node: Node) -> None:
        """Put what a change of `node` reaches in the queue."""
        line = _line(node) if edges else []
        for rank, depth in edges:
            self._put(rank, line[-depth] if 0 < depth <= len(line) else None)

    def due(self, ranks: Iterable[int]) -> None:
        """Put targets in the queue, for every node."""
        for rank in ranks:
            self._put(rank, None)

    def _put(self, rank: int, instance: Node | None) -> None:
        if rank not in self._where:
            heapq.heappush(self._due, rank)
            self._where[rank] = None if instance is None else {instance: None}
        elif instance is None:
            self._where[rank] = None
        elif (instances := self._where[rank]) is not None:
            instances[instance] = None

    def everything(self) -> None:
        """Put all there is in the queue, as on opening."""
        self.due(range(len(self._plan.order)))
        for control in self.definition.controls.values():
            if control.is_select:
                for node in self.at(control.path):
                    self._keep_offered(control, node)

    def settle(self, until: int | None = None) -> None:
        """Compute what is due, in order, until nothing is; with `until` no value of a node that stands later."""
        held: list[tuple[int, dict[Node, None] | None]] = []
        runs: dict[int, int] = {}
        while self._due:
            rank = heapq.heappop(self._due)
            instances = self._where.pop(rank)
            target = self._plan.order[rank]
            runs[rank] = runs.get(rank, 0) + 1
            most = MAX_INSTANCES if target.aspect == "items" else MAX_RUNS  # a list stops first, with the answer in it
            if runs[rank] > most:  # instances that look at each other and never agree, or a list at its own answer
                self.faults[target.path, target.aspect] = "form.endless"
                continue
            if until is not None and target.aspect == "calculate" and self.definition.order[target.path] > until:
                held.append((rank, instances))
                continue
            for node in self._nodes(target, instances):
                self._compute(target, node)
        for rank, instances in held:
            heapq.heappush(self._due, rank)
            self._where[rank] = instances

    def _nodes(self, target: Target, instances: dict[Node, None] | None) -> list[Node]:
        """Where a target is due; of a count the parents."""
        path = target.path.rpartition("/")[0] if target.aspect == "count" else target.path
        if instances is None:
            return list(self.at(path))
        names, found = path.strip("/").split("/"), []
        for instance in instances:
            line = _line(instance)
            if line[-1].parent is self.world.document:
                found.extend(below([instance], names[len(line) :]))
        return found

    def _compute(self, target: Target, node: Node) -> None:
        match target.aspect:
            case "relevant":
                self._relevant(node, target.path)
            case "calculate":
                self._calculate(node, target.path)
            case "items":
                self._items(node, target.path)
            case "count":
                self._count(self.definition.repeats[target.path], node)

    def _relevant(self, node: Node, path: str) -> None:
        expression = self.definition.binds[path].relevant
        value = None if expression is None else self.run(expression, Context(self.world, node), path, "relevant")
        irrelevant = expression is not None and (value is None or not to_boolean(value))
        if irrelevant != node.irrelevant:
            self._note("shown", node, (node.irrelevant, node.hidden))
            node.irrelevant = irrelevant
        if self._hide(node, hidden=node.irrelevant or (node.parent is not None and node.parent.hidden)):
            self.spread(self._plan.on_relevance.get(path, ()), node)

    def _hide(self, node: Node, *, hidden: bool) -> bool:
        """Pass relevance down; whether anything changed."""
        if node.hidden == hidden:
            return False
        self._note("shown", node, (node.irrelevant, node.hidden))
        node.hidden = hidden
        self.changes.relevance.append(node)
        if self._awaited and node.place in self._awaited:
            self.stirred[node] = None
        for child in (*node.attributes, *node.children):
            self._hide(child, hidden=hidden or child.irrelevant)
        return True

    def _calculate(self, node: Node, path: str) -> None:
        bind = self.definition.binds[path]
        if node.hidden or bind.calculate is None:
            return
        value = self.run(bind.calculate, Context(self.world, node), path, "calculate")
        text = "" if value is None else computed_text(bind, value)
        control = self.definition.controls.get(path)
        if control is not None and control.is_select:
            text = self.offered(control, node, text)
        self.write(node, text)

    def _items(self, node: Node, path: str) -> None:
        """A new list: an answer that left it goes on the shelf, and comes back when the list does."""
        self.changes.choices.append(node)
        self._keep_offered(self.definition.controls[path], node)

    def _keep_offered(self, control: Control, node: Node) -> None:
        answer = self.shelf.get(node) or node.text
        if not answer or node.hidden:
            return
        left = self.offered(control, node, answer)
        self.shelve(node, None if left == answer else answer)
        if left != node.text:
            self.write(node, left)

    def shelve(self, node: Node, answer: str | None) -> None:
        """Put an answer that left its list on the shelf; None takes it off, as when a person answers anew."""
        kept = self.shelf.get(node)
        if kept != answer:
            self._note("shelf", node, kept)
            if answer is None:
                del self.shelf[node]
            else:
                self.shelf[node] = answer

    def recheck(self, node: Node) -> None:
        """A select was answered without looking at its list: look when all else is known."""
        rank = self._ranks.get((node.place, "items"))
        if rank is not None:
            self._put(rank, node)

    # -- repeats

    def _count(self, repeat: Repeat, parent: Node) -> None:
        """As many instances as the count says; while it is blank, as many as there are."""
        if repeat.count is None:
            return
        place = Node(repeat.path.rpartition("/")[2])  # the count is read from where the instances stand
        place.parent, place.hidden = parent, parent.hidden
        value = self.run(repeat.count, Context(self.world, place), repeat.path, "count")
        wanted = math.nan if value is None else to_number(value)
        if not math.isnan(wanted):
            self.resize(repeat, parent, int(max(0, min(wanted, MAX_INSTANCES))))

    def resize(self, repeat: Repeat, parent: Node, count: int) -> list[Node]:
        """Give `parent` so many instances, the surplus going from the end; those that are new."""
        name = repeat.path.rpartition("/")[2]
        twins = [child for child in parent.children if child.name == name]
        if len(twins) == count:
            return []
        self._note("children", parent, list(parent.children))
        fresh = [self._insert(repeat, parent, place) for place in range(len(twins), count)]
        if fresh:
            self._added(repeat, parent, fresh)
        else:
            self._removed(repeat, parent, twins[count:])
        return fresh

    def _insert(self, repeat: Repeat, parent: Node, number: int) -> Node:
        name = repeat.path.rpartition("/")[2]
        places = [place for place, child in enumerate(parent.children) if child.name == name]
        fresh = (repeat.first[number] if number < len(repeat.first) else repeat.template).copy()
        fresh.parent = parent
        parent.children = list(parent.children)
        parent.children.insert(places[-1] + 1 if places else self._place_for(repeat, parent), fresh)
        for node in fresh.walk():
            node.hidden = parent.hidden
            for attribute in node.attributes:
                attribute.hidden = parent.hidden
        return fresh

    def _place_for(self, repeat: Repeat, parent: Node) -> int:
        """Where the first instance goes: before what follows the repeat in the form."""
        order = self.definition.child_order.get(repeat.path.rpartition("/")[0], ())
        later = order[order.index(repeat.path.rpartition("/")[2]) + 1 :]
        return next((place for place, child in enumerate(parent.children) if child.name in later), len(parent.children))

    def remove(self, node: Node) -> None:
        """Take one instance out."""
        if node.parent is not None:
            parent = node.parent
            self._note("children", parent, list(parent.children))
            self._removed(self.definition.repeats[node.place], parent, [node])

    def _added(self, repeat: Repeat, parent: Node, fresh: list[Node]) -> None:
        """New instances came last: all in them is due, and who looks into the repeat from outside."""
        parents = self.at(repeat.path.rpartition("/")[0])
        if parents and parents[-1] is parent:
            self.world.places.clear()
            for node in fresh:
                self._index(node, repeat.path.rpartition("/")[0])
        else:
            self.index()
        self._restructured(repeat, parent, fresh)
        self.born.append((repeat.path, fresh))
        for node in fresh:
            for leaf in node.leaves():
                control = self.definition.controls.get(leaf.place)
                if control is not None and control.is_select and control.has_fixed_choices:
                    self._keep_offered(control, leaf)
                if self._awaited:
                    self.stirred[leaf] = None

    def _removed(self, repeat: Repeat, parent: Node, gone: list[Node]) -> None:
        """Instances went: whoever stood behind them has another position."""
        for node in gone:
            parent.children = [child for child in parent.children if child is not node]
            node.parent = None
        self.index()
        self._restructured(repeat, parent, ())
        self.due(rank for rank, _ in self._plan.readers.get(repeat.path, ()))

    def _restructured(self, repeat: Repeat, parent: Node, fresh: Iterable[Node]) -> None:
        self.changes.structure.add(f"{path_of(parent)}/{repeat.path.rpartition('/')[2]}")
        inside, depth = f"{repeat.path}/", repeat.path.count("/")
        for rank, target in enumerate(self._plan.order):
            if f"{target.path}/".startswith(inside) and target != (repeat.path, "count"):
                for node in fresh:
                    self._put(rank, node)
        for read, edges in self._plan.readers.items():
            if f"{read}/".startswith(inside):
                self.spread([edge for edge in edges if edge[1] < depth], parent)

    # -- undo

    def _note(self, kind: str, node: Node, before: Any) -> None:
        if self.journal is not None:
            self.journal.note(kind, node, before)

    def revert(self, journal: Journal) -> None:
        """Put everything back that a journal holds, last first; nothing is computed."""
        back: dict[str, Callable[[Node, Any], None]] = {
            "text": self._back_text,
            "shown": self._back_shown,
            "children": self._back_children,
            "shelf": self._back_shelf,
        }
        for kind, node, before in journal.backwards():
            back[kind](node, before)
        if any(kind == "children" for kind, _, _ in journal.backwards()):
            self.index()
        self.stirred.clear()
        self.born.clear()

    def _back_text(self, node: Node, before: tuple[str, str | None]) -> None:
        node.text, node.typed = before
        self.changes.values.append(node)

    def _back_shown(self, node: Node, before: tuple[bool, bool]) -> None:
        node.irrelevant, node.hidden = before
        self.changes.relevance.append(node)

    def _back_children(self, node: Node, before: list[Node]) -> None:
        changed = {id(child): child for child in (*before, *node.children)}
        node.children = before
        for child in changed.values():
            child.parent = node if any(kept is child for kept in before) else None
        self.changes.structure.update(
            f"{path_of(node)}/{name}"
            for name in {child.name for child in changed.values()}
            if f"{node.place}/{name}" in self.definition.repeats
        )

    def _back_shelf(self, node: Node, before: str | None) -> None:
        if before is None:
            self.shelf.pop(node, None)
        else:
            self.shelf[node] = before

    # -- what to tell the screen

    def report(self) -> ChangeSet:
        """What changed since the last report."""
        changes, self.changes = self.changes, Changes()
        touched = {node.place for node in (*changes.values, *changes.relevance)}
        touched.update(changes.structure)
        watching = {path for read in touched for path in self._plan.watchers.get(read, ())}
        return ChangeSet(
            values=self._paths(changes.values),
            relevance=self._paths(changes.relevance),
            choices=self._paths(changes.choices),
            structure=frozenset(changes.structure),
            looks=self._paths([node for path in watching for node in self.at(path)]),
        )

    def _paths(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Where the nodes stand that are still there."""
        found = set()
        for node in dict.fromkeys(nodes):
            if node.place in self._outside:
                found.add(node.place)
            elif _line(node)[-1].parent is self.world.document:
                found.add(path_of(node))
        return frozenset(found)


def effective(node: Node) -> str:
    """The text an expression reads: blank while hidden."""
    return "" if node.hidden else node.text


def acted(value: Value | None) -> str:
    """The text an action writes."""
    return "" if value is None else stored_text(value)


def _line(node: Node) -> list[Node]:
    """The node and everything above it, up to the top element (last)."""
    line = [node]
    while (parent := line[-1].parent) is not None and parent.kind != ROOT:
        line.append(parent)
    return line
