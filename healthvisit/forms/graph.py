"""Which expression reads which node, and the order in which they are computed."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, above, is_within, path_without_positions
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.parse import Tree, parse
from healthvisit.forms.xpath.paths import AXES, node_test
from healthvisit.forms.xpath.shape import leading_names

_OF_THE_CLOCK = frozenset(("now", "today"))
_OF_THE_LANGUAGE = frozenset(("jr:choice-name", "jr:itext"))
_OF_NO_TEXT = frozenset(("count", "position", "boolean", "not", "name", "local-name"))  # look at nodes, not into them


class Target(NamedTuple):
    """Something computed: `aspect` is relevant, calculate, count (of a repeat's instances) or items (of a select)."""

    path: str
    aspect: str


Edge = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reads:
    """What one expression looks at, which functions it calls, and whether a path of it leads nowhere.

    `paths`: path without positions → how many steps down the instance stands (1 is the top element) that both the
    expression and every node it reads there are in; 0 where it may read any instance. `counted`: those of them of
    which only the place among their twins is looked at. `within`: those that are only part of the text of a group.
    """

    paths: Mapping[str, int]
    counted: frozenset[str]
    within: frozenset[str]
    calls: frozenset[str]
    is_unresolved: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Targets in the order of their ranks, and who must run again after what.

    `readers`: path → edges to those that read its value. `on_relevance`: path → edges that a change of its relevance
    reaches. `watchers`: path → questions whose words, choices, required, readonly or constraint read it. An edge is
    (rank, depth): it reaches only below the ancestor at that depth of what changed (narrow), or everywhere where the
    depth is 0 (wide).
    """

    order: tuple[Target, ...]
    readers: Mapping[str, tuple["Edge", ...]]
    on_relevance: Mapping[str, tuple["Edge", ...]]
    watchers: Mapping[str, frozenset[str]]
    clocked: tuple[int, ...] = field(default=())
    spoken: tuple[int, ...] = field(default=())


class Schema:
    """Every node a record can have, once: the ground on which paths are resolved."""

    def __init__(self, document: Node, repeats: Iterable[str] = ()) -> None:
        self.document = document
        self.repeats = frozenset(repeats)
        self.nodes: dict[str, Node] = {}
        self._places: dict[str, list[Node]] = {}
        for node in document.walk():
            if node.parent is not None and node.name:
                for part in (node, *node.attributes):
                    path = path_without_positions(part)
                    self.nodes.setdefault(path, part)
                    self._places.setdefault(path, []).append(part)

    def at(self, names: tuple[str, ...]) -> list[Node]:
        """Every node reached by these names from the top."""
        return self._places.get("/" + "/".join(names), []) if names else [self.document]

    def around(self, path: str) -> str:
        """The innermost repeat at or above `path`; "" outside all."""
        return next((up for up in above(path) if up in self.repeats), "")

    def reads(self, expression: Expression, path: str) -> Reads:
        """What an expression that belongs to `path` looks at."""
        return _Reader(self, path).read(expression.tree)


class _Place(NamedTuple):
    """Where a path has led: its nodes, and the repeat in whose instance all of them stand with the expression."""

    nodes: list[Node]
    repeat: str


class _Reader:
    """Walks one expression's tree, following its paths over the schema."""

    def __init__(self, schema: Schema, path: str) -> None:
        self._schema = schema
        self._path = path
        self._current = _Place([schema.nodes.get(path, schema.document)], schema.around(path))
        self._found: dict[str, int] = {}
        self._read: set[str] = set()  # what is found by more than its place
        self._named: set[str] = set()  # what is found by more than being part of a group
        self._calls: set[str] = set()
        self._in_vain = False
        self._todo: list[tuple[Any, _Place | None]] = []

    def read(self, tree: Tree) -> Reads:
        self._todo.append((tree, self._current))
        while self._todo:
            self._visit(*self._todo.pop())
        found = self._found.keys()
        return Reads(
            self._found,
            counted=frozenset(found - self._read),
            within=frozenset(found - self._named),
            calls=frozenset(self._calls),
            is_unresolved=self._in_vain,
        )

    def _visit(self, tree: Tree, base: _Place | None) -> None:
        """`base` is where relative paths start: None inside a secondary instance, where they read no answer."""
        kind = tree[0]
        if kind == "path":
            place = self._walk(tree, base)
            self._note(place)
            if place is not None:
                self._note_within(place)
        elif kind == "call":
            self._call(tree, base)
        elif kind == "filter":
            inside = self._start(tree[1], base)
            self._note(inside)
            self._todo.extend((predicate, inside) for predicate in tree[2])
        elif kind not in {"number", "string", "variable"}:
            self._todo.extend((part, base) for part in tree[1:])

    def _call(self, tree: Tree, base: _Place | None) -> None:
        self._calls.add(tree[1])
        if tree[1] == "indexed-repeat":  # its paths mean any instance
            for argument in tree[2]:
                reads = _Reader(self._schema, self._path).read(argument)
                self._in_vain = self._in_vain or (reads.is_unresolved and argument[:2] == ("path", "/"))
                self._found.update(dict.fromkeys(reads.paths, 0))
                self._read.update(reads.paths)
            self._todo.extend((argument, base) for argument in tree[2][2::2])
            return
        if tree[1] == "position" and tree[2] and (tree[2][0][0] == "path" or tree[2][0][:2] == ("call", "current")):
            place = self._start(tree[2][0], base)
            if place is not None:  # instances before it may come and go
                outer = self._schema.around(place.repeat.rpartition("/")[0])
                self._note(_Place(place.nodes, outer), is_counted=True)
            return
        for argument in tree[2]:
            if tree[1] in _OF_NO_TEXT and argument[0] == "path":
                self._note(self._walk(argument, base))
            else:
                self._todo.append((argument, base))
        if tree[1] == "jr:choice-name" and len(tree[2]) == 2 and tree[2][1][0] == "string":  # noqa: PLR2004
            self._todo.append((parse(tree[2][1][1].strip()), base))

    def _note(self, place: _Place | None, *, is_counted: bool = False) -> None:
        if place is None:
            return
        self._in_vain = self._in_vain or not place.nodes
        for node in place.nodes:
            if node.parent is not None and node.name:
                path = path_without_positions(node)
                self._found_at(path, place)
                self._named.add(path)
                if not is_counted:
                    self._read.add(path)

    def _found_at(self, path: str, place: _Place) -> None:
        depth = place.repeat.count("/") if is_within(path, place.repeat) else 0
        self._found[path] = min(depth, self._found.get(path, depth))

    def _note_within(self, place: _Place) -> None:
        """The text of a group is that of all in it."""
        for node in place.nodes:
            for leaf in node.leaves() if node.children and node.parent is not None else ():
                self._found_at(path_without_positions(leaf), place)

    def _start(self, start: Any, base: _Place | None) -> _Place | None:
        if start is None:
            return base
        if start == "/":
            return _Place([self._schema.document], "")
        if start[0] == "path":
            return self._walk(start, base)
        if start[:2] == ("call", "current"):
            return self._current
        self._visit(start, base)
        if start[0] == "call" and start[1] == "randomize":
            return self._start(start[2][0], base)
        if start[0] == "filter":
            return self._start(start[1], base)
        return None

    def _walk(self, tree: Tree, base: _Place | None) -> _Place | None:
        place = self._start(tree[1], base)
        named = leading_names(tree[2]) if tree[1] == "/" else ()
        repeat = self._shared(named) if tree[1] == "/" else place.repeat if place else ""
        if named:
            place = _Place(self._schema.at(named), repeat)
        for axis, test, predicates in tree[2][len(named) :]:
            if place is not None:
                fits = node_test(axis, test)
                reached = (other for node in place.nodes for other in self._along(axis, node))
                nodes = list({id(other): other for other in reached if fits(other)}.values())
                repeat = self._climbed(repeat, axis, nodes)
                place = _Place(nodes, repeat) if nodes or axis != "attribute" else None
            self._todo.extend((predicate, place) for predicate in predicates)
        return place

    def _along(self, axis: str, node: Node) -> list[Node]:
        """The nodes of an axis; an instance has siblings of its own kind that the form holds only once."""
        found = list(AXES[axis](node))
        if axis.startswith(("following", "preceding")):
            step: Node | None = node
            while step is not None and step.parent is not None:
                if path_without_positions(step) in self._schema.repeats:
                    found.extend([step] if axis.endswith("sibling") else step.walk())
                step = None if axis.endswith("sibling") else step.parent
        return found

    def _shared(self, names: tuple[str, ...]) -> str:
        """An absolute path through a repeat around the expression means the expression's own instance."""
        return next(
            (
                up
                for up in above(self._current.repeat)
                if up in self._schema.repeats and names[: up.count("/")] == tuple(up.split("/")[1:]) != names
            ),
            "",
        )

    def _climbed(self, repeat: str, axis: str, nodes: list[Node]) -> str:
        if axis.startswith(("following", "preceding")):
            return ""
        paths = [path_without_positions(node) for node in nodes]
        while repeat and not all(is_within(path, repeat) for path in paths):
            repeat = self._schema.around(repeat.rpartition("/")[0])
        return repeat


class Planner:
    """Collects every target with what it reads; `plan` puts them in order."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._paths = list(schema.nodes)
        self._targets: dict[Target, Reads] = {}
        self._watchers: dict[str, set[str]] = {}

    def add(self, path: str, aspect: str, reads: Reads) -> None:
        """One computed aspect."""
        self._targets[Target(path, aspect)] = reads

    def watch(self, path: str, reads: Reads) -> None:
        """A question whose looks depend on what is read."""
        for read in reads.paths:
            self._watchers.setdefault(read, set()).add(path)

    def plan(self) -> Plan:
        """Order the targets.

        Raises:
            FormError: `form.cycle`, with the questions that need each other in `paths`.
        """
        needs = {target: self._needs(target, reads) for target, reads in self._targets.items()}
        order = _sorted(needs)
        rank = {target: place for place, target in enumerate(order)}
        readers: dict[str, list[Edge]] = {}
        for target in order:
            reads = self._targets[target]
            for path, depth in reads.paths.items():
                if target.aspect == "items" and path in reads.within:
                    continue
                own = path == target.path and depth == self._schema.around(path).count("/")
                if not own:  # a value that looks at itself is not set off by itself
                    readers.setdefault(path, []).append((rank[target], depth))
        return Plan(
            order=tuple(order),
            readers={path: tuple(edges) for path, edges in readers.items()},
            on_relevance=self._on_relevance(readers, rank),
            watchers={path: frozenset(found) for path, found in self._watchers.items()},
            clocked=self._calling(_OF_THE_CLOCK, rank),
            spoken=self._calling(_OF_THE_LANGUAGE, rank),
        )

    def _needs(self, target: Target, reads: Reads) -> set[Target]:
        """What must be known before: values read and whether they are hidden; for a value also whether it is asked."""
        wanted: set[Target] = set()
        for path in reads.paths.keys() - reads.within:
            if path == target.path and target.aspect in {"calculate", "items"}:
                continue  # an expression may look at its own value: `once`, or a running total over a repeat
            wanted.update((Target(path, "calculate"), Target(path, "items")))
            wanted.update(Target(upper, "count") for upper in above(path))
            if path not in reads.counted:
                wanted.update(
                    Target(upper, "relevant") for upper in above(path) if not self._is_twin(target, path, reads)
                )
        for upper in above(target.path):
            if target != (upper, "count"):
                wanted.add(Target(upper, "count"))
            if target.aspect != "relevant" and target != (upper, "count"):
                wanted.add(Target(upper, "relevant"))
        if target.aspect == "items":
            wanted.add(Target(target.path, "calculate"))
        return wanted & self._targets.keys()

    def _is_twin(self, target: Target, path: str, reads: Reads) -> bool:
        """Whether a relevance looks at its own question in other instances: each may wait for the one before."""
        return target == (path, "relevant") and reads.paths[path] < self._schema.around(path).count("/")

    def _on_relevance(
        self, readers: Mapping[str, list[Edge]], rank: Mapping[Target, int]
    ) -> dict[str, tuple[Edge, ...]]:
        """What reads a node that went or came, and what is computed in it, narrow where both stand in one instance."""
        reached: dict[str, dict[int, int]] = {target.path: {} for target in rank if target.aspect == "relevant"}
        for path in self._paths:
            own = [rank[t] for t in (Target(path, "calculate"), Target(path, "items")) if t in rank]
            for upper in above(path):
                if upper not in reached:
                    continue
                inside = self._schema.around(upper).count("/")
                edges = [
                    *((rank, min(depth, inside)) for rank, depth in readers.get(path, ())),
                    *((r, inside) for r in own),
                ]
                for number, depth in edges:
                    reached[upper][number] = min(depth, reached[upper].get(number, depth))
        return {path: tuple(sorted(edges.items())) for path, edges in reached.items()}

    def _calling(self, functions: frozenset[str], rank: Mapping[Target, int]) -> tuple[int, ...]:
        return tuple(sorted(rank[target] for target, reads in self._targets.items() if reads.calls & functions))


def _sorted(needs: Mapping[Target, set[Target]]) -> list[Target]:
    """Kahn's order, with the author's order where there is a choice."""
    place = {target: number for number, target in enumerate(needs)}
    targets = list(needs)
    open_needs = {target: len(wanted) for target, wanted in needs.items()}
    wanted_by: dict[Target, list[Target]] = {}
    for target, wanted in needs.items():
        for other in wanted:
            wanted_by.setdefault(other, []).append(target)
    ready = [place[target] for target, count in open_needs.items() if count == 0]
    heapq.heapify(ready)
    order: list[Target] = []
    while ready:
        done = targets[heapq.heappop(ready)]
        order.append(done)
        for target in wanted_by.get(done, ()):
            open_needs[target] -= 1
            if open_needs[target] == 0:
                heapq.heappush(ready, place[target])
    if len(order) < len(targets):
        grown = _without_growth(needs)
        if grown != needs:
            return _sorted(grown)
        cycle = _cycle(needs, {target for target in targets if open_needs[target] > 0})
        raise FormError("form.cycle", path=cycle[0], paths=cycle)
    return order


def _without_growth(needs: Mapping[Target, set[Target]]) -> dict[Target, set[Target]]:
    """A count may look at its own instances, a list at its own answer: what they look at comes first, and again after.

    So a repeat asks "is there another?", and a list leaves out what was chosen.
    """
    grown = {target: set(wanted) for target, wanted in needs.items()}
    for count in (target for target in needs if target.aspect in {"count", "items"}):
        behind: set[Target] = set()
        todo = [count]
        while todo:
            for target in needs[todo.pop()] - behind:
                behind.add(target)
                todo.append(target)
        for target in behind:
            grown[target].discard(count)
    return grown


def _cycle(needs: Mapping[Target, set[Target]], left: set[Target]) -> list[str]:
    """One circle among the targets that could not be ordered, as paths, ending where it began."""
    pick: Callable[[Iterable[Target]], Target] = min
    seen: list[Target] = [pick(left)]
    while (following := pick(needs[seen[-1]] & left)) not in seen:
        seen.append(following)
    circle = [*seen[seen.index(following) :], following]
    return [
        target.path for number, target in enumerate(circle) if number == 0 or target.path != circle[number - 1].path
    ]
