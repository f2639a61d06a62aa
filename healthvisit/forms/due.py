"""What has to be computed next."""

import heapq
from collections.abc import Iterable, Sequence

from healthvisit.forms.graph import Edge
from healthvisit.forms.instance import Node

Instances = dict[Node, None] | None
"""Those in which a target is due; None: everywhere."""


class Due:
    """Ranks of targets, the lowest first, each once and with the instances in which it is due."""

    def __init__(self) -> None:
        self._ranks: list[int] = []
        self._where: dict[int, Instances] = {}

    def put(self, rank: int, instance: Node | None) -> None:
        """Put a target in the queue, for what is in `instance` or for every node."""
        if rank not in self._where:
            heapq.heappush(self._ranks, rank)
            self._where[rank] = None if instance is None else {instance: None}
        elif instance is None:
            self._where[rank] = None
        elif (instances := self._where[rank]) is not None:
            instances[instance] = None

    def put_everywhere(self, ranks: Iterable[int]) -> None:
        """Put targets in the queue, for every node."""
        for rank in ranks:
            self.put(rank, None)

    def spread(self, edges: Sequence[Edge], node: Node) -> None:
        """Put what a change of `node` reaches in the queue."""
        line = node.line() if edges else []
        for rank, depth in edges:
            self.put(rank, line[-depth] if 0 < depth <= len(line) else None)

    def take(self) -> tuple[int, Instances] | None:
        """The next rank, out of the queue, and where it is due; None when nothing is."""
        if not self._ranks:
            return None
        rank = heapq.heappop(self._ranks)
        return rank, self._where.pop(rank)

    def put_back(self, rank: int, instances: Instances) -> None:
        """Put back what was taken: it waits."""
        heapq.heappush(self._ranks, rank)
        self._where[rank] = instances
