"""Who is due today, in which order, and what is said of a family: over a real vault."""

from datetime import UTC, date, datetime, timedelta

import pytest

from healthvisit.domain.household import Role
from healthvisit.domain.person import PersonKind, Sex
from healthvisit.services import caseload, contacts, dangers
from healthvisit.services.families import NewPerson
from healthvisit.services.lines import Group
from healthvisit.services.today import round_of, today_view
from tests.builders import (
    AZATLYK,
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
    reopen,
    visited,
)

LONG_AGO = datetime(2026, 7, 20, 9, tzinfo=UTC)
PACK = default_pack()


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def look(store, deed):
    with store.reading(worker=WORKER, now=NOW) as work:
        return deed(work)


def today_of(store, day=TODAY):
    return look(store, lambda work: today_view(work, PACK, today=day))


def raise_danger(store, household, *, on=date(2026, 11, 22)):
    person = next(iter(persons_of(store, household).values()))
    with store.unit(worker=WORKER, now=datetime(on.year, on.month, on.day, 9, tzinfo=UTC)) as work:
        sign = dangers.DangerNow(person=person, household=household, signs={"yi_not_feeding": "yes"})
        return dangers.raise_danger(work, PACK, sign, today=on)


def newborn(store, name="Orazow"):
    baby = NewPerson(kind=PersonKind.CHILD, sex=Sex.MALE, role=Role.CHILD, born_on=date(2026, 11, 11))
    return register(store, name, baby, now=datetime(2026, 11, 12, 9, tzinfo=UTC))


def test_a_household_with_three_due_people_is_one_row(store):
    """One door, one visit."""
    children = [a_child(name, date(2026, 7, 18)) for name in ("Aýna", "Selbi", "Gülşat")]
    register(store, "Myradow", *children, now=LONG_AGO)
    view = today_of(store)
    assert len(view.rows) == 1
    assert len(view.rows[0].line.due) == 3


def test_within_a_group_who_waits_longest_comes_first_then_village_then_street(store):
    """The order of a morning's walk."""
    near = register(store, "A", a_child("X", date(2026, 7, 20)), now=LONG_AGO, place=GARAGUM, address="Bagt 2")
    next_door = register(store, "B", a_child("Y", date(2026, 7, 20)), now=LONG_AGO, place=GARAGUM, address="Bagt 1")
    far = register(store, "C", a_child("Z", date(2026, 7, 20)), now=LONG_AGO, place=AZATLYK, address="Bagt 1")
    closing = register(store, "D", a_child("W", date(2026, 7, 15)), now=LONG_AGO)
    assert [row.id for row in today_of(store).rows] == [closing, next_door, near, far]


def test_a_confirmed_arrival_leaves_now(store):
    """Asked the same day, until the child is there; then the row stands where its visits put it."""
    home = newborn(store)
    raised = raise_danger(store, home, on=TODAY)
    assert today_of(store).rows[0].ask_arrival == raised.referral
    with store.unit(worker=WORKER, now=NOW) as work:
        dangers.confirm_arrival(work, raised.referral, arrived=True, today=TODAY)
    row = today_of(store).rows[0]
    assert (row.group, row.ask_arrival, row.follow_up) == (Group.DUE, None, False)


def test_a_visit_after_the_danger_settles_the_contact_owed(store):
    """What was done is not asked for again."""
    home = newborn(store)
    raised = raise_danger(store, home, on=date(2026, 11, 21))
    with store.unit(worker=WORKER, now=NOW) as work:
        dangers.confirm_arrival(work, raised.referral, arrived=False, today=TODAY)
    row = today_of(store).rows[0]
    assert (row.group, row.follow_up, row.ask_arrival) == (Group.NOW, True, None)
    visited(store, home, TODAY, {"": {}}, code="PN2")
    assert not any(row.follow_up for row in today_of(store).rows)


def test_a_moved_family_is_shown_only_while_its_arrival_is_unknown(store):
    """A child in danger is not forgotten because the family moved."""
    home = newborn(store)
    with store.unit(worker=WORKER, now=NOW) as work:
        contacts.not_possible(work, PACK, home, "moved", today=TODAY, agreed_on=None)
    assert today_of(store).rows == ()
    raise_danger(store, home)
    assert [row.group for row in today_of(store).rows] == [Group.NOW]


def test_the_round_is_of_one_day_and_survives_a_restart(tmp_path):
    """A flat battery at noon does not lose the afternoon's plan; tomorrow begins empty."""
    store = make_store(tmp_path)
    home = register(store, now=LONG_AGO)
    with store.unit(worker=WORKER, now=NOW) as work:
        assert contacts.put_in_round(work, home, today=TODAY)
    store.close()
    again = reopen(tmp_path)
    assert today_of(again).rows[0].in_round
    assert look(again, lambda work: round_of(work, today=TODAY + timedelta(days=1))) == frozenset()
    with again.unit(worker=WORKER, now=NOW) as work:
        assert not contacts.put_in_round(work, home, today=TODAY)
    assert not today_of(again).rows[0].in_round
    again.vault.close()


def test_nothing_due_tells_the_next_day_and_how_many_families(store):
    """A free day says when the next one is not."""
    home = register(store, "A", a_child("X", date(2026, 6, 20)), now=LONG_AGO)
    visited(store, home, date(2026, 11, 20), {"X": {}}, code="M5")
    view = today_of(store)
    assert (view.rows, view.next_on, view.next_count) == ((), date(2026, 12, 20), 1)


def test_a_pregnant_mother_is_due_by_the_day_her_child_is(store):
    """The visits before birth are counted back from the due day."""
    register(store, "Saparow", mother=a_mother("Saparowa", "Gözel", due_on=date(2027, 1, 30)))
    due = today_of(store).rows[0].line.due
    assert [(p.pregnant, p.contact.code) for p in due] == [(True, "AN2")]


def test_search_of_many_reads_the_caseload_once_and_keeps_exact_finds_first(store):
    """Every family called Myradow, the one spelled so first."""
    for n in range(12):
        register(store, "Myradow", a_child(f"Aýna{n}"), now=LONG_AGO)
    register(store, "Miradow", a_child("Kerim", surname="Miradowa"), mother=a_mother("Miradowa"), now=LONG_AGO)
    found = look(store, lambda work: caseload.search(work, PACK, "myradow", today=TODAY))
    assert len({f.household.id for f in found if f.exact}) == 12
    assert [f.exact for f in found] == sorted((f.exact for f in found), reverse=True)


def test_letters_that_fold_to_one_find_nobody(store):
    """The letters zzzz are nobody's name: half of all families in answer would be worse than none."""
    register(store, "Ýazgeldiýew", a_child("Nargiza"), now=LONG_AGO)
    assert look(store, lambda work: caseload.search(work, PACK, "zzzz", today=TODAY)) == []
    assert look(store, lambda work: caseload.search(work, PACK, "z", today=TODAY))


def test_a_twin_not_named_yet_is_told_by_mother_and_order(store):
    """Two babies are never one line."""
    twin = NewPerson(kind=PersonKind.CHILD, sex=Sex.MALE, role=Role.CHILD, born_on=date(2026, 11, 20))
    home = register(store, "Annaýew", twin, twin, mother=a_mother("Annaýewa", "Jeren"))
    view = look(store, lambda work: caseload.family_view(work, PACK, home, today=TODAY))
    assert [(c.name, c.order, c.of, c.mother_name) for c in view.household.children] == [
        ("", 1, 2, "Jeren Annaýewa"),
        ("", 2, 2, "Jeren Annaýewa"),
    ]


def test_a_child_not_on_this_laptop_is_none_and_no_error(store):
    """A page opened from an old place says so."""
    assert look(store, lambda work: caseload.child_view(work, PACK, "f" * 32, today=TODAY)) is None
    assert look(store, lambda work: caseload.family_view(work, PACK, "f" * 32, today=TODAY)) is None


def test_child_view_leaves_out_the_corrected_weight_and_keeps_both_visits(store):
    """A correction replaces the number, not the history."""
    home = register(store, now=LONG_AGO)
    first = visited(store, home, date(2026, 10, 9), {"Aýna": {"weight_g": "5300"}}, code="M3")
    child = persons_of(store, home)["Aýna"]
    part = look(store, lambda work: caseload.child_view(work, PACK, child, today=TODAY)).growth[0].part
    visited(store, home, date(2026, 10, 9), {"Aýna": {"weight_g": "5350"}}, code="M3", amends=first, part_amends=part)
    view = look(store, lambda work: caseload.child_view(work, PACK, child, today=TODAY))
    assert [point.weight_g for point in view.growth] == [5350]
    assert [visit.replaced for visit in view.visits].count(True) == 1
