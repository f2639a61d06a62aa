"""Steps of undo as plain data: a draft that is opened again can still take back what was done before.

Nodes are numbered: those of the record in document order, then those that were removed, tree by tree.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2s
from typing import Any

from healthvisit.forms.instance import Node
from healthvisit.forms.journal import Entry, Journal

MOST_ENTRIES = 1500  # in a draft, newest first: it is sealed anew after every pause of the keys


def kept_steps(document: Node, journals: Sequence[Journal]) -> dict[str, Any] | None:
    """The newest steps as lists, texts and numbers; None where there are none.

    Args:
        document: The record as it stands.
        journals: Oldest first.
    """
    wanted: list[Journal] = []
    left = MOST_ENTRIES
    for journal in reversed(journals):
        left -= len(journal)
        if left < 0:
            break
        wanted.append(journal)
    if not wanted:
        return None
    living = list(_all(document))
    counted = _Counted(living)
    steps = [
        [journal.kind, journal.path, [counted.entry(*entry) for entry in journal.backwards()]] for journal in wanted
    ]
    return {"shape": _shape(living), "gone": [_tree(node) for node in counted.gone], "steps": steps}


def steps_again(document: Node, kept: Mapping[str, Any] | None) -> list[Journal]:
    """The inverse of `kept_steps`, oldest first; nothing for a record that is no longer of the same shape."""
    if not kept:
        return []
    nodes = list(_all(document))
    if kept["shape"] != _shape(nodes):
        return []
    for tree in kept["gone"]:
        nodes += _all(_planted(tree))
    now: dict[Node, list[Node]] = {}
    journals = [
        _journal(kind, path, [_again(what, number, before, nodes, now) for what, number, before in entries])
        for kind, path, entries in kept["steps"]
    ]
    journals.reverse()
    return journals


def _journal(kind: str, path: str, backwards: list[Entry]) -> Journal:
    journal = Journal(kind, path)
    for entry in reversed(backwards):
        journal.note(*entry)
    return journal


def _again(what: str, number: int, before: Any, nodes: list[Node], now: dict[Node, list[Node]]) -> Entry:
    """The inverse of `_Counted.entry`; `now`: what stood in a node before the entries that came later."""
    node = nodes[number]
    if what != "children":
        return what, node, tuple(before) if isinstance(before, list) else before
    first, last, between = before
    children = now.get(node, node.children)
    now[node] = children[:first] + [nodes[n] for n in between] + children[len(children) - last :]
    return what, node, now[node]


def _all(tree: Node) -> Iterator[Node]:
    for node in tree.walk():
        yield node
        yield from node.attributes


def _shape(nodes: Sequence[Node]) -> str:
    return blake2s("/".join(node.name for node in nodes).encode(), digest_size=8).hexdigest()


class _Counted:
    """Nodes by number: the living, then the trees in `gone` as entries name them, the newest entry first."""

    def __init__(self, living: Sequence[Node]) -> None:
        self.gone: list[Node] = []
        self._numbers = {id(node): number for number, node in enumerate(living)}
        self._now: dict[Node, list[Node]] = {}  # what stood in a node before the entries seen so far

    def entry(self, what: str, node: Node, before: Any) -> list[Any]:
        """One entry as plain data; of children only those that differ."""
        number = self._number(node)
        if what != "children":
            return [what, number, list(before) if isinstance(before, tuple) else before]
        after = self._now.get(node, node.children)
        self._now[node] = before
        first = _same(before, after)
        last = _same(before[first:][::-1], after[first:][::-1])
        between = before[first : len(before) - last]
        return [what, number, [first, last, [self._number(child) for child in between]]]

    def _number(self, node: Node) -> int:
        if id(node) not in self._numbers:
            top = node
            while top.parent is not None and id(top.parent) not in self._numbers:
                top = top.parent
            self.gone.append(top)
            for removed in _all(top):
                self._numbers[id(removed)] = len(self._numbers)
        return self._numbers[id(node)]


def _same(one: Sequence[Node], other: Sequence[Node]) -> int:
    """How many nodes at the beginning are the same."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a is not b), min(len(one), len(other))
    )


def _tree(node: Node) -> list[Any]:
    attributes = [[a.name, a.text, a.hidden] for a in node.attributes]
    state = [node.name, node.text, node.kind, node.typed, node.place, node.irrelevant, node.hidden]
    return [*state, attributes, [_tree(child) for child in node.children]]


def _planted(tree: Sequence[Any]) -> Node:
    name, text, kind, typed, place, irrelevant, hidden, attributes, children = tree
    node = Node(name, text, kind)
    node.typed, node.place, node.irrelevant, node.hidden = typed, place, irrelevant, hidden
    for called, written, is_hidden in attributes:
        node.set_attribute(called, written)
        node.attributes[-1].hidden = is_hidden
    for child in children:
        node.append(_planted(child))
    return node
