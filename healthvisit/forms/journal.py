"""What a deed changed, so that it can be taken back exactly."""

from collections.abc import Iterator
from typing import Any

from healthvisit.forms.instance import Node

Entry = tuple[str, Node, Any]


class Journal:
    """One deed: `kind` (answer, put, add, remove) and `path` for the words of an undo button; what each node was."""

    __slots__ = ("_entries", "kind", "path")

    def __init__(self, kind: str, path: str) -> None:
        self.kind = kind
        self.path = path
        self._entries: list[Entry] = []

    def note(self, what: str, node: Node, before: Any) -> None:
        """Remember how a node was."""
        self._entries.append((what, node, before))

    def backwards(self) -> Iterator[Entry]:
        """The last change first."""
        return reversed(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:
        return bool(self._entries)
