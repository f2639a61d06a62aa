"""The one table of record kinds: privacy class, how each field merges, and how records become JSON values.

Merge kinds (`design` of sync): an *observation* is made once and corrected by another record; a *clinical* field that
two people set differently opens a conflict; in a *contact* field the later edit wins; a *set* merges by element.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Self, TypeVar

from healthvisit.domain.errors import HealthvisitError

_T = TypeVar("_T")


class Kind(StrEnum):
    """What a record is; the value travels."""

    HOUSEHOLD = "household"
    PERSON = "person"
    BIRTH = "birth"
    MEMBERSHIP = "membership"
    ENROLMENT = "enrolment"
    PREGNANCY = "pregnancy"
    VISIT = "visit"
    VISIT_PART = "visit_part"
    PLANNED_CONTACT = "planned_contact"
    DANGER_SCREEN = "danger_screen"
    REFERRAL = "referral"
    TASK = "task"
    DEVELOPMENT_CHECK = "development_check"
    ASSESSMENT = "assessment"
    MILESTONE = "milestone"


class Privacy(StrEnum):
    """Who may see it: DOMAIN 8.5."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"
    PROTECTED = "protected"


class Merge(StrEnum):
    """How two edits of one field meet."""

    OBSERVATION = "observation"
    CLINICAL = "clinical"
    CONTACT = "contact"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind's row in the table."""

    privacy: Privacy
    fields: Mapping[str, Merge]

    def merge_of(self, name: str) -> Merge:
        """How a field merges; one the table does not know merges as clinical."""
        return self.fields.get(name, Merge.CLINICAL)


def _sort(privacy: Privacy, *, observation: str = "", clinical: str = "", contact: str = "", sets: str = "") -> Sort:
    pairs = {
        Merge.OBSERVATION: observation,
        Merge.CLINICAL: clinical,
        Merge.CONTACT: contact,
        Merge.SET: sets,
    }
    return Sort(privacy, types.MappingProxyType({name: how for how, names in pairs.items() for name in names.split()}))


SORTS: Mapping[str, Sort] = types.MappingProxyType(
    {
        Kind.HOUSEHOLD: _sort(
            Privacy.ORDINARY,
            observation="number",
            contact="name address place urban language note may_ring two_go moved_on",
            sets="phones",
        ),
        Kind.PERSON: _sort(
            Privacy.ORDINARY,
            observation="kind mother",
            clinical="surname given_name patronymic sex born_on born_precision died_on",
            contact="note",
            sets="phones aliases",
        ),
        Kind.BIRTH: _sort(Privacy.SENSITIVE, observation="person", clinical="gestation_days weight_g order of left_on"),
        Kind.MEMBERSHIP: _sort(Privacy.ORDINARY, observation="person household role from_on", clinical="to_on"),
        Kind.ENROLMENT: _sort(Privacy.ORDINARY, observation="person from_on", clinical="level to_on exit_reason"),
        Kind.PREGNANCY: _sort(Privacy.SENSITIVE, observation="mother", clinical="due_on outcome ended_on"),
        Kind.VISIT: _sort(Privacy.ORDINARY),
        Kind.VISIT_PART: _sort(Privacy.ORDINARY),
        Kind.PLANNED_CONTACT: _sort(
            Privacy.ORDINARY, observation="person code", contact="agreed_on cancelled", sets="attempts"
        ),
        Kind.DANGER_SCREEN: _sort(Privacy.SENSITIVE),
        Kind.REFERRAL: _sort(
            Privacy.SENSITIVE,
            clinical="status family_agrees refusal_reason arrived_at outcome",
            contact="transport companion note ask_on",
            sets="steps",
        ),
        Kind.TASK: _sort(Privacy.SENSITIVE, observation="person due_on reason", clinical="state"),
        Kind.DEVELOPMENT_CHECK: _sort(
            Privacy.SENSITIVE,
            observation="person household worker on made_at pack age_days corrected_days band answers signs worry"
            " result reasons tests refer_days referral again_on amends visit",
        ),
        Kind.ASSESSMENT: _sort(
            Privacy.SENSITIVE,
            observation="person household worker on made_at pack tool version status assessor total by_area area_status"
            " answers safety dscore follow_up_on amends",
        ),
        Kind.MILESTONE: _sort(Privacy.SENSITIVE, observation="person worker code said_on made_at months"),
    }
)
_UNKNOWN_SORT = _sort(Privacy.SENSITIVE)


def sort_of(kind: str) -> Sort:
    """The table's row of a kind; an unknown kind (a newer program's) is Sensitive and merges clinically."""
    return SORTS.get(kind, _UNKNOWN_SORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A value that could not be taken without losing another: both stay until a named person decides."""

    name: str
    value: Any = field(repr=False)
    by: str
    hlc: str
    chg: str
    rev: int


_CONFLICT_FIELDS = tuple(member.name for member in dataclasses.fields(Conflict))  # a newer program may write more


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One version of a record, as merged. `hlc` holds the stamp of the last writer of a field, ``""`` the maker's.

    `decided` names each field in which a person closed a conflict: the revision that closed it, and who did.
    """

    kind: str
    id: str
    subject: str | None
    rev: int
    body: Mapping[str, Any] = field(repr=False)
    hlc: Mapping[str, str]
    void: bool = False
    conflicts: tuple[Conflict, ...] = ()
    decided: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a version travels: what the server numbers and a laptop seals."""
        out: dict[str, Any] = {"kind": self.kind, "record": self.id, "subject": self.subject, "rev": self.rev}
        out |= {"body": dict(self.body), "hlc": dict(self.hlc)}
        if self.void:
            out["void"] = True
        if self.conflicts:
            out["conflicts"] = [{f.name: getattr(c, f.name) for f in dataclasses.fields(c)} for c in self.conflicts]
        if self.decided:
            out["decided"] = {name: list(decision) for name, decision in self.decided.items()}
        return out

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Inverse of `to_json`."""
        return cls(
            kind=value["kind"],
            id=value["record"],
            subject=value.get("subject"),
            rev=value["rev"],
            body=value["body"],
            hlc=value.get("hlc", {}),
            void=value.get("void", False),
            conflicts=tuple(Conflict(**{n: c[n] for n in _CONFLICT_FIELDS}) for c in value.get("conflicts", ())),
            decided={name: (rev, by) for name, (rev, by) in value.get("decided", {}).items()},
        )


def encode(value: Any) -> Any:
    """A domain value as JSON values: dates ISO, moments in UTC with ``Z``, decimals as strings, absent left out."""
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {key: encode(item) for key, item in value.items()}
        case tuple() | list() | frozenset():
            return [encode(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
        case _ if dataclasses.is_dataclass(value):
            pairs = ((f.name, encode(getattr(value, f.name))) for f in dataclasses.fields(value))
            return {name: item for name, item in pairs if item is not None and item not in ([], {})}
    raise TypeError(f"cannot encode {type(value).__name__}")


def body_of(value: Any) -> dict[str, Any]:
    """The body of a record with a dataclass's fields, its `id` left out: the id is the record's."""
    body: dict[str, Any] = encode(value)
    body.pop("id", None)
    return body


def decode(cls: type[_T], value: Any) -> _T:
    """Inverse of `encode` for a dataclass; members it does not know are left alone (a newer program wrote them).

    Raises:
        HealthvisitError: ``record.unreadable`` when the values cannot make the type.
    """
    try:
        result: _T = _decoder(typing.cast("typing.Hashable", cls))(value)
    except (ValueError, KeyError, TypeError, ArithmeticError) as exc:
        raise HealthvisitError("record.unreadable", kind=cls.__name__) from exc
    return result


@cache
def _decoder(hint: Any) -> typing.Callable[[Any], Any]:  # noqa: PLR0911 -- one return a type
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = _decoder(next(a for a in arguments if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = _decoder(arguments[0])
        return lambda value: tuple(item(part) for part in _checked(list, value))
    if origin in (dict, Mapping) or (origin is not None and issubclass(origin, Mapping)):
        item = _decoder(arguments[1])
        return lambda value: {key: item(part) for key, part in _checked(Mapping, value).items()}
    if dataclasses.is_dataclass(hint):
        return _dataclass_decoder(hint)
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if hint is Any:
        return lambda value: value
    if isinstance(hint, typing.NewType):
        return _decoder(hint.__supertype__)
    if hint in (int, str, bool):
        return lambda value: _checked(hint, value)
    return hint  # type: ignore[no-any-return]  # an Enum or Decimal: called with the plain value


def _checked(hint: Any, value: Any) -> Any:
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise TypeError(f"{hint.__name__} expected")
    return value


def _dataclass_decoder(cls: Any) -> typing.Callable[[Any], Any]:
    hints = typing.get_type_hints(cls)
    decoders = {f.name: _decoder(hints[f.name]) for f in dataclasses.fields(cls)}
    # `encode` leaves None out, also where the type has no default for it (the family's part has no person)
    needed = {f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING}
    absent = {name: None for name, hint in hints.items() if name in needed and type(None) in typing.get_args(hint)}

    def make(value: Any) -> Any:
        members = _checked(Mapping, value).items()
        return cls(**(absent | {name: decoders[name](part) for name, part in members if name in decoders}))

    return make
