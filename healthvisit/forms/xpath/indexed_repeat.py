"""`indexed-repeat(/data/r/x, /data/r, 2, …)`: x of the second instance; further pairs for repeats inside."""

import math

from healthvisit.forms.instance import Node, below
from healthvisit.forms.xpath.context import Context, Run, RunNodes
from healthvisit.forms.xpath.values import Nodes, Value, to_number


def by_names(names: tuple[str, ...], repeats: list[tuple[str, ...]], indexes: list[Run]) -> RunNodes:
    """With absolute paths, which mean any instance: `repeats` are those of the arguments, one for each index."""
    if any(names[: len(repeat)] != repeat for repeat in repeats):
        return lambda _: []
    pairs = sorted(zip(repeats, indexes, strict=True), key=lambda pair: len(pair[0]))

    def run(c: Context) -> Nodes:
        nodes, done = [c.world.document], 0
        for repeat, index in pairs:
            nodes = below(nodes, repeat[done:])
            at = _ordinal(index(c))
            nodes, done = nodes[at - 1 : at] if at > 0 else [], len(repeat)
        return below(nodes, names[done:])

    return run


def by_paths(target: RunNodes, repeats: list[RunNodes], indexes: list[Run]) -> RunNodes:
    """With paths from where the expression stands, or from the instance chosen before."""
    pairs = list(zip(repeats, indexes, strict=True))

    def run(c: Context) -> Nodes:
        inside: Node | None = None
        for repeat, index in pairs:
            found, at = _inside(c, repeat, inside), _ordinal(index(c))
            if not 0 < at <= len(found):
                return []
            inside = found[at - 1]
        return _inside(c, target, inside)

    return run


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
