"""Expressions as trees to expressions as closures."""

import math
from collections.abc import Callable, Collection
from functools import reduce
from typing import Any

from healthvisit.forms.instance import Node
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.table import FUNCTIONS, handed_in
from healthvisit.forms.xpath.parse import Tree, XPathError, parse
from healthvisit.forms.xpath.paths import AXES, KEEPS_ORDER, REVERSE, in_order, node_test
from healthvisit.forms.xpath.values import Nodes, Value, equal, relate, text_of, to_boolean, to_number, unpadded

Run = Callable[[Context], Value]
RunNodes = Callable[[Context], Nodes]
Step = Callable[[Nodes, Context], Nodes]


class Expression:
    """One compiled expression: `source` as written, `tree` for the dependency graph, call it with a context.

    `wants` are the functions it calls that the caller has to hand in.
    """

    __slots__ = ("_run", "source", "tree", "wants")

    def __init__(self, source: str, tree: Tree, run: Run, wants: frozenset[str]) -> None:
        self.source = source
        self.wants = wants
        self.tree = tree
        self._run = run

    def __call__(self, context: Context) -> Value:
        try:
            return self._run(context)
        except RecursionError:
            raise XPathError("form.too_deep", self.source) from None

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


def compile_expression(
    source: str, *, repeats: Collection[tuple[str, ...]] = (), functions: Collection[str] = (), late: bool = False
) -> Expression:
    """Compile one expression.

    Args:
        source: The expression.
        repeats: Paths (element names) of repeats: an absolute path through one means the instance the context is in.
        functions: Names that the caller hands in when it runs.
        late: Refuse a wrong call only when it is reached: a branch not taken harms nobody.

    Raises:
        XPathError: `form.syntax`, `form.unknown_function`, `form.arity`, `form.unknown_variable`, `form.too_deep`.
    """
    try:
        tree = parse(source)
        compiler = _Compiler(source, frozenset(repeats), frozenset(functions), late=late)
        run = compiler.compile(tree)
        return Expression(source, tree, run, frozenset(compiler.wants))
    except RecursionError:
        raise XPathError("form.too_deep", source) from None


class _Compiler:
    """One expression's way from tree to closure."""

    def __init__(
        self, source: str, repeats: frozenset[tuple[str, ...]], functions: frozenset[str], *, late: bool
    ) -> None:
        self._source = source
        self._repeats = repeats
        self._functions = functions
        self._late = late
        self.wants: set[str] = set()

    def compile(self, tree: Tree) -> Run:
        kind = tree[0]
        if kind in {"number", "string"}:
            value: Value = tree[1]
            return lambda _: value
        if kind == "path":
            return self._path(tree[1], tree[2])
        if kind == "call":
            return self._call(tree)
        if kind == "negate":
            operand = self.compile(tree[1])
            return lambda c: -to_number(operand(c))
        if kind == "filter":
            base, predicates = self._nodes(tree[1]), self._predicates(tree[2])
            return lambda c: predicates(base(c), c)
        if kind == "variable":
            raise XPathError("form.unknown_variable", self._source, self._source.find("$"), name=tree[1])
        return self._operator(kind, tree)

    def _operator(self, operator: str, tree: Tree) -> Run:
        if operator in {"or", "and", "+"}:
            return self._chain(operator, [self.compile(part) for part in _flatten(operator, tree)])
        if operator == "|":
            left_nodes, right_nodes = self._nodes(tree[1]), self._nodes(tree[2])
            return lambda c: in_order((*left_nodes(c), *right_nodes(c)))
        left, right = self.compile(tree[1]), self.compile(tree[2])
        if operator in {"=", "!="}:
            return lambda c: equal(operator, left(c), right(c), c.world.zone)
        if operator in {"<", "<=", ">", ">="}:
            return lambda c: relate(operator, left(c), right(c), c.world.zone)
        if operator == "-":
            return lambda c: to_number(left(c)) - to_number(right(c))
        arithmetic = {"*": _multiply, "div": _divide, "mod": _modulo}[operator]
        return lambda c: arithmetic(to_number(left(c)), to_number(right(c)))

    def _chain(self, operator: str, parts: list[Run]) -> Run:
        if operator == "or":
            return lambda c: any(to_boolean(part(c)) for part in parts)
        if operator == "and":
            return lambda c: all(to_boolean(part(c)) for part in parts)
        return lambda c: reduce(lambda total, part: total + to_number(part(c)), parts[1:], to_number(parts[0](c)))

    # -- functions

    def _call(self, tree: Tree) -> Run:
        try:
            return self._checked_call(tree)
        except XPathError as fault:
            if not self._late or fault.code not in {"form.unknown_function", "form.arity"}:
                raise
            return _refusing(fault)

    def _checked_call(self, tree: Tree) -> Run:
        _, name, arguments, position = tree
        if name == "indexed-repeat":
            return self._indexed_repeat(arguments, position)
        if name in self._functions:
            self.wants.add(name)
            return handed_in(name, [self.compile(argument) for argument in arguments])
        function = FUNCTIONS.get(name)
        if function is None:
            raise XPathError("form.unknown_function", self._source, position, name=name)
        if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
            raise XPathError("form.arity", self._source, position, name=name, given=len(arguments))
        code: Any = function.code
        runs = [self.compile(argument) for argument in arguments]
        if function.lazy:
            return lambda c: code(c, *runs)
        match runs:
            case []:
                bare: Run = code
                return bare
            case [only]:
                return lambda c: code(c, only(c))
            case [first, second]:
                return lambda c: code(c, first(c), second(c))
        return lambda c: code(c, *[run(c) for run in runs])

    def _indexed_repeat(self, arguments: tuple[Tree, ...], position: int) -> Run:
        """`indexed-repeat(/data/r/x, /data/r, 2, …)`: x of the second instance, further pairs for repeats inside."""
        if len(arguments) < 3 or len(arguments) % 2 == 0:  # noqa: PLR2004
            raise XPathError("form.arity", self._source, position, name="indexed-repeat", given=len(arguments))
        indexes = [self.compile(argument) for argument in arguments[2::2]]
        paths = [static_names(argument) for argument in (arguments[:1] + arguments[1::2])]
        if None in paths:
            anywhere = _Compiler(self._source, frozenset(), self._functions, late=self._late)
            target, *repeats = [anywhere._nodes(argument) for argument in (arguments[:1] + arguments[1::2])]
            return lambda c: _chosen(c, target, list(zip(repeats, indexes, strict=True)))
        names, *places = [path for path in paths if path is not None]
        if any(names[: len(place)] != place for place in places):
            return lambda _: []
        pairs = sorted(zip(places, indexes, strict=True), key=lambda pair: len(pair[0]))

        def run(c: Context) -> Nodes:
            nodes, done = [c.world.document], 0
            for place, index in pairs:
                nodes = descend(nodes, place[done:])
                at = _ordinal(index(c))
                nodes, done = nodes[at - 1 : at] if at > 0 else [], len(place)
            return descend(nodes, names[done:])

        return run

    # -- paths

    def _nodes(self, tree: Tree) -> RunNodes:
        """An expression that must give nodes."""
        run = self.compile(tree)

        def nodes(c: Context) -> Nodes:
            value = run(c)
            if not isinstance(value, list):
                raise XPathError("form.not_nodes", self._source)
            return value

        return nodes

    def _path(self, start: Any, steps: tuple[Tree, ...]) -> RunNodes:
        if start is None:
            return self._then(lambda c: [c.node], steps)
        if start == "/":
            names = leading_names(steps)
            return self._then(self._absolute(names), steps[len(names) :])
        if indexed := self._indexed(start, steps):
            return indexed
        return self._then(self._nodes(start), steps)

    def _absolute(self, names: tuple[str, ...]) -> RunNodes:
        """The named place, found once a session; through a repeat, the instance in which the expression stands."""
        if any(names[:length] in self._repeats for length in range(1, len(names))):
            repeats = self._repeats
            return lambda c: narrowed(c, names, repeats)

        def places(c: Context) -> Nodes:
            found = c.world.places.get(names)
            if found is None:
                found = c.world.places[names] = descend([c.world.document], names)
            return found

        return places

    def _then(self, start: RunNodes, steps: tuple[Tree, ...]) -> RunNodes:
        if not steps:
            return start
        if len(steps) == 1:
            only = self._step(steps[0], ordered=True)
            return lambda c: only(start(c), c)
        compiled: list[Step] = []
        ordered = True
        for step in steps:
            compiled.append(self._step(step, ordered=ordered))
            ordered = ordered and step[0] in KEEPS_ORDER

        def run(c: Context) -> Nodes:
            nodes = start(c)
            for walk in compiled:
                nodes = walk(nodes, c)
            return nodes

        return run

    def _step(self, step: Tree, *, ordered: bool) -> Step:
        axis, test, predicates = step
        if axis == "child" and test[0] == "name" and not predicates and ordered:
            name = test[1]
            return lambda nodes, _: [child for node in nodes for child in node.children if child.name == name]
        if axis == "self" and test[:2] == ("kind", "node") and not predicates:
            return lambda nodes, _: nodes
        walk, fits, keep = AXES[axis], node_test(axis, test), self._predicates(predicates)
        reverse, sort = axis in REVERSE, not (ordered and axis in KEEPS_ORDER)

        def run(nodes: Nodes, c: Context) -> Nodes:
            found: Nodes = []
            for node in nodes:
                candidates = keep([other for other in walk(node) if fits(other)], c)
                found.extend(candidates)
            return in_order(found) if reverse or (sort and len(found) > 1) else found

        return run

    def _predicates(self, predicates: tuple[Tree, ...]) -> Step:
        if not predicates:
            return lambda nodes, _: nodes
        if len(predicates) == 1 and predicates[0][0] == "number":
            at = predicates[0][1]
            return lambda nodes, _: nodes[int(at) - 1 : int(at)] if at >= 1 and at == int(at) else []
        runs = [self.compile(predicate) for predicate in predicates]

        def keep(nodes: Nodes, c: Context) -> Nodes:
            for run in runs:
                nodes = _kept(run, nodes, c)
            return nodes

        return keep

    def _indexed(self, start: Tree, steps: tuple[Tree, ...]) -> RunNodes | None:
        """`instance('list')/root/item[column = value]`: a dictionary instead of a walk, 500 rows or 20,000."""
        if start[:2] != ("call", "instance") or start[2][0][0] != "string":
            return None
        names = leading_names(steps)
        if len(names) == len(steps):
            return None
        axis, test, predicates = steps[len(names)]
        if axis != "child" or test[0] != "name" or len(predicates) != 1:
            return None
        conditions = _flatten("and", predicates[0])
        column = _column(conditions[0])
        if column is None or _positional(predicates[0]):
            return None
        name, place = start[2][0][1], (*names, test[1])
        wanted, walk = self.compile(conditions[0][2]), self._nodes(start)
        whole = self._step(steps[len(names)], ordered=True)
        others = self._predicates(tuple(("call", "boolean", (condition,), 0) for condition in conditions[1:]))

        def rows(c: Context) -> Nodes:
            value = wanted(c)
            write = unpadded if isinstance(value, list) else str
            if isinstance(value, list) and len(value) == 1:
                value = unpadded(text_of(value[0]))
            if not isinstance(value, str):
                return whole(descend(walk(c), names), c)
            index = c.world.indexes.get((name, place, column, write))
            if index is None:
                index = _index(descend(walk(c), place), column, write)
                c.world.indexes[name, place, column, write] = index
            return others(index.get(value, []), c)

        return self._then(rows, steps[len(names) + 1 :])


def _refusing(fault: XPathError) -> Run:
    """A call that cannot be made, told when somebody makes it."""

    def run(_: Context) -> Value:
        raise fault

    return run


def _chosen(c: Context, target: RunNodes, pairs: list[tuple[RunNodes, Run]]) -> Nodes:
    """`indexed-repeat` with paths from where the expression stands, or from the instance chosen before."""
    inside: Node | None = None
    for repeat, index in pairs:
        found, at = _inside(c, repeat, inside), _ordinal(index(c))
        if not 0 < at <= len(found):
            return []
        inside = found[at - 1]
    return _inside(c, target, inside)


def _inside(c: Context, path: RunNodes, top: Node | None) -> Nodes:
    if top is None:
        return path(c)
    found = [node for node in path(c) if _is_below(node, top)]
    return found or [node for node in path(Context(c.world, top, c.current)) if _is_below(node, top)]


def _is_below(node: Node, top: Node) -> bool:
    step: Node | None = node.parent
    while step is not None and step is not top:
        step = step.parent
    return step is top


def _ordinal(value: Value) -> int:
    """A position counted from 1; 0 for what is none."""
    number = to_number(value)
    return int(number) if math.isfinite(number) else 0


def descend(nodes: Nodes, names: tuple[str, ...]) -> Nodes:
    """All nodes reached by these child names."""
    for name in names:
        nodes = [child for node in nodes for child in node.children if child.name == name]
    return nodes


def narrowed(c: Context, names: tuple[str, ...], repeats: Collection[tuple[str, ...]]) -> Nodes:
    """An absolute path as ODK means it: inside a repeat, this instance of every repeat shared with the context."""
    line: Nodes = []
    node: Node | None = c.current
    while node is not None and node.parent is not None:
        line.append(node)
        node = node.parent
    start, done = c.world.document, 0
    if node is start:
        for depth, (shared, name) in enumerate(zip(reversed(line), names[:-1], strict=False), 1):
            if shared.name != name:
                break
            if names[:depth] in repeats:
                start, done = shared, depth
    return descend([start], names[done:])


def static_names(tree: Tree) -> tuple[str, ...] | None:
    """The element names of an absolute path without predicates; None for anything else."""
    if tree[:2] != ("path", "/"):
        return None
    names = leading_names(tree[2])
    return names if len(names) == len(tree[2]) else None


def leading_names(steps: tuple[Tree, ...]) -> tuple[str, ...]:
    """The names of the first steps, up to the first with a predicate or another axis."""
    names: list[str] = []
    for axis, test, predicates in steps:
        if axis != "child" or test[0] != "name" or predicates:
            break
        names.append(test[1])
    return tuple(names)


def _kept(run: Run, nodes: Nodes, c: Context) -> Nodes:
    inner = Context(c.world, c.node, c.current, len(nodes))
    kept: Nodes = []
    for position, node in enumerate(nodes, 1):
        inner.node, inner.position = node, position
        value = run(inner)
        if value == position if isinstance(value, float) else to_boolean(value):
            kept.append(node)
    return kept


def _flatten(operator: str, tree: Tree) -> list[Tree]:
    """`a or b or c` as three, however long: a form may hold hundreds."""
    parts: list[Tree] = []
    while tree[0] == operator:
        parts.append(tree[2])
        tree = tree[1]
    parts.append(tree)
    parts.reverse()
    return parts


def _column(condition: Tree) -> str | None:
    """The column of `column = value` where the value does not depend on the row."""
    if condition[0] != "=" or condition[1][:2] != ("path", None) or not _independent(condition[2]):
        return None
    names = leading_names(condition[1][2])
    return names[0] if len(names) == len(condition[1][2]) == 1 else None


def _independent(tree: Tree) -> bool:
    if tree[0] == "string":
        return True
    if tree[0] != "path":
        return False
    return tree[1] == "/" or (tree[1] is not None and tree[1][:2] == ("call", "current"))


def _positional(tree: Any) -> bool:
    if not isinstance(tree, tuple):
        return False
    if tree[:1] == ("call",) and tree[1] in {"position", "last"}:
        return True
    return any(_positional(part) for part in tree)


def _index(rows: Nodes, column: str, write: Callable[[str], str]) -> dict[str, Nodes]:
    index: dict[str, Nodes] = {}
    for row in rows:
        for text in {write(text_of(cell)) for cell in row.children if cell.name == column}:
            index.setdefault(text, []).append(row)
    return index


def _multiply(left: float, right: float) -> float:
    return left * right


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    if math.isnan(left) or not left:
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _modulo(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else math.nan
