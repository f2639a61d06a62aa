"""One word for one measurement: what a screen says and what an alert hangs on."""

import doctest

import pytest

from healthvisit import growth
from healthvisit.growth import Gain, Measures, Score, classes, classify, classify_muac, gain

ALL = ("length_for_age", "weight_for_age", "weight_for_length", "bmi_for_age", "head_for_age")
UNDER_FIVE = {  # z: length, weight, weight-for-length, BMI, head
    -3.01: ("very_low",) * 5,
    -3.0: ("low",) * 5,
    -2.01: ("low",) * 5,
    -2.0: ("as_expected",) * 5,
    1.0: ("as_expected",) * 5,
    1.01: ("as_expected", "as_expected", "slightly_high", "slightly_high", "as_expected"),
    2.0: ("as_expected", "as_expected", "slightly_high", "slightly_high", "as_expected"),
    2.01: ("as_expected", "as_expected", "high", "high", "high"),
    3.0: ("as_expected", "as_expected", "high", "high", "high"),
    3.01: ("very_high", "as_expected", "very_high", "very_high", "very_high"),
}


@pytest.mark.parametrize("z", UNDER_FIVE)
def test_classes_change_at_the_agreed_cut_offs(z):
    """One hundredth decides between advice and a referral."""
    assert tuple(classify(indicator, Score(z), age_days=500) for indicator in ALL) == UNDER_FIVE[z]


def test_school_children_have_stricter_bmi_cut_offs():
    """WHO 2007: above +1 is overweight, above +2 obese."""
    found = [classify("bmi_for_age", Score(z), age_days=2000) for z in (-3.01, -2.01, 1.0, 1.01, 2.01, 3.01)]
    assert found == ["very_low", "low", "as_expected", "high", "very_high", "very_high"]


def test_flagged_score_is_only_ever_check():
    """An implausible z raises no alarm: it asks to measure again."""
    assert {classify(indicator, Score(-7.0, flagged=True), age_days=500) for indicator in ALL} == {"check"}


def test_oedema_is_severe_whatever_the_scales_say():
    """Swollen feet with a good weight are the child most easily sent home."""
    found = classes(Measures(sex="f", age_days=400, weight_g=9000, length_mm=740, oedema=True))
    assert found["weight_for_length"] == found["bmi_for_age"] == found["weight_for_age"] == "very_low"
    assert found["length_for_age"] == "as_expected"
    assert classes(Measures(sex=None, age_days=None, oedema=True)) == {"weight_for_length": "very_low"}
    assert classes(Measures(sex=None, age_days=None, weight_g=9000, oedema=True))["weight_for_age"] == "very_low"


@pytest.mark.parametrize("indicator", ["triceps_for_age", "subscapular_for_age", "muac_for_age"])
def test_indicators_without_cut_offs_by_z_have_no_class(indicator):
    """No agreed cut-off must not read as "as expected"."""
    assert classify(indicator, Score(-4.0), age_days=500) is None


def test_no_score_has_no_class():
    """No reference is not "as expected"."""
    assert classify("weight_for_age", Score(None, reason="no_reference"), age_days=500) is None


@pytest.mark.parametrize(
    ("muac_mm", "age_days", "kind"),
    [
        (114, 400, "very_low"),
        (115, 400, "low"),
        (124, 400, "low"),
        (125, 400, "as_expected"),
        (114, 182, None),  # 5.98 months
        (114, 183, "very_low"),
        (114, 1826, "very_low"),
        (114, 1827, None),
        (114, None, None),
        (0, 400, None),
    ],
)
def test_arm_is_classed_by_millimetres_from_six_to_59_months(muac_mm, age_days, kind):
    """A danger sign: 114 mm is referred, 115 mm is not."""
    assert classify_muac(muac_mm, age_days=age_days) == kind


def test_severe_arm_is_said_even_where_its_score_is_doubtful():
    """A flagged z asks for the tape again, but must not hide a starving child."""
    measures = Measures(sex="f", age_days=1500, muac_mm=90)
    assert growth.assess(measures).scores["muac_for_age"].flagged
    assert classes(measures) == {"muac_for_age": "very_low"}


@pytest.mark.parametrize(
    ("weight_g", "before_g", "days", "expected"),
    [
        (5850, 5300, 45, Gain(550, 45, 12)),
        (5000, 5030, 20, Gain(-30, 20, -2)),  # -1.5
        (5030, 5000, 20, Gain(30, 20, 2)),
        (5000, 5000, 30, Gain(0, 30, 0)),
        (5000, 4000, 0, None),
        (5000, 4000, -3, None),
    ],
)
def test_gain_is_given_in_grams_a_day(weight_g, before_g, days, expected):
    """What a mother asks first: does she gain?"""
    assert gain(weight_g, before_g=before_g, days=days) == expected


def test_example_in_the_package_text_runs():
    """The first thing a reader copies has to work."""
    assert doctest.testmod(growth).failed == 0
