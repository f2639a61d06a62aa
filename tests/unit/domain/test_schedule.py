"""What is due when, through the default pack's schedule."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.schedule import OPEN_STATES, Anchor, State, contacts, next_contact, open_contact, plans_near
from healthvisit.packs import load

PACK = load(Path(__file__).parents[3] / "resources" / "packs" / "tm-default")
BORN = date(2026, 7, 18)


def made(today, *, born=BORN, left=None, enrolled=None, done=None, ended=None, agreed=None):
    anchors = {Anchor.BIRTH: born} | ({Anchor.DISCHARGE: left} if left else {})
    return contacts(
        PACK.schedule,
        anchors,
        enrolled_on=enrolled or born,
        done=done or {},
        today=today,
        ended_on=ended,
        agreed=agreed,
    )


def states(made_contacts):
    return {c.code: c.state for c in made_contacts}


def test_a_newborn_is_due_from_the_day_it_comes_home():
    """The first visit counts from discharge; a birth at home counts from birth."""
    home = BORN + timedelta(days=4)
    assert open_contact(made(home, left=home)).code == "PN1"
    assert open_contact(made(home, left=home)).closes_on == home + timedelta(days=3)
    assert open_contact(made(BORN)).closes_on == BORN + timedelta(days=3)


def test_the_four_month_visit_has_its_window():
    """Born 18 July: target 18 November, open from the 8th to the 28th."""
    contact = open_contact(made(date(2026, 11, 23), enrolled=date(2026, 11, 1)))
    assert (contact.code, contact.opens_on, contact.target_on, contact.closes_on) == (
        "M4",
        date(2026, 11, 8),
        date(2026, 11, 18),
        date(2026, 11, 28),
    )
    assert contact.state is State.DUE


@pytest.mark.parametrize(("day", "state"), [(7, State.PLANNED), (8, State.DUE), (28, State.DUE), (29, State.OVERDUE)])
def test_both_ends_of_a_window_belong_to_it(day, state):
    """One day more or less decides who is on today's list."""
    assert states(made(date(2026, 11, day), enrolled=date(2026, 11, 1)))["M4"] is state


def test_late_is_counted_from_the_windows_end():
    """14 days late is said so on the row."""
    contact = open_contact(made(date(2029, 2, 16), enrolled=date(2028, 12, 1)))
    assert contact.code == "M30"
    assert contact.days_late(date(2029, 3, 1)) == (date(2029, 3, 1) - date(2029, 2, 17)).days


def test_twins_have_their_own_contacts():
    """One twin seen, the other asleep at the clinic: only the other stays due."""
    first = made(BORN + timedelta(days=10), done={"PN1": BORN, "PN2": BORN + timedelta(days=9)})
    second = made(BORN + timedelta(days=10), done={"PN1": BORN})
    assert open_contact(first) is None
    assert open_contact(second).code == "PN2"


def test_a_window_closed_before_enrolment_is_not_counted():
    """A family that moved in late is nobody's failure."""
    got = states(made(date(2026, 11, 23), enrolled=date(2026, 10, 20)))
    assert {got[c] for c in ("PN1", "PN2", "PN3", "PN4", "M2")} == {State.NOT_COUNTED}
    assert got["M3"] is State.MISSED  # its window ended on 28 October, after the enrolment
    assert got["M4"] is State.DUE


def test_overdue_becomes_missed_when_the_next_opens():
    """One open contact a person, its purposes move to the next."""
    got = states(made(date(2026, 11, 8), enrolled=date(2026, 10, 15)))
    assert (got["M3"], got["M4"]) == (State.MISSED, State.DUE)
    assert states(made(date(2026, 11, 7), enrolled=date(2026, 10, 15)))["M3"] is State.OVERDUE


def test_overdue_becomes_missed_after_sixty_days():
    """Where no next contact opens, an old one does not stay on the list for ever."""
    closed = open_contact(made(date(2029, 7, 18), enrolled=date(2029, 6, 1))).closes_on
    assert states(made(closed + timedelta(days=60), enrolled=date(2029, 6, 1)))["M36"] is State.OVERDUE
    assert states(made(closed + timedelta(days=61), enrolled=date(2029, 6, 1)))["M36"] is State.MISSED


def test_of_two_windows_open_at_once_the_later_waits():
    """Home on day 5: on day 7 the 10-day visit opens, but the first visit is still to do; one row a child."""
    left = BORN + timedelta(days=5)
    today = BORN + timedelta(days=7)
    assert open_contact(made(today, left=left)).code == "PN1"
    assert states(made(today, left=left))["PN2"] is State.PLANNED
    assert open_contact(made(today, left=left, done={"PN1": today})).code == "PN2"


def test_a_closed_window_behind_an_open_one_is_missed_not_planned():
    """Home on day 10: on day 14 the first visit's window is past; it must not come back as a plan."""
    left = BORN + timedelta(days=10)
    assert states(made(BORN + timedelta(days=14), left=left))["PN1"] is State.MISSED


def test_done_is_judged_by_the_day_of_the_visit():
    """A visit keyed in a week later is still on time if it was."""
    got = states(made(date(2026, 12, 20), done={"M3": date(2026, 10, 28), "M4": date(2026, 11, 29)}))
    assert (got["M3"], got["M4"]) == (State.DONE_ON_TIME, State.DONE_LATE)


def test_a_contact_left_out_before_a_later_one_done_is_missed():
    """Nobody is sent to catch up the third month after the fourth was done."""
    got = made(date(2026, 11, 9), enrolled=date(2026, 10, 20), done={"M4": date(2026, 11, 9)})
    assert states(got)["M3"] is State.MISSED
    assert open_contact(got) is None


def test_nothing_is_due_after_a_death_and_what_was_missed_before_stays():
    """Reminders stop the same day; the figures keep what was missed until then."""
    ended = date(2026, 11, 20)
    got = states(made(date(2026, 12, 24), enrolled=date(2026, 10, 1), ended=ended))
    assert not OPEN_STATES & set(got.values())
    assert got["M3"] is State.MISSED
    assert {got[c] for c in ("M4", "M5", "M36")} == {State.CANCELLED}
    assert states(made(ended, enrolled=date(2026, 10, 1), ended=ended))["M4"] is State.CANCELLED


def test_the_next_contact_is_the_open_one_else_the_first_planned():
    """The family's page always says when next; after the last one it says nothing."""
    assert next_contact(made(date(2026, 11, 9), enrolled=date(2026, 11, 1))).code == "M4"
    done = {"M4": date(2026, 11, 9)}
    assert next_contact(made(date(2026, 11, 10), enrolled=date(2026, 11, 1), done=done)).code == "M5"
    assert next_contact(made(date(2031, 1, 1))) is None


def test_a_pregnancy_counts_from_its_first_day():
    """30 weeks, open from 28 to 32."""
    lmp = date(2026, 1, 5)
    got = contacts(PACK.schedule, {Anchor.LMP: lmp}, enrolled_on=lmp, done={}, today=lmp + timedelta(weeks=29))
    assert [c.code for c in got] == ["AN1", "AN2", "AN3"]
    assert (open_contact(got).opens_on, open_contact(got).closes_on) == (
        lmp + timedelta(weeks=28),
        lmp + timedelta(weeks=32),
    )


def test_a_day_agreed_goes_with_its_contact():
    """The day the family wants is shown, not the pack's target."""
    got = {c.code: c for c in made(BORN, agreed={"M2": date(2026, 9, 21)})}
    assert got["M2"].agreed_on == date(2026, 9, 21)
    assert got["M3"].agreed_on is None


def test_a_child_of_the_31st_is_due_at_the_months_end():
    """Born on 31 August: six months later is 28 February."""
    target = {c.code: c.target_on for c in made(date(2026, 9, 1), born=date(2026, 8, 31))}
    assert (target["M6"], target["M7"]) == (date(2027, 2, 28), date(2027, 3, 31))


@given(st.integers(0, 1400), st.integers(0, 1200), st.integers(0, 30), st.sets(st.sampled_from(["PN2", "M2", "M9"])))
def test_never_more_than_one_contact_is_open(age, enrolled, left, done):
    """One row a household depends on it, at every age, enrolment and discharge."""
    got = made(
        BORN + timedelta(days=age),
        left=BORN + timedelta(days=left),
        enrolled=BORN + timedelta(days=min(age, enrolled)),
        done={c.code: c.target_on for c in made(BORN) if c.code in done and c.target_on <= BORN + timedelta(days=age)},
    )
    assert len([c for c in got if c.state in OPEN_STATES]) <= 1
    today = BORN + timedelta(days=age)
    assert all(c.closes_on >= today for c in got if c.state is State.PLANNED)


@given(
    born=st.dates(date(2019, 1, 1), date(2026, 12, 31)),
    age=st.integers(0, 1500),
    done=st.sets(st.integers(0, 23)),
    enrolled=st.integers(0, 1500),
)
def test_the_next_contact_computed_from_the_near_plans_is_that_of_all(born, age, done, enrolled):
    """Lists of thousands of children take the short way and must not differ from the child's own page."""
    plans = PACK.schedule
    today = born + timedelta(days=age)
    anchors = {Anchor.BIRTH: born}
    dates = {plans[i].code: min(today, plans[i].target(born)) for i in done if i < len(plans)}
    facts = {"enrolled_on": born + timedelta(days=min(enrolled, age)), "done": dates, "today": today}
    near = plans_near(plans, anchors, done=dates, today=today)
    assert next_contact(contacts(near, anchors, **facts)) == next_contact(contacts(plans, anchors, **facts))
