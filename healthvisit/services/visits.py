"""Begin a visit, keep its draft, open it again. A draft's form sessions belong to one screen; what is saved is frozen.

Signing is in `signing`, correcting and moving in `amending`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.ids import PersonId, VisitId, new_record_id
from healthvisit.domain.person import PersonKind
from healthvisit.domain.record import decode
from healthvisit.domain.visit import FormUse, Place, Source, Visit
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession, Snapshot
from healthvisit.packs.pack import Pack
from healthvisit.services import dues, lines
from healthvisit.services.development_visit import Followed
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.services.measurements import ChildFacts, limit_for
from healthvisit.services.visit_draft import DangerDraft, DraftContent, LastTime, PartDraft, VisitDraft
from healthvisit.store import drafts, people, visits
from healthvisit.store.people import Caseload
from healthvisit.store.unit_of_work import UnitOfWork

FAMILY_FORM, CHILD_FORM, MOTHER_FORM, DANGER_FORM = "family", "child", "mother", "danger"
AFTER_BIRTH_DAYS = 42
CHILD_UNTIL_DAYS = 1856

Forms = Mapping[str, FormDefinition]


def begin(
    work: UnitOfWork,
    pack: Pack,
    forms: Forms,
    household: str,
    *,
    on: date,
    language: str,
    unplanned: str | None = None,
    source: Source = Source.SCREEN,
) -> VisitDraft:
    """Open a visit: one part for the family and one for each child and for a mother with a form of her own.

    Those due (else every child) are marked as seen; the screen can change that. Prefill is frozen here. A mother who is
    not asked any more has a part that is not seen: a danger sign may be hers all the same.

    Args:
        work: A unit of work; nothing is written.
        pack: Schedule and names.
        forms: The forms by name.
        household: The family.
        on: Local calendar day of the visit: today, or an earlier one for a visit keyed in from paper.
        language: In which the questions are worded.
        unplanned: Code of the reason for a visit that no schedule asked for.
        source: Screen or paper.

    Raises:
        HealthvisitError: ``household.absent``.
    """
    loaded, line = household_on(work, pack, household, on)
    now = work.author.now
    opening = Opening(
        work=work, pack=pack, forms=forms, loaded=loaded, line=line, on=on, language=language, source=source
    )
    parts = [opening.part(None, FAMILY_FORM)]
    for person in line.persons:
        form = form_of(person, line, on) or (MOTHER_FORM if person is line.mother else None)
        if form is not None:
            parts.append(opening.part(person, form))
    due = {p.person.id for p in parts if p.person and p.person.is_due}
    for part in parts:
        if part.person is not None:
            form = form_of(part.person, line, on)
            part.seen = form == MOTHER_FORM or (form is not None and (not due or part.person.id in due))
    seen = {p.person.id for p in parts if p.person and p.seen}
    usual = seen | {p.id for p in line.persons if p.kind is PersonKind.ADULT and p.id in opening.present_last}
    return VisitDraft(
        id=VisitId(new_record_id(now)),
        household=line,
        on=on,
        started_at=now,
        parts=parts,
        present=[PersonId(p.id) for p in line.persons if p.id in usual],
        unplanned=unplanned,
        source=source,
        last=opening.last_time,
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


def resume(work: UnitOfWork, pack: Pack, forms: Forms, draft_id: str, *, language: str = "") -> VisitDraft:
    """Open a draft again at the question where it stood, with the very forms it was begun with.

    Raises:
        HealthvisitError: ``draft.absent``; ``form.absent`` when a kept form is gone.
    """
    body = drafts.find_draft(work, draft_id)
    row = next((d for d in drafts.list_drafts(work) if d["id"] == draft_id), None)
    if body is None or row is None:
        raise HealthvisitError("draft.absent")
    on, source = date.fromisoformat(body["on"]), Source(body["source"])
    loaded, line = household_on(work, pack, row["household"], on)
    opening = Opening(
        work=work, pack=pack, forms=forms, loaded=loaded, line=line, on=on, language=language, source=source,
        without=row["amends"],
    )  # fmt: skip
    danger = body["danger"]
    return VisitDraft(
        id=VisitId(draft_id), household=line, on=on, started_at=datetime.fromisoformat(row["started_at"]),
        parts=[part for held in body["parts"] if (part := opening.restored(held)) is not None],
        place=Place(body["place"]), present=[PersonId(p) for p in body["present"]], unplanned=body["unplanned"],
        source=source, amends=row["amends"], reason=body["reason"], page=body["page"], focus=body["focus"],
        visited=set(body["visited"]), twins_asked=body["twins_asked"],
        danger=danger and DangerDraft(part=danger["part"], session=opening.session(danger)), last=opening.last_time,
        followed={one.referral: one for one in (decode(Followed, held) for held in body.get("followed", ()))},
    )  # fmt: skip


def draft_of(work: UnitOfWork, household: str, *, source: Source = Source.SCREEN, on: date | None = None) -> str | None:
    """The newest visit of a family that was begun in this way and not signed; corrections aside.

    Args:
        work: A unit of work.
        household: The family.
        source: A sheet half typed in is no visit to go on with in the room, and the other way round.
        on: The day of the visit, where it has to be that day's.
    """
    for row in drafts.list_drafts(work, household=household):
        body = drafts.find_draft(work, row["id"])
        same_way = row["amends"] is None and body is not None and body["source"] == source.value
        if same_way and body is not None and (on is None or body["on"] == on.isoformat()):
            return str(row["id"])
    return None


def drop_draft(work: UnitOfWork, draft_id: str) -> None:
    """The author throws a draft away; what was sealed on its own (a danger sign) stays."""
    drafts.end_draft(work, draft_id)


def household_on(work: UnitOfWork, pack: Pack, household: str, on: date) -> tuple[Caseload, HouseholdLine]:
    """A household as it stood on a day.

    Raises:
        HealthvisitError: ``household.absent``.
    """
    loaded = people.load_caseload(work, today=on, households=(household,))
    if household not in loaded.households:
        raise HealthvisitError("household.absent")
    return loaded, lines.household_line(loaded, pack, household, today=on)


def form_of(person: PersonLine, line: HouseholdLine, on: date) -> str | None:
    """The form a person is asked with; None for those who have none."""
    if person.died_on is not None:
        return None
    if person.kind is PersonKind.ADULT:
        after_birth = person.role == "mother" and _youngest_days(line, on) <= AFTER_BIRTH_DAYS
        return MOTHER_FORM if person.pregnant or after_birth else None
    days = 0 if person.born_on is None else (on - person.born_on).days
    return CHILD_FORM if 0 <= days <= CHILD_UNTIL_DAYS else None


def facts_of(loaded: Caseload, person: PersonLine | None) -> ChildFacts | None:
    """What z-scores need to know of a child; None for the family and for adults."""
    if person is None or person.kind is not PersonKind.CHILD:
        return None
    birth = loaded.births.get(person.id)
    return ChildFacts(
        sex=person.sex, born_on=person.born_on, born_precision=person.born_precision,
        gestation_days=birth.gestation_days if birth else None, birth_weight_g=birth.weight_g if birth else None,
    )  # fmt: skip


def _youngest_days(line: HouseholdLine, on: date) -> int:
    ages = [(on - p.born_on).days for p in line.persons if p.kind is PersonKind.CHILD and p.born_on and not p.died_on]
    return min((a for a in ages if a >= 0), default=1 << 20)


@dataclass(slots=True, kw_only=True)
class Opening:
    """What opening the parts of one visit needs; lives as long as the deed. `without` is the visit being corrected."""

    work: UnitOfWork
    pack: Pack
    forms: Forms
    loaded: Caseload = field(repr=False)
    line: HouseholdLine = field(repr=False)
    on: date
    language: str
    source: Source
    without: str | None = None
    present_last: tuple[str, ...] = ()
    last_time: LastTime | None = field(default=None, init=False, repr=False)
    _kept: dict[str, FormDefinition] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._kept = {definition.sha256: definition for definition in self.forms.values()}
        growth = {
            p.id: tuple(g for g in visits.growth_of(self.work, p.id) if g.visit != self.without and g.on <= self.on)
            for p in self.line.persons
            if p.kind is PersonKind.CHILD
        }
        rows = [r for r in visits.visits_of(self.work, self.line.id) if not r.void and r.on <= self.on]
        rows = [r for r in rows if r.id != self.without]
        frame = self.work.find(Visit, rows[0].id) if rows else None
        if frame is not None:
            self.present_last = frame.present
            agreed = (frame.family.entry("agreement") or {}).get("agreed", "")
            self.last_time = LastTime(on=frame.on, agreed=agreed, growth=growth)
        elif any(growth.values()):
            newest = max(points[-1].on for points in growth.values() if points)
            self.last_time = LastTime(on=newest, agreed="", growth=growth)

    def part(self, person: PersonLine | None, form: str, *, code: str | None = None) -> PartDraft:
        """A part opened anew, its form told what is known."""
        definition = self.forms[form]
        facts = facts_of(self.loaded, person)
        if code is None and person is not None and person.is_due and person.contact is not None:
            code = person.contact.code
        session = FormSession.open(
            definition, language=self.language, now=self.work.author.now, prefill=self._prefill(person, facts)
        )
        return PartDraft(
            id=new_record_id(self.work.author.now), person=person, facts=facts, code=code,
            form=FormUse(name=form, sha256=definition.sha256), session=session,
        )  # fmt: skip

    def restored(self, held: Mapping[str, Any]) -> PartDraft | None:
        """A part as it was left; None when its person is no longer of this household."""
        person = next((p for p in self.line.persons if p.id == held["person"]), None)
        if held["person"] and person is None:
            return None
        return PartDraft(
            id=held["id"], person=person, facts=facts_of(self.loaded, person), code=held["code"],
            form=FormUse(name=held["form"], sha256=held["sha256"]), session=self.session(held), seen=held["seen"],
            looked=held["looked"], amends=held["amends"], screen=held["screen"], referral=held["referral"],
            covered=tuple(held["covered"]), original=held["original"],
        )  # fmt: skip

    def session(self, held: Mapping[str, Any]) -> FormSession:
        """A form as it was left, by the very definition it was begun with."""
        sha256 = held["sha256"]
        if sha256 not in self._kept:
            xml = drafts.find_form(self.work, sha256)
            if xml is None:
                raise HealthvisitError("form.absent", sha256=sha256)
            self._kept[sha256] = FormDefinition.load(xml)
        return FormSession.restore(self._kept[sha256], Snapshot.from_json(held["snapshot"]), now=self.work.author.now)

    def _prefill(self, person: PersonLine | None, facts: ChildFacts | None) -> dict[str, list[dict[str, str]]]:
        last = {"on": "", "agreed": "", "weight_kg": "", "length_cm": "", "head_cm": ""}
        if self.last_time is not None:
            last |= {"on": self.last_time.on.isoformat(), "agreed": self.last_time.agreed}
            points = self.last_time.growth.get(person.id, ()) if person else ()
            last |= _last_measures(points[-1]) if points else {}
        visit = {
            "today": self.on.isoformat(), "source": self.source.value, "alone": "", "next_on": self._next_day(),
        }  # fmt: skip
        about = _about(person, facts, self.on) | _limits(self.pack, facts, self.on)
        return {"person": [about], "visit": [visit], "last": [last]}

    def _next_day(self) -> str:
        """The day the schedule proposes for the next visit: nobody's clinical answer, so it may stand there."""
        days = [
            contact.target_on
            for person in self.line.persons
            for contact in dues.person_contacts(self.loaded, self.pack, person.id, today=self.on)
            if contact.target_on > self.on
            and (person.contact is None or contact.code != person.contact.code or not person.is_due)
        ]
        return min(days).isoformat() if days else ""


def danger_prefill(part: PartDraft, *, alone: str, on: date) -> dict[str, list[dict[str, str]]]:
    """What the form of "Danger now" is told of a person."""
    return {"person": [_about(part.person, part.facts, on)], "visit": [{"alone": alone}]}


def _about(person: PersonLine | None, facts: ChildFacts | None, on: date) -> dict[str, str]:
    if person is None:
        return {"age_days": "", "sex": "", "kind": "", "state": ""}
    age = facts.age_days(on) if facts else None
    state = "" if person.kind is PersonKind.CHILD else "pregnant" if person.pregnant else "after_birth"
    return {"sex": person.sex, "kind": person.kind.value, "state": state, "age_days": "" if age is None else str(age)}


def _limits(pack: Pack, facts: ChildFacts | None, on: date) -> dict[str, str]:
    """What the form refuses, by the same limits as the domain."""
    if facts is None:
        return {}
    weight, length = (limit_for(pack, name, facts, on=on) for name in ("weight_g", "length_mm"))
    told = {}
    if weight is not None:
        told = {"weight_low_g": str(weight.low), "weight_high_kg": str(weight.high // 1000)}
    return told | ({} if length is None else {"length_high_cm": str(length.high // 10)})


def _last_measures(point: visits.GrowthPoint) -> dict[str, str]:
    return {
        "weight_kg": "" if point.weight_g is None else f"{point.weight_g / 1000:.2f}",
        "length_cm": "" if point.length_mm is None else f"{point.length_mm / 10:.1f}",
        "head_cm": "" if point.head_mm is None else f"{point.head_mm / 10:.1f}",
    }
