"""A contact that was not possible, and the day agreed for the next."""

from datetime import UTC, date, datetime, timedelta

import pytest

from healthvisit.services import caseload, contacts, printouts
from healthvisit.services.today import today_view
from healthvisit.store import visits
from tests.builders import (
    NOW,
    TODAY,
    WORKER,
    a_child,
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


def attempt(store, home, reason, *, on=TODAY, agreed_on=None):
    with store.unit(worker=WORKER, now=NOW) as work:
        return contacts.not_possible(work, PACK, home, reason, today=on, agreed_on=agreed_on)


def tasks(store, home):
    with store.reading(worker=WORKER, now=NOW) as work:
        return [task.reason for task in visits.open_tasks(work, home)]


def test_two_not_at_home_in_a_row_tell_the_supervisor_one_does_not(store):
    """The second try in vain is somebody else's worry too."""
    home = register(store, now=LONG_AGO)
    assert not attempt(store, home, "not_home", on=TODAY - timedelta(days=1))
    assert tasks(store, home) == []
    assert attempt(store, home, "not_home")
    assert tasks(store, home) == ["not_home_again"]


def test_another_reason_between_starts_the_count_anew(store):
    """Road closed is not "nobody opens"."""
    home = register(store, now=LONG_AGO)
    attempt(store, home, "not_home", on=TODAY - timedelta(days=2))
    attempt(store, home, "access_or_weather", on=TODAY - timedelta(days=1))
    assert not attempt(store, home, "not_home")


@pytest.mark.parametrize("reason", ["refused", "wrong_address"])
def test_some_reasons_tell_the_supervisor_at_once(store, reason):
    """A refusal is a right, and somebody should know."""
    home = register(store, now=LONG_AGO)
    assert attempt(store, home, reason)
    assert tasks(store, home) == [reason]


def test_the_day_agreed_stands_in_the_list(store):
    """What was said at the gate is not lost."""
    home = register(store, now=LONG_AGO)
    agreed = TODAY + timedelta(days=2)
    attempt(store, home, "not_home", agreed_on=agreed)
    with store.reading(worker=WORKER, now=NOW) as work:
        row = today_view(work, PACK, today=TODAY).rows[0]
    assert row.line.due[0].contact.agreed_on == agreed


def test_tries_are_counted_by_day_for_the_household_and_begin_anew_after_a_visit(store):
    """Two children behind one closed door are one try."""
    home = register(store, "Myradow", a_child(), a_child("Selbi"), now=LONG_AGO)
    attempt(store, home, "not_home", on=date(2026, 11, 18))
    attempt(store, home, "not_home", on=date(2026, 11, 19))
    with store.reading(worker=WORKER, now=NOW) as work:
        assert contacts.tries(work, home, today=TODAY) == 2
    visited(store, home, date(2026, 11, 20), {"Aýna": {}}, code="M4")
    with store.reading(worker=WORKER, now=NOW) as work:
        assert contacts.tries(work, home, today=TODAY) == 0


@pytest.mark.parametrize(
    ("reason", "day"),
    [
        ("not_home", date(2026, 11, 24)),
        ("refused", date(2026, 12, 7)),
        ("moved", None),
        ("child_died", None),
    ],
)
def test_the_next_day_is_proposed_by_the_reason(reason, day):
    """A refusal is not asked again tomorrow."""
    assert contacts.proposed_day(reason, today=TODAY) == day


def test_no_next_day_is_a_sunday():
    """Saturday's closed door is tried again on Monday."""
    saturday = date(2026, 11, 28)
    assert contacts.proposed_day("not_home", today=saturday) == date(2026, 11, 30)


def test_a_day_can_be_agreed_for_one_person(store):
    """The mother chooses the day."""
    home = register(store, now=LONG_AGO)
    child = persons_of(store, home)["Aýna"]
    with store.unit(worker=WORKER, now=NOW) as work:
        contacts.agree_day(work, child, "M4", date(2026, 11, 26))
        line = caseload.family_view(work, PACK, home, today=TODAY).household
    assert line.next_on == date(2026, 11, 26)


def test_prints_are_numbered_without_gap_and_name_nobody(store):
    """Every paper that leaves the house is noted."""
    home = register(store)
    with store.unit(worker=WORKER, now=NOW) as work:
        assert printouts.note_print(work, (("day_list", 1), ("visit_sheet", 2))) == 1
        assert printouts.note_print(work, (("growth_page", 3),)) == 3
        held = work.state("prints")
    assert [entry["number"] for entry in held["log"]] == [1, 2, 3]
    assert home not in str(held)


def test_a_third_try_in_vain_is_no_second_question_to_the_supervisor(store):
    """One open task for one worry; the try itself is kept."""
    home = register(store, now=LONG_AGO)
    for days in (3, 2, 1):
        attempt(store, home, "not_home", on=TODAY - timedelta(days=days))
    assert tasks(store, home) == ["not_home_again"]
