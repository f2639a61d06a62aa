"""What an expression looks at: its paths followed over every node that a record can have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from healthvisit.forms.instance import Node, above, is_within, path_without_positions
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.parse import Tree, parse
from healthvisit.forms.xpath.paths import AXES, node_test
from healthvisit.forms.xpath.shape import leading_names

_OF_NO_TEXT = frozenset(("count", "position", "boolean", "not", "name", "local-name"))  # look at nodes, not into them


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

    def depth(self, path: str) -> int:
        """How many steps down that repeat stands; 0 outside all."""
        return self.around(path).count("/")

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
        """What the expression `tree` looks at."""
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
        _, name, arguments, _ = tree
        self._calls.add(name)
        if name == "indexed-repeat":
            self._any_instance(arguments, base)
            return
        if name == "position" and arguments and (arguments[0][0] == "path" or arguments[0][:2] == ("call", "current")):
            self._note_position(self._start(arguments[0], base))
            return
        for argument in arguments:
            if name in _OF_NO_TEXT and argument[0] == "path":
                self._note(self._walk(argument, base))
            else:
                self._todo.append((argument, base))
        match arguments:
            case (_, ("string", text, *_)) if name == "jr:choice-name":
                self._todo.append((parse(text.strip()), base))

    def _any_instance(self, arguments: tuple[Tree, ...], base: _Place | None) -> None:
        """The paths of `indexed-repeat` mean any instance; its indexes are expressions like others."""
        for argument in arguments:
            reads = _Reader(self._schema, self._path).read(argument)
            self._in_vain = self._in_vain or (reads.is_unresolved and argument[:2] == ("path", "/"))
            self._found.update(dict.fromkeys(reads.paths, 0))
            self._read.update(reads.paths)
        self._todo.extend((argument, base) for argument in arguments[2::2])

    def _note_position(self, place: _Place | None) -> None:
        """The position of an instance: those before it may come and go."""
        if place is not None:
            outer = self._schema.around(place.repeat.rpartition("/")[0])
            self._note(_Place(place.nodes, outer), is_counted=True)

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
        """Where a path begins; None where that is no node of the record."""
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
        """Where a path ends; predicates on the way are looked at later, each from where it stands."""
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
        """The innermost repeat in whose instance the path still is after a step."""
        if axis.startswith(("following", "preceding")):
            return ""
        paths = [path_without_positions(node) for node in nodes]
        while repeat and not all(is_within(path, repeat) for path in paths):
            repeat = self._schema.around(repeat.rpartition("/")[0])
        return repeat
