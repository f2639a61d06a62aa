"""What must stay in sight or stay as it is: unknown fields, histories without their frame, families with a draft."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from healthvisit.domain.household import Household
from healthvisit.domain.merge import digest
from healthvisit.domain.person import Person
from healthvisit.domain.record import Kind
from healthvisit.services import families
from healthvisit.store import drafts, exchange, office, people, visits
from tests.builders import NOW, TODAY, WORKER, make_store, persons_of, register, reopen, visited


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def save(store, deed):
    with store.unit(worker=WORKER, now=NOW) as work:
        return deed(work)


def pulled(work, record, **body):
    """A record as the office would send it, with fields more."""
    shown = work.record(record)
    return replace(shown, rev=5, body={**shown.body, **body}).to_json()


def test_an_edit_leaves_fields_it_does_not_know_where_they_are(store):
    """The office's register number, and what a newer program wrote, survive a new address typed here."""
    home = register(store)

    def deed(work):
        phone = {**work.record(home).body["phones"][0], "kind": "mobile"}
        office.take_version(work, "c1", pulled(work, home, register_number="17", phones=[phone]))
        families.change_household(work, home, {"address": "Bagt 3", "phone": "65111111"})
        return work.record(home).body

    body = save(store, deed)
    assert (body["address"], body["register_number"]) == ("Bagt 3", "17")
    assert [p.get("kind") for p in body["phones"]] == ["mobile", None]


def test_an_element_changed_under_its_own_id_is_written(store):
    """A number put right is not lost because its id stayed."""
    home = register(store)

    def deed(work):
        held = work.get(Household, home)
        phone = replace(held.phones[0], number="+99365000000")
        work.put(Kind.HOUSEHOLD, home, replace(held, phones=(phone,)), subject=home)
        return work.get(Household, home).phones

    assert [p.number for p in save(store, deed)] == ["+99365000000"]


def test_a_record_that_is_void_stands_in_no_list(store):
    """A person entered by mistake must not be due, found or counted."""
    home = register(store)
    child = persons_of(store, home)["Aýna"]
    save(store, lambda work: work.void(child))
    assert "Aýna" not in persons_of(store, home)
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [m.person for m in people.search(work, "ayna")] == []
        assert work.record(child).void


def test_growth_and_contacts_stay_with_a_child_whose_visits_frame_is_elsewhere(store):
    """A child's part follows the child; the frame is its former family's and may be on another laptop."""
    home = register(store, today=date(2026, 7, 20))
    visit = visited(store, home, date(2026, 11, 18), {"Aýna": {"weight_g": "6200"}}, code="M4")
    child = persons_of(store, home)["Aýna"]

    def deed(work):
        part = visits.parts_of(work, [visit])[0].id
        office.take_version(work, "c1", pulled(work, part, on="2026-11-18"))
        office.take_version(work, "c1", pulled(work, visit))
        office.settle(work, {"01" * 8: 1000})
        office.take_leave(work, "c1", visit)
        return visits.visits_of(work, home), visits.growth_of(work, child), people.visits_done(work, {child})

    frames, growth, done = save(store, deed)
    assert frames == []
    assert [g.weight_g for g in growth] == [6200]
    assert [(d.code, d.on) for d in done] == [("M4", date(2026, 11, 18))]


def test_a_void_correction_gives_the_first_version_back(store):
    """Else neither would count, and a weight would be gone from the curve."""
    home = register(store)
    first = visited(store, home, date(2026, 11, 18), {"Aýna": {"weight_g": "6200"}})
    child = persons_of(store, home)["Aýna"]
    with store.reading(worker=WORKER, now=NOW) as work:
        part = visits.parts_of(work, [first])[0].id
    second = visited(
        store, home, date(2026, 11, 18), {"Aýna": {"weight_g": "6300"}}, amends=first, part_amends=part
    )  # fmt: skip

    def deed(work):
        before = [g.weight_g for g in visits.growth_of(work, child)]
        work.void(visits.parts_of(work, [second])[0].id)
        work.void(second)
        return before, [g.weight_g for g in visits.growth_of(work, child)]

    assert save(store, deed) == ([6300], [6200])


def test_one_version_with_a_frame_nobody_can_read_blocks_no_pull(store):
    """P7: a newer office may write more about a conflict, or something else altogether."""
    home = register(store)
    child = persons_of(store, home)["Aýna"]

    def deed(work):
        newer = pulled(work, child)
        newer["conflicts"] = [
            {"name": "surname", "value": "X", "by": "w2", "hlc": "0" * 16, "chg": "1" * 32, "rev": 2, "why": "new"}
        ]
        office.take_version(work, "c1", newer)
        shown = work.record(child)
        office.take_version(work, "c1", pulled(work, home) | {"rev": 6, "hlc": {"": "0" * 16}, "decided": {"name": 1}})
        return [c.value for c in shown.conflicts]

    assert save(store, deed) == ["X"]


@pytest.mark.parametrize("end", ["drop", "restart"])
def test_a_visit_begun_keeps_its_family_until_it_is_signed_or_dropped(tmp_path, end):
    """P6: the family moved to a colleague's caseload while a visit was half written; it can still be opened."""
    store = make_store(tmp_path)
    home = register(store)
    people_in = persons_of(store, home)
    records = [home, *people_in.values()]
    listed = {
        "household": home, "started_at": NOW.isoformat(), "saved_at": NOW.isoformat(), "page": "", "persons": "",
        "amends": None,
    }  # fmt: skip

    def leave(work):
        every = [row.record for row in work.db.exec_driver_sql("SELECT record FROM head").all()]
        for record in every:
            office.take_version(work, "c1", pulled(work, record))
        office.settle(work, {"01" * 8: 1000})
        drafts.put_draft(work, "d" * 32, listed=listed, content={})
        for record in every:
            office.take_leave(work, "c1", record)

    save(store, leave)
    if end == "restart":
        store.vault.close()
        store = reopen(tmp_path)
    assert set(persons_of(store, home)) == set(people_in)
    save(store, lambda work: drafts.end_draft(work, "d" * 32))
    assert persons_of(store, home) == {}
    with store.reading(worker=WORKER, now=NOW) as work:
        assert all(work.record(record) is not None for record in records)
        assert office.held_in(work, office.KEPT_BY_DRAFT) == set()
    store.vault.close()


def test_a_child_who_came_back_is_visited_again(store):
    """The newest enrolment counts, not the one that ended."""
    home = register(store, today=date(2026, 7, 20))
    child = persons_of(store, home)["Aýna"]
    save(store, lambda work: families.leave_programme(work, home, on=date(2026, 9, 1), today=TODAY))

    def deed(work):
        from healthvisit.domain.household import Enrolment

        again = Enrolment(id="e" * 32, person=child, from_on=TODAY - timedelta(days=3))
        work.put(Kind.ENROLMENT, again.id, again, subject=child)
        loaded = people.load_caseload(work, today=TODAY)
        return loaded.enrolled_on[child], loaded.ended_on.get(child)

    assert save(store, deed) == (TODAY - timedelta(days=3), None)


def test_of_two_visits_for_one_contact_the_first_counts_and_none_from_later(store):
    """A sheet keyed in late is dated by its own day: what was done after it was not done then."""
    home = register(store, today=date(2026, 7, 20))
    child = persons_of(store, home)["Aýna"]
    visited(store, home, date(2026, 11, 20), {"Aýna": {}}, code="M4")
    visited(store, home, date(2026, 11, 18), {"Aýna": {}}, code="M4")
    with store.reading(worker=WORKER, now=NOW) as work:
        assert people.load_caseload(work, today=TODAY).done[child] == {"M4": date(2026, 11, 18)}
        assert people.load_caseload(work, today=date(2026, 11, 1)).done[child] == {}


def test_a_decision_made_offline_on_an_own_clash_closes_it_here(store):
    """What the worker has decided is not asked again at the next look."""
    home = register(store)
    child = persons_of(store, home)["Aýna"]

    def deed(work):
        base = pulled(work, child)
        office.take_version(work, "c1", base)
        office.settle(work, {"01" * 8: 1000})
        person = work.get(Person, child)
        work.put(Kind.PERSON, child, replace(person, surname="Annaýewa"), subject=child)
        moved = {**base, "rev": 6, "body": {**base["body"], "surname": "Orazowa"}}
        office.take_version(work, "c1", moved)
        clash = [c.value for c in work.record(child).conflicts]
        from healthvisit.services import attention

        attention.decide(work, child, "surname", attention.STANDING)
        return clash, work.record(child).conflicts, digest(work.record(child).body) == digest(moved["body"])

    assert save(store, deed) == (["Annaýewa"], (), True)


def test_after_a_fork_no_family_gets_a_number_the_other_copy_may_have_given(store):
    """Two families with one number, read aloud over a telephone, are one family too few."""
    inc = store.chain.inc
    register(store)
    save(store, lambda work: exchange.leave_fork(work, inc, through=40))
    home = register(store, "Orazow")
    number = save(store, lambda work: work.get(Household, home).number)
    assert number.split("-")[1] == "0042"
    assert store.chain.inc != inc
