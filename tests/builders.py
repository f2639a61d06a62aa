"""Real things for tests: a vault in a folder, families put in through the services, signed visits, a fixed clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from healthvisit.domain.household import Role
from healthvisit.domain.ids import HouseholdId, PersonId, VisitId, WorkerId, new_record_id
from healthvisit.domain.person import PersonKind, Sex
from healthvisit.domain.record import Kind, Privacy, encode
from healthvisit.domain.visit import Entry, FormUse, Visit, VisitPart
from healthvisit.packs import Pack, load
from healthvisit.services import families
from healthvisit.services.families import NewFamily, NewPerson
from healthvisit.services.measurements import ChildFacts, growth_entry
from healthvisit.settings import resource
from healthvisit.store import people
from healthvisit.store.unit_of_work import Store, UnitOfWork
from healthvisit.vault.keys import LOWEST
from healthvisit.vault.vault import Vault

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
PHRASE = "five words made for testing"
WORKER = "w1"
DEVICE = {"device": "ab" * 16, "inc": "01" * 8}
GARAGUM, AZATLYK, BAGT = "TM-M-GAR-01", "TM-M-GAR-02", "TM-M-GAR-03"
LONG_NAME = ("Gurbangeldiýewa", "Oguljemal", "Hojamyradowna")


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = NOW
    day: date = TODAY

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.day


def default_pack() -> Pack:
    """The pack the program ships."""
    return load(resource("packs/tm-default"))


def make_store(folder: Path, device: dict[str, str] | None = None) -> Store:
    """A new vault with its store; close it with `store.vault.close()`, or `store.close()` to seal the catalog too."""
    vault = Vault.create(folder, folder / "anchor", passphrase=PHRASE, label="W-01", cost=LOWEST)
    with vault.transaction():
        vault.put("state", "device", device or DEVICE)
    return Store.open(vault)


def reopen(folder: Path) -> Store:
    """The same vault after it was closed or its program killed."""
    return Store.open(Vault.open(folder, folder / "anchor", passphrase=PHRASE))


def a_mother(surname: str = "Myradowa", given_name: str = "Sona", **facts: object) -> NewPerson:
    """A mother; `facts` as in `NewPerson`, such as ``due_on``."""
    return NewPerson(
        kind=PersonKind.ADULT, sex=Sex.FEMALE, role=Role.MOTHER, surname=surname, given_name=given_name, **facts
    )


def a_child(
    given_name: str = "Aýna",
    born_on: date | None = date(2026, 7, 18),
    sex: Sex = Sex.FEMALE,
    surname: str = "Myradowa",
    **facts: object,
) -> NewPerson:
    """A child; without `given_name` and `surname` one not named yet."""
    return NewPerson(
        kind=PersonKind.CHILD,
        sex=sex,
        role=Role.CHILD,
        surname=surname,
        given_name=given_name,
        born_on=born_on,
        **facts,
    )


def register(
    store: Store,
    name: str = "Myradow",
    *children: NewPerson,
    mother: NewPerson | None = None,
    now: datetime = NOW,
    today: date | None = None,
    **facts: object,
) -> HouseholdId:
    """A family through the service, as if typed at `now`; Aýna, 4 months old, and her mother when nobody is named."""
    people_in = children or ((a_child(),) if mother is None else ())
    family = NewFamily(
        name=name,
        children=tuple(people_in),
        mother=mother or a_mother(surname=name + "a"),
        **({"place": GARAGUM, "address": "Azatlyk 14", "phone": "65123456", "may_ring": True} | facts),
    )
    with store.unit(worker=WORKER, now=now) as work:
        return families.register_family(work, family, today=today or now.date())


def persons_of(store: Store, household: str, *, today: date = TODAY) -> dict[str, PersonId]:
    """Given name to id ("" for one not named yet) of a family's people."""
    with store.reading(worker=WORKER, now=NOW) as work:
        loaded = people.load_caseload(work, today=today, households=(household,))
        return {row.given_name: PersonId(row.id) for row in loaded.persons.values()}


def sign_visit(  # noqa: PLR0913 -- a visit has so many facts
    work: UnitOfWork,
    household: str,
    on: date,
    seen: dict[str, dict[str, str]],
    *,
    code: str | None = None,
    agreed: str = "",
    next_on: date | None = None,
    amends: VisitId | None = None,
    part_amends: str | None = None,
) -> VisitId:
    """A signed visit put straight into the store, without a form.

    Args:
        work: A writing unit of work.
        household: The family.
        on: The day; signed at noon UTC.
        seen: Person id to growth fields (``weight_g``, ``length_mm``, ``posture``, ``head_mm``), empty for none.
        code: The contact that was done, for everybody seen.
        agreed: What was agreed with the family.
        next_on: The next day agreed.
        amends: The visit this one corrects.
        part_amends: The part of it that is corrected.
    """
    pack, noon = default_pack(), datetime.combine(on, time(12), tzinfo=UTC)
    loaded = people.load_caseload(work, today=on, households=(household,))
    visit_id = VisitId(new_record_id(work.author.now))
    parts = []
    for person, fields in seen.items():
        row, birth = loaded.persons[person], loaded.births.get(person)
        facts = ChildFacts(sex=row.sex, born_on=row.born_on, gestation_days=birth.gestation_days if birth else None)
        entries = ()
        if fields:
            growth = growth_entry(pack, facts, fields, on=on, typed={})
            entries = (Entry(kind="growth", privacy=Privacy.ORDINARY.value, fields=encode(growth)),)
        parts.append(
            VisitPart(
                id=new_record_id(work.author.now),
                visit=visit_id,
                person=PersonId(person),
                code=code,
                form=FormUse(name="child", sha256="0" * 64),
                entries=entries,
                amends=part_amends,
            )
        )
    agreement = {"agreed": agreed} if agreed else {}
    family = VisitPart(
        id=new_record_id(work.author.now),
        visit=visit_id,
        person=None,
        form=FormUse(name="family", sha256="0" * 64),
        entries=(Entry(kind="agreement", privacy=Privacy.ORDINARY.value, fields=agreement),) if agreement else (),
    )
    visit = Visit(
        id=visit_id,
        household=HouseholdId(household),
        worker=WorkerId(WORKER),
        on=on,
        started_at=noon,
        signed_at=noon,
        pack=pack.name,
        family=family,
        next_on=next_on,
        amends=amends,
    )
    work.put(Kind.VISIT, visit_id, visit, subject=household)
    for part in parts:
        work.put(Kind.VISIT_PART, part.id, part, subject=part.person)
    return visit_id


def visited(store: Store, household: str, on: date, seen: dict[str, dict[str, str]], **facts: object) -> VisitId:
    """A signed visit in its own transaction; `seen` goes by given name ("" for one not named yet)."""
    ids = persons_of(store, household, today=on)
    with store.unit(worker=WORKER, now=NOW) as work:
        return sign_visit(work, household, on, {ids[name]: fields for name, fields in seen.items()}, **facts)
