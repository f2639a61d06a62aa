"""Find and list: the families, one family, one child. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from healthvisit.domain.names import strict_key
from healthvisit.domain.person import PersonKind
from healthvisit.domain.schedule import Contact
from healthvisit.packs.pack import Pack
from healthvisit.services import dues
from healthvisit.services.lines import HouseholdLine, PersonLine, household_line, line_of
from healthvisit.services.measurements import history
from healthvisit.services.today import FOLLOWED, draft_facts
from healthvisit.services.visits import facts_of
from healthvisit.store import drafts, people, visits
from healthvisit.store.unit_of_work import UnitOfWork
from healthvisit.store.visits import GrowthPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A search result; `exact` False means found by another spelling."""

    household: HouseholdLine = field(repr=False)
    person: PersonLine | None = field(repr=False)
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """One deed of the timeline. `sent` is None when the visit came from the office or another laptop."""

    id: str
    on: date
    worker: str = field(repr=False)
    codes: tuple[str, ...]
    persons: tuple[str, ...]
    source: str
    amends: str | None
    replaced: bool
    void: bool
    agreed: str = field(repr=False)
    next_on: date | None
    sent: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """One family: people, timeline, open referrals; `again` are (person, day) of children to be looked at again."""

    household: HouseholdLine = field(repr=False)
    timeline: tuple[VisitLine, ...] = field(repr=False)
    referrals: tuple[Mapping[str, object], ...] = field(repr=False)
    tasks: int
    growth: Mapping[str, tuple[GrowthPoint, ...]] = field(repr=False)
    again: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildView:
    """One child: facts, growth points oldest first, every contact with its state, visits.

    `growth_before` holds what a correction replaced: entries amended, and scores as they were signed where birth, sex
    or pregnancy were corrected since.
    """

    person: PersonLine = field(repr=False)
    household: HouseholdLine = field(repr=False)
    gestation_days: int | None = field(repr=False)
    birth_weight_g: int | None = field(repr=False)
    growth: tuple[GrowthPoint, ...] = field(repr=False)
    contacts: tuple[Contact, ...] = field(repr=False)
    visits: tuple[VisitLine, ...] = field(repr=False)
    growth_before: tuple[GrowthPoint, ...] = field(default=(), repr=False)


def families(work: UnitOfWork, pack: Pack, *, today: date) -> list[HouseholdLine]:
    """Every family of this laptop by name."""
    dues.bring_up_to_date(work, pack, today=today)
    known = dues.known_contacts(work, today=today)
    who = people.load_members(work, today=today)
    seen = visits.last_seen(work)
    lines = [line_of(who, home, known.get(home, {}), last_seen=seen.get(home)) for home in who.households]
    return sorted(lines, key=lambda line: (strict_key(line.name), line.number))


def search(work: UnitOfWork, pack: Pack, text: str, *, today: date) -> list[Found]:
    """People and families by any letters of a name, a phone or a number; exact spelling first."""
    typed = "".join(text.split())
    if len(typed) > 1 and len(strict_key(typed)) == 1:  # "zzzz" folds to one letter, which half the names hold
        return []
    matches = people.search(work, text)
    found = dict.fromkeys(m.household for m in matches)
    if not found:
        return []
    loaded = people.load_caseload(work, today=today, households=found)
    seen = visits.last_seen(work)
    lines = {
        h: household_line(loaded, pack, h, today=today, last_seen=seen.get(h)) for h in found if h in loaded.households
    }
    out = []
    for match in matches:
        if match.household not in lines:
            continue
        line = lines[match.household]
        person = next((p for p in line.persons if p.id == match.person), None)
        if match.person is None or person is not None:
            out.append(Found(household=line, person=person, exact=match.exact))
    return out


def family_view(work: UnitOfWork, pack: Pack, household: str, *, today: date) -> FamilyView | None:
    """One family; None when this laptop does not hold it."""
    loaded = people.load_caseload(work, today=today, households=(household,))
    if household not in loaded.households:
        return None
    drafted = [d for d in drafts.list_drafts(work, household=household) if d["amends"] is None]
    facts = draft_facts(drafted[0] if drafted else None)
    tasks = visits.open_tasks(work, household)
    line = household_line(loaded, pack, household, today=today, **facts)
    return FamilyView(
        household=line,
        timeline=tuple(timeline(work, household)),
        referrals=tuple(dict(r._mapping) for r in visits.referrals_of(work, household)),  # noqa: SLF001
        tasks=len([task for task in tasks if task.reason not in FOLLOWED]),
        again=tuple((task.person, task.due_on) for task in tasks if task.reason in FOLLOWED and task.person),
        growth={p.id: _growth(work, loaded, p)[0] for p in line.persons if p.kind is PersonKind.CHILD},
    )


def child_view(work: UnitOfWork, pack: Pack, person: str, *, today: date) -> ChildView | None:
    """One child; None when this laptop does not hold it."""
    home = people.home_of(work, person, today=today)
    if home is None:
        return None
    loaded = people.load_caseload(work, today=today, households=(home,))
    line = household_line(loaded, pack, home, today=today)
    birth = loaded.births.get(person)
    child = next(p for p in line.persons if p.id == person)
    now, before = _growth(work, loaded, child)
    return ChildView(
        person=child,
        household=line,
        gestation_days=birth.gestation_days if birth else None,
        birth_weight_g=birth.weight_g if birth else None,
        growth=now,
        growth_before=before,
        contacts=tuple(dues.person_contacts(loaded, pack, person, today=today)),
        visits=tuple(v for v in timeline(work, home) if person in v.persons),
    )


def _growth(
    work: UnitOfWork, loaded: people.Caseload, person: PersonLine
) -> tuple[tuple[GrowthPoint, ...], tuple[GrowthPoint, ...]]:
    ever, facts = visits.growth_ever(work, person.id), facts_of(loaded, person)
    return (tuple(p for p in ever if not p.replaced), ()) if facts is None else history(ever, facts)


def timeline(work: UnitOfWork, household: str) -> list[VisitLine]:
    """A family's visits, newest first; both versions of a corrected one."""
    rows = visits.visits_of(work, household)
    ids = [r.id for r in rows]
    parts = visits.parts_of(work, ids)
    sent = visits.sending_states(work, ids)
    amended = {r.amends for r in rows if r.amends and not r.void}
    return [
        VisitLine(
            id=r.id, on=r.on, worker=r.worker,
            codes=tuple(dict.fromkeys(p.code for p in parts if p.visit == r.id and p.code)),
            persons=tuple(p.person for p in parts if p.visit == r.id),
            source=r.source, amends=r.amends, replaced=r.id in amended, void=r.void, agreed=r.agreed,
            next_on=r.next_on, sent=(sent[r.id] is not None) if r.id in sent else None,
        )
        for r in rows
    ]  # fmt: skip


__all__ = [
    "ChildView",
    "FamilyView",
    "Found",
    "GrowthPoint",
    "VisitLine",
    "child_view",
    "families",
    "family_view",
    "search",
    "timeline",
]
