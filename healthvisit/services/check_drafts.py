"""Development checks begun and not saved: one sealed row a child, replaced at each answer. None leaves this device."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from healthvisit.domain.ids import VisitId
from healthvisit.domain.record import decode, encode
from healthvisit.store.unit_of_work import UnitOfWork

_BEGUN = "checks_begun"


class InVisit(NamedTuple):
    """The visit a check is made in, and its day."""

    id: VisitId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDraft:
    """A check while it is being asked. `focus` is the code of the row with the keyboard, "" the first one."""

    id: str
    person: str
    on: date
    started_at: datetime
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    signs: dict[str, str] = field(default_factory=dict, repr=False)
    worry: str = field(default="", repr=False)
    focus: str = ""
    amends: tuple[str, ...] = ()
    visit: VisitId | None = None

    @property
    def is_begun(self) -> bool:
        """Whether anything was answered."""
        return bool({*self.answers.values(), *self.signs.values()} - {"not_asked"}) or bool(self.worry.strip())


def find_draft(work: UnitOfWork, person: str) -> CheckDraft | None:
    """The check begun for a child and not saved."""
    held = work.state(_name(person))
    return decode(CheckDraft, held["draft"]) if held else None


def keep_draft(work: UnitOfWork, draft: CheckDraft) -> datetime:
    """Seal a draft; it never leaves this device. Returns when."""
    if work.record(draft.id) is None:  # an answer on its way while the check was saved must not bring the draft back
        work.put_state(_name(draft.person), {"draft": encode(draft)})
        _list(work, draft.person, draft.started_at if draft.is_begun else None)
    return work.author.now


def drop_draft(work: UnitOfWork, person: str) -> None:
    """Throw a draft away."""
    if work.state(_name(person)):
        work.end_row("state", _name(person))
    _list(work, person, None)


def begun(work: UnitOfWork) -> Mapping[str, date]:
    """Child to the day on which a check was begun that is not saved yet."""
    return {person: datetime.fromisoformat(at).astimezone().date() for person, at in _begun(work).items()}


def _list(work: UnitOfWork, person: str, started_at: datetime | None) -> None:
    """Keep the list of checks begun, so that nobody has to look for them child by child."""
    held = _begun(work)
    if started_at is not None and person not in held:
        work.put_state(_BEGUN, {"since": {**held, person: encode(started_at)}})
    elif started_at is None and person in held:
        work.put_state(_BEGUN, {"since": {other: at for other, at in held.items() if other != person}})


def _begun(work: UnitOfWork) -> Mapping[str, str]:
    held: Mapping[str, str] = work.state(_BEGUN).get("since", {})
    return held


def _name(person: str) -> str:
    return f"check:{person}"
