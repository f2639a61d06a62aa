"""Entities that a filled form makes or changes (`save_to` in the author's workbook), as plain data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from healthvisit.forms.instance import Node
from healthvisit.forms.session import FormSession

_YES = frozenset(("1", "true"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity: a row of the list `dataset`. `base_version` is the version that an update was made upon."""

    dataset: str
    action: Literal["create", "update"]
    id: str
    label: str = field(repr=False)
    properties: Mapping[str, str] = field(repr=False)
    base_version: str = ""


def entities(session: FormSession) -> list[Entity]:
    """What the record says of entities, in document order; an update wins over a create, as at the office's server."""
    return [entity for node in session.document.walk() if (entity := _entity(session, node)) is not None]


def _entity(session: FormSession, node: Node) -> Entity | None:
    if node.local_name != "entity" or node.hidden or node.parent is None or node.parent.parent is None:
        return None
    said = {attribute.local_name: "" if attribute.hidden else attribute.text for attribute in node.attributes}
    action = next((name for name in ("update", "create") if said.get(name, "") in _YES), None)
    if action is None or "dataset" not in said or (action == "update" and not said.get("id")):
        return None  # nothing asked for, or nobody named whom to change
    return Entity(
        dataset=said["dataset"],
        action="update" if action == "update" else "create",
        id=said.get("id", ""),
        label=next((child.text for child in node.children if child.local_name == "label"), ""),
        properties=dict(_properties(session, node.parent.parent)),
        base_version=said.get("baseVersion", ""),
    )


def _properties(session: FormSession, around: Node) -> Iterator[tuple[str, str]]:
    """The saved answers around an entity, but those of repeats that make entities of their own."""
    for child in around.children:
        if child.hidden or (child.children and _has_own(child)):
            continue
        bind = session.definition.binds.get(child.place)
        if bind is not None and bind.save_to:
            yield bind.save_to, child.text
        yield from _properties(session, child)


def _has_own(node: Node) -> bool:
    return any(
        child.local_name == "meta" and any(each.local_name == "entity" for each in child.children)
        for child in node.children
    )
