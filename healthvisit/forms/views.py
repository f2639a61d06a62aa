"""What a session tells a screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

ProblemKind = Literal["required", "constraint", "type"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """Paths (with positions) whose value, relevance or choices changed, or below which instances came or went.

    `looks` are questions whose words, required, readonly or violation may differ though they themselves did not change.
    """

    values: frozenset[str] = frozenset()
    relevance: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    structure: frozenset[str] = frozenset()
    looks: frozenset[str] = frozenset()

    @property
    def paths(self) -> frozenset[str]:
        """Everything that has to be drawn again."""
        return self.values | self.relevance | self.choices | self.structure | self.looks


@dataclass(frozen=True, slots=True)
class Problem:
    """What stops finalising, and where."""

    path: str
    kind: ProblemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as it reads now.

    `value` is the stored text, `typed` what stands in the field ("3,40" where `value` is "3.4"). `section` is the label
    of the group it stands in, where that is not its page. `violation` names what is wrong with the answer, if anything.
    """

    path: str
    kind: str
    label: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    value: str = dataclass_field(repr=False)
    typed: str = dataclass_field(repr=False)
    required: bool
    readonly: bool
    relevant: bool
    violation: ProblemKind | None
    constraint_message: str
    required_message: str
    appearance: str
    section: str
    entry: str | None
    field: str | None
    unit: str | None
    guidance: str = ""
    media: Mapping[str, str] = dataclass_field(
        default_factory=dict
    )  # image, audio, video → address in the form's files


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One screenful: `paths` of its visible questions; `questions` is pulled when somebody looks."""

    path: str
    title: str
    appearance: str
    paths: tuple[str, ...]
    pull: Callable[[str], Question] = dataclass_field(repr=False, compare=False)

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self.pull(path) for path in self.paths)
