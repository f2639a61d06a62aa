"""Which questions stand together on a page; fixed by the form, whatever is answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from healthvisit.forms.definition import Control, Group
from healthvisit.forms.text import Label

LONGEST_PAGE = 40  # questions; a longer group is divided where it has groups inside


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """One page: each field list is one, else each group at the top, else a question that stands alone there.

    `inside` is what it shows, `repeats` the paths of the repeats among that.
    """

    path: str
    title: Label | None
    appearance: str
    controls: tuple[Control, ...]
    inside: tuple[Group | Control, ...] = ()
    repeats: tuple[str, ...] = ()


def pages_of(group: Group) -> Iterator[PageLayout]:
    """The pages of a form, in order."""
    for child in group.children:
        if isinstance(child, Control):
            yield PageLayout(path=child.path, title=child.label, appearance="", controls=(child,), inside=(child,))
        elif _is_divided(child):
            yield from pages_of(child)
        else:
            yield PageLayout(
                path=child.path or "",
                title=child.label,
                appearance=child.appearance,
                controls=tuple(child.controls()),
                inside=(child,) if is_repeated(child) else child.children,
                repeats=tuple(_repeats(child)),
            )


def sections_of(group: Group, pages: frozenset[str]) -> dict[str, Label]:
    """Path of a question → label of the nearest labelled group inside its page."""
    found: dict[str, Label] = {}
    _sections(group, pages, None, found)
    return found


def _sections(group: Group, pages: frozenset[str], label: Label | None, found: dict[str, Label]) -> None:
    for child in group.children:
        if isinstance(child, Group):
            _sections(child, pages, None if child.path in pages else child.label or label, found)
        elif label:
            found[child.path] = label


def is_repeated(child: Group | Control) -> bool:
    """Whether it is a repeat, or the frame around nothing but one: it stands on one page whole."""
    return isinstance(child, Group) and (child.is_repeat or any(_is_twin(child, inner) for inner in child.children))


def _is_twin(frame: Group, child: Group | Control) -> bool:
    return (
        isinstance(child, Group) and child.is_repeat and frame.path in (None, child.path) and len(frame.children) == 1
    )


def _is_divided(group: Group) -> bool:
    """Whether the groups inside are pages: the author made field lists, or it is too long for one page."""
    if group.is_field_list or is_repeated(group):
        return False
    inner = _divisible(group)
    is_long = sum(1 for _ in group.controls()) > LONGEST_PAGE and bool(inner)
    return is_long or any(_has_field_list(child) for child in inner)


def _has_field_list(group: Group) -> bool:
    return group.is_field_list or any(_has_field_list(child) for child in _divisible(group))


def _divisible(group: Group) -> list[Group]:
    """The groups inside that need not stand on one page whole."""
    return [child for child in group.children if isinstance(child, Group) and not is_repeated(child)]


def _repeats(group: Group) -> Iterator[str]:
    if group.is_repeat and group.path:
        yield group.path
    for child in group.children:
        if isinstance(child, Group):
            yield from _repeats(child)
