"""Registering and changing families, over a real vault."""

from datetime import UTC, date, datetime

import pytest

from healthvisit.domain.errors import InputError
from healthvisit.domain.household import Enrolment, Household
from healthvisit.domain.ids import HouseholdId, PersonId, is_programme_number
from healthvisit.domain.person import Person, PersonKind, Pregnancy, Sex
from healthvisit.services import caseload, families
from healthvisit.services.families import NewFamily
from healthvisit.store import people
from tests.builders import (
    GARAGUM,
    NOW,
    TODAY,
    WORKER,
    a_child,
    a_mother,
    default_pack,
    make_store,
    persons_of,
    register,
    visited,
)

LONG_AGO = datetime(2026, 7, 20, 9, tzinfo=UTC)
PACK = default_pack()


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def save(store, deed):
    with store.unit(worker=WORKER, now=NOW) as work:
        return deed(work)


def test_a_family_gets_a_number_that_guards_against_a_slip(store):
    """The number is read aloud over a telephone."""
    home = register(store)
    number = save(store, lambda work: work.get(Household, home)).number
    assert is_programme_number(number)


@pytest.mark.parametrize(
    ("family", "code"),
    [
        (NewFamily(name="A", place="", mother=a_mother()), "household.place_missing"),
        (NewFamily(name="A", place=GARAGUM), "household.nobody"),
        (NewFamily(name=" ", place=GARAGUM, mother=a_mother()), "household.name_missing"),
        (NewFamily(name="A", place=GARAGUM, mother=a_mother(), phone="12"), "phone.invalid"),
        (NewFamily(name="A", place=GARAGUM, children=(a_child(born_on=None),)), "person.birth_date_missing"),
        (NewFamily(name="A", place=GARAGUM, children=(a_child(born_on=date(2027, 1, 1)),)), "person.born_in_future"),
        (NewFamily(name="A", place=GARAGUM, children=(a_child(left_on=date(2026, 7, 1)),)), "birth.left_before"),
    ],
)
def test_half_a_family_is_never_stored(store, family, code):
    """Every wrong input has its code, and nothing of the rest is kept."""
    with pytest.raises(InputError) as caught:
        save(store, lambda work: families.register_family(work, family, today=TODAY))
    assert caught.value.code == code
    assert save(store, lambda work: caseload.families(work, PACK, today=TODAY)) == []


def test_twins_born_to_a_pregnant_mother_end_her_pregnancy(store):
    """The visits before birth are not asked for after it."""
    home = register(store, "Saparow", mother=a_mother("Saparowa", "Gözel", due_on=date(2026, 12, 30)))
    mother = persons_of(store, home)["Gözel"]
    loaded = save(store, lambda work: people.load_caseload(work, today=TODAY, households=(home,)))
    pregnancy = loaded.pregnancies[mother].id
    babies = (a_child("", date(2026, 11, 20), surname=""), a_child("", date(2026, 11, 20), surname=""))
    save(store, lambda work: families.add_children(work, home, babies, mother=mother, today=TODAY))
    ended = save(store, lambda work: work.get(Pregnancy, pregnancy))
    assert (ended.ended_on, ended.outcome) == (date(2026, 11, 20), "live")


def test_children_of_the_same_family_born_apart_are_no_twins(store):
    """An order of birth is for those born together."""
    home = register(store, "Myradow", a_child(), a_child("Kerim", date(2024, 3, 10), Sex.MALE))
    view = save(store, lambda work: caseload.family_view(work, PACK, home, today=TODAY))
    assert [child.order for child in view.household.children] == [None, None]


def test_a_name_given_later_keeps_child_weights_and_visits(store):
    """Late naming is no new child."""
    home = register(store, "Orazow", a_child("", date(2026, 11, 11), surname=""))
    child = persons_of(store, home)[""]
    visited(store, home, date(2026, 11, 20), {"": {"weight_g": "3400"}}, code="PN2")
    save(store, lambda work: families.name_child(work, child, surname="Orazowa", given_name="Selbi"))
    view = save(store, lambda work: caseload.child_view(work, PACK, child, today=TODAY))
    assert (view.person.name, len(view.growth), len(view.visits)) == ("Orazowa Selbi", 1, 1)


def test_a_death_stops_what_is_due_for_this_child_alone(store):
    """The brother's visits go on."""
    home = register(store, "Myradow", a_child(), a_child("Kerim", date(2026, 6, 1), Sex.MALE), now=LONG_AGO)
    child = persons_of(store, home)["Aýna"]
    save(store, lambda work: families.record_death(work, child, on=date(2026, 11, 20), today=TODAY))
    view = save(store, lambda work: caseload.family_view(work, PACK, home, today=TODAY))
    due = {person.given_name: person.is_due for person in view.household.children}
    assert due == {"Aýna": False, "Kerim": True}


def test_a_day_still_to_come_is_refused(store):
    """A wrong year must not end a life in the records, nor a programme."""
    home = register(store)
    child, ahead = persons_of(store, home)["Aýna"], date(2027, 1, 1)
    with pytest.raises(InputError, match="died_in_future"):
        save(store, lambda work: families.record_death(work, child, on=ahead, today=TODAY))
    with pytest.raises(InputError, match="end_in_future"):
        save(store, lambda work: families.leave_programme(work, home, on=ahead, today=TODAY))


def test_leaving_the_programme_ends_every_enrolment_with_its_reason(store):
    """Refusal is a right; the reason is neutral."""
    home = register(store, "Myradow", a_child(), a_child("Kerim", date(2026, 6, 1), Sex.MALE), now=LONG_AGO)
    open_before = save(store, lambda work: people.open_enrolments(work, persons_of_work(work, home)))
    save(store, lambda work: families.leave_programme(work, home, on=TODAY, today=TODAY))
    ended = save(store, lambda work: [work.get(Enrolment, e) for e in open_before])
    assert len(ended) == 2
    assert {(e.to_on, e.exit_reason) for e in ended} == {(TODAY, "family_left")}
    assert save(store, lambda work: people.open_enrolments(work, persons_of_work(work, home))) == []


def persons_of_work(work, home):
    return people.load_caseload(work, today=TODAY, households=(home,)).members[home]


def test_a_phone_is_added_to_those_that_are_known(store):
    """The old number is not lost by a new one."""
    home = register(store)
    save(store, lambda work: families.change_household(work, home, {"phone": "+993 61 99 88 77", "address": "Bagt 5"}))
    known = save(store, lambda work: work.get(Household, home))
    assert [p.number for p in known.phones] == ["+99365123456", "+99361998877"]
    assert known.address == "Bagt 5"


@pytest.mark.parametrize(
    ("typed", "likely"),
    [
        ({"surname": "Myradowa", "given_name": "Aýna", "place": GARAGUM}, True),
        ({"surname": "Мырадова", "given_name": "Айна", "place": GARAGUM}, True),
        ({"surname": "Myradow", "given_name": "Aýna", "place": ""}, False),
        ({"surname": "Myradowa", "given_name": "", "place": GARAGUM}, False),
    ],
)
def test_somebody_alike_is_found_in_either_script(store, typed, likely):
    """A person decides; the program only shows whom it knows."""
    register(store)
    found = save(
        store,
        lambda work: families.look_alikes(work, sex=Sex.FEMALE, born_on=date(2026, 7, 18), today=TODAY, **typed),
    )
    assert [(alike.name, alike.likely) for alike in found] == [("Aýna Myradowa", likely)]


def test_another_day_sex_and_name_are_nobody_alike(store):
    """A list of everybody helps nobody."""
    register(store)
    found = save(
        store,
        lambda work: families.look_alikes(
            work, surname="Orazow", given_name="Kerim", sex=Sex.MALE, born_on=date(2026, 7, 18), today=TODAY
        ),
    )
    assert found == []


def test_an_adult_joins_the_family_with_role_and_phone(store):
    """The grandmother who opens the door."""
    home = register(store)
    adult = families.NewPerson(
        kind=PersonKind.ADULT, sex=Sex.FEMALE, role=families.Role.GRANDPARENT, given_name="Ogulbeg", phone="65 11 22 33"
    )
    person = save(store, lambda work: families.add_person(work, HouseholdId(home), adult, today=TODAY))
    assert save(store, lambda work: work.get(Person, PersonId(person))).phones[0].number == "+99365112233"
    view = save(store, lambda work: caseload.family_view(work, PACK, home, today=TODAY))
    assert any(p.role == "grandparent" and p.phones == ("+99365112233",) for p in view.household.persons)


def test_an_older_child_registered_with_a_pregnant_mother_leaves_her_pregnancy_open(store):
    """The most common family of all: else her visits before the birth would never be due."""
    home = register(store, "Saparow", a_child("Aman", date(2023, 5, 2)), mother=a_mother(due_on=date(2027, 3, 1)))
    mother = persons_of(store, home)["Sona"]
    loaded = save(store, lambda work: people.load_caseload(work, today=TODAY, households=(home,)))
    assert mother in loaded.pregnancies
    older = (a_child("Jeren", date(2020, 1, 9)),)
    save(store, lambda work: families.add_children(work, home, older, mother=mother, today=TODAY))
    loaded = save(store, lambda work: people.load_caseload(work, today=TODAY, households=(home,)))
    assert mother in loaded.pregnancies
    early = (a_child("", date(2026, 11, 22), surname=""),)
    save(store, lambda work: families.add_children(work, home, early, mother=mother, today=TODAY))
    loaded = save(store, lambda work: people.load_caseload(work, today=TODAY, households=(home,)))
    assert mother not in loaded.pregnancies
