"""Sign a visit: answers become typed entries, frame and parts are written with the draft's end in one transaction."""

from dataclasses import replace
from datetime import date
from typing import TypeVar

from healthvisit.domain.attachment import named_by
from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.ids import PersonId, WorkerId
from healthvisit.domain.measurement import Answer, Growth
from healthvisit.domain.person import PersonKind
from healthvisit.domain.record import Kind, Privacy, decode, encode
from healthvisit.domain.visit import Entry, Source, Visit, VisitPart
from healthvisit.packs.pack import Group, Pack
from healthvisit.services import contacts, development_visit, lines
from healthvisit.services.measurements import growth_entry
from healthvisit.services.visit_draft import Answers, PartAnswers, entry_values
from healthvisit.store import drafts, files, people, visits
from healthvisit.store.unit_of_work import UnitOfWork

_SENSITIVE_ENTRIES = frozenset({"danger"})
_Read = TypeVar("_Read", Visit, VisitPart)


def sign_visit(work: UnitOfWork, pack: Pack, answers: Answers, *, today: date, clock_marked: bool = False) -> Visit:
    """Make the signed visit.

    Raises:
        InputError: ``visit.already_signed``; ``visit.in_future``; ``visit.before_birth``; ``visit.reason_missing`` and
            ``visit.nothing_changed`` of a correction; ``visit.danger_without_referral`` naming the person's id.
        OutOfRangeError: ``measurement.out_of_range`` for a measure outside the hard limits.
    """
    if work.record(answers.id) is not None:
        raise InputError("visit.already_signed")
    if answers.on > today:
        raise InputError("visit.in_future")
    if answers.amends is not None and not answers.reason:
        raise InputError("visit.reason_missing")
    if answers.amends is not None and not answers.changed:
        raise InputError("visit.nothing_changed")
    for part in answers.parts:
        born_on = part.facts.born_on if part.facts else None
        if born_on is not None and born_on > answers.on:
            raise InputError("visit.before_birth", person=part.person)
        if not set(positive_signs(pack, part, on=answers.on)) <= set(part.covered):
            raise InputError("visit.danger_without_referral", person=part.person)
    family, *rest = parts_of(pack, answers)
    next_on = (family.entry("agreement") or {}).get("next_on")
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
        next_on=date.fromisoformat(next_on) if next_on else None,
        clock_marked=clock_marked,
    )
    put_visit(work, visit)
    development_visit.follow(work, answers.followed, on=answers.on, today=today)
    if drafts.find_draft(work, answers.id) is not None:
        drafts.end_draft(work, answers.id)
    _agree_next(work, pack, visit, today)
    return visit


def parts_of(pack: Pack, answers: Answers) -> tuple[VisitPart, ...]:
    """The parts as they would be signed, the family's first; pure, so that "check" shows what will be stored.

    Raises:
        OutOfRangeError: As `sign_visit`.
    """
    family, *rest = (_part(pack, answers, part) for part in answers.parts)
    said = development_visit.entry_of(answers.followed)
    return (replace(family, entries=(*family.entries, said)) if said else family, *rest)


def positive_signs(pack: Pack, part: PartAnswers, *, on: date) -> tuple[str, ...]:
    """Codes of the danger signs that answers and numbers of a part say are there, urgent or for the same day."""
    if part.person is None:
        return ()
    said = [code for code, answer in part.signs().items() if answer == Answer.YES]
    danger = part.fields("danger")
    temperature, breaths = (_number(danger.get(name)) for name in ("temperature_c10", "breaths"))
    if part.facts is not None:
        wlz = None
        growth = part.fields("growth")
        if growth:
            score = growth_entry(pack, part.facts, growth, on=on, typed={}).score("weight_for_length")
            wlz = None if score is None or score.flagged else score.z
        oedema = growth.get("oedema") == Answer.YES
        measured = pack.measured_dangers(
            part.facts.age_days(on),
            temperature,
            breaths,
            oedema=oedema,
            wlz=wlz,
            muac_mm=_number(growth.get("muac_mm")),
        )
    else:
        group = mothers_group(pack, part)
        measured = pack.mother_dangers(
            group, temperature_c10=temperature, systolic=_number(danger.get("systolic")),
            diastolic=_number(danger.get("diastolic")), signs=said,
        )  # fmt: skip
    return tuple(dict.fromkeys((*said, *measured)))


def mothers_group(pack: Pack, part: PartAnswers) -> Group:
    """Which of her lists a mother was asked."""
    codes = {s.code for s in pack.dangers_of(Group.PREGNANT)}
    return Group.PREGNANT if codes & part.signs().keys() else Group.AFTER_BIRTH


def put_visit(work: UnitOfWork, visit: Visit) -> None:
    """Write the frame with the family's part, and each person's part."""
    work.put(Kind.VISIT, visit.id, replace(visit, parts=()), subject=visit.household, form=visit.family.form.sha256)
    for part in visit.parts:
        work.put(Kind.VISIT_PART, part.id, part, subject=part.person, form=part.form.sha256)
    for part in (visit.family, *visit.parts):
        files.sign(work, named_by(part.answers.values()))


def visit_of(work: UnitOfWork, visit_id: str, *, void: bool = False) -> Visit:
    """A signed visit with its parts as they stand: of a correction also the parts that it left as they were.

    Args:
        work: A unit of work.
        visit_id: Which.
        void: Read it though it is void, to be shown and never to be gone on with.

    Raises:
        HealthvisitError: ``record.absent``, also for a void one unless asked for.
    """
    frame = _read(work, Visit, visit_id, void=void)
    if frame is None:
        raise HealthvisitError("record.absent", record=visit_id)
    parts: dict[str, VisitPart] = {}
    at: Visit | None = frame
    while at is not None:
        for row in visits.parts_of(work, [at.id]):
            part = _read(work, VisitPart, row.id, void=void)
            if part is not None and part.person is not None:
                parts.setdefault(part.person, part)
        at = _read(work, Visit, at.amends, void=void) if at.amends else None
    return replace(frame, parts=tuple(parts.values()))


def _read(work: UnitOfWork, cls: type[_Read], record_id: str, *, void: bool) -> _Read | None:
    record = work.record(record_id)
    if record is None or (record.void and not void):
        return None
    return decode(cls, {**record.body, "id": record_id})


def _part(pack: Pack, answers: Answers, part: PartAnswers) -> VisitPart:
    entries = []
    for kind, fields in part.entries:
        values = entry_values(fields)
        if kind == "growth" and part.facts is not None:
            values = encode(growth_entry(pack, part.facts, fields, on=answers.on, typed=part.typed))
        elif kind == "danger":
            values |= {"looked_for_each": True} if part.looked and Answer.YES not in part.signs().values() else {}
            values |= {"screen": part.screen, "referral": part.referral} if part.referral else {}
        privacy = Privacy.SENSITIVE if kind in _SENSITIVE_ENTRIES else Privacy.ORDINARY
        entries.append(Entry(kind=kind, privacy=privacy.value, fields=values))
    return VisitPart(
        id=part.id, visit=answers.id, person=part.person, form=part.form, on=answers.on, code=part.code,
        entries=tuple(entries), answers=dict(part.answers), amends=part.amends,
    )  # fmt: skip


def growth_of(part: VisitPart) -> Growth | None:
    """The growth entry of a part."""
    fields = part.entry("growth")
    return None if fields is None else decode(Growth, fields)


def _agree_next(work: UnitOfWork, pack: Pack, visit: Visit, today: date) -> None:
    """The day agreed with the family becomes the day of each seen child's next contact."""
    if visit.next_on is None or visit.next_on <= today:
        return
    loaded = people.load_caseload(work, today=today, households=(visit.household,))
    for person in lines.household_line(loaded, pack, visit.household, today=today).persons:
        if person.id in visit.persons and person.kind is PersonKind.CHILD and person.contact is not None:
            contacts.agree_day(work, PersonId(person.id), person.contact.code, visit.next_on)


def _number(text: str | None) -> int | None:
    return int(text) if text else None
