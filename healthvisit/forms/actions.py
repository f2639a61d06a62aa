"""What happens by itself: preloads, and actions on loading, on a new instance, on a changed answer."""

import uuid
from collections.abc import Iterable, Mapping

from healthvisit.forms.definition import CHANGED, FIRST_LOAD, LOAD, NEW_REPEAT, Action
from healthvisit.forms.instance import Node, is_within
from healthvisit.forms.recompute import Record
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.values import text_of, to_text

_ROUNDS = 50  # of actions that set off each other


class Actor:
    """Carries out the actions of one session."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._ledger, self._repeats = record.ledger, record.repeats
        self._world = record.ledger.world
        self._definition = record.ledger.definition
        self._seen: dict[Node, str] = {}

    def begin(self, properties: Mapping[str, str]) -> None:
        """A new record: preloads, then actions and calculations in the order of the form."""
        for bind in self._definition.binds.values():
            if bind.preload and bind.preload != ("timestamp", "end"):
                for node in self._ledger.index.at(bind.path):
                    self._record.accept(node, self._preloaded(*bind.preload, properties) or node.text)
        self._record.everything()
        self._load({FIRST_LOAD, LOAD})
        self._repeats.born = [(path, self._unwritten(path, fresh)) for path, fresh in self._repeats.born]
        self.settle()

    def come_back(self) -> None:
        """A draft is opened again."""
        self._record.settle()
        self._load({LOAD})
        self._repeats.born.clear()

    def end(self) -> None:
        """The record is finished now."""
        for bind in self._definition.binds.values():
            if bind.preload == ("timestamp", "end"):
                for node in self._ledger.index.at(bind.path):
                    self._record.accept(node, self._preloaded(*bind.preload, {}))

    def settle(self) -> None:
        """Compute what is due, then act on what changed by it, until nothing does."""
        for _ in range(_ROUNDS):
            self._record.settle()
            if not self._repeats.born and not self._ledger.stirred:
                return
            self._welcome()
            for action, node in self._changed():
                self._from(action, node)
        self._record.settle()
        self._ledger.faults["", CHANGED] = "form.endless_actions"

    def _welcome(self) -> None:
        """New instances of repeats."""
        born, self._repeats.born = self._repeats.born, []
        actions = [action for action in self._definition.actions if NEW_REPEAT in action.events and action.repeat]
        for repeat, fresh in born:
            for instance in fresh:
                for action in actions:
                    if is_within(action.path, repeat):
                        inside = [node for node in self._ledger.index.at(action.path) if instance in node.line()]
                        self._perform(action, inside)
                    elif action.repeat == repeat:
                        self._from(action, instance)

    def _load(self, events: set[str]) -> None:
        order = self._definition.order
        for action in sorted(self._definition.actions, key=lambda action: order.get(action.path, -1)):
            if action.events & events:
                self._record.settle(until=order.get(action.path, -1))
                context = Context(self._world, self._world.document)
                found = self._ledger.run(action.target, context, action.path, "action")
                self._perform(action, found if isinstance(found, list) else [])
        self._record.settle()
        self._ledger.stirred.clear()
        self.look_again()

    def _unwritten(self, path: str, fresh: list[Node]) -> list[Node]:
        """Instances that a count made, without those that the author wrote into the form: these are not new."""
        written = len(self._definition.repeats[path].first)
        twins = [twin for node in fresh[:1] if node.parent for twin in node.parent.named(node.name)]
        return [node for node in fresh if node not in twins[:written]]

    def look_again(self) -> None:
        """Take every awaited answer as it is now for known."""
        for action in self._definition.actions:
            for node in self._ledger.index.at(action.trigger) if action.trigger else ():
                self._seen[node] = text_of(node)

    def _changed(self) -> list[tuple[Action, Node]]:
        """Actions that wait for a question whose answer is another than when it was last looked at."""
        stirred, self._ledger.stirred = self._ledger.stirred, {}
        found: list[tuple[Action, Node]] = []
        for node in stirred:
            text, before = text_of(node), self._seen.get(node)
            self._seen[node] = text
            if before is not None and before != text and self._ledger.index.has(node):
                waiting = [action for action in self._definition.actions if action.trigger == node.place]
                found.extend((action, node) for action in waiting if CHANGED in action.events)
        return found

    def _from(self, action: Action, source: Node) -> None:
        """Act on the one node that the action means, seen from `source`."""
        found = self._ledger.run(action.target, Context(self._world, source), action.path, "action")
        nodes = found if isinstance(found, list) else []
        if len(nodes) > 1:
            self._ledger.faults[action.path, "action"] = "form.many_targets"
        else:
            self._perform(action, nodes)

    def _perform(self, action: Action, nodes: Iterable[Node]) -> None:
        for node in nodes:
            value = None
            if action.value is not None:
                value = self._ledger.run(action.value, Context(self._world, node), action.path, "action")
            self._record.accept(node, "" if value is None else to_text(value))

    def _preloaded(self, kind: str, parameter: str, properties: Mapping[str, str]) -> str:
        now = self._world.now.astimezone(self._world.zone)
        match kind:
            case "uid":
                return f"uuid:{uuid.uuid4()}"
            case "timestamp":
                return to_text(now)
            case "date":
                return to_text(now.date())
            case "property":
                return properties.get(parameter, "")
        return ""
