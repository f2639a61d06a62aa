"""Every node of a record by its path."""

from collections.abc import Iterable

from healthvisit.forms.instance import Node, locate, path_of
from healthvisit.forms.xpath.context import World


class Index:
    """Where the nodes of `world.document` stand; writes each node's `place`.

    Args:
        world: The session's; its places are found anew when the structure changes.
        single: The paths that need no positions.
    """

    def __init__(self, world: World, single: frozenset[str]) -> None:
        self._world = world
        self._nodes: dict[str, list[Node]] = {}
        self._single = single
        self.rebuild()

    def rebuild(self) -> None:
        """Find every node again after the structure changed."""
        self._nodes = {}
        self._world.places.clear()
        for top in self._world.document.children:
            self._add(top, "")

    def add(self, nodes: Iterable[Node], above: str) -> None:
        """Take in nodes that now stand behind all others of their path, in what is at the path `above`."""
        self._world.places.clear()
        for node in nodes:
            self._add(node, above)

    def _add(self, node: Node, above: str) -> None:
        if node.name:
            path = node.place = f"{above}/{node.name}"
            self._nodes.setdefault(path, []).append(node)
            for attribute in node.attributes:
                attribute.place = f"{path}/@{attribute.name}"
                self._nodes.setdefault(attribute.place, []).append(attribute)
            for child in node.children:
                self._add(child, path)

    def at(self, path: str) -> list[Node]:
        """Every node at a path without positions, in document order."""
        return self._nodes.get(path, [])

    def find(self, path: str) -> Node | None:
        """The node at a path with positions."""
        nodes = self._nodes.get(path)
        if nodes is not None and len(nodes) == 1:
            return nodes[0]
        return locate(self._world.document, path)

    def has(self, node: Node) -> bool:
        """Whether a node is still there: instances of repeats go."""
        return node.line()[-1].parent is self._world.document

    def paths_of(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Where the nodes stand that are still there, with positions."""
        found = set()
        for node in dict.fromkeys(nodes):
            if node.place in self._single:
                found.add(node.place)
            elif self.has(node):
                found.add(path_of(node))
        return frozenset(found)
