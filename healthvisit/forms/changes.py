"""What changed since the screen was last told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthvisit.forms.index import Index
from healthvisit.forms.instance import Node
from healthvisit.forms.views import ChangeSet


@dataclass(slots=True)
class Changes:
    """What one deed changed, gathered as it spreads."""

    values: list[Node] = field(default_factory=list)
    relevance: list[Node] = field(default_factory=list)
    choices: list[Node] = field(default_factory=list)
    structure: set[str] = field(default_factory=set)

    def told(self, index: Index, watchers: Mapping[str, frozenset[str]]) -> ChangeSet:
        """The same as paths, with the questions that only look different.

        Args:
            index: Where the nodes stand now.
            watchers: Path → paths of the questions whose looks depend on it.
        """
        touched = {node.place for node in (*self.values, *self.relevance)} | self.structure
        watching = {path for read in touched for path in watchers.get(read, ())}
        return ChangeSet(
            values=index.paths_of(self.values),
            relevance=index.paths_of(self.relevance),
            choices=index.paths_of(self.choices),
            structure=frozenset(self.structure),
            looks=index.paths_of(node for path in watching for node in index.at(path)),
        )
