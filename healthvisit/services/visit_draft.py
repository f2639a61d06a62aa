"""A visit while it is being made: its parts with their form sessions, and the frozen values that travel from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from healthvisit.domain.ids import HouseholdId, PersonId, VisitId
from healthvisit.domain.person import PersonKind
from healthvisit.domain.record import encode
from healthvisit.domain.visit import Entry, FormUse, Place, Source
from healthvisit.forms import mapping
from healthvisit.forms.session import FormSession
from healthvisit.services.development_visit import Followed, Standing
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.services.measurements import ChildFacts

SIGN, WHY = "sign.", "_why"
_WHOLE = frozenset({"temperature_c10", "breaths", "systolic", "diastolic"})
_SEVERAL = frozenset({"codes", "topics"})


@dataclass(slots=True, kw_only=True)
class PartDraft:
    """One part being answered. `person` is None for the family's part. Used by one screen on the main thread only.

    `looked` tells that one key said "I looked for each: none of these"; `covered` are the signs of the referral.
    """

    id: str
    person: PersonLine | None = field(repr=False)
    facts: ChildFacts | None
    code: str | None
    form: FormUse
    session: FormSession = field(repr=False)
    seen: bool = True
    looked: bool = False
    amends: str | None = None
    screen: str | None = None
    referral: str | None = None
    covered: tuple[str, ...] = ()
    original: str = field(default="", repr=False)

    def hear_alone(self, alone: str, *, now: datetime) -> None:
        """Tell a mother's form whether she can speak alone: private questions come and go, their answers are kept."""
        if self.person is None or self.person.kind is not PersonKind.ADULT:
            return
        self.session = _hearing(self.session, alone, now)

    def answers(self) -> "PartAnswers":
        """What stands in the part now, frozen."""
        mapped = mapping.entries(self.session)
        return PartAnswers(
            id=self.id, person=PersonId(self.person.id) if self.person else None, facts=self.facts, code=self.code,
            form=self.form, entries=tuple((e.name, dict(e.fields)) for e in mapped.entries),
            typed={name: text for entry in mapped.entries for name, text in entry.typed.items()},
            answers=dict(mapped.answers), looked=self.looked, amends=self.amends, screen=self.screen,
            referral=self.referral, covered=self.covered,
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class DangerDraft:
    """Danger now, begun and not yet confirmed, for the part `part`."""

    part: str
    session: FormSession = field(repr=False)

    def hear_alone(self, alone: str, *, now: datetime) -> None:
        """As `PartDraft.hear_alone`: a private sign is not offered any more once others listen."""
        self.session = _hearing(self.session, alone, now)


@dataclass(slots=True, kw_only=True)
class VisitDraft:
    """A visit being made. `page` names the page with focus as "part number/page name", `focus` the question's path.

    `development` is how each child stands on the day; `followed` what was said of a doctor, by referral.
    """

    id: VisitId
    household: HouseholdLine = field(repr=False)
    on: date
    started_at: datetime
    parts: list[PartDraft] = field(repr=False)
    place: Place = Place.HOME
    present: list[PersonId] = field(default_factory=list)
    unplanned: str | None = None
    source: Source = Source.SCREEN
    amends: VisitId | None = None
    reason: str | None = None
    page: str = ""
    focus: str = ""
    visited: set[str] = field(default_factory=set)
    twins_asked: bool = False
    danger: DangerDraft | None = None
    last: "LastTime | None" = field(default=None, repr=False)
    development: Mapping[str, Standing] = field(default_factory=dict, repr=False)
    followed: dict[str, Followed] = field(default_factory=dict, repr=False)

    @property
    def seen(self) -> list[PartDraft]:
        """The family's part and those of the people seen."""
        return [p for p in self.parts if p.seen]

    def content(self) -> "DraftContent":
        """Everything as it stands, frozen, to be sealed."""
        forms = {p.form.sha256: p.session.definition.source for p in self.parts}
        danger = None
        if self.danger is not None:
            definition = self.danger.session.definition
            forms[definition.sha256] = definition.source
            danger = {
                "part": self.danger.part, "sha256": definition.sha256,
                "snapshot": self.danger.session.snapshot().to_json(),
            }  # fmt: skip
        return DraftContent(
            id=self.id,
            household=HouseholdId(self.household.id),
            page=self.page,
            started_at=self.started_at,
            persons=tuple(p.person.id for p in self.seen if p.person),
            amends=self.amends,
            forms=tuple(forms.items()),
            body={
                "on": encode(self.on), "place": self.place.value, "present": list(self.present),
                "unplanned": self.unplanned, "source": self.source.value, "reason": self.reason,
                "page": self.page, "focus": self.focus, "visited": sorted(self.visited),
                "twins_asked": self.twins_asked, "danger": danger, "parts": [_part_body(p) for p in self.parts],
                "followed": [encode(f) for f in self.followed.values()],
            },
        )  # fmt: skip

    def answers(self) -> "Answers":
        """What is to be signed: each part's entries and answers, frozen; of a correction only the parts that differ."""
        held = [p.answers() for p in self.seen]
        changed = [p for p, draft in zip(held, self.seen, strict=True) if p.print() != draft.original]
        parts = held if self.amends is None else [p for p in held if p.person is None or p in changed]
        return Answers(
            id=self.id, household=HouseholdId(self.household.id), on=self.on, started_at=self.started_at,
            place=self.place, present=tuple(self.present), unplanned=self.unplanned, source=self.source,
            amends=self.amends, reason=self.reason, parts=tuple(parts), changed=bool(changed),
            followed=tuple(self.followed.values()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """What was found and agreed at the last visit: Ordinary only. Grams and millimetres by person id."""

    on: date
    agreed: str = field(repr=False)
    growth: Mapping[str, tuple[Any, ...]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """A draft as it is sealed."""

    id: VisitId
    household: HouseholdId
    page: str
    started_at: datetime
    persons: tuple[str, ...]
    amends: VisitId | None
    forms: tuple[tuple[str, str], ...] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswers:
    """One part's answers: `entries` are (kind, {field: text}), in the unit of the field's name."""

    id: str
    person: PersonId | None
    facts: ChildFacts | None = field(repr=False)
    code: str | None
    form: FormUse
    entries: tuple[tuple[str, Mapping[str, str]], ...] = field(repr=False)
    typed: Mapping[str, str] = field(repr=False)
    answers: Mapping[str, str] = field(repr=False)
    looked: bool = False
    amends: str | None = None
    screen: str | None = None
    referral: str | None = None
    covered: tuple[str, ...] = ()

    def print(self) -> str:
        """The answers as one text, to see whether a correction changed anything."""
        return repr((sorted((k, sorted(f.items())) for k, f in self.entries), sorted(self.answers.items())))

    def fields(self, kind: str) -> Mapping[str, str]:
        """The fields of one entry; empty when it has none."""
        return next((fields for name, fields in self.entries if name == kind), {})

    def signs(self) -> dict[str, str]:
        """Danger sign code to yes, no, not_checked."""
        return {
            name.removeprefix(SIGN): value for name, value in self.fields("danger").items() if name.startswith(SIGN)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A whole visit ready to be signed. `changed` tells whether a correction changes any answer."""

    id: VisitId
    household: HouseholdId
    on: date
    started_at: datetime
    place: Place
    present: tuple[PersonId, ...]
    unplanned: str | None
    source: Source
    amends: VisitId | None
    reason: str | None
    parts: tuple[PartAnswers, ...] = field(repr=False)
    changed: bool = True
    followed: tuple[Followed, ...] = field(default=(), repr=False)


def entry_values(fields: Mapping[str, str]) -> dict[str, Any]:
    """A form's fields as an entry keeps them: signs and reasons together, counts as numbers, codes as lists."""
    values: dict[str, Any] = {}
    for name, text in fields.items():
        if name.startswith(SIGN):
            values.setdefault("signs", {})[name.removeprefix(SIGN)] = text
        elif name.endswith(WHY):
            values.setdefault("why_not", {})[name.removesuffix(WHY)] = text
        elif name in _SEVERAL:
            values[name] = text.split()
        else:
            values[name] = int(text) if name in _WHOLE else text
    return values


def form_fields(entry: Entry) -> dict[str, str]:
    """The inverse of `entry_values`: what `forms.mapping.fill` takes."""
    flat = {name: str(v) for name, v in entry.fields.items() if isinstance(v, str | int) and not isinstance(v, bool)}
    flat |= {f"{SIGN}{code}": answer for code, answer in entry.fields.get("signs", {}).items()}
    flat |= {f"{name}{WHY}": why for name, why in entry.fields.get("why_not", {}).items()}
    return flat | {name: " ".join(entry.fields[name]) for name in _SEVERAL if name in entry.fields}


def _hearing(session: FormSession, alone: str, now: datetime) -> FormSession:
    held = session.snapshot()
    prefill = tuple(
        (name, _with_cell(rows, "alone", alone) if name == "visit" else rows) for name, rows in held.prefill
    )
    if prefill == held.prefill:
        return session
    return FormSession.restore(session.definition, replace(held, prefill=prefill), now=now)


def _with_cell(
    rows: Iterable[tuple[tuple[str, str], ...]], column: str, text: str
) -> tuple[tuple[tuple[str, str], ...], ...]:
    return tuple(tuple((name, text if name == column else cell) for name, cell in row) for row in rows)


def _part_body(part: PartDraft) -> dict[str, Any]:
    return {
        "id": part.id, "person": part.person.id if part.person else None, "code": part.code, "form": part.form.name,
        "sha256": part.form.sha256, "snapshot": part.session.snapshot().to_json(), "seen": part.seen,
        "looked": part.looked, "amends": part.amends, "screen": part.screen, "referral": part.referral,
        "covered": list(part.covered), "original": part.original,
    }  # fmt: skip
