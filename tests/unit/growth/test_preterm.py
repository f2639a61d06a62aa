"""Preterm children: both ages, and standards before term."""

from math import exp

import pytest

from healthvisit import growth
from healthvisit.domain.errors import InputError
from healthvisit.domain.person import CorrectionRule
from healthvisit.growth.preterm import Ages, ages, due_in_days, newborn_size, postnatal


@pytest.mark.parametrize(
    ("age", "gestation", "corrected"),
    [
        (200, 30 * 7, 130),
        (10, 30 * 7, -60),
        (365, 36 * 7 + 6, 343),
        (366, 36 * 7 + 6, None),
        (366, 32 * 7, None),
        (366, 31 * 7 + 6, 309),
        (730, 31 * 7 + 6, 673),
        (731, 31 * 7 + 6, None),
        (100, 37 * 7, None),
        (100, None, None),
    ],
)
def test_age_is_corrected_as_long_as_it_holds(age, gestation, corrected):
    """To 12 months when born at 32 to 36 weeks, to 24 below 32: both last days are met from both sides."""
    found = ages(age, gestation)
    assert found == Ages(age, corrected)
    assert found.judged == (age if corrected is None else corrected)


def test_the_limits_of_correction_can_be_set():
    """Other countries correct to 24 months only below 30 weeks."""
    rule = CorrectionRule(very_preterm_days=30 * 7)
    assert ages(400, 31 * 7, rule).corrected is None
    assert ages(400, 31 * 7).corrected == 337


@pytest.mark.parametrize("gestation", [0, 21 * 7 + 6, 45 * 7])
def test_a_pregnancy_nobody_can_have_had_is_refused(gestation):
    """A slip in the weeks would move every z of the child; the sentence names 22 and 44."""
    for call in (
        lambda: ages(10, gestation),
        lambda: postnatal("weight", 2000, gestation_days=gestation, age_days=3, sex="f"),
        lambda: newborn_size("weight", 2000, gestation_days=gestation, sex="f"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.code == "birth.gestation"
        assert caught.value.details == {"low": 22, "high": 44}
    assert ages(0, 22 * 7).corrected == -126
    assert ages(0, 44 * 7 + 6).corrected is None


def test_before_term_who_gives_no_z_and_intergrowth_does():
    """A child due next week has no place on a chart that begins at term."""
    age = ages(30, 34 * 7)
    assert age.corrected == -12
    assert growth.weight_for_age(2600, age_days=age.judged, sex="f").reason == "below_zero_corrected"
    assert postnatal("weight", 2600, gestation_days=34 * 7, age_days=30, sex="f").z == pytest.approx(0.0, abs=0.6)
    assert due_in_days(30, 34 * 7) == 12


def test_correction_moves_the_z_as_design_says():
    """Boy of 200 days and 7.0 kg, born at 30 weeks: -1.38 chronological, -0.19 corrected."""
    found = ages(200, 30 * 7)
    assert growth.weight_for_age(7000, age_days=found.chronological, sex="m").z == -1.38
    assert growth.weight_for_age(7000, age_days=found.judged, sex="m").z == -0.19


@pytest.mark.parametrize(
    ("part", "sex", "weeks", "median"),
    [  # worked out by hand from the published formulas
        ("weight", "m", 40, 3433),
        ("weight", "f", 40, 3134),
        ("length", "m", 40, 509),
        ("head", "f", 50, 385),
        ("weight", "f", 27, 612),
    ],
)
def test_median_children_lie_at_zero(part, sex, weeks, median):
    """The formulas in printed form: a median child has z 0."""
    assert postnatal(part, median, gestation_days=26 * 7, age_days=weeks * 7 - 26 * 7, sex=sex).z == pytest.approx(
        0, abs=0.03
    )


def test_size_at_birth_has_its_own_standard():
    """At 30 weeks a girl of exp(-7.00303 + 1.325911 sqrt 30) kg is the median."""
    median_g = round(exp(-7.00303 + 1.325911 * 30**0.5) * 1000)
    assert newborn_size("weight", median_g, gestation_days=210, sex="f").z == pytest.approx(0, abs=0.01)
    assert newborn_size("head", 274, gestation_days=210, sex="f").z == pytest.approx(0, abs=0.03)
    assert newborn_size("length", 394, gestation_days=210, sex="f").z == pytest.approx(0, abs=0.03)


def test_outside_their_weeks_the_standards_are_silent():
    """No reference is said, never zero."""
    assert postnatal("weight", 2000, gestation_days=36 * 7, age_days=64 * 7 - 36 * 7, sex="f").z is not None
    for gestation, age in ((36 * 7, 64 * 7 - 36 * 7 + 1), (26 * 7, 6), (37 * 7, 10), (36 * 7, -1)):
        score = postnatal("weight", 2000, gestation_days=gestation, age_days=age, sex="f")
        assert (score.z, score.reason) == (None, "no_reference")
    for gestation in (24 * 7 - 1, 33 * 7):
        assert newborn_size("weight", 2000, gestation_days=gestation, sex="f").reason == "no_reference"
    assert newborn_size("weight", 1500, gestation_days=32 * 7 + 6, sex="f").z is not None


def test_no_measure_or_no_sex_gives_no_z():
    """As everywhere: a reason instead of a number."""
    assert postnatal("weight", 0, gestation_days=200, age_days=10, sex="f").reason == "bad_measure"
    assert postnatal("weight", 900, gestation_days=200, age_days=10, sex=None).reason == "sex_unknown"
    assert newborn_size("weight", -1, gestation_days=200, sex="f").reason == "bad_measure"


def test_an_impossible_weight_is_flagged():
    """Twenty kilograms before term is a slip of the comma."""
    assert postnatal("weight", 20000, gestation_days=34 * 7, age_days=30, sex="f").flagged
