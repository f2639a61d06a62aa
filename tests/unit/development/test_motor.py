"""WHO's windows of six motor milestones, figures of design/growth.md section 5."""

from pathlib import Path

import pytest

from healthvisit.development import MotorState, motor_lines
from healthvisit.packs.checks import load_checks

MOTOR = load_checks(Path(__file__).parents[3] / "resources" / "packs" / "dmc").motor
MONTH = 30.4375


def line(code, age_days, reached):
    return next(x for x in motor_lines(MOTOR, age_days=age_days, reached=reached) if x.code == code)


def test_the_windows_are_those_of_who():
    """First and 99th percentile, months."""
    windows = {window.code: (window.low, window.high) for window in MOTOR}
    assert windows == {
        "sits": (3.8, 9.2),
        "stands_with_help": (4.8, 11.4),
        "crawls": (5.2, 13.5),
        "walks_with_help": (5.9, 13.7),
        "stands": (6.9, 16.9),
        "walks": (8.2, 17.6),
    }


@pytest.mark.parametrize(
    ("age_days", "state", "is_reason"),
    [
        (0, MotorState.BEFORE, False),
        (115, MotorState.BEFORE, False),
        (116, MotorState.OPEN, False),
        (280, MotorState.OPEN, False),
        (281, MotorState.LATE, True),
        (1500, MotorState.LATE, True),
    ],
)
def test_a_milestone_not_yet_seen(age_days, state, is_reason):
    """Only later than 99 % of healthy children asks for a closer look."""
    sits = line("sits", age_days, {})
    assert (sits.state, sits.is_reason, sits.at_months) == (state, is_reason, None)


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (100, MotorState.REACHED_EARLY),
        (180, MotorState.REACHED),
        (300, MotorState.REACHED_LATE),
        (None, MotorState.REACHED),
    ],
)
def test_a_milestone_that_was_seen_is_a_point_and_no_reason(seen, state):
    """Late but reached is past; an unknown day is no point at zero."""
    sits = line("sits", 400, {"sits": seen})
    assert (sits.state, sits.is_reason) == (state, False)
    assert sits.at_months == (None if seen is None else seen / MONTH)


def test_crawling_alone_is_never_a_reason():
    """4.3 % of healthy children never crawl."""
    assert line("crawls", 800, {}).state is MotorState.LATE
    assert not line("crawls", 800, {}).is_reason
    assert line("walks", 800, {}).is_reason
