"""Motor milestones from checks and from what the caregiver says: late only where it cannot have been earlier."""

from dataclasses import replace
from datetime import timedelta

import pytest

from healthvisit.development import MotorState
from healthvisit.domain.errors import InputError
from healthvisit.domain.person import Precision
from healthvisit.services import development, milestones
from healthvisit.services.development_view import development_view
from tests.builders import NOW, TODAY, WORKER, a_child, make_store, persons_of, register

PACK = development.checks_pack()
MONTH = 30.4375


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def child(store, months, **facts):
    home = register(store, "Myradow", a_child("Aýna", TODAY - timedelta(days=round(months * MONTH)), **facts))
    return persons_of(store, home)["Aýna"]


def checked(store, person, ago_days=0, **answers):
    on = TODAY - timedelta(days=ago_days)
    with store.unit(worker=WORKER, now=NOW) as work:
        _facts, draft = development.begin(work, person, today=on)
        rest = {s.code: "yes" for s in development.skills(PACK, _facts, draft)}
        development.save_check(work, PACK, replace(draft, answers=rest | answers), today=TODAY)


def said(store, person, code, months, minutes=0):
    with store.unit(worker=WORKER, now=NOW + timedelta(minutes=minutes)) as work:
        milestones.say_month(work, PACK, person, code, months, today=TODAY)


def lines(store, person):
    with store.reading(worker=WORKER, now=NOW) as work:
        view = development_view(work, PACK, person, today=TODAY)
    return {line.window.code: line for line in view.milestones}


def test_what_nobody_asked_is_never_late(store):
    """A child of three seen for the first time: an empty history is no alarm."""
    found = lines(store, child(store, 36))
    assert {line.state for line in found.values()} == {None}
    assert not any(line.is_reason for line in found.values())


def test_a_window_that_has_not_opened_says_so(store):
    """Four months old: walking is far away."""
    found = lines(store, child(store, 4))
    assert found["walks"].state is MotorState.BEFORE
    assert found["sits"].state is None


def test_a_skill_seen_at_a_check_was_reached_by_that_day_and_is_never_late_for_it(store):
    """First asked at 20 months and walks: nobody knows since when, so nobody is alarmed."""
    person = child(store, 20)
    checked(store, person)
    line = lines(store, person)["walks"]
    assert (line.state, line.attained.low, line.attained.said_months) == (MotorState.REACHED, 0, None)
    assert lines(store, person)["sits"].state is MotorState.REACHED  # who walks has sat


def test_late_is_what_was_not_there_after_the_window_closed(store):
    """Not alone at 18 months: later than 99 of 100 children, a reason to look closer."""
    person = child(store, 18.5)
    checked(store, person, m18_walks_alone="not_yet")
    line = lines(store, person)["walks"]
    assert (line.state, line.is_reason) == (MotorState.LATE, True)
    assert round(line.missing_at / MONTH, 1) == 18.5
    assert lines(store, person)["stands"].state is MotorState.REACHED


def test_walking_between_two_checks_after_the_window_is_reached_late(store):
    """Not at 18 months, there at 21: late is sure, and it is there."""
    person = child(store, 21.5)
    checked(store, person, 92, m18_walks_alone="not_yet")
    checked(store, person)
    line = lines(store, person)["walks"]
    assert (line.state, line.is_reason) == (MotorState.REACHED_LATE, False)
    assert line.attained.low < line.attained.high


@pytest.mark.parametrize(
    ("code", "months", "state"),
    [
        ("walks", 7, MotorState.REACHED_EARLY),
        ("walks", 12, MotorState.REACHED),
        ("walks", 17, MotorState.REACHED),  # within its month the window is still open
        ("walks", 18, MotorState.REACHED_LATE),
        ("sits", 9, MotorState.REACHED),
        ("crawls", 14, MotorState.REACHED_LATE),
    ],
)
def test_the_month_a_caregiver_says_is_a_span_of_a_month(store, code, months, state):
    """Nine months, as she says, is not later than 9.2."""
    person = child(store, 24)
    said(store, person, code, months)
    line = lines(store, person)[code]
    assert (line.state, line.attained.said_months, line.is_reason) == (state, months, False)


def test_crawling_is_never_a_reason(store):
    """Some healthy children never crawl."""
    found = lines(store, child(store, 24))
    assert not found["crawls"].is_reason
    assert not found["crawls"].window.alone_a_reason


def test_the_latest_word_counts_and_can_be_taken_back(store):
    """A slip is put right by saying it again."""
    person = child(store, 24)
    said(store, person, "walks", 11)
    said(store, person, "walks", 13, minutes=1)
    assert round(lines(store, person)["walks"].attained.low / MONTH) == 13
    said(store, person, "walks", None, minutes=2)
    assert lines(store, person)["walks"].attained is None


def test_what_was_seen_earlier_counts_more_than_what_is_remembered(store):
    """Seen walking at 14 months; "at 16" is a slip of memory."""
    person = child(store, 24)
    checked(store, person, 150)
    said(store, person, "walks", 22)
    assert lines(store, person)["walks"].attained.said_months is None


def test_a_preterm_child_s_months_are_corrected(store):
    """Ten weeks early: said at 12 months is 9.7 corrected."""
    person = child(store, 20, gestation_days=210)
    said(store, person, "walks", 12)
    line = lines(store, person)["walks"]
    assert (line.attained.low, line.attained.said_months, line.corrected) == (365 - 70, 12, True)


@pytest.mark.parametrize(("code", "months"), [("walks", 25), ("walks", -1), ("flies", 3)])
def test_a_month_that_cannot_be_is_refused(store, code, months):
    """The child was not so old yet."""
    person = child(store, 24)
    with pytest.raises(InputError, match=r"development\."):
        said(store, person, code, months)


def test_without_a_day_of_birth_there_is_no_chart(store):
    """No window fits an unknown age."""
    assert lines(store, child(store, 24, born_precision=Precision.MONTH)) == {}
