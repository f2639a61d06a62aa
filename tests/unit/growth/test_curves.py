"""The lines of the chart are the same standard as the z-scores."""

from decimal import Decimal

import pytest

from healthvisit import growth
from healthvisit.growth import CHART_INDICATORS, Z_LINES, curve, extent, lms
from healthvisit.growth.curves import RULES


@pytest.mark.parametrize("indicator", CHART_INDICATORS)
def test_every_chart_has_seven_lines_that_never_cross(indicator):
    """A dot between two lines must lie between their z-scores, over the whole chart."""
    for sex in ("f", "m"):
        lines = curve(indicator, sex, Z_LINES, *extent(indicator, sex), 30)
        assert [line.z for line in lines[:7]] == list(Z_LINES)
        for at in range(0, len(lines), 7):
            columns = zip(*([y for _, y in line.points] for line in lines[at : at + 7]), strict=True)
            assert all(list(column) == sorted(set(column)) for column in columns)


def test_a_child_on_a_line_has_that_score():
    """Line and z come from one formula: a dot on -2 must not be told -1.9."""
    for line in curve("weight_for_age", "f", (-5, -4, -3, -2, 0, 2, 3, 4), 0, 3000, 100):
        for day, kg in line.points:
            grams = Decimal(str(round(kg * 1000, 6)))
            assert growth.weight_for_age(grams, age_days=day, sex="f").z == line.z
    assert lms.value_at(RULES["length_for_age"], 4, 1.0, 50.0, 0.04) == pytest.approx(58)


def test_length_line_steps_down_where_the_child_stands_up():
    """At two years the same child is 0.7 cm shorter: two stretches, with no slope between."""
    lying, standing = curve("length_for_age", "m", (0,), 700, 760)
    assert (lying.points[0][0], lying.points[-1][0]) == (700, 730)
    assert (standing.points[0][0], standing.points[-1][0]) == (731, 760)
    assert lying.points[-1][1] - standing.points[0][1] == pytest.approx(0.7, abs=0.05)


def test_lines_break_at_the_hand_over_to_2007():
    """WHO 2006 and 2007 differ by up to 0.19 z: a joined line would show a child crossing it."""
    assert [line.points[-1][0] for line in curve("weight_for_age", "f", (0,), 1700, 2000)] == [1826, 2000]
    assert [line.points[-1][0] for line in curve("bmi_for_age", "f", (0,), 0, 2000)] == [730, 1826, 2000]


def test_lines_end_with_their_reference():
    """A chart to five years shows no arm line before day 91 and no head line after day 1826."""
    (arm,) = curve("muac_for_age", "f", (0,), 0, 3000)
    assert (arm.points[0][0], arm.points[-1][0]) == (91, 1826)
    (by_length,) = curve("weight_for_length", "m", (0,), 0, 5000, 10)
    assert (by_length.points[0][0], by_length.points[-1][0]) == (450, 1100)
    assert extent("weight_for_height", "f") == (650, 1200)
    assert curve("head_for_age", "f", Z_LINES, 2000, 3000) == []


@pytest.mark.parametrize("indicator", ["length_for_age", "weight_for_age", "bmi_for_age"])
def test_lines_and_scores_end_on_the_same_day(indicator):
    """A child with a z has lines around its point."""
    _first, last = extent(indicator, "f")
    scores = [
        growth.assess(growth.Measures(sex="f", age_days=day, weight_g=40000, length_mm=1500)).scores[indicator]
        for day in (last, last + 1)
    ]
    assert [score.z is None for score in scores] == [False, True]
    assert curve(indicator, "f", (0,), last, last + 9)[0].points[-1][0] == last
