"""What can be wrong with one expression, in every branch of it, taken or not; and what other programs would not do."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Level
from healthvisit.forms.xpath.compile import compile_expression
from healthvisit.forms.xpath.functions.table import FUNCTIONS
from healthvisit.forms.xpath.parse import Tree, parse

NOT_IN_COLLECT = frozenset(
    ("ceiling", "floor", "id", "lang", "last", "local-name", "name", "namespace-uri", "substring")
)
AXES_OF_COLLECT = frozenset(("child", "parent", "self", "attribute"))

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T.*)?\Z")
_ORDERS = frozenset(("-", "+", "<", "<=", ">", ">="))
_NODE_TREES = frozenset(("path",))


class Fault(NamedTuple):
    """One fault of an expression."""

    kind: str
    level: Level
    details: dict[str, Any]


def faults_of(
    source: str,
    *,
    repeats: Collection[tuple[str, ...]],
    functions: Collection[str],
    may_be_blank: Callable[[Tree], bool] = lambda _: True,
    is_condition: bool = False,
    is_calculate: bool = False,
) -> Iterator[Fault]:
    """Every fault of one expression.

    Args:
        source: The expression.
        repeats: Paths (element names) of repeats.
        functions: Names of functions that the program hands in.
        may_be_blank: Whether an answer that a path reads may be left blank.
        is_condition: It decides whether something holds, as `relevant` does.
        is_calculate: It is a question's own calculation.
    """
    try:
        tree = parse(source)
    except FormError as exc:
        yield _refused(exc, source)
        return
    except RecursionError:
        yield Fault("too_deep", Level.ERROR, {})
        return
    calls = list(_calls(tree, functions))
    yield from calls
    if not calls:
        try:
            compile_expression(source, repeats=repeats, functions=functions)
        except FormError as exc:
            yield _refused(exc, source)
            return
    for part in parts(tree):
        yield from _elsewhere(part)
        yield from _advice(part, may_be_blank, is_calculate=is_calculate)
    if is_condition and tree[0] in _NODE_TREES:
        yield Fault("blank_condition", Level.WARNING, {})


def parts(tree: Tree) -> Iterator[Tree]:
    """The expression and every expression within it, predicates included."""
    todo = [tree]
    while todo:
        part = todo.pop()
        yield part
        kind = part[0]
        if kind == "call":
            todo.extend(part[2])
        elif kind == "path":
            todo.extend([part[1]] if isinstance(part[1], tuple) else [])
            todo.extend(predicate for step in part[2] for predicate in step[2])
        elif kind == "filter":
            todo.extend((part[1], *part[2]))
        elif kind not in {"number", "string", "variable"}:
            todo.extend(part[1:])


def _refused(error: FormError, source: str) -> Fault:
    kind = error.code.removeprefix("form.")
    details = {key: value for key, value in error.details.items() if key not in {"expression", "path", "position"}}
    if kind == "syntax":
        position = int(error.details.get("position", 0))
        details |= {"near": source[position : position + 20].strip() or source[-20:].strip(), "position": position + 1}
    return Fault(kind, Level.ERROR, details)


def _calls(tree: Tree, functions: Collection[str]) -> Iterator[Fault]:
    for part in parts(tree):
        if part[0] != "call" or part[1] in functions:
            continue
        function = FUNCTIONS.get(part[1])
        given = len(part[2])
        if function is None:
            yield Fault("unknown_function", Level.ERROR, {"name": part[1]})
        elif given < function.least or (function.most is not None and given > function.most):
            most = "" if function.most is None else function.most
            yield Fault("arity", Level.ERROR, {"name": part[1], "given": given, "least": function.least, "most": most})
        elif part[1] == "regex" and part[2][1][0] == "string" and not _is_pattern(part[2][1][1]):
            yield Fault("bad_pattern", Level.ERROR, {"near": part[2][1][1]})


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _elsewhere(part: Tree) -> Iterator[Fault]:
    """What ODK Collect, on which the same form may run, refuses or understands otherwise."""
    if part[0] == "call" and part[1] in NOT_IN_COLLECT:
        yield Fault("not_in_collect", Level.WARNING, {"what": f"{part[1]}()"})
    elif part[0] == "|":
        yield Fault("not_in_collect", Level.WARNING, {"what": "|"})
    elif part[0] == "path":
        for axis, test, predicates in part[2]:
            if axis == "descendant-or-self" and test == ("kind", "node", None):
                yield Fault("not_in_collect", Level.WARNING, {"what": "//"})
            elif axis not in AXES_OF_COLLECT:
                yield Fault("not_in_collect", Level.WARNING, {"what": f"{axis}::"})
            for predicate in predicates:
                if predicate[0] == "number":
                    yield Fault("not_in_collect", Level.WARNING, {"what": f"[{predicate[1]:g}]"})


def _advice(part: Tree, may_be_blank: Callable[[Tree], bool], *, is_calculate: bool) -> Iterator[Fault]:
    kind = part[0]
    if kind in _ORDERS:
        for side in part[1:]:
            if side[0] == "string" and _DATE.match(side[1]):
                yield Fault("text_date", Level.WARNING, {"text": side[1]})
    elif kind in {"and", "or"}:
        if any(side[0] in _NODE_TREES for side in part[1:]):
            yield Fault("blank_condition", Level.WARNING, {})
    elif kind == "call" and part[2]:
        yield from _advice_on_call(part[1], part[2], may_be_blank, is_calculate=is_calculate)


def _advice_on_call(
    name: str, arguments: tuple[Tree, ...], may_be_blank: Callable[[Tree], bool], *, is_calculate: bool
) -> Iterator[Fault]:
    first = arguments[0]
    if name in {"if", "not", "boolean"} and first[0] in _NODE_TREES:
        yield Fault("blank_condition", Level.WARNING, {})
    elif name == "sum" and first[0] == "path" and not any(step[2] for step in first[2]) and may_be_blank(first):
        yield Fault("sum_of_blanks", Level.WARNING, {})
    elif name == "once":
        if not is_calculate:
            yield Fault("once_elsewhere", Level.WARNING, {})
        elif any(part[0] == "path" for part in parts(first)):
            yield Fault("once_reads", Level.WARNING, {})
