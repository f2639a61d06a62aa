"""One form being filled in. Mutable: used by one screen, on one thread."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from healthvisit.forms.actions import Actor
from healthvisit.forms.definition import FormDefinition, Repeat
from healthvisit.forms.draft import lay_out, take_down
from healthvisit.forms.errors import FormError
from healthvisit.forms.external import read_files
from healthvisit.forms.instance import Node, path_of, without_positions
from healthvisit.forms.journal import Journal
from healthvisit.forms.looks import Looks
from healthvisit.forms.prefill import Frozen, Rows, freeze, instances_of
from healthvisit.forms.recompute import Record
from healthvisit.forms.repeats import MAX_INSTANCES
from healthvisit.forms.serialise import serialise
from healthvisit.forms.snapshot import Snapshot
from healthvisit.forms.steps import kept_steps, steps_again
from healthvisit.forms.views import ChangeSet, Page, Problem, Question
from healthvisit.forms.xpath.context import World, zone_of

__all__ = ["FormSession", "Snapshot"]

Functions = Mapping[str, Callable[..., Any]]

UNDO_STEPS = 100


class FormSession:
    """Answers, what follows from them, and what the screen shows. Made by `open` or `restore`."""

    def __init__(
        self,
        definition: FormDefinition,
        *,
        language: str,
        now: datetime,
        tz: str,
        functions: Functions | None,
        prefill: Frozen,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        missing = definition.functions - (functions or {}).keys()
        if missing:
            raise FormError("form.unknown_function", name=min(missing))
        if now.tzinfo is None:
            raise ValueError("now must carry its time zone")
        self.definition = definition
        self.focus: str | None = None
        self._prefill = prefill
        self._world = World(
            document=definition.document.copy(),
            instances={**definition.instances, **read_files(definition, files or {}), **instances_of(prefill)},
            functions=functions or {},
            now=now,
            zone=zone_of(tz),
        )
        self._record = Record(definition, self._world)
        self._ledger = self._record.ledger
        self._looks = Looks(self._ledger, self._record.choices, definition.catalogue.choose(language))
        self._actor = Actor(self._record)
        self._undo: deque[Journal] = deque(maxlen=UNDO_STEPS)
        self._note_missing_files()

    @property
    def language(self) -> str:
        """The code of the language it speaks."""
        return self._looks.language

    # -- opening, leaving, coming back

    @classmethod
    def open(
        cls,
        definition: FormDefinition,
        *,
        language: str,
        now: datetime,
        tz: str = "UTC",
        functions: Functions | None = None,
        prefill: Rows | None = None,
        files: Mapping[str, bytes] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> "FormSession":
        """Begin a new record.

        Args:
            definition: The form.
            language: Code of the wanted language; a form that lacks it speaks its default language.
            now: The clock, aware.
            tz: Name of the time zone in which days begin.
            functions: The caller's own functions by name; every name in `definition.functions` must be there.
            prefill: Secondary instances: name → rows → column → text. Copied, then frozen into each snapshot.
            files: The form's attachments by file name: lists in CSV, XML or GeoJSON. A missing list is empty.
            properties: What `jr:preload="property"` asks for: `username`, `deviceid`, `email`, `phonenumber`.

        Raises:
            FormError: `form.unknown_function`, `form.unknown_zone`; as XPathError what an expression stumbles over.
        """
        session = cls(
            definition, language=language, now=now, tz=tz, functions=functions, prefill=freeze(prefill), files=files
        )
        session._actor.begin(properties or {})
        session._ledger.report()
        return session

    @classmethod
    def restore(
        cls,
        definition: FormDefinition,
        snapshot: Snapshot,
        *,
        now: datetime,
        tz: str = "UTC",
        functions: Functions | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> "FormSession":
        """Open a draft again, as it was left.

        Raises:
            FormError: `form.other_definition` when the draft belongs to another form or version; else as `open`.
        """
        if snapshot.sha256 != definition.sha256:
            raise FormError("form.other_definition", wanted=snapshot.sha256, given=definition.sha256)
        session = cls(
            definition,
            language=snapshot.language,
            now=now,
            tz=tz,
            functions=functions,
            prefill=snapshot.prefill,
            files=files,
        )
        lay_out(session._record, snapshot)
        session._actor.come_back()
        session._ledger.report()
        session.focus = snapshot.focus
        session._undo.extend(steps_again(session._world.document, snapshot.undo))
        return session

    def snapshot(self) -> Snapshot:
        """Everything needed to come back to this point."""
        draft = take_down(self._ledger)
        return Snapshot(
            sha256=self.definition.sha256,
            language=self.language,
            answers=draft.answers,
            repeats=draft.repeats,
            prefill=self._prefill,
            focus=self.focus,
            shelf=draft.shelf,
            undo=kept_steps(self._world.document, self._undo),
        )

    def finalise(self, now: datetime) -> ChangeSet:
        """Set the clock, compute what depends on it, and require that nothing is missing.

        Raises:
            FormError: `form.unfinished`, with the number of problems.
        """
        self._world.now = now
        self._actor.end()
        self._ledger.due.put_everywhere(self.definition.plan.clocked)
        self._actor.settle()
        self._undo.clear()
        changes = self._ledger.report()
        if count := len(self.problems()):
            raise FormError("form.unfinished", count=count)
        return changes

    def record_xml(self) -> str:
        """The record as XML, without what is not relevant."""
        return serialise(self._world.document.children[0], namespaces=dict(self.definition.namespaces))

    # -- deeds

    def answer(self, path: str, text: str) -> ChangeSet:
        """Write one answer. What breaks a rule, or does not fit the question, is kept as typed and flagged.

        Args:
            path: Of the question, with positions in repeats.
            text: What was typed or chosen; names of several choices divided by blanks; "" takes the answer back.

        Raises:
            FormError: `form.no_question`, `form.hidden`, `form.readonly`.
        """
        _, node = self._looks.find(path)
        if node.hidden:
            raise FormError("form.hidden", path=path)
        if self._looks.is_readonly(node):
            raise FormError("form.readonly", path=path)
        with self._deed("answer", path):
            self._ledger.shelve(node, None)
            self._record.answer(node, text)
        changes = self._ledger.report()
        return replace(changes, looks=changes.looks | {path_of(node)})  # its violation may differ, its value not

    def put(self, answers: Mapping[str, str]) -> ChangeSet:
        """Write many answers at once, hidden questions included: for filling a form from an earlier record.

        Raises:
            FormError: `form.no_question`.
        """
        nodes: dict[str, Node] = {}
        for path in answers:
            node = self._ledger.index.find(path)
            if node is None or node.children:
                raise FormError("form.no_question", path=path)
            nodes[path] = node
        with self._deed("put", next(iter(answers), "")):
            for path, node in nodes.items():
                self._record.answer(node, answers[path], is_checked=False)
                self._record.recheck(node)
        return self._ledger.report()

    def add_repeat(self, path: str) -> ChangeSet:
        """Add an instance at the end of the repeat at `path` (its last step without a position).

        Raises:
            FormError: `form.no_repeat`; `form.too_many` beyond 1,000 instances.
        """
        repeat = self._changeable(path)
        parent = self._ledger.index.find(path.rpartition("/")[0])
        if parent is None:
            raise FormError("form.no_repeat", path=path)
        count = len(parent.named(repeat.name))
        if count >= MAX_INSTANCES:
            raise FormError("form.too_many", path=path, limit=MAX_INSTANCES)
        with self._deed("add", path):
            self._record.repeats.resize(repeat, parent, count + 1)
        return self._ledger.report()

    def remove_repeat(self, path: str) -> ChangeSet:
        """Remove the instance at `path` (with its position).

        Raises:
            FormError: `form.no_repeat`.
        """
        self._changeable(path)
        node = self._ledger.index.find(path)
        if node is None:
            raise FormError("form.no_repeat", path=path)
        with self._deed("remove", path):
            self._record.repeats.remove(node)
        return self._ledger.report()

    def undo(self) -> ChangeSet:
        """Take back the last deed: everything is exactly as it was before, but for the language."""
        if self._undo:
            self._record.revert(self._undo.pop())
            self._actor.look_again()
            self._ledger.due.put_everywhere(self.definition.plan.spoken)
            self._actor.settle()
        return self._ledger.report()

    def keep(self) -> None:
        """What was done so far stands: none of it can be taken back."""
        self._undo.clear()

    @property
    def undoable(self) -> tuple[str, str] | None:
        """What `undo` would take back: (`answer`, `put`, `add` or `remove`; path), or None."""
        return (self._undo[-1].kind, self._undo[-1].path) if self._undo else None

    def set_language(self, language: str) -> ChangeSet:
        """Speak another language: every question looks different, and texts computed from choices change."""
        self._looks.language = self.definition.catalogue.choose(language)
        self._ledger.journal = self._undo[-1] if self._undo else None  # what follows is taken back with the last deed
        self._ledger.due.put_everywhere(self.definition.plan.spoken)
        self._actor.settle()
        self._ledger.journal = None
        changes = self._ledger.report()
        looks = frozenset(path for page in self.pages() for path in page.paths)
        return replace(changes, looks=looks)

    # -- what the screen pulls

    def pages(self) -> list[Page]:
        """The pages with something to show: each field list, or else each group at the top."""
        return self._looks.pages()

    def question(self, path: str) -> Question:
        """One question as it reads now.

        Raises:
            FormError: `form.no_question`.
        """
        return self._looks.question(path)

    def problems(self) -> list[Problem]:
        """What stops finalising, in the order of the form."""
        return self._looks.problems()

    @property
    def faults(self) -> Mapping[tuple[str, str], str]:
        """(path, aspect) of every expression that cannot be computed now → code of the reason; it counts as blank."""
        return self._ledger.faults

    def value(self, path: str) -> str:
        """The text at any path of the record as expressions read it: blank while it is hidden."""
        node = self._ledger.index.find(path)
        return "" if node is None or node.hidden else node.text

    @property
    def document(self) -> Node:
        """The record's tree, to read only."""
        return self._world.document

    def look(self, node: Node, name: str) -> Any:
        """One property of any node as it is now, for `trace`."""
        return self._looks.look(node, name)

    def nodes(self) -> Iterator[Node]:
        """Every node that can hold an answer, in document order: for `mapping`, to read only."""
        return self._world.document.leaves()

    def instances_at(self, path: str) -> list[Node]:
        """Every node at a path without positions, in document order: for `mapping`, to read only."""
        return self._ledger.index.at(path)

    # -- inside

    def _note_missing_files(self) -> None:
        """Remember which of the form's lists nobody gave: they are empty."""
        for name, address in self.definition.externals.items():
            if not self._world.instances[name].children and not address.startswith("jr://instance/"):
                self._ledger.faults[address, "file"] = "form.missing_file"

    def _changeable(self, path: str) -> Repeat:
        """The repeat at a path with or without positions, to which a person may add."""
        repeat = self.definition.repeats.get(without_positions(path))
        if repeat is None or not repeat.can_change:
            raise FormError("form.no_repeat", path=path)
        return repeat

    @contextmanager
    def _deed(self, kind: str, path: str) -> Iterator[None]:
        """Everything that follows from one deed is one step of undo."""
        self._ledger.journal = Journal(kind, path)
        try:
            yield
            self._actor.settle()
        finally:
            if self._ledger.journal:
                self._undo.append(self._ledger.journal)
            self._ledger.journal = None
