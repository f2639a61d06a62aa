"""What the tree of an expression shows before it is run: plain names, chains of operators, the place it depends on."""

from typing import Any

from healthvisit.forms.xpath.parse import Tree


def leading_names(steps: tuple[Tree, ...]) -> tuple[str, ...]:
    """The names of the first steps, up to the first with a predicate or another axis."""
    names: list[str] = []
    for axis, test, predicates in steps:
        if axis != "child" or test[0] != "name" or predicates:
            break
        names.append(test[1])
    return tuple(names)


def absolute_names(tree: Tree) -> tuple[str, ...] | None:
    """The element names of an absolute path without predicates; None for anything else."""
    return _names(tree) if tree[:2] == ("path", "/") else None


def relative_names(tree: Tree) -> tuple[str, ...] | None:
    """The element names of a path from the context node, at least one, without predicates; None for anything else."""
    return (_names(tree) or None) if tree[:2] == ("path", None) else None


def _names(path: Tree) -> tuple[str, ...] | None:
    names = leading_names(path[2])
    return names if len(names) == len(path[2]) else None


def flattened(operator: str, tree: Tree) -> list[Tree]:
    """`a or b or c` as three, however long: a form may hold hundreds."""
    parts: list[Tree] = []
    while tree[0] == operator:
        parts.append(tree[2])
        tree = tree[1]
    parts.append(tree)
    parts.reverse()
    return parts


def is_of_no_row(tree: Tree) -> bool:
    """Whether it is worth the same in every row of a list: a text, or a path from the top or from `current()`."""
    if tree[0] == "string":
        return True
    if tree[0] != "path":
        return False
    return tree[1] == "/" or (tree[1] is not None and tree[1][:2] == ("call", "current"))


def is_positional(tree: Any) -> bool:
    """Whether `position()` or `last()` is called anywhere in it."""
    if not isinstance(tree, tuple):
        return False
    if tree[:1] == ("call",) and tree[1] in {"position", "last"}:
        return True
    return any(is_positional(part) for part in tree)
