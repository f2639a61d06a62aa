"""What is computed in which order, and who must run again after which change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthvisit.forms.graph.order import Target, ordered
from healthvisit.forms.graph.reads import Reads, Schema
from healthvisit.forms.instance import above

_OF_THE_CLOCK = frozenset(("now", "today"))
_OF_THE_LANGUAGE = frozenset(("jr:choice-name", "jr:itext"))

Edge = tuple[int, int]  # rank of who reads, depth of the instance in which it does


@dataclass(frozen=True, slots=True)
class Plan:
    """Targets in the order of their ranks, and who must run again after what.

    `readers`: path → edges to those that read its value. `on_relevance`: path → edges that a change of its relevance
    reaches. `watchers`: path → questions whose words, choices, required, readonly or constraint read it. An edge is
    (rank, depth): it reaches only below the ancestor at that depth of what changed (narrow), or everywhere where the
    depth is 0 (wide). `clocked` are the ranks of what reads the clock, `spoken` of what speaks a language.
    """

    order: tuple[Target, ...]
    readers: Mapping[str, tuple[Edge, ...]]
    on_relevance: Mapping[str, tuple[Edge, ...]]
    watchers: Mapping[str, frozenset[str]]
    clocked: tuple[int, ...] = field(default=())
    spoken: tuple[int, ...] = field(default=())


class Planner:
    """Collects every target with what it reads; `plan` puts them in order."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._paths = list(schema.nodes)
        self._targets: dict[Target, Reads] = {}
        self._watchers: dict[str, set[str]] = {}

    def add(self, path: str, aspect: str, reads: Reads) -> None:
        """One computed aspect."""
        self._targets[Target(path, aspect)] = reads

    def watch(self, path: str, reads: Reads) -> None:
        """A question whose looks depend on what is read."""
        for read in reads.paths:
            self._watchers.setdefault(read, set()).add(path)

    def plan(self) -> Plan:
        """Order the targets.

        Raises:
            FormError: `form.cycle`, with the questions that need each other in `paths`.
        """
        needs = {target: self._needs(target, reads) for target, reads in self._targets.items()}
        order = ordered(needs)
        rank = {target: place for place, target in enumerate(order)}
        readers: dict[str, list[Edge]] = {}
        for target in order:
            reads = self._targets[target]
            for path, depth in reads.paths.items():
                if target.aspect == "items" and path in reads.within:
                    continue
                own = path == target.path and depth == self._schema.depth(path)
                if not own:  # a value that looks at itself is not set off by itself
                    readers.setdefault(path, []).append((rank[target], depth))
        return Plan(
            order=tuple(order),
            readers={path: tuple(edges) for path, edges in readers.items()},
            on_relevance=self._on_relevance(readers, rank),
            watchers={path: frozenset(found) for path, found in self._watchers.items()},
            clocked=self._calling(_OF_THE_CLOCK, rank),
            spoken=self._calling(_OF_THE_LANGUAGE, rank),
        )

    def _needs(self, target: Target, reads: Reads) -> set[Target]:
        """What must be known before: values read and whether they are hidden; for a value also whether it is asked."""
        wanted: set[Target] = set()
        for path in reads.paths.keys() - reads.within:
            if path == target.path and target.aspect in {"calculate", "items"}:
                continue  # an expression may look at its own value: `once`, or a running total over a repeat
            wanted.update((Target(path, "calculate"), Target(path, "items")))
            wanted.update(Target(upper, "count") for upper in above(path))
            if path not in reads.counted and not self._is_twin(target, path, reads):
                wanted.update(Target(upper, "relevant") for upper in above(path))
        for upper in above(target.path):
            if target != (upper, "count"):
                wanted.add(Target(upper, "count"))
            if target.aspect != "relevant" and target != (upper, "count"):
                wanted.add(Target(upper, "relevant"))
        if target.aspect == "items":
            wanted.add(Target(target.path, "calculate"))
        return wanted & self._targets.keys()

    def _is_twin(self, target: Target, path: str, reads: Reads) -> bool:
        """Whether a relevance looks at its own question in other instances: each may wait for the one before."""
        return target == (path, "relevant") and reads.paths[path] < self._schema.depth(path)

    def _on_relevance(
        self, readers: Mapping[str, list[Edge]], rank: Mapping[Target, int]
    ) -> dict[str, tuple[Edge, ...]]:
        """What reads a node that went or came, and what is computed in it, narrow where both stand in one instance."""
        reached: dict[str, dict[int, int]] = {target.path: {} for target in rank if target.aspect == "relevant"}
        for path in self._paths:
            own = [rank[each] for each in (Target(path, "calculate"), Target(path, "items")) if each in rank]
            for upper in above(path):
                if upper not in reached:
                    continue
                inside = self._schema.depth(upper)
                edges = [*readers.get(path, ()), *((number, inside) for number in own)]
                for number, depth in edges:
                    reached[upper][number] = min(depth, inside, reached[upper].get(number, depth))
        return {path: tuple(sorted(edges.items())) for path, edges in reached.items()}

    def _calling(self, functions: frozenset[str], rank: Mapping[Target, int]) -> tuple[int, ...]:
        return tuple(sorted(rank[target] for target, reads in self._targets.items() if reads.calls & functions))
