"""The record of a session with all that is known of it; every change of it is written here."""

from collections.abc import Callable
from typing import Any

from healthvisit.forms.changes import Changes
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.due import Due
from healthvisit.forms.errors import FormError
from healthvisit.forms.index import Index
from healthvisit.forms.instance import Node, path_of
from healthvisit.forms.journal import Journal
from healthvisit.forms.views import ChangeSet
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.context import Context, World
from healthvisit.forms.xpath.values import Value, to_boolean


class Ledger:
    """One record: `world.document` is its tree.

    A change is noted in the `journal` of the deed, if there is one, so that it can be taken back, and in `changes` for
    the screen; what reads it becomes `due`.

    `shelf`: answers that left their list, until the list offers them again. `stirred`: the questions that some action
    waits for, where they may have changed. `faults`: (path, aspect) of an expression → the code of what it stumbled
    over; it counts as blank.
    """

    def __init__(self, definition: FormDefinition, world: World) -> None:
        self.definition = definition
        self.world = world
        self.index = Index(world, definition.single)
        self.due = Due()
        self.changes = Changes()
        self.journal: Journal | None = None
        self.shelf: dict[Node, str] = {}
        self.stirred: dict[Node, None] = {}
        self.faults: dict[tuple[str, str], str] = {}
        self.awaited = frozenset(action.trigger for action in definition.actions if action.trigger)

    # -- expressions

    def run(self, expression: Expression, context: Context, path: str, aspect: str) -> Value | None:
        """What an expression gives; None where it stumbles, which is remembered as a fault and stops nobody."""
        try:
            value = expression(context)
        except (FormError, ArithmeticError, ValueError) as exc:
            self.faults[path, aspect] = exc.code if isinstance(exc, FormError) else "form.failed"
            return None
        self.faults.pop((path, aspect), None)
        return value

    def holds(self, rule: Expression | None, node: Node, path: str, aspect: str) -> bool:
        """Whether a condition is true at a node; no condition is not true, nor one that stumbles."""
        if rule is None:
            return False
        value = self.run(rule, Context(self.world, node), path, aspect)
        return value is not None and to_boolean(value)

    # -- changes

    def write(self, node: Node, text: str, typed: str | None = None) -> None:
        """Store a text, with what was typed where that differs."""
        if node.text == text and node.typed == typed:
            return
        self._note("text", node, (node.text, node.typed))
        node.typed = typed
        if node.text != text:
            node.text = text
            self.changes.values.append(node)
            path = node.place
            self.due.spread(self.definition.plan.readers.get(path, ()), node)
            if path in self.awaited:
                self.stirred[node] = None

    def shelve(self, node: Node, answer: str | None) -> None:
        """Put an answer that left its list on the shelf; None takes it off, as when a person answers anew."""
        kept = self.shelf.get(node)
        if kept != answer:
            self._note("shelf", node, kept)
            self._back_shelf(node, answer)

    def set_relevance(self, node: Node, *, irrelevant: bool) -> None:
        """What a node's own condition says; with what is above it, this hides it and all in it, or shows them."""
        if irrelevant != node.irrelevant:
            self._note("shown", node, (node.irrelevant, node.hidden))
            node.irrelevant = irrelevant
        if self._hide(node, hidden=irrelevant or (node.parent is not None and node.parent.hidden)):
            self.due.spread(self.definition.plan.on_relevance.get(node.place, ()), node)

    def _hide(self, node: Node, *, hidden: bool) -> bool:
        """Pass relevance down; whether anything changed."""
        if node.hidden == hidden:
            return False
        self._note("shown", node, (node.irrelevant, node.hidden))
        node.hidden = hidden
        self.changes.relevance.append(node)
        if self.awaited and node.place in self.awaited:
            self.stirred[node] = None
        for child in (*node.attributes, *node.children):
            self._hide(child, hidden=hidden or child.irrelevant)
        return True

    def note_children(self, parent: Node) -> None:
        """Remember what stands in a node: it is about to be another list."""
        self._note("children", parent, list(parent.children))

    def _note(self, kind: str, node: Node, before: Any) -> None:
        if self.journal is not None:
            self.journal.note(kind, node, before)

    def report(self) -> ChangeSet:
        """What changed since the last report."""
        changes, self.changes = self.changes, Changes()
        return changes.told(self.index, self.definition.plan.watchers)

    # -- undo

    def revert(self, journal: Journal) -> None:
        """Put everything back that a journal holds, last first; nothing is computed."""
        back: dict[str, Callable[[Node, Any], None]] = {
            "text": self._back_text,
            "shown": self._back_shown,
            "children": self._back_children,
            "shelf": self._back_shelf,
        }
        for kind, node, before in journal.backwards():
            back[kind](node, before)
        if any(kind == "children" for kind, _, _ in journal.backwards()):
            self.index.rebuild()
        self.stirred.clear()

    def _back_text(self, node: Node, before: tuple[str, str | None]) -> None:
        node.text, node.typed = before
        self.changes.values.append(node)

    def _back_shown(self, node: Node, before: tuple[bool, bool]) -> None:
        node.irrelevant, node.hidden = before
        self.changes.relevance.append(node)

    def _back_children(self, node: Node, before: list[Node]) -> None:
        changed = {id(child): child for child in (*before, *node.children)}
        node.children = before
        for child in changed.values():
            child.parent = node if any(kept is child for kept in before) else None
        self.changes.structure.update(
            f"{path_of(node)}/{name}"
            for name in {child.name for child in changed.values()}
            if f"{node.place}/{name}" in self.definition.repeats
        )

    def _back_shelf(self, node: Node, before: str | None) -> None:
        if before is None:
            self.shelf.pop(node, None)
        else:
            self.shelf[node] = before
