"""What an expression sees while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node
from healthvisit.forms.xpath.values import Nodes, Value


@dataclass(slots=True, kw_only=True)
class World:
    """Everything outside the context node: one per session.

    `functions` are the caller's own; they get texts for node-sets and give back a number, text, boolean, date or None.
    `choice_name(value, path, node)` and `itext(id, node)` answer `jr:choice-name` and `jr:itext`. `namespaces` are the
    prefixes known at an element, by its `id()`; a form's own record goes without.
    """

    document: Node
    instances: dict[str, Node] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    now: datetime
    zone: tzinfo
    choice_name: Callable[[str, str, Node], str] | None = None
    itext: Callable[[str, Node], str] | None = None
    namespaces: Mapping[int, dict[str, str]] = field(default_factory=dict)
    made_prefix: str = ""  # one that names carry though nobody wrote it
    seeds: dict[Node, int] = field(default_factory=dict)  # of orders that the form does not seed
    places: dict[tuple[str, ...], list[Node]] = field(default_factory=dict)  # static paths, until the structure changes
    indexes: dict[Any, dict[str, list[Node]]] = field(default_factory=dict)  # secondary instances never change


class Context:
    """Where in the world: the node, its place among the candidates of a predicate, and the expression's own node."""

    __slots__ = ("current", "node", "position", "size", "world")

    def __init__(self, world: World, node: Node, current: Node | None = None, size: int = 1) -> None:
        self.world = world
        self.node = node
        self.current = node if current is None else current
        self.position = 1
        self.size = size


Run = Callable[[Context], Value]
RunNodes = Callable[[Context], Nodes]


def zone_of(name: str) -> tzinfo:
    """A time zone by name; UTC needs no table of zones.

    Raises:
        FormError: `form.unknown_zone`.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as exc:
        raise FormError("form.unknown_zone", name=name) from exc
