"""Axes, node tests, document order, and which instance an absolute path means."""

from collections.abc import Callable, Collection, Iterable

from healthvisit.forms.instance import ATTRIBUTE, COMMENT, ELEMENT, INSTRUCTION, TEXT, Node, below
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.parse import Tree
from healthvisit.forms.xpath.values import Nodes

REVERSE = frozenset(("ancestor", "ancestor-or-self", "preceding", "preceding-sibling"))
KEEPS_ORDER = frozenset(("child", "attribute", "self"))


def children_of(node: Node) -> Nodes:
    """Child nodes; a leaf's text becomes a text node when somebody asks for it."""
    if node.children or not node.text or node.kind != ELEMENT:
        return node.children
    text = Node("", node.text, TEXT)
    text.parent, text.hidden = node, node.hidden
    return [text]


def _descendants(node: Node) -> Nodes:
    found: Nodes = []
    for child in children_of(node):
        found.append(child)
        found.extend(_descendants(child))
    return found


def _ancestors(node: Node) -> Nodes:
    found: Nodes = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def _siblings(node: Node) -> tuple[Nodes, Nodes]:
    if node.parent is None or node.kind == ATTRIBUTE or node not in node.parent.children:
        return [], []
    twins = node.parent.children
    at = next(i for i, twin in enumerate(twins) if twin is node)
    return twins[:at][::-1], twins[at + 1 :]


def _following(node: Node) -> Nodes:
    return [
        other
        for step in (node, *_ancestors(node))
        for twin in _siblings(step)[1]
        for other in (twin, *_descendants(twin))
    ]


def _preceding(node: Node) -> Nodes:
    return [
        other
        for step in (node, *_ancestors(node))
        for twin in _siblings(step)[0]
        for other in (twin, *_descendants(twin))[::-1]
    ]


AXES: dict[str, Callable[[Node], Nodes]] = {
    "child": children_of,
    "attribute": lambda node: list(node.attributes),
    "namespace": lambda _: [],
    "self": lambda node: [node],
    "parent": lambda node: [node.parent] if node.parent is not None else [],
    "descendant": _descendants,
    "descendant-or-self": lambda node: [node, *_descendants(node)],
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "following-sibling": lambda node: _siblings(node)[1],
    "preceding-sibling": lambda node: _siblings(node)[0],
    "following": _following,
    "preceding": _preceding,
}

_KINDS = {"text": TEXT, "comment": COMMENT, "processing-instruction": INSTRUCTION}


def node_test(axis: str, test: Tree) -> Callable[[Node], bool]:
    """The test of one step as a function."""
    principal = ATTRIBUTE if axis == "attribute" else ELEMENT
    match test:
        case ("name", name):
            return lambda node: node.name == name and node.kind == principal
        case ("any", None):
            return lambda node: node.kind == principal
        case ("any", prefix):
            start = f"{prefix}:"
            return lambda node: node.kind == principal and node.name.startswith(start)
        case ("kind", "processing-instruction", str(target)):
            return lambda node: node.kind == INSTRUCTION and node.name == "?" + target
        case ("kind", "node", _):
            return lambda _: True
    kind = _KINDS[test[1]]
    return lambda node: node.kind == kind


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
    return below([start], names[done:])


def in_order(nodes: Iterable[Node]) -> Nodes:
    """Each node once, in document order."""
    unique = {_identity(node): node for node in nodes}
    if len(unique) <= 1:
        return list(unique.values())
    return sorted(unique.values(), key=_place)


def _identity(node: Node) -> tuple[int, bool]:
    """A text node made for a leaf is new each time; its leaf is not."""
    made = node.kind == TEXT and node.parent is not None and not node.parent.children
    return (id(node.parent), True) if made else (id(node), False)


def _place(node: Node) -> tuple[int, ...]:
    steps: list[int] = []
    while node.parent is not None:
        parent = node.parent
        if node.kind == ATTRIBUTE:
            steps.append(
                next(i for i, twin in enumerate(parent.attributes) if twin is node) - len(parent.attributes) - 1
            )
        else:
            steps.append(next((i for i, twin in enumerate(parent.children) if twin is node), 0))
        node = parent
    steps.append(_document_number(node))
    return tuple(reversed(steps))


def _document_number(document: Node) -> int:
    """Between documents any order will do, as long as it is one."""
    return id(document)
