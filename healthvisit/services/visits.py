"""Draft, sign, amend, void a visit. A draft's form sessions belong to one screen; what travels here is frozen."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.ids import HouseholdId, PersonId, VisitId, WorkerId, new_record_id
from healthvisit.domain.measurement import Answer
from healthvisit.domain.person import Person, PersonKind
from healthvisit.domain.record import Kind, Privacy, encode
from healthvisit.domain.visit import Entry, FormUse, Place, Source, Visit, VisitPart
from healthvisit.forms import mapping
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession, Snapshot
from healthvisit.packs.pack import Pack
from healthvisit.services import caseload, contacts
from healthvisit.services.caseload import HouseholdLine, PersonLine
from healthvisit.services.measurements import ChildFacts, growth_entry
from healthvisit.store import drafts, people, visits
from healthvisit.store.unit_of_work import UnitOfWork

FAMILY_FORM, CHILD_FORM, MOTHER_FORM = "family", "child", "mother"
AFTER_BIRTH_DAYS = 42
CHILD_UNTIL_DAYS = 1856
_SENSITIVE_ENTRIES = frozenset({"danger"})
_SIGN = "sign."

Forms = Mapping[str, FormDefinition]


@dataclass(slots=True, kw_only=True)
class PartDraft:
    """One part being answered. `person` is None for the family's part. Used by one screen on the main thread only."""

    id: str
    person: PersonLine | None = field(repr=False)
    facts: ChildFacts | None
    code: str | None
    form: FormUse
    session: FormSession = field(repr=False)
    amends: str | None = None
    screen: str | None = None
    referral: str | None = None
    original: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(slots=True, kw_only=True)
class VisitDraft:
    """A visit being made. `page` names the page with focus as "part number/page name", `focus` the question's path."""

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

    def content(self) -> "DraftContent":
        """Everything as it stands, frozen, to be sealed."""
        parts = [
            {
                "id": p.id, "person": p.person.id if p.person else None, "code": p.code, "form": p.form.name,
                "sha256": p.form.sha256, "snapshot": p.session.snapshot().to_json(), "amends": p.amends,
                "screen": p.screen, "referral": p.referral, "original": p.original,
            }
            for p in self.parts
        ]  # fmt: skip
        return DraftContent(
            id=self.id,
            household=HouseholdId(self.household.id),
            page=self.page,
            started_at=self.started_at,
            persons=tuple(p.person.id for p in self.parts if p.person),
            amends=self.amends,
            forms=tuple({p.form.sha256: p.session.definition.source for p in self.parts}.items()),
            body={
                "on": encode(self.on), "place": self.place.value, "present": list(self.present),
                "unplanned": self.unplanned, "source": self.source.value, "reason": self.reason,
                "page": self.page, "focus": self.focus, "parts": parts,
            },
        )  # fmt: skip

    def answers(self) -> "Answers":
        """What is to be signed: each part's entries and answers, frozen."""
        parts = tuple(_part_answers(p) for p in self.parts)
        if self.amends is not None:
            parts = tuple(
                p for p, d in zip(parts, self.parts, strict=True) if d.person is None or p.as_original() != d.original
            )
        return Answers(
            id=self.id, household=HouseholdId(self.household.id), on=self.on, started_at=self.started_at,
            place=self.place, present=tuple(self.present), unplanned=self.unplanned, source=self.source,
            amends=self.amends, reason=self.reason, parts=parts,
        )  # fmt: skip


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
    amends: str | None = None
    screen: str | None = None
    referral: str | None = None

    def as_original(self) -> dict[str, Any]:
        """What an amended part is compared with."""
        return {"entries": [[kind, dict(fields)] for kind, fields in self.entries], "answers": dict(self.answers)}

    def signs(self) -> dict[str, str]:
        """Danger sign code to yes, no, not_checked."""
        return {
            name.removeprefix(_SIGN): value
            for kind, fields in self.entries
            if kind == "danger"
            for name, value in fields.items()
            if name.startswith(_SIGN)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A whole visit ready to be signed."""

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


def begin(
    work: UnitOfWork,
    pack: Pack,
    forms: Forms,
    household: str,
    *,
    today: date,
    on: date | None = None,
    language: str,
    unplanned: str | None = None,
    source: Source = Source.SCREEN,
) -> VisitDraft:
    """Open a visit: one part for the family and one for each person due (else each child), forms with frozen prefill.

    Raises:
        HealthvisitError: ``household.absent``.
    """
    on = on or today
    loaded = people.load_caseload(work, today=on, household=household)
    if household not in loaded.households:
        raise HealthvisitError("household.absent")
    line = caseload.household_line(loaded, pack, household, today=on)
    seen = [p for p in line.persons if _is_seen(p, line, on)]
    now = work.author.now
    last = _last_visit(work, household)
    context = _Context(work=work, pack=pack, forms=forms, on=on, language=language, source=source, last=last)
    parts = [context.part(None, FAMILY_FORM)]
    for person in seen:
        facts = _facts(loaded, person)
        form = CHILD_FORM if person.kind is PersonKind.CHILD else MOTHER_FORM
        state = "" if person.kind is PersonKind.CHILD else "pregnant" if person.pregnant else "after_birth"
        parts.append(context.part(person, form, facts=facts, state=state))
    return VisitDraft(
        id=VisitId(new_record_id(now)),
        household=line,
        on=on,
        started_at=now,
        parts=parts,
        present=[PersonId(p.id) for p in line.persons if p.id in (last.get("present") or [x.id for x in seen])],
        unplanned=unplanned,
        source=source,
    )


def save_draft(work: UnitOfWork, content: DraftContent) -> datetime:
    """Seal a draft and the forms it is made with. Returns when, for "Saved 14:12"."""
    now = work.author.now
    for sha256, source in content.forms:
        drafts.keep_form(work, sha256, source)
    listed = {
        "household": content.household, "started_at": content.started_at.isoformat(),
        "saved_at": now.isoformat(), "page": content.page, "persons": ",".join(content.persons),
        "amends": content.amends,
    }  # fmt: skip
    drafts.put_draft(work, content.id, listed=listed, content=content.body)
    return now


def resume(
    work: UnitOfWork, pack: Pack, forms: Forms, draft_id: str, *, load: Callable[[str], FormDefinition]
) -> VisitDraft:
    """Open a draft again at the question where it stood, with the very forms it was begun with.

    Raises:
        HealthvisitError: ``draft.absent``; ``form.absent`` when a kept form is gone.
    """
    body = drafts.find_draft(work, draft_id)
    rows = [d for d in drafts.list_drafts(work) if d["id"] == draft_id]
    if body is None or not rows:
        raise HealthvisitError("draft.absent")
    household = rows[0]["household"]
    on = date.fromisoformat(body["on"])
    loaded = people.load_caseload(work, today=on, household=household)
    line = caseload.household_line(loaded, pack, household, today=on)
    known = {p.id: p for p in line.persons}
    by_hash = {definition.sha256: definition for definition in forms.values()}
    parts = []
    for part in body["parts"]:
        definition = by_hash.get(part["sha256"])
        if definition is None:
            xml = drafts.find_form(work, part["sha256"])
            if xml is None:
                raise HealthvisitError("form.absent", sha256=part["sha256"])
            definition = by_hash[part["sha256"]] = load(xml)
        person = known.get(part["person"]) if part["person"] else None
        parts.append(
            PartDraft(
                id=part["id"], person=person, facts=_facts(loaded, person) if person else None, code=part["code"],
                form=FormUse(name=part["form"], sha256=part["sha256"]),
                session=FormSession.restore(
                    definition, Snapshot.from_json(part["snapshot"]), now=work.author.now
                ),
                amends=part["amends"], screen=part["screen"], referral=part["referral"], original=part["original"],
            )
        )  # fmt: skip
    return VisitDraft(
        id=VisitId(draft_id), household=line, on=on, started_at=datetime.fromisoformat(rows[0]["started_at"]),
        parts=parts, place=Place(body["place"]), present=[PersonId(p) for p in body["present"]],
        unplanned=body["unplanned"], source=Source(body["source"]), amends=rows[0]["amends"],
        reason=body["reason"], page=body["page"], focus=body["focus"],
    )  # fmt: skip


def drop_draft(work: UnitOfWork, draft_id: str) -> None:
    """The author throws a draft away; what was sealed on its own (a danger sign) stays."""
    drafts.end_draft(work, draft_id)


def sign_visit(work: UnitOfWork, pack: Pack, answers: Answers, *, today: date, clock_marked: bool = False) -> Visit:
    """Make the signed visit: its frame and parts are written with the draft's end in one transaction.

    Raises:
        InputError: ``visit.danger_without_referral`` naming the person's id; ``visit.reason_missing`` when an
            amending visit gives none; ``visit.nothing_changed``; ``visit.already_signed``; ``visit.in_future``.
        OutOfRangeError: A measure outside the hard limits.
    """
    if work.record(answers.id) is not None:
        raise InputError("visit.already_signed")
    if answers.on > today:
        raise InputError("visit.in_future")
    if answers.amends is not None and not answers.reason:
        raise InputError("visit.reason_missing")
    for part in answers.parts:
        _require_referral(pack, part)
    family, *rest = (_signed_part(pack, answers, part) for part in answers.parts)
    agreement = family.entry("agreement") or {}
    visit = Visit(
        id=answers.id,
        household=answers.household,
        worker=WorkerId(work.author.worker),
        on=answers.on,
        started_at=answers.started_at,
        pack=pack.name,
        family=family,
        parts=tuple(rest),
        place=answers.place,
        present=answers.present,
        unplanned=answers.unplanned,
        source=answers.source,
        typed_on=today if answers.source is Source.PAPER else None,
        signed_at=work.author.now,
        amends=answers.amends,
        reason=answers.reason,
        next_on=date.fromisoformat(agreement["next_on"]) if agreement.get("next_on") else None,
        clock_marked=clock_marked,
    )
    _put_visit(work, visit)
    if drafts.find_draft(work, answers.id) is not None:
        drafts.end_draft(work, answers.id)
    if visit.next_on is not None and visit.next_on > today:
        _agree_next(work, pack, visit, today)
    return visit


def visit_of(work: UnitOfWork, visit_id: str) -> Visit:
    """A signed visit with its parts, for reading or printing."""
    frame = work.get(Visit, visit_id)
    parts = [work.find(VisitPart, row.id) for row in visits.parts_of(work, [visit_id])]
    return replace(frame, parts=tuple(p for p in parts if p is not None))


def begin_amending(
    work: UnitOfWork, pack: Pack, forms: Forms, visit_id: str, *, today: date, language: str
) -> VisitDraft:
    """Open a signed visit for correction: the forms filled as they were signed. The old version stays."""
    visit = visit_of(work, visit_id)
    loaded = people.load_caseload(work, today=today, household=visit.household)
    line = caseload.household_line(loaded, pack, visit.household, today=today)
    known = {p.id: p for p in line.persons}
    context = _Context(work=work, pack=pack, forms=forms, on=visit.on, language=language, source=visit.source, last={})
    parts = []
    for part in (visit.family, *visit.parts):
        person = known.get(part.person) if part.person else None
        if part.person and person is None:
            continue
        opened = context.part(
            person, part.form.name, facts=_facts(loaded, person) if person else None,
            state=_state_of(person, part), code=part.code,
        )  # fmt: skip
        mapping.fill(opened.session, [(e.kind, _flat(e)) for e in part.entries], part.answers)
        opened.amends = part.id
        danger = part.entry("danger") or {}
        opened.screen, opened.referral = danger.get("screen"), danger.get("referral")
        opened.original = _part_answers(opened).as_original()
        parts.append(opened)
    return VisitDraft(
        id=VisitId(new_record_id(work.author.now)), household=line, on=visit.on, started_at=visit.started_at,
        parts=parts, place=visit.place, present=list(visit.present), unplanned=visit.unplanned,
        source=visit.source, amends=visit.id,
    )  # fmt: skip


def move_visit(
    work: UnitOfWork, pack: Pack, visit_id: str, household: HouseholdId, persons: Mapping[PersonId, PersonId],
    *, today: date,
) -> Visit:  # fmt: skip
    """A visit recorded for the wrong child: it is void and points to a second one, scored anew for the right child.

    Args:
        work: A writing unit of work.
        pack: Its limits and scores.
        visit_id: The visit recorded for the wrong family.
        household: The family it belongs to.
        persons: Each person of the old visit to the one who was really seen.
        today: Local calendar day.
    """
    old = visit_of(work, visit_id)
    now = work.author.now
    new_id = VisitId(new_record_id(now))
    loaded = people.load_caseload(work, today=today, household=household)
    line = caseload.household_line(loaded, pack, household, today=today)
    known = {p.id: p for p in line.persons}
    parts = []
    for part in old.parts:
        person = persons.get(part.person) if part.person else None
        if person is None or person not in known:
            continue
        contact = known[person].contact
        moved = replace(
            part, id=new_record_id(now), visit=new_id, person=person, code=contact.code if contact else None
        )
        parts.append(_rescored(pack, moved, _facts(loaded, known[person]), old.on))
    if not parts:
        raise InputError("visit.nobody_to_move_to")
    new = replace(
        old, id=new_id, household=household, parts=tuple(parts), present=tuple(persons.values()),
        family=replace(old.family, id=new_record_id(now), visit=new_id, amends=None),
        signed_at=now, amends=None, reason="wrong_child",
    )  # fmt: skip
    _put_visit(work, new)
    for part in old.parts:
        work.void(part.id)
    work.void(old.id, replaced_by=new.id)
    return new


def _put_visit(work: UnitOfWork, visit: Visit) -> None:
    work.put(Kind.VISIT, visit.id, replace(visit, parts=()), subject=visit.household, form=visit.family.form.sha256)
    for part in visit.parts:
        work.put(Kind.VISIT_PART, part.id, part, subject=part.person, form=part.form.sha256)


def _part_answers(part: PartDraft) -> PartAnswers:
    mapped = mapping.entries(part.session)
    typed = {name: text for entry in mapped.entries for name, text in entry.typed.items()}
    return PartAnswers(
        id=part.id, person=PersonId(part.person.id) if part.person else None, facts=part.facts, code=part.code,
        form=part.form, entries=tuple((e.name, e.fields) for e in mapped.entries), typed=typed,
        answers=mapped.answers, amends=part.amends, screen=part.screen, referral=part.referral,
    )  # fmt: skip


def _signed_part(pack: Pack, answers: Answers, part: PartAnswers) -> VisitPart:
    entries = []
    for kind, fields in part.entries:
        values: Any = dict(fields)
        if kind == "growth" and part.facts is not None:
            values = encode(growth_entry(pack, part.facts, fields, on=answers.on, typed=part.typed))
        elif kind == "danger":
            values = {name: value for name, value in fields.items() if not name.startswith(_SIGN)}
            values |= {"signs": part.signs(), "screen": part.screen, "referral": part.referral}
            values = {name: value for name, value in values.items() if value is not None}
        privacy = Privacy.SENSITIVE if kind in _SENSITIVE_ENTRIES else Privacy.ORDINARY
        entries.append(Entry(kind=kind, privacy=privacy.value, fields=values))
    return VisitPart(
        id=part.id if part.amends is None else _amending_id(part), visit=answers.id, person=part.person,
        form=part.form, code=part.code, entries=tuple(entries), answers=dict(part.answers), amends=part.amends,
    )  # fmt: skip


def _amending_id(part: PartAnswers) -> str:
    return part.id


def _require_referral(pack: Pack, part: PartAnswers) -> None:
    """A visit with a positive sign holds a referral or a recorded refusal, or it is not signed."""
    if part.person is None or part.referral is not None:
        return
    urgent = {d.code for d in pack.dangers if d.urgency == "now"}
    positive = {code for code, answer in part.signs().items() if answer == Answer.YES}
    if positive & urgent or measured_dangers(pack, part):
        raise InputError("visit.danger_without_referral", person=part.person)


def measured_dangers(pack: Pack, part: PartAnswers) -> list[str]:
    """Codes of urgent signs that the numbers of a part say: temperature, breaths, severe wasting, oedema."""
    fields = {name: value for kind, entry in part.entries if kind == "danger" for name, value in entry.items()}
    age = part.facts.age_days(date.min) if part.facts is None else None
    del age
    return pack.measured_dangers(
        temperature_c10=int(fields["temperature_c10"]) if fields.get("temperature_c10") else None,
        breaths=int(fields["breaths"]) if fields.get("breaths") else None,
        age_days=None,
    )


def _agree_next(work: UnitOfWork, pack: Pack, visit: Visit, today: date) -> None:
    assert visit.next_on is not None
    loaded = people.load_caseload(work, today=today, household=visit.household)
    for person in visit.persons:
        ahead = caseload.household_line(loaded, pack, visit.household, today=today)
        line = next((p for p in ahead.persons if p.id == person), None)
        if line is not None and line.contact is not None:
            contacts.agree_day(work, person, line.contact.code, visit.next_on)


def _rescored(pack: Pack, part: VisitPart, facts: ChildFacts | None, on: date) -> VisitPart:
    entries = []
    for entry in part.entries:
        fields = entry.fields
        if entry.kind == "growth" and facts is not None:
            fields = encode(growth_entry(pack, facts, _flat(entry), on=on, typed=fields.get("typed", {})))
        entries.append(replace(entry, fields=fields))
    return replace(part, entries=tuple(entries))


def _flat(entry: Entry) -> dict[str, str]:
    """An entry's fields as a form takes them: texts, signs and reasons each a field of its own."""
    flat = {name: str(v) for name, v in entry.fields.items() if isinstance(v, str | int) and not isinstance(v, bool)}
    flat |= {f"{_SIGN}{code}": answer for code, answer in entry.fields.get("signs", {}).items()}
    flat |= {f"{name}_why": why for name, why in entry.fields.get("why_not", {}).items()}
    return flat


def _is_seen(person: PersonLine, line: HouseholdLine, on: date) -> bool:
    if person.died_on is not None:
        return False
    if person.kind is PersonKind.ADULT:
        return person.pregnant or (person.role == "mother" and _youngest_days(line, on) <= AFTER_BIRTH_DAYS)
    if any(p.is_due and p.kind is PersonKind.CHILD for p in line.persons):
        return person.is_due
    return person.born_on is None or (on - person.born_on).days <= CHILD_UNTIL_DAYS


def _youngest_days(line: HouseholdLine, on: date) -> int:
    ages = [(on - p.born_on).days for p in line.persons if p.kind is PersonKind.CHILD and p.born_on and not p.died_on]
    return min((a for a in ages if a >= 0), default=1 << 20)


def _state_of(person: PersonLine | None, part: VisitPart) -> str:
    if person is None or person.kind is PersonKind.CHILD:
        return ""
    return part.answers.get("state", "pregnant" if person.pregnant else "after_birth")


def _facts(loaded: people.Caseload, person: PersonLine) -> ChildFacts | None:
    if person.kind is not PersonKind.CHILD:
        return None
    birth = loaded.births.get(person.id)
    return ChildFacts(
        sex=person.sex, born_on=person.born_on, born_precision=person.born_precision,
        gestation_days=birth.gestation_days if birth else None,
    )  # fmt: skip


def _last_visit(work: UnitOfWork, household: str) -> dict[str, Any]:
    rows = [r for r in visits.visits_of(work, household) if not r.void]
    if not rows:
        return {}
    frame = work.find(Visit, rows[0].id)
    return {} if frame is None else {
        "on": frame.on, "present": list(frame.present), "agreed": rows[0].agreed,
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What opening a part needs."""

    work: UnitOfWork
    pack: Pack
    forms: Forms
    on: date
    language: str
    source: Source
    last: Mapping[str, Any] = field(repr=False)

    def part(
        self, person: PersonLine | None, form: str, *, facts: ChildFacts | None = None, state: str = "",
        code: str | None = None,
    ) -> PartDraft:  # fmt: skip
        definition = self.forms[form]
        if code is None and person is not None and person.is_due and person.contact is not None:
            code = person.contact.code
        session = FormSession.open(
            definition, language=self.language, now=self.work.author.now, prefill=self._prefill(person, facts, state)
        )
        return PartDraft(
            id=new_record_id(self.work.author.now), person=person, facts=facts, code=code,
            form=FormUse(name=form, sha256=definition.sha256), session=session,
        )  # fmt: skip

    def _prefill(
        self, person: PersonLine | None, facts: ChildFacts | None, state: str
    ) -> dict[str, list[dict[str, str]]]:
        last = {"on": encode(self.last["on"]) if self.last else "", "agreed": self.last.get("agreed", "")}
        about = {"age_days": "", "sex": "", "kind": "", "state": state}
        if person is not None:
            age = facts.age_days(self.on) if facts else None
            about |= {"sex": person.sex, "kind": person.kind.value, "age_days": "" if age is None else str(age)}
            points = visits.growth_of(self.work, person.id)
            if points:
                last |= _last_measures(points[-1])
        visit = {"today": self.on.isoformat(), "source": self.source.value}
        return {"person": [about], "visit": [visit], "last": [last]}


def _last_measures(point: visits.GrowthPoint) -> dict[str, str]:
    return {
        "weight_kg": "" if point.weight_g is None else f"{point.weight_g / 1000:.2f}",
        "length_cm": "" if point.length_mm is None else f"{point.length_mm / 10:.1f}",
        "head_cm": "" if point.head_mm is None else f"{point.head_mm / 10:.1f}",
        "measured_on": point.on.isoformat(),
    }


__all__ = [
    "Answers",
    "DraftContent",
    "PartAnswers",
    "PartDraft",
    "Person",
    "VisitDraft",
    "begin",
    "begin_amending",
    "drop_draft",
    "json",
    "measured_dangers",
    "move_visit",
    "resume",
    "save_draft",
    "sign_visit",
    "visit_of",
]  # fmt: skip
