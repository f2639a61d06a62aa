"""Expressions as trees to expressions as closures."""

from collections.abc import Callable, Collection
from typing import Any

from healthvisit.forms.instance import below
from healthvisit.forms.xpath.context import Context, Run, RunNodes
from healthvisit.forms.xpath.functions.table import FUNCTIONS, handed_in
from healthvisit.forms.xpath.indexed_repeat import by_names, by_paths
from healthvisit.forms.xpath.lookup import found_rows, lookup_in
from healthvisit.forms.xpath.operators import CHAINS, chain, operation
from healthvisit.forms.xpath.parse import Tree, XPathError, parse
from healthvisit.forms.xpath.paths import AXES, KEEPS_ORDER, REVERSE, in_order, narrowed, node_test
from healthvisit.forms.xpath.shape import absolute_names, flattened, leading_names
from healthvisit.forms.xpath.values import Nodes, Value, to_boolean, to_number

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
        """The closure of a tree.

        Raises:
            XPathError: As `compile_expression`.
        """
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
            base, predicates = self.nodes(tree[1]), self._predicates(tree[2])
            return lambda c: predicates(base(c), c)
        if kind == "variable":
            raise XPathError("form.unknown_variable", self._source, self._source.find("$"), name=tree[1])
        return self._operator(kind, tree)

    def _operator(self, operator: str, tree: Tree) -> Run:
        if operator in CHAINS:
            return chain(operator, [self.compile(part) for part in flattened(operator, tree)])
        if operator == "|":
            left, right = self.nodes(tree[1]), self.nodes(tree[2])
            return lambda c: in_order((*left(c), *right(c)))
        return operation(operator, self.compile(tree[1]), self.compile(tree[2]))

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
        pairs = arguments[1:]  # of a repeat and an index, after the path
        if not pairs or len(pairs) % 2:
            raise XPathError("form.arity", self._source, position, name="indexed-repeat", given=len(arguments))
        paths, indexes = (arguments[0], *pairs[::2]), [self.compile(index) for index in pairs[1::2]]
        names = [found for path in paths if (found := absolute_names(path)) is not None]
        if len(names) == len(paths):
            return by_names(names[0], names[1:], indexes)
        anywhere = _Compiler(self._source, frozenset(), self._functions, late=self._late)
        target, *repeats = [anywhere.nodes(path) for path in paths]
        self.wants |= anywhere.wants
        return by_paths(target, repeats, indexes)

    # -- paths

    def nodes(self, tree: Tree) -> RunNodes:
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
        if looked_up := self._looked_up(start, steps):
            return looked_up
        return self._then(self.nodes(start), steps)

    def _absolute(self, names: tuple[str, ...]) -> RunNodes:
        """The named place, found once a session; through a repeat, the instance in which the expression stands."""
        if any(names[:length] in self._repeats for length in range(1, len(names))):
            repeats = self._repeats
            return lambda c: narrowed(c, names, repeats)

        def places(c: Context) -> Nodes:
            found = c.world.places.get(names)
            if found is None:
                found = c.world.places[names] = below([c.world.document], names)
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

    def _looked_up(self, start: Tree, steps: tuple[Tree, ...]) -> RunNodes | None:
        lookup = lookup_in(start, steps)
        if lookup is None:
            return None
        wanted, others, list_ = self.compile(lookup.wanted), self._predicates(lookup.others), self.nodes(start)
        parents, depth = lookup.place[:-1], len(lookup.place)
        walk = self._step(steps[depth - 1], ordered=True)

        def rows(c: Context) -> Nodes:
            found = found_rows(c, lookup, wanted(c), list_)
            return walk(below(list_(c), parents), c) if found is None else others(found, c)

        return self._then(rows, steps[depth:])


def _refusing(fault: XPathError) -> Run:
    """A call that cannot be made, told when somebody makes it."""

    def run(_: Context) -> Value:
        raise fault

    return run


def _kept(run: Run, nodes: Nodes, c: Context) -> Nodes:
    inner = Context(c.world, c.node, c.current, len(nodes))
    kept: Nodes = []
    for position, node in enumerate(nodes, 1):
        inner.node, inner.position = node, position
        value = run(inner)
        if value == position if isinstance(value, float) else to_boolean(value):
            kept.append(node)
    return kept
