"""What a session tells a screen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal, overload

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


_ELSEWHERE = frozenset({"signature", "draw", "annotate", "web", "bearing"})  # appearances
_DEVICES = ("audio/", "video/")


def is_answerable(*, kind: str, data_type: str, media_type: str, appearance: str) -> bool:
    """Whether a laptop can answer such a question: not places, sound, film, drawings, barcodes, other programs."""
    looks = appearance.lower().split()
    if data_type == "barcode" or any(look in _ELSEWHERE or look.startswith("ex:") for look in looks):
        return False
    return kind != "unsupported" or bool(media_type and not media_type.startswith(_DEVICES))


class LongList(Sequence[tuple[str, str]]):
    """Many choices as (name, words): each is put into words when somebody looks at it.

    Args:
        rows: Name, and what `say` needs, of each.
        say: Gives the words; it is asked once for each.
        tag: Two lists of one tag and the same names read the same.
    """

    __slots__ = ("_places", "_rows", "_said", "_say", "_tag")

    def __init__(self, rows: Sequence[tuple[str, Any]], say: Callable[[Any], str], tag: str) -> None:
        self._rows, self._say, self._tag = rows, say, tag
        self._said: dict[int, tuple[str, str]] = {}
        self._places: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> tuple[str, str]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[str, str]]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, str] | Sequence[tuple[str, str]]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        if place not in self._said:
            name, row = self._rows[place]
            self._said[place] = (name, self._say(row) or name)
        return self._said[place]

    def words_of(self, name: str) -> str | None:
        """The words of one choice; None when it is not offered."""
        if self._places is None:
            self._places = {known: place for place, (known, _row) in reversed(list(enumerate(self._rows)))}
        place = self._places.get(name)
        return None if place is None else self[place][1]

    def names(self) -> Iterator[str]:
        """What can be answered, in the list's order."""
        return (name for name, _row in self._rows)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        alike = isinstance(other, LongList) and self._tag == other._tag and len(self) == len(other)
        return alike and isinstance(other, LongList) and list(self.names()) == list(other.names())

    def __hash__(self) -> int:
        return hash((self._tag, len(self._rows)))


def words_of(choices: Sequence[tuple[str, str]], name: str) -> str | None:
    """The words of one choice; None when it is not offered."""
    if isinstance(choices, LongList):
        return choices.words_of(name)
    return next((words for known, words in choices if known == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question as it reads now.

    `value` is the stored text, `typed` what stands in the field ("3,40" where `value` is "3.4"). `section` is the label
    of the group it stands in, where that is not its page. `violation` names what is wrong with the answer, if anything.
    `bounds` are start, end and step of a range, `media_type` what a file question takes (`image/*`), `media` (image,
    audio, video) and `pictures` (name of a choice) lead to addresses in the form's files.
    """

    path: str
    kind: str
    label: str
    hint: str
    choices: Sequence[tuple[str, str]]
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
    media: Mapping[str, str] = dataclass_field(default_factory=dict)
    pictures: Mapping[str, str] = dataclass_field(default_factory=dict)
    data_type: str = "string"
    bounds: tuple[float, float, float] | None = None
    media_type: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether it can be answered on this computer; what was there is kept in any case."""
        return is_answerable(
            kind=self.kind, data_type=self.data_type, media_type=self.media_type, appearance=self.appearance
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group, a repeat, or one instance of a repeat, as it stands on a page.

    `path` has a position at every repeat, also where there is one instance only. `parts` of a repeat are its instances;
    `can_change`: instances may be added and removed.
    """

    path: str
    kind: Literal["group", "repeat", "instance"]
    label: str
    appearance: str = ""
    can_change: bool = False
    pull: Callable[[], Iterable["Section | str"]] = dataclass_field(repr=False, compare=False)

    @property
    def parts(self) -> tuple["Section | str", ...]:
        """What stands in it now, in the form's order: sections and paths of questions; pulled when somebody looks."""
        return tuple(self.pull())


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One screenful: `paths` of its visible questions; `questions` and `whole` are pulled when somebody looks.

    `whole` holds them in their groups and repeats.
    """

    path: str
    title: str
    appearance: str
    paths: tuple[str, ...]
    pull: Callable[[str], Question] = dataclass_field(repr=False, compare=False)
    whole: Section = dataclass_field(repr=False, compare=False)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its visible questions as they read now."""
        return tuple(self.pull(path) for path in self.paths)
