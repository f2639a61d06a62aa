"""What a person must decide: two values of one field, or an entry the office did not accept. Nothing decides by itself.

A decision is a change like any other: it sets the field after its author has seen every value that stood there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from healthvisit.domain.change import Change, Op, hlc_milliseconds
from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.merge import VOID_FIELD, digest, element_id
from healthvisit.domain.record import Kind, Privacy, Record, sort_of
from healthvisit.store import office, people
from healthvisit.store.journal import Edit
from healthvisit.store.people import Caseload
from healthvisit.store.unit_of_work import UnitOfWork

STANDING, BOTH = "standing", "both"
"""Choices beside the id of a conflict's change: the value that stands now, and all elements of two lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One of the values that stand against each other; `choice` is what `decide` takes for it."""

    choice: str
    value: Any = field(repr=False)
    is_mine: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConflict:
    """All values of one field of a record; two lists may be kept both."""

    name: str
    values: tuple[Value, ...] = field(repr=False)

    @property
    def may_keep_both(self) -> bool:
        """Whether nothing has to go: every value is a list."""
        return all(isinstance(held.value, list) for held in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionCard:
    """One thing to decide. `code` is ``"conflict"``, or why the office did not accept it.

    `who` is the person's name, empty for a child not named yet or where no one person is meant; `family` the
    household's. `visit` names a signed visit that is still shown and can be corrected.
    `is_sensitive`: its values stand on no screen that others see until they are asked for.
    """

    code: str
    kind: str
    record: str
    who: str = field(default="", repr=False)
    family: str = field(default="", repr=False)
    household: str | None = None
    person: str | None = None
    visit: str | None = None
    on: date | None = None
    is_sensitive: bool = False
    conflicts: tuple[FieldConflict, ...] = ()


def attention(work: UnitOfWork) -> list[AttentionCard]:
    """Everything that waits for a decision: conflicts first, then refusals; a refused visit with its parts is one."""
    items = office.attention(work)
    if not items:
        return []
    names = people.load_caseload(work, today=work.author.now.date())
    conflicts = [_conflict(work, names, item) for item in items if item.code == "conflict"]
    refused: dict[str, AttentionCard] = {}
    for item in sorted(items, key=lambda item: item.kind != Kind.VISIT):  # the frame before its parts: it has the day
        if item.code != "conflict":
            visit, card = _refusal(work, names, item)
            refused.setdefault(visit or card.record, card)
    return [card for card in conflicts if card is not None] + list(refused.values())


def decide(work: UnitOfWork, record_id: str, name: str, choice: str) -> None:
    """Write the decision on one field as a change.

    Args:
        work: A writing unit of work.
        record_id: The record in conflict.
        name: The field.
        choice: `Value.choice` of the value to keep, or `BOTH` for two lists.

    Raises:
        HealthvisitError: ``record.absent``.
        InputError: ``attention.decided``: the value is no longer one of those in conflict; look again.
    """
    record = work.record(record_id)
    if record is None:
        raise HealthvisitError("record.absent", record=record_id)
    held = _values(record, name, own=frozenset(), worker="")
    by_choice = {value.choice: value.value for value in held}
    if len(held) < 2 or (choice != BOTH and choice not in by_choice):  # noqa: PLR2004 -- a conflict has two sides
        raise InputError("attention.decided")
    chosen = _union(held) if choice == BOTH else by_choice[choice]
    if name == VOID_FIELD:
        op, put = (Op.VOID if chosen else Op.UNVOID), {VOID_FIELD: [digest(record.body), bool(chosen)]}
    else:
        op, put = Op.EDIT, {name: [record.body.get(name), chosen]}
    # written even where the standing value stays: the change is what closes the conflict for everybody
    edit = Edit(kind=record.kind, record=record.id, subject=record.subject, op=op, rev=record.rev, put=put)
    work._write([edit])  # noqa: SLF001 - `put` leaves out what does not differ


def _conflict(work: UnitOfWork, names: Caseload, item: office.Attention) -> AttentionCard | None:
    record = work.record(item.record)
    if record is None or not record.conflicts:
        return None  # decided here; the office will hear of it
    own = frozenset(c.chg for c in record.conflicts if work.vault.get("change", c.chg) is not None)
    fields = sorted({conflict.name for conflict in record.conflicts})
    return AttentionCard(
        code="conflict",
        kind=record.kind,
        record=record.id,
        conflicts=tuple(
            FieldConflict(name=name, values=_values(record, name, own=own, worker=work.author.worker))
            for name in fields
        ),
        **_about(work, names, record.kind, record.id, record.subject, record.body),
    )


def _values(record: Record, name: str, *, own: frozenset[str], worker: str) -> tuple[Value, ...]:
    against = [
        Value(choice=c.chg, value=c.value, is_mine=c.chg in own or c.by == worker, at=_moment(c.hlc))
        for c in record.conflicts
        if c.name == name
    ]
    now = record.void if name == VOID_FIELD else record.body.get(name)
    stamp = record.hlc.get(name, record.hlc.get("", ""))
    return (
        Value(choice=STANDING, value=now, is_mine=not any(v.is_mine for v in against), at=_moment(stamp)),
        *against,
    )


def _union(values: Iterable[Value]) -> list[Any]:
    elements = {element_id(element): element for held in values for element in held.value}
    return list(elements.values())


def _moment(stamp: str) -> datetime | None:
    return datetime.fromtimestamp(hlc_milliseconds(stamp) / 1000, UTC) if stamp else None


def _refusal(work: UnitOfWork, names: Caseload, item: office.Attention) -> tuple[str | None, AttentionCard]:
    """The visit an entry belongs to, if any, and its card."""
    row = work.vault.get("change", item.chg or "") or {}
    change = Change.parse(str(row["line"]).encode())
    shown = work.record(item.record)
    body = change.body or (shown.body if shown else {})
    about = _about(work, names, item.kind, item.record, change.subject, body)
    visit = item.record if item.kind == Kind.VISIT else body.get("visit")
    return visit, AttentionCard(code=item.code, kind=item.kind, record=item.record, **about)


def _about(
    work: UnitOfWork, names: Caseload, kind: str, record: str, subject: str | None, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Whom a record concerns, and the day of a visit."""
    visit = record if kind == Kind.VISIT else body.get("visit")
    frame = work.record(visit) if visit else None
    about: Mapping[str, Any] = {**(frame.body if frame else {}), **body}
    person = record if kind == Kind.PERSON else about.get("person") or about.get("mother")
    household = record if kind == Kind.HOUSEHOLD else about.get("household")
    if person is None and subject in names.persons:
        person = subject
    household = household or names.home.get(person or "")
    row = names.persons.get(person or "")
    home = names.households.get(household or "")
    return {
        "who": " ".join(part for part in (row.surname, row.given_name) if part) if row and row.given_name else "",
        "family": home.name if home else "",
        "household": household,
        "person": person,
        "visit": visit if frame is not None and not frame.void else None,
        "on": date.fromisoformat(about["on"]) if about.get("on") else None,
        "is_sensitive": sort_of(kind).privacy is not Privacy.ORDINARY,
    }
