"""Which expression reads which node, and the order in which they are computed."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, names_of
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.parse import Tree, parse
from healthvisit.forms.xpath.paths import AXES, node_test

_OF_THE_CLOCK = frozenset(("now", "today"))
_OF_THE_LANGUAGE = frozenset(("jr:choice-name", "jr:itext"))


class Target(NamedTuple):
    """Something computed: `aspect` is relevant, calculate, count (of a repeat's instances) or items (of a select)."""

    path: str
    aspect: str


@dataclass(frozen=True, slots=True)
class Reads:
    """What one expression looks at: paths without positions, whether the clock or the language, whether in vain."""

    paths: frozenset[str]
    calls: frozenset[str]
    is_unresolved: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Targets in the order of their ranks, and who must run again after what.

    `readers`: path → ranks that read its value. `on_relevance`: path → ranks that a change of its relevance reaches.
    `watchers`: path → questions whose words, choices, required, readonly or constraint read it.
    """

    order: tuple[Target, ...]
    readers: Mapping[str, tuple[int, ...]]
    on_relevance: Mapping[str, tuple[int, ...]]
    watchers: Mapping[str, frozenset[str]]
    clocked: tuple[int, ...] = field(default=())
    spoken: tuple[int, ...] = field(default=())


def path_without_positions(node: Node) -> str:
    """`/data/member/age` for every instance of `member`."""
    return "/" + "/".join(names_of(node))


def above(path: str) -> list[str]:
    """The path itself and every path above it."""
    found = []
    while path:
        found.append(path)
        path = path.rpartition("/")[0]
    return found


class Schema:
    """Every node a record can have, once: the ground on which paths are resolved."""

    def __init__(self, document: Node) -> None:
        self.document = document
        self.nodes: dict[str, Node] = {}
        for node in document.walk():
            if node.parent is not None and node.name:
                self.nodes.setdefault(path_without_positions(node), node)

    def reads(self, expression: Expression, path: str) -> Reads:
        """What an expression that belongs to `path` looks at."""
        return _Reader(self.document, self.nodes.get(path, self.document)).read(expression.tree)


class _Reader:
    """Walks one expression's tree, following its paths over the schema."""

    def __init__(self, document: Node, current: Node) -> None:
        self._document = document
        self._current = current
        self._found: set[str] = set()
        self._calls: set[str] = set()
        self._in_vain = False
        self._todo: list[tuple[Any, list[Node] | None]] = []

    def read(self, tree: Tree) -> Reads:
        self._todo.append((tree, [self._current]))
        while self._todo:
            self._visit(*self._todo.pop())
        return Reads(frozenset(self._found), frozenset(self._calls), self._in_vain)

    def _visit(self, tree: Tree, base: list[Node] | None) -> None:
        """`base` is where relative paths start: None inside a secondary instance, where they read no answer."""
        kind = tree[0]
        if kind == "path":
            self._note(self._walk(tree, base))
        elif kind == "call":
            self._calls.add(tree[1])
            self._todo.extend((argument, base) for argument in tree[2])
            if tree[1] == "jr:choice-name" and len(tree[2]) == 2 and tree[2][1][0] == "string":  # noqa: PLR2004
                self._todo.append((parse(tree[2][1][1]), base))
        elif kind == "filter":
            inside = self._start(tree[1], base)
            self._note(inside)
            self._todo.extend((predicate, inside) for predicate in tree[2])
        elif kind not in {"number", "string", "variable"}:
            self._todo.extend((part, base) for part in tree[1:])

    def _note(self, nodes: list[Node] | None) -> None:
        if nodes is not None:
            self._in_vain = self._in_vain or not nodes
            self._found.update(path_without_positions(node) for node in nodes if node.parent is not None and node.name)

    def _start(self, start: Any, base: list[Node] | None) -> list[Node] | None:
        if start is None:
            return base
        if start == "/":
            return [self._document]
        if start[0] == "path":
            return self._walk(start, base)
        if start[:2] == ("call", "current"):
            return [self._current]
        self._visit(start, base)
        if start[0] == "call" and start[1] == "randomize":
            return self._start(start[2][0], base)
        if start[0] == "filter":
            return self._start(start[1], base)
        return None

    def _walk(self, tree: Tree, base: list[Node] | None) -> list[Node] | None:
        nodes = self._start(tree[1], base)
        for axis, test, predicates in tree[2]:
            if nodes is not None:
                fits, walk = node_test(axis, test), AXES[axis]
                nodes = list({id(other): other for node in nodes for other in walk(node) if fits(other)}.values())
                if not nodes and axis == "attribute":
                    nodes = None
            self._todo.extend((predicate, nodes) for predicate in predicates)
        return nodes


class Planner:
    """Collects every target with what it reads; `plan` puts them in order."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = list(paths)
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
        readers: dict[str, list[int]] = {}
        for target in order:
            for path in self._targets[target].paths:
                readers.setdefault(path, []).append(rank[target])
        return Plan(
            order=tuple(order),
            readers={path: tuple(ranks) for path, ranks in readers.items()},
            on_relevance=self._on_relevance(readers, rank),
            watchers={path: frozenset(found) for path, found in self._watchers.items()},
            clocked=self._calling(_OF_THE_CLOCK, rank),
            spoken=self._calling(_OF_THE_LANGUAGE, rank),
        )

    def _needs(self, target: Target, reads: Reads) -> set[Target]:
        """What must be known before: values read and whether they are hidden; for a value also whether it is asked."""
        wanted: set[Target] = set()
        for path in reads.paths:
            if path == target.path and target.aspect in {"calculate", "items"}:
                continue  # an expression may look at its own value: `once`, or a running total over a repeat
            wanted.update((Target(path, "calculate"), Target(path, "items")))
            for upper in above(path):
                wanted.update((Target(upper, "relevant"), Target(upper, "count")))
        for upper in above(target.path):
            if target != (upper, "count"):
                wanted.add(Target(upper, "count"))
            if target.aspect != "relevant":
                wanted.add(Target(upper, "relevant"))
        if target.aspect == "items":
            wanted.add(Target(target.path, "calculate"))
        return wanted & self._targets.keys()

    def _on_relevance(self, readers: Mapping[str, list[int]], rank: Mapping[Target, int]) -> dict[str, tuple[int, ...]]:
        reached: dict[str, set[int]] = {target.path: set() for target in rank if target.aspect == "relevant"}
        for path in self._paths:
            ranks = set(readers.get(path, ()))
            ranks.update(rank[t] for t in (Target(path, "calculate"), Target(path, "items")) if t in rank)
            for upper in above(path):
                if upper in reached:
                    reached[upper] |= ranks
        return {path: tuple(sorted(ranks)) for path, ranks in reached.items()}

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
        cycle = _cycle(needs, {target for target in targets if open_needs[target] > 0})
        raise FormError("form.cycle", path=cycle[0], paths=cycle)
    return order


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
