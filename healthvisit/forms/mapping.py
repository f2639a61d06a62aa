"""From a filled form to plain entries and back; the form itself says where each answer goes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from healthvisit.forms.definition import Bind, FormDefinition, entry_of
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, is_within, path_of, without_positions
from healthvisit.forms.session import FormSession
from healthvisit.forms.units import from_field, scale, to_field


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The answers of one entry group: of a repeat the `position`-th instance, counted from 1.

    `fields` are texts in the unit of the field's name; `units` and `typed` keep, for a field asked in another unit,
    that unit and the very text typed ("3,40").
    """

    name: str
    position: int = 1
    fields: Mapping[str, str] = field(repr=False)
    units: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)


class Mapped(NamedTuple):
    """A form's answers, ready for whoever knows what they mean: `answers` (path → text) are those without a field."""

    entries: tuple[Entry, ...]
    answers: dict[str, str]


def entries(session: FormSession) -> Mapped:
    """The relevant answers: one entry a group (groups of one name are one entry), in the order of the form.

    Raises:
        FormError: `form.field_twice` when two visible questions fill one field differently; `form.not_whole`.
    """
    found: dict[tuple[str, int], Entry] = {}
    others: dict[str, str] = {}
    for bind, node in _answered(session):
        place = _place(session, node) if bind.field else None
        if place is None:
            control = session.definition.controls.get(bind.path)
            if control and control.kind != "note":
                others[path_of(node)] = node.text
            continue
        _gather(found.setdefault(place, Entry(name=place[0], position=place[1], fields={})), bind, node)
    return Mapped(tuple(found.values()), others)


def _gather(entry: Entry, bind: Bind, node: Node) -> None:
    name, text = bind.field or "", to_field(bind, node.text)
    if entry.fields.get(name, text) != text:
        raise FormError("form.field_twice", path=bind.path, name=name)
    _write(entry.fields, name, text)
    if bind.unit:
        _write(entry.units, name, bind.unit)
    if bind.unit or node.typed is not None:
        _write(entry.typed, name, node.text if node.typed is None else node.typed)


def fill(
    session: FormSession,
    filled: Iterable[Entry | tuple[str, Mapping[str, str]]],
    answers: Mapping[str, str] | None = None,
) -> None:
    """Write entries (or plain pairs of name and fields) and answers into a session: the inverse of `entries`.

    Instances that they need are added; a second pair of one name goes into the second instance. Computed fields are
    left to their expressions; a field that the form does not have is passed over. Nobody did it by hand: it is no step
    of undo, and nothing before it is any more.

    Raises:
        FormError: `form.no_question` for a path of `answers` that the form does not have.
    """
    texts: dict[str, str] = {}
    wanted: list[Entry] = []
    for given in filled:
        entry = given if isinstance(given, Entry) else _placed(wanted, *given)
        wanted.append(entry)
        _make_room(session, entry)
    for path in answers or {}:
        _make_way(session, path)
    for entry in wanted:
        for node in session.nodes():
            bind = session.definition.binds.get(node.place)
            if bind is None or bind.calculate or bind.field not in entry.fields:
                continue
            if _place(session, node) == (entry.name, entry.position):
                texts[path_of(node)] = _typed(bind, entry)
    session.put({**texts, **(answers or {})})
    session.keep()


def check_mapping(definition: FormDefinition, vocabulary: Mapping[str, Collection[str]]) -> None:
    """Refuse a form that sends an answer where nothing receives it.

    Args:
        definition: The form.
        vocabulary: Entry → its fields.

    Raises:
        FormError: `form.unknown_entry`, `form.unknown_field`, `form.unknown_unit`, `form.field_without_entry`,
            `form.unit_without_field`; with the question's path.
    """
    for fault in mapping_faults(definition.binds, vocabulary):
        raise fault


def mapping_faults(binds: Mapping[str, Bind], vocabulary: Mapping[str, Collection[str]]) -> Iterator[FormError]:
    """Every error that `check_mapping` would raise, in the order of the binds."""
    for path, bind in binds.items():
        if bind.entry and bind.entry not in vocabulary:
            yield FormError("form.unknown_entry", path=path, name=bind.entry)
        if bind.unit and not bind.field:
            yield FormError("form.unit_without_field", path=path, name=bind.unit)
        if not bind.field:
            continue
        entry = entry_of(binds, path)
        if entry is None:
            yield FormError("form.field_without_entry", path=path, name=bind.field)
        elif bind.field not in vocabulary.get(entry, {bind.field}):
            yield FormError("form.unknown_field", path=path, name=bind.field, entry=entry)
        elif bind.unit and scale(bind.unit, bind.field) is None:
            yield FormError("form.unknown_unit", path=path, name=bind.unit, field=bind.field)


def _answered(session: FormSession) -> Iterable[tuple[Bind, Node]]:
    for node in session.nodes():
        bind = session.definition.binds.get(node.place)
        if bind and node.text and not node.hidden:
            yield bind, node


def _place(session: FormSession, node: Node) -> tuple[str, int] | None:
    """The entry's name, and which instance of the repeat it is that carries the entry."""
    for step in node.line():
        owner = session.definition.binds.get(step.place)
        if owner and owner.entry:
            return owner.entry, _position(session, step)
    return None


def _position(session: FormSession, node: Node) -> int:
    """Counted over the nearest repeat at or above the entry's group, through all its parents."""
    for step in node.line():
        if step.place in session.definition.repeats:
            return session.instances_at(step.place).index(step) + 1
    return 1


def _typed(bind: Bind, entry: Entry) -> str:
    name = bind.field or ""
    typed = entry.typed.get(name)
    return typed if typed is not None and entry.units.get(name) == bind.unit else from_field(bind, entry.fields[name])


def _placed(before: list[Entry], name: str, fields: Mapping[str, str]) -> Entry:
    return Entry(name=name, fields=fields, position=1 + sum(entry.name == name for entry in before))


def _make_way(session: FormSession, path: str) -> None:
    """Add the instances in which an answer stands."""
    at = ""
    for step in path.strip("/").split("/"):
        name, _, position = step.partition("[")
        repeat = session.definition.repeats.get(without_positions(f"{at}/{name}"))
        if repeat is not None and repeat.can_change:
            twins = [node for node in session.instances_at(repeat.path) if node.parent and path_of(node.parent) == at]
            for _missing in range(len(twins), int(position.rstrip("]") or 1)):
                session.add_repeat(f"{at}/{name}")
        at = f"{at}/{step}"


def _make_room(session: FormSession, entry: Entry) -> None:
    for path, repeat in session.definition.repeats.items():
        owns = any(bind.entry == entry.name for at, bind in session.definition.binds.items() if is_within(at, path))
        while owns and repeat.can_change and len(session.instances_at(path)) < entry.position:
            session.add_repeat(path)


def _write(mapping: Mapping[str, str], key: str, text: str) -> None:
    """Entries are read-only to everyone but this module, which is still making them."""
    if isinstance(mapping, dict):
        mapping[key] = text
