"""What follows from each change of a record: only what changed is computed again."""

import math
from collections.abc import Callable
from functools import cached_property

from healthvisit.forms.answers import cast, computed_text, stored_answer, writable
from healthvisit.forms.choices import Choices
from healthvisit.forms.definition import Bind, FormDefinition
from healthvisit.forms.due import Instances
from healthvisit.forms.graph import Target
from healthvisit.forms.instance import Node, below, names_in
from healthvisit.forms.journal import Journal
from healthvisit.forms.ledger import Ledger
from healthvisit.forms.repeats import MAX_INSTANCES, Repeats
from healthvisit.forms.xpath.context import Context, World
from healthvisit.forms.xpath.values import to_number

MAX_RUNS = MAX_INSTANCES + 10  # of one target after one deed; each instance may have to wait for the one before


class Record:
    """The record of one session with its expressions: takes texts in and computes what is due."""

    def __init__(self, definition: FormDefinition, world: World) -> None:
        self.ledger = Ledger(definition, world)
        self.choices = Choices(self.ledger)
        self.repeats = Repeats(self.ledger, self.choices)
        self._definition = definition
        self._plan = definition.plan
        self._compute: dict[str, Callable[[Node, str], None]] = {
            "relevant": self._relevant,
            "calculate": self._calculate,
            "items": self._items,
            "count": self._count,
        }

    # -- texts from outside

    def answer(self, node: Node, text: str, *, is_checked: bool = True) -> None:
        """Store what a person typed; `is_checked`: names of choices must be offered now."""
        text = writable(text)
        control = self._definition.controls.get(node.place)
        stored = stored_answer(control, text) if control else text
        if control and control.is_select and stored and (is_checked or control.has_fixed_choices):
            stored = self.choices.offered(control, node, stored, in_order=True)
        is_as_typed = stored == text or not text.strip()
        if control and control.is_select and (stored or not control.has_fixed_choices):
            is_as_typed = True  # a name that left a moving list is nothing a person typed
        self.ledger.write(node, stored, None if is_as_typed else text)

    def accept(self, node: Node, text: str) -> None:
        """Store a text that nobody typed: cast to the node's type, and of a select only what it offers."""
        control = self._definition.controls.get(node.place)
        stored = cast(self._definition.binds.get(node.place) or Bind(path=node.place), text)
        if control is not None and control.is_select:
            stored = self.choices.offered(control, node, stored)
        self.ledger.write(node, stored)

    def recheck(self, node: Node) -> None:
        """A select was answered without looking at its list: look when all else is known."""
        rank = self._list_ranks.get(node.place)
        if rank is not None:
            self.ledger.due.put(rank, node)

    def revert(self, journal: Journal) -> None:
        """Put everything back that a journal holds; nothing is computed."""
        self.ledger.revert(journal)
        self.repeats.born.clear()

    @cached_property
    def _list_ranks(self) -> dict[str, int]:
        """Path of a select → rank of its list, where that depends on answers."""
        return {target.path: rank for rank, target in enumerate(self._plan.order) if target.aspect == "items"}

    # -- what is due

    def everything(self) -> None:
        """Put all there is in the queue, as on opening."""
        self.ledger.due.put_everywhere(range(len(self._plan.order)))
        for control in self._definition.controls.values():
            if control.is_select:
                for node in self.ledger.index.at(control.path):
                    self.choices.keep(control, node)

    def settle(self, until: int | None = None) -> None:
        """Compute what is due, in order, until nothing is; with `until` no value of a node that stands later."""
        due = self.ledger.due
        held: list[tuple[int, Instances]] = []
        runs: dict[int, int] = {}
        while taken := due.take():
            rank, instances = taken
            target = self._plan.order[rank]
            runs[rank] = runs.get(rank, 0) + 1
            most = MAX_INSTANCES if target.aspect == "items" else MAX_RUNS  # a list stops first, with the answer in it
            if runs[rank] > most:  # instances that look at each other and never agree, or a list at its own answer
                self.ledger.faults[target.path, target.aspect] = "form.endless"
                continue
            if until is not None and target.aspect == "calculate" and self._definition.order[target.path] > until:
                held.append((rank, instances))
                continue
            compute = self._compute[target.aspect]
            for node in self._nodes(target, instances):
                compute(node, target.path)
        for rank, instances in held:
            due.put_back(rank, instances)

    def _nodes(self, target: Target, instances: Instances) -> list[Node]:
        """Where a target is due; of a count the parents."""
        path = target.path.rpartition("/")[0] if target.aspect == "count" else target.path
        if instances is None:
            return list(self.ledger.index.at(path))
        names, found = names_in(path), []
        for instance in instances:
            if self.ledger.index.has(instance):
                found.extend(below([instance], names[instance.place.count("/") :]))
        return found

    def _relevant(self, node: Node, path: str) -> None:
        rule = self._definition.binds[path].relevant
        is_relevant = rule is None or self.ledger.holds(rule, node, path, "relevant")
        self.ledger.set_relevance(node, irrelevant=not is_relevant)

    def _calculate(self, node: Node, path: str) -> None:
        bind = self._definition.binds[path]
        if node.hidden or bind.calculate is None:
            return
        value = self.ledger.run(bind.calculate, Context(self.ledger.world, node), path, "calculate")
        text = "" if value is None else computed_text(bind, value)
        control = self._definition.controls.get(path)
        if control is not None and control.is_select:
            text = self.choices.offered(control, node, text)
        self.ledger.write(node, text)

    def _items(self, node: Node, path: str) -> None:
        self.ledger.changes.choices.append(node)
        self.choices.keep(self._definition.controls[path], node)

    def _count(self, parent: Node, path: str) -> None:
        """As many instances as the count says; while it is blank, as many as there are."""
        repeat = self._definition.repeats[path]
        if repeat.count is None:
            return
        place = Node(repeat.name)  # the count is read from where the instances stand
        place.parent, place.hidden = parent, parent.hidden
        value = self.ledger.run(repeat.count, Context(self.ledger.world, place), path, "count")
        wanted = math.nan if value is None else to_number(value)
        if not math.isnan(wanted):
            self.repeats.resize(repeat, parent, int(max(0, min(wanted, MAX_INSTANCES))))
