"""What changed between visits, and what must not be taken for a change."""

from datetime import date, timedelta

import pytest

from healthvisit.growth import Measures, weight_for_age
from healthvisit.growth.trend import Point, intervals, point, trends

BORN = date(2024, 1, 1)


def seen(day, *, corrected_by=0, sex="f", **measures):
    """A girl seen `day` days after birth."""
    on = BORN + timedelta(days=day)
    return point(on, Measures(sex=sex, age_days=day - corrected_by, **measures), chronological_days=day)


def codes(*points, **more):
    return [(t.code, (t.on - BORN).days) for t in trends(points, **more)]


def test_a_child_on_her_line_has_no_finding():
    """An alarm at a healthy child teaches the worker to look past alarms."""
    girl = [seen(day, weight_g=g) for day, g in ((0, 3230), (30, 4190), (61, 5130), (122, 6420), (183, 7300))]
    assert codes(*girl) == []


def test_gain_per_week_and_change_of_z_lie_between_two_believable_weights():
    """The paper card says grams a week; the middle weight (swollen feet) is water."""
    points = seen(61, weight_g=5130), seen(75, weight_g=6100, oedema=True), seen(89, weight_g=5550)
    (only,) = intervals(points)
    assert (only.days, only.grams, only.grams_per_week) == (28, 420, 105)
    z = {day: weight_for_age(g, age_days=day, sex="f").z for day, g in ((61, 5130), (89, 5550))}
    assert only.z_change == pytest.approx(z[89] - z[61])


def test_a_fall_of_one_z_is_found_and_less_is_not():
    """One z between visits is the step at which the visitor asks why."""
    fallen = codes(seen(61, weight_g=5130), seen(122, weight_g=5650))
    assert ("falling", 122) in fallen
    assert codes(seen(61, weight_g=5130), seen(122, weight_g=5900)) == []


def test_no_gain_counts_from_thirty_days_and_under_twelve_months():
    """29 days may be a cold; at 13 months a month without gain is common."""
    assert codes(seen(200, weight_g=7500), seen(230, weight_g=7500)) == [("no_gain", 230)]
    assert codes(seen(200, weight_g=7500), seen(229, weight_g=7500)) == []
    assert codes(seen(340, weight_g=9000), seen(372, weight_g=9000)) == []


def test_no_gain_looks_back_over_visits_in_between():
    """Weekly weighing must not hide a month without gain."""
    assert ("no_gain", 231) in codes(*(seen(day, weight_g=7500) for day in (200, 210, 220, 231)))


@pytest.mark.parametrize(
    ("grams", "code"),
    [
        (3255, None),  # exactly 7 %
        (3254, "newborn_loss"),
        (3150, "newborn_loss"),  # exactly 10 %
        (3149, "newborn_loss_urgent"),
    ],
)
def test_newborn_loss_is_judged_by_share_of_birth_weight(grams, code):
    """Beyond 7 % feeding is looked at, beyond 10 % the child is sent at once; the limits themselves are not beyond."""
    assert codes(seen(4, weight_g=grams), birth_weight_g=3500) == ([(code, 4)] if code else [])


def test_birth_weight_must_be_back_on_day_fourteen():
    """Day 13 may still wait; day 14 may not."""
    assert codes(seen(13, weight_g=3490), birth_weight_g=3500) == []
    assert codes(seen(14, weight_g=3490), birth_weight_g=3500) == [("birth_weight_not_regained", 14)]
    assert codes(seen(0, weight_g=3500), seen(14, weight_g=3490)) == [("birth_weight_not_regained", 14)]
    assert codes(seen(14, weight_g=3500), birth_weight_g=3500) == []


def test_what_newborns_lose_is_no_falling_line():
    """From birth to day 3 every child falls; only the newborn rule speaks then."""
    assert codes(seen(0, weight_g=4300), seen(3, weight_g=4010)) == []


def test_a_shrinking_length_or_head_is_measured_again():
    """Nobody grows shorter: it was the tape. Up to 1 cm and 0.5 cm are its usual error."""
    assert codes(seen(300, length_mm=720), seen(330, length_mm=710)) == []
    found = trends((seen(300, length_mm=720), seen(330, length_mm=709)))
    assert [(t.code, t.ask, t.change) for t in found if t.code != "falling"] == [
        ("length_shrinks", "measure_again", -11)
    ]
    assert codes(seen(300, head_mm=440), seen(330, head_mm=435)) == []
    assert codes(seen(300, head_mm=440), seen(330, head_mm=434)) == [("head_shrinks", 330)]


def test_the_first_standing_measure_is_not_a_loss():
    """Standing a child is 0.7 cm shorter than lying."""
    lying, standing = seen(700, length_mm=850, posture="lying"), seen(735, length_mm=839, posture="standing")
    assert "length_shrinks" not in {code for code, _ in codes(lying, standing)}


def test_a_jump_of_more_than_three_z_is_weighed_again():
    """Another child on the scales, or a slip of the pen."""
    assert ("weight_jumps", 220) in codes(seen(200, weight_g=7000), seen(220, weight_g=11500))


def test_flagged_measures_take_no_part():
    """A slip (70 kg) is asked for when it is typed; it must not make the next visit look like starving."""
    assert codes(seen(200, weight_g=7500), seen(215, weight_g=70000), seen(225, weight_g=7800)) == []


def test_oedema_takes_no_part():
    """When swelling goes, weight falls: that is recovery."""
    assert codes(seen(200, weight_g=8500, oedema=True), seen(235, weight_g=7600)) == []


def test_the_hand_over_to_who_2007_raises_no_alarm():
    """At five years the curve jumps by up to 0.2 z, and with a small real fall that would pass for a crossing."""
    before = Point(BORN, 1820, 1820, weight_g=17000, scores={"weight_for_age": _z(0.5)})
    after = Point(BORN + timedelta(days=20), 1840, 1840, weight_g=16500, scores={"weight_for_age": _z(-4.0)})
    assert trends((before, after)) == []
    assert intervals((before, after))[0].z_change is None


def test_the_end_of_age_correction_raises_no_alarm():
    """Born at 30 weeks: the day correction ends, the same weight is judged ten weeks older."""
    last = Point(BORN, 660, 730, weight_g=11000, scores={"weight_for_age": _z(0.2)})
    now = Point(BORN + timedelta(days=10), 740, 740, weight_g=10950, scores={"weight_for_age": _z(-0.9)})
    assert trends((last, now)) == []
    same = now._replace(age_days=670)
    assert [t.code for t in trends((last, same))] == ["falling"]


def test_a_head_that_crosses_two_lines_is_found():
    """Two z either way in one interval is the red flag of DOMAIN 3.3."""
    assert ("head_crosses", 120) in codes(seen(60, head_mm=383), seen(120, head_mm=432))


def test_two_measures_of_one_day_are_no_interval():
    """Weighed twice to be sure."""
    assert intervals((seen(200, weight_g=7500), seen(200, weight_g=7400))) == []


def test_nothing_measured_shows_in_reprs():
    """A crash report holds no child's weight."""
    girl = seen(200, weight_g=7531)
    assert "7531" not in repr(
        (girl, intervals((girl, seen(230, weight_g=7531))), trends((girl, seen(230, weight_g=7531))))
    )


def _z(z):
    from healthvisit.growth import Score

    return Score(z)
