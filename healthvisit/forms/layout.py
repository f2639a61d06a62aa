"""Which questions stand together on a page; fixed by the form, whatever is answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from healthvisit.forms.definition import Control, Group
from healthvisit.forms.text import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """One page: each field list is one, else each group at the top, else a question that stands alone there."""

    path: str
    title: Label | None
    appearance: str
    controls: tuple[Control, ...]


def pages_of(group: Group) -> Iterator[PageLayout]:
    """The pages of a form, in order."""
    for child in group.children:
        if isinstance(child, Control):
            yield PageLayout(path=child.path, title=child.label, appearance="", controls=(child,))
        elif not child.is_field_list and any(_has_field_list(inner) for inner in child.children):
            yield from pages_of(child)
        else:
            yield PageLayout(
                path=child.path or "",
                title=child.label,
                appearance=child.appearance,
                controls=tuple(child.controls()),
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


def _has_field_list(child: Group | Control) -> bool:
    return isinstance(child, Group) and (child.is_field_list or any(_has_field_list(inner) for inner in child.children))
