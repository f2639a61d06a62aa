"""A page of a form as a flat row of blocks in reading order: headings, questions, tables, repeats."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from healthvisit.forms.views import Question, Section

Pull = Callable[[str], Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The words of a group, or of the instance of a repeat that is open (`instance`)."""

    path: str
    words: str
    level: int
    is_instance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question; `in_table`: the words of its answers stand above it."""

    path: str
    level: int
    in_table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The words of the answers of the rows of a table below; they are those of the question at `path`."""

    path: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instances:
    """A repeat as a list of its instances, of which one, counted from 0, is open below it."""

    path: str
    label: str
    sections: tuple[Section, ...]
    opened: int
    can_change: bool
    level: int


Block = Heading | Ask | Answers | Instances


def blocks_of(whole: Section, opened: Mapping[str, int], pull: Pull) -> list[Block]:
    """What a page shows.

    Args:
        whole: The page with its groups and repeats.
        opened: Path of a repeat → which of its instances is open; the first where it is not named.
        pull: Gives a question as it reads now.
    """
    return list(_blocks(whole, opened, pull, 0))


def _blocks(section: Section, opened: Mapping[str, int], pull: Pull, level: int) -> Iterator[Block]:
    table = False
    for part in section.parts:
        if isinstance(part, str):
            looks = pull(part).appearance.split()
            if "label" in looks:
                table = True
                yield Answers(path=part, level=level)
                continue
            table = table and "list-nolabel" in looks
            yield Ask(path=part, level=level, in_table=table)
        elif part.kind == "repeat":
            yield from _repeat(part, opened, pull, level)
        else:
            if part.label:
                yield Heading(path=part.path, words=part.label, level=level)
            yield from _blocks(part, opened, pull, level + 1 if part.label else level)


def _repeat(section: Section, opened: Mapping[str, int], pull: Pull, level: int) -> Iterator[Block]:
    instances = tuple(part for part in section.parts if isinstance(part, Section))
    at = min(max(0, opened.get(section.path, 0)), len(instances) - 1)
    yield Instances(
        path=section.path,
        label=section.label,
        sections=instances,
        opened=at,
        can_change=section.can_change,
        level=level,
    )
    if instances:
        here = instances[at]
        yield Heading(path=here.path, words=here.label, level=level + 1, is_instance=True)
        yield from _blocks(here, opened, pull, level + 1)
