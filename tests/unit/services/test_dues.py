"""Next contacts kept for lists are the ones computed afresh: on every day, and after every deed."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from healthvisit.domain.person import Person
from healthvisit.domain.record import Kind
from healthvisit.domain.schedule import Anchor
from healthvisit.services import contacts, dues
from healthvisit.store import people
from healthvisit.store.readmodel import TABLES
from tests.builders import (
    NOW,
    TODAY,
    WORKER,
    a_child,
    a_mother,
    default_pack,
    make_store,
    persons_of,
    register,
    reopen,
    visited,
)

PACK = default_pack()
EARLY = datetime(2025, 1, 6, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def kept(store, day):
    with store.reading(worker=WORKER, now=NOW) as work:
        dues.bring_up_to_date(work, PACK, today=day)
        return dues.known_contacts(work, today=day)


def afresh(store, day):
    with store.reading(worker=WORKER, now=NOW) as work:
        loaded = people.load_caseload(work, today=day)
        made = {home: dues.contacts_of(loaded, PACK, home, today=day) for home in loaded.households}
    return {home: contacts for home, contacts in made.items() if contacts}


def held_of(store, person):
    table = TABLES["next_contact"]
    with store.reading(worker=WORKER, now=NOW) as work:
        return work.db.execute(table.select().where(table.c.person == person)).one_or_none()


def at(day):
    return datetime.combine(day, time(9), tzinfo=UTC)


class Life:
    """Families to whom things happen, drawn by a seeded dice."""

    def __init__(self, store, seed):
        self.store, self.dice, self.day = store, random.Random(seed), EARLY.date()  # noqa: S311 -- dice of a test
        self.visits = []
        self.homes = [
            register(store, "Myradow", a_child("Aýna", date(2024, 12, 20)), now=EARLY),
            register(store, "Orazow", a_child("Kerim", date(2023, 2, 28)), a_child("Maral", date(2024, 8, 31)),
                     now=EARLY),
            register(store, "Saparow", mother=a_mother("Saparowa", "Gözel", due_on=date(2025, 5, 1)), now=EARLY),
        ]  # fmt: skip

    def step(self):
        deed = self.dice.choice((self.time_passes, self.time_passes, self.visit, self.try_in_vain, self.agree,
                                 self.void, self.correct_birth, self.death))  # fmt: skip
        deed()

    def time_passes(self):
        self.day += timedelta(days=self.dice.choice((-3, 1, 2, 6, 17, 40)))

    def visit(self):
        home = self.dice.choice(self.homes)
        due = afresh(self.store, self.day).get(home, {})
        names = {i: name for name, i in persons_of(self.store, home, today=self.day).items()}
        if due:
            person, contact = self.dice.choice(sorted(due.items()))
            on = self.day + timedelta(days=self.dice.choice((0, 0, -1, 4)))  # one dated ahead counts from its day
            self.visits.append(visited(self.store, home, on, {names[person]: {}}, code=contact.code))

    def try_in_vain(self):
        with self.store.unit(worker=WORKER, now=at(self.day)) as work:
            home = self.dice.choice(self.homes)
            again = self.day + timedelta(days=2)
            contacts.not_possible(work, PACK, home, "not_home", today=self.day, agreed_on=again)

    def agree(self):
        home = self.dice.choice(self.homes)
        for person, contact in afresh(self.store, self.day).get(home, {}).items():
            with self.store.unit(worker=WORKER, now=at(self.day)) as work:
                contacts.agree_day(work, person, contact.code, self.day + timedelta(days=5))

    def void(self):
        if self.visits:
            with self.store.unit(worker=WORKER, now=at(self.day)) as work:
                work.void(self.visits.pop())

    def correct_birth(self):
        self._change_somebody(lambda p: replace(p, born_on=p.born_on - timedelta(days=9)) if p.born_on else p)

    def death(self):
        if self.dice.random() < 0.2:
            self._change_somebody(lambda p: replace(p, died_on=self.day + timedelta(days=self.dice.choice((-4, 0)))))

    def _change_somebody(self, change):
        home = self.dice.choice(self.homes)
        person = self.dice.choice(sorted(persons_of(self.store, home, today=self.day).values()))
        with self.store.unit(worker=WORKER, now=at(self.day)) as work:
            work.put(Kind.PERSON, person, change(work.get(Person, person)), subject=person)


@pytest.mark.parametrize("seed", range(6))
def test_what_lists_read_is_what_would_be_computed_afresh(store, seed):
    """A list that calls a child seen, or not yet due, when it is overdue, loses that child."""
    life = Life(store, seed)
    for _ in range(40):
        life.step()
        assert kept(store, life.day) == afresh(store, life.day)


def test_every_day_of_a_childs_first_years_is_as_computed_afresh(store):
    """The day on which a window opens, closes or is missed is the day the list must change."""
    register(store, "Myradow", a_child("Aýna", date(2024, 12, 31)), now=EARLY)
    for ahead in range(900):
        day = EARLY.date() + timedelta(days=ahead)
        assert kept(store, day) == afresh(store, day), day


def test_only_those_are_computed_again_for_whom_something_changed(store):
    """The first screen of the day would otherwise wait for three thousand children."""
    home, other = register(store), register(store, "Orazow", a_child("Kerim"))
    kept(store, TODAY)
    aina, kerim = persons_of(store, home)["Aýna"], persons_of(store, other)["Kerim"]
    visited(store, home, TODAY, {"Aýna": {}}, code="M4")
    assert held_of(store, aina) is None
    assert held_of(store, kerim) is not None


def test_next_contacts_are_there_again_after_the_program_was_closed(store, tmp_path):
    """They travel in the sealed catalog: the next morning begins without computing them."""
    person = persons_of(store, register(store))["Aýna"]
    kept(store, TODAY)
    store.close()
    again = reopen(tmp_path)
    assert held_of(again, person).until_on >= TODAY
    again.close()


def test_another_schedule_makes_everything_held_untrue(store):
    """A new pack must not leave yesterday's due dates standing."""
    home = register(store)
    kept(store, TODAY)
    later = replace(PACK, schedule=tuple(replace(plan, days=plan.days + 400) for plan in PACK.schedule))
    with store.reading(worker=WORKER, now=NOW) as work:
        dues.bring_up_to_date(work, later, today=TODAY)
        loaded = people.load_caseload(work, today=TODAY)
        assert dues.known_contacts(work, today=TODAY).get(home, {}) == dues.contacts_of(
            loaded, later, home, today=TODAY
        )


def test_a_visit_dated_ahead_counts_from_its_day(store):
    """A clock that was wrong for a day must not keep a child off the list, nor on it."""
    home = register(store)
    visited(store, home, TODAY + timedelta(days=1), {"Aýna": {}}, code="M4")
    for ahead in range(6):
        day = TODAY + timedelta(days=ahead)
        assert kept(store, day) == afresh(store, day), day


def test_of_plans_close_together_the_one_that_opens_first_is_not_passed_over(store):
    """In a pack of its own a country may set days and months in any order."""
    plans = [replace(PACK.schedule[0], code=f"p{n}", anchor=Anchor.BIRTH, months=0, days=200, before=0, after=5)
             for n in range(2)]  # fmt: skip
    plans.append(replace(plans[0], code="early", months=7, days=0, before=13))  # 7 months are 212 to 215 days
    pack = replace(PACK, schedule=tuple(plans))
    register(store, "Myradow", a_child("Aýna", date(2025, 2, 1)), now=EARLY + timedelta(days=60))
    for ahead in range(150, 230):
        day = date(2025, 2, 1) + timedelta(days=ahead)
        with store.reading(worker=WORKER, now=NOW) as work:
            dues.bring_up_to_date(work, pack, today=day)
            loaded = people.load_caseload(work, today=day)
            wanted = [dues.contacts_of(loaded, pack, home, today=day) for home in loaded.households]
            assert list(dues.known_contacts(work, today=day).values()) == [made for made in wanted if made], day
