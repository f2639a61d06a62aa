"""A visit given to the right child takes everything with it: the referral, the child to be seen again, the contact."""

from datetime import date, timedelta

import pytest

from healthvisit.domain.person import Sex
from healthvisit.domain.record import Privacy
from healthvisit.domain.visit import Entry, VisitPart
from healthvisit.services import amending, dangers
from healthvisit.services.dangers import DangerNow
from healthvisit.services.lines import Group
from healthvisit.services.today import today_view
from healthvisit.store import people, visits
from tests.builders import NOW, TODAY, WORKER, a_child, default_pack, make_store, persons_of, register, visited

PACK = default_pack()


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def save(store, deed):
    with store.unit(worker=WORKER, now=NOW) as work:
        return deed(work)


def two_families(store):
    wrong = register(store, today=date(2026, 7, 20))
    right = register(store, "Orazow", a_child("Meret", date(2026, 7, 10), Sex.MALE, "Orazow"), today=date(2026, 7, 20))
    return wrong, right, persons_of(store, wrong)["Aýna"], persons_of(store, right)["Meret"]


def test_after_a_move_only_the_right_family_is_asked_about_the_referral(store):
    """Else one family hears of an ambulance it never called, and the sick child is not seen again."""
    wrong, right, aina, meret = two_families(store)
    visit = visited(store, wrong, TODAY, {"Aýna": {"weight_g": "6200"}})
    deed = DangerNow(person=aina, household=wrong, signs={"ch_convulsions": "yes"})
    raised = save(store, lambda work: dangers.raise_danger(work, PACK, deed, today=TODAY))

    def named(work):
        row = visits.parts_of(work, [visit])[0]
        part = work.get(VisitPart, row.id)
        fields = {"screen": raised.screen, "referral": raised.referral}
        danger = Entry(kind="danger", privacy=Privacy.SENSITIVE.value, fields=fields)
        from dataclasses import replace

        from healthvisit.domain.record import Kind

        work.put(Kind.VISIT_PART, part.id, replace(part, entries=(*part.entries, danger)), subject=aina)

    save(store, named)
    save(store, lambda work: amending.move_visit(work, PACK, visit, right, {aina: meret}))
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [(r.household, r.person) for r in visits.referrals_of(work)] == [(right, meret)]
        assert [(t.household, t.person) for t in visits.open_tasks(work)] == [(right, meret)]
        view = today_view(work, PACK, today=TODAY + timedelta(days=3))
    assert [(row.id, row.follow_up) for row in view.rows if row.group is Group.NOW] == [(right, True)]


def test_a_visit_moved_late_did_the_contact_that_was_due_on_its_own_day(store):
    """A visit of September must not tick off November's."""
    wrong, right, aina, meret = two_families(store)
    on = date(2026, 9, 12)
    visit = visited(store, wrong, on, {"Aýna": {"weight_g": "5200"}})
    save(store, lambda work: amending.move_visit(work, PACK, visit, right, {aina: meret}))
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [(d.code, d.on) for d in people.visits_done(work, {meret})] == [("M2", on)]
