"""Correct a signed visit, or give one recorded for the wrong child to the right one. Nothing is overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, VisitId, new_record_id
from healthvisit.domain.record import Kind, encode
from healthvisit.domain.referral import DangerScreen, Referral, Task
from healthvisit.domain.visit import Visit, VisitPart
from healthvisit.forms import mapping
from healthvisit.packs.pack import Pack
from healthvisit.services.dangers import task_id
from healthvisit.services.development_visit import ENTRY, followed_in, take_back
from healthvisit.services.lines import HouseholdLine
from healthvisit.services.measurements import ChildFacts, growth_entry
from healthvisit.services.signing import put_visit, visit_of
from healthvisit.services.visit_draft import PartDraft, VisitDraft, form_fields
from healthvisit.services.visits import Forms, Opening, facts_of, household_on
from healthvisit.store import visits
from healthvisit.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedVisit:
    """A signed visit as it is read: with its household, and what became of it since.

    `replaced_by` is the correction of it, or of a `void` one the visit that stands in its place; `moved_to` then names
    that visit's family.
    """

    visit: Visit = field(repr=False)
    household: HouseholdLine = field(repr=False)
    before: Visit | None = field(default=None, repr=False)
    replaced_by: VisitId | None = None
    void: bool = False
    moved_to: HouseholdLine | None = field(default=None, repr=False)


def signed(work: UnitOfWork, pack: Pack, visit_id: str, *, today: date) -> SignedVisit:
    """A signed visit to read, with the version it corrects; one that is void still reads, and says what replaced it.

    Raises:
        HealthvisitError: ``record.absent``, ``household.absent``.
    """
    record = work.record(visit_id)
    is_void = record is not None and record.void
    visit = visit_of(work, visit_id, void=True)
    _loaded, line = household_on(work, pack, visit.household, today)
    before = visit_of(work, visit.amends, void=is_void) if visit.amends else None
    if record is not None and is_void:
        new = record.body.get("replaced_by")
        right = visit_of(work, new, void=True) if new and work.record(new) is not None else None
        moved_to = household_on(work, pack, right.household, today)[1] if right else None
        return SignedVisit(
            visit=visit, household=line, before=before, replaced_by=right.id if right else None, void=True,
            moved_to=moved_to,
        )  # fmt: skip
    later = next((r.id for r in visits.visits_of(work, visit.household) if r.amends == visit_id and not r.void), None)
    return SignedVisit(visit=visit, household=line, before=before, replaced_by=later and VisitId(later))


def parts_before(work: UnitOfWork, amends: str | None) -> tuple[VisitPart, ...]:
    """The parts of the visit that is being corrected, as they stand; none for a new visit."""
    if amends is None:
        return ()
    visit = visit_of(work, amends)
    return (visit.family, *visit.parts)


def begin_amending(work: UnitOfWork, pack: Pack, forms: Forms, visit_id: str, *, language: str) -> VisitDraft:
    """Open a signed visit for correction, in its newest version: the forms filled as they were signed.

    Raises:
        HealthvisitError: ``record.absent``, ``household.absent``.
    """
    visit = visit_of(work, _newest(work, visit_id))
    loaded, line = household_on(work, pack, visit.household, visit.on)
    opening = Opening(
        work=work, pack=pack, forms=forms, loaded=loaded, line=line, on=visit.on, language=language,
        source=visit.source, without=visit.id,
    )  # fmt: skip
    known = {p.id: p for p in line.persons}
    alone = (visit.family.entry("setting") or {}).get("alone", "")
    parts = []
    for part in (visit.family, *visit.parts):
        if part.person is None or part.person in known:
            opened = opening.part(known.get(part.person or ""), part.form.name, code=part.code)
            _fill(work, opened, part)
            opened.hear_alone(alone, now=work.author.now)
            opened.original = opened.answers().print()
            parts.append(opened)
    return VisitDraft(
        id=VisitId(new_record_id(work.author.now)), household=line, on=visit.on, started_at=visit.started_at,
        parts=parts, place=visit.place, present=list(visit.present), unplanned=visit.unplanned,
        source=visit.source, amends=visit.id, last=opening.last_time, visited=set(),
        followed={one.referral: one for one in followed_in(visit.family.entry(ENTRY))},
    )  # fmt: skip


def move_visit(
    work: UnitOfWork, pack: Pack, visit_id: str, household: HouseholdId, persons: Mapping[PersonId, PersonId]
) -> Visit:
    """A visit recorded for the wrong child: it is void and points to a second one, scored anew for the right child.

    Args:
        work: A writing unit of work.
        pack: Its limits and scores.
        visit_id: The visit recorded for the wrong family.
        household: The family it belongs to.
        persons: Each person of the old visit to the one who was really seen.

    Raises:
        InputError: ``visit.nobody_to_move_to``; ``visit.before_birth``.
    """
    old = visit_of(work, _newest(work, visit_id))
    now = work.author.now
    new_id = VisitId(new_record_id(now))
    loaded, line = household_on(work, pack, household, old.on)  # the contact it did is the one due on its own day
    known = {p.id: p for p in line.persons}
    parts = []
    for part in old.parts:
        person = persons.get(part.person) if part.person else None
        if person is None or person not in known:
            continue
        facts = facts_of(loaded, known[person])
        if facts is not None and facts.born_on is not None and facts.born_on > old.on:
            raise InputError("visit.before_birth", person=person)
        contact = known[person].contact
        moved = replace(
            part, id=new_record_id(now), visit=new_id, person=person, amends=None,
            code=contact.code if contact and known[person].is_due else None,
        )  # fmt: skip
        parts.append(_with_danger_moved(work, _rescored(pack, moved, facts, old.on), household))
    if not parts:
        raise InputError("visit.nobody_to_move_to")
    new = replace(
        old, id=new_id, household=household, parts=tuple(parts), present=tuple(persons.values()),
        family=replace(
            take_back(work, old.family, since=old.started_at), id=new_record_id(now), visit=new_id, amends=None
        ),
        signed_at=now, amends=None, reason="wrong_person",
    )  # fmt: skip
    put_visit(work, new)
    _void(work, old, new.id)
    return new


def _void(work: UnitOfWork, old: Visit, new: VisitId) -> None:
    """Every version of the old visit is void: none may come back as the one that counts."""
    at: str | None = old.id
    while at is not None:
        for row in visits.parts_of(work, [at]):
            work.void(row.id)
        earlier = work.find(Visit, at)
        work.void(at, replaced_by=new)
        at = earlier.amends if earlier else None


def _newest(work: UnitOfWork, visit_id: str) -> str:
    frame = work.get(Visit, visit_id)
    later = {r.amends: r.id for r in visits.visits_of(work, frame.household) if r.amends and not r.void}
    while visit_id in later:
        visit_id = later[visit_id]
    return visit_id


def _fill(work: UnitOfWork, opened: PartDraft, part: VisitPart) -> None:
    mapping.fill(opened.session, [(e.kind, form_fields(e)) for e in part.entries], part.answers)
    danger = part.entry("danger") or {}
    opened.amends = part.id if part.person else None
    opened.screen, opened.referral = danger.get("screen"), danger.get("referral")
    opened.looked = danger.get("looked_for_each", False)
    screen = work.find(DangerScreen, opened.screen) if opened.screen else None
    if screen is not None:
        opened.covered = tuple(code for code, answer in screen.signs.items() if answer == "yes")


def _rescored(pack: Pack, part: VisitPart, facts: ChildFacts | None, on: date) -> VisitPart:
    entries = []
    for entry in part.entries:
        fields = entry.fields
        if entry.kind == "growth" and facts is not None:
            fields = encode(growth_entry(pack, facts, form_fields(entry), on=on, typed=fields.get("typed", {})))
        entries.append(replace(entry, fields=fields))
    return replace(part, entries=tuple(entries))


def _with_danger_moved(work: UnitOfWork, part: VisitPart, household: HouseholdId) -> VisitPart:
    """A danger screen and its referral follow the child they were about."""
    danger = part.entry("danger") or {}
    referral = work.find(Referral, danger["referral"]) if danger.get("referral") else None
    if referral is None or part.person is None:
        return part
    now = work.author.now
    screen = work.find(DangerScreen, referral.screen) if referral.screen else None
    new_screen = None if screen is None else replace(
        screen, id=new_record_id(now), person=part.person, household=household
    )  # fmt: skip
    new = replace(
        referral, id=new_record_id(now), person=part.person, household=household,
        screen=new_screen.id if new_screen else None,
    )  # fmt: skip
    if screen is not None and new_screen is not None:
        work.put(Kind.DANGER_SCREEN, new_screen.id, new_screen, subject=part.person)
        work.void(screen.id, replaced_by=new_screen.id)
    work.put(Kind.REFERRAL, new.id, new, subject=part.person)
    work.void(referral.id, replaced_by=new.id)
    task = work.find(Task, task_id(referral.id))
    if task is not None:  # the child to be seen again is the one who was ill
        owed = replace(task, id=task_id(new.id), person=part.person, household=household)
        work.put(Kind.TASK, owed.id, owed, subject=part.person)
        work.void(task.id, replaced_by=owed.id)
    entries = tuple(
        replace(e, fields=e.fields | {"screen": new.screen, "referral": new.id}) if e.kind == "danger" else e
        for e in part.entries
    )
    return replace(part, entries=entries)
