"""What a form asks, read once from its XForm and never changed: binds, controls, groups, texts, lists, actions."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from healthvisit.forms.errors import FormError
from healthvisit.forms.graph import Plan
from healthvisit.forms.instance import Node, above
from healthvisit.forms.text import Catalogue, Label
from healthvisit.forms.xpath.compile import Expression

if TYPE_CHECKING:
    from healthvisit.forms.layout import PageLayout

FIRST_LOAD, LOAD, CHANGED, NEW_REPEAT = (
    "odk-instance-first-load",
    "odk-instance-load",
    "xforms-value-changed",
    "odk-new-repeat",
)  # what an action waits for
NAMESPACE = "urn:healthvisit:form"  # of the attributes `entry`, `field` and `unit` on binds


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """The rules of one node. `path` has no positions."""

    path: str
    type: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    constraint_message: Label | None = None
    required_message: Label | None = None
    preload: tuple[str, str] | None = None
    entry: str | None = None
    field: str | None = None
    unit: str | None = None
    save_to: str | None = None  # the property of an entity


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice written beside its question."""

    name: str
    label: Label


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices from a list: `nodes` gives the rows, `value` and `label` what a row says.

    `column` is `value` as names of elements, one inside the other, where it says no more: long lists are read by it.
    """

    nodes: Expression
    value: Expression
    column: tuple[str, ...] | None
    label: Label | None
    is_static: bool  # depends on no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One question.

    `kind`: select_one, select_multiple, integer, decimal, date, time, datetime, text, note, rank, range, trigger, or
    unsupported (its data are kept; it cannot be answered here).
    """

    path: str
    kind: str
    bind: Bind
    label: Label | None = None
    hint: Label | None = None
    appearance: str = ""
    choices: tuple[Choice, ...] = ()
    itemset: Itemset | None = None
    bounds: tuple[float, float, float] | None = None  # start, end and step of a range, as the author wrote them
    media_type: str = ""  # of a file question: `image/*`
    has_fixed_words: bool = True  # no answer is set into the words of its choices

    def allows(self, number: float) -> bool:
        """Whether a number lies within a range's ends."""
        return self.bounds is None or min(self.bounds[:2]) <= number <= max(self.bounds[:2])

    @property
    def appearances(self) -> frozenset[str]:
        """The words of the appearance, such as `minimal` or `likert`."""
        return frozenset(self.appearance.lower().split())

    @property
    def is_select(self) -> bool:
        """Whether it is answered with names of choices."""
        return self.kind in {"select_one", "select_multiple", "rank"}

    @property
    def has_fixed_choices(self) -> bool:
        """Whether no answer changes what is offered."""
        return self.itemset is None or self.itemset.is_static


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that belong together. `path` is None where the group is only a frame on the screen."""

    path: str | None
    label: Label | None = None
    appearance: str = ""
    is_repeat: bool = False
    children: tuple["Group | Control", ...] = ()

    @property
    def is_field_list(self) -> bool:
        """Whether the author put all of it on one page."""
        return "field-list" in self.appearance.split()

    def controls(self) -> Iterator[Control]:
        """Every question at any depth."""
        for child in self.children:
            if isinstance(child, Control):
                yield child
            else:
                yield from child.controls()

    def groups(self) -> Iterator["Group"]:
        """This group and every group at any depth, outer ones first."""
        todo: list[Group | Control] = [self]
        while todo:
            part = todo.pop()
            if isinstance(part, Group):
                yield part
                todo.extend(part.children)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Write a value when something happens.

    `path` names the node to write without positions, `target` finds it; `trigger` is the question whose change it
    waits for, `repeat` the repeat in which it is written down.
    """

    path: str
    target: Expression
    events: frozenset[str]
    value: Expression | None
    trigger: str | None = None
    repeat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A repeated group: what a new instance looks like, and the expression that counts them, if any.

    `first` are the instances that a counted repeat begins with, in place of the template. `is_fixed`: no one adds or
    removes instances.
    """

    path: str
    template: Node
    count: Expression | None = None
    first: tuple[Node, ...] = ()
    is_fixed: bool = False

    @property
    def name(self) -> str:
        """The name of its instances."""
        return self.path.rpartition("/")[2]

    @property
    def above(self) -> str:
        """The path of what its instances stand in."""
        return self.path.rpartition("/")[0]

    @property
    def can_change(self) -> bool:
        """Whether a person may add and remove instances."""
        return self.count is None and not self.is_fixed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FormDefinition:
    """One form, ready to be opened any number of times.

    `source` is the XForm's text, `sha256` its hash, `functions` the names of those the caller must hand in.
    `document` and `instances` are never handed out for change; a session copies the one and only reads the others.
    `unresolved` lists (path of the question, expression) that lead nowhere: they read as blank.
    """

    sha256: str
    source: str = field(repr=False)
    form_id: str
    version: str
    title: str
    catalogue: Catalogue
    body: Group
    pages: tuple["PageLayout", ...]
    sections: Mapping[str, Label]
    document: Node
    binds: Mapping[str, Bind]
    controls: Mapping[str, Control]
    repeats: Mapping[str, Repeat]
    actions: tuple[Action, ...]
    attributes: tuple[str, ...]  # paths of those that binds or actions write
    instances: Mapping[str, Node]
    externals: Mapping[str, str]  # id of a list that comes as a file → its address (`jr://file-csv/name.csv`)
    namespaces: Mapping[str, str]
    order: Mapping[str, int]  # the place of each path in the form
    single: frozenset[str]  # the paths that stand in no repeat
    submission: Mapping[str, str]  # attributes of the form's `submission` element
    child_order: Mapping[str, tuple[str, ...]]  # names of the children of each group, as the form has them
    plan: Plan
    functions: frozenset[str]
    unresolved: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def load(cls, xform: str, *, functions: Collection[str] = ()) -> "FormDefinition":
        """Read an XForm; the same text is read once and kept.

        Args:
            xform: The XForm's XML.
            functions: Names of functions beyond ODK's that the caller hands in when it opens the form.

        Raises:
            FormError: `form.not_xml`, `form.forbidden_xml`, `form.too_large`, `form.not_a_form`,
                `form.cycle`, `form.unknown_event`; as XPathError `form.syntax`, `form.unknown_function`, `form.arity`;
                each with its path.
        """
        return _load(xform, frozenset(functions))

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages it speaks."""
        return self.catalogue.languages

    def entry_of(self, path: str) -> str | None:
        """The entry to which the node at `path` (without positions) belongs, if any."""
        return entry_of(self.binds, path)

    def require_resolved(self) -> None:
        """Refuse a form with paths that lead nowhere.

        Raises:
            FormError: `form.unresolved`, with the first question and expression.
        """
        for path, expression in self.unresolved:
            raise FormError("form.unresolved", path=path, expression=expression, count=len(self.unresolved))


def entry_of(binds: Mapping[str, Bind], path: str) -> str | None:
    """The entry to which the node at `path` (without positions) belongs: the nearest group's."""
    return next((bind.entry for up in above(path) if (bind := binds.get(up)) and bind.entry), None)


@lru_cache(maxsize=16)
def _load(xform: str, functions: frozenset[str]) -> FormDefinition:
    from healthvisit.forms.xform import read_xform

    return read_xform(xform, sha256=hashlib.sha256(xform.encode()).hexdigest(), functions=functions)
