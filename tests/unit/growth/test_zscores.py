"""z-scores are WHO's, at every edge where other programs go wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit import growth
from healthvisit.growth import Measures, assess

SEXES = st.sampled_from(["f", "m"])
MONTH = Decimal("30.4375")
PUBLISHED = {  # DOMAIN 3.4; the last five are figures of the checks of WHO's program anthro
    "girl at birth, the median": (growth.weight_for_age(Decimal("3232.2"), age_days=0, sex="f"), 0.00, False),
    "girl at birth, 2.0 kg": (growth.weight_for_age(2000, age_days=0, sex="f"), -3.09, False),
    "boy 365 d, 5.0 kg": (growth.weight_for_age(5000, age_days=365, sex="m"), -5.36, False),
    "boy 44 d, 50.0 cm": (growth.length_for_age(500, age_days=44, sex="m"), -3.29, False),
    "boy 987 d, 72.86 cm lying": (
        growth.length_for_age(Decimal("728.6"), age_days=987, sex="m", posture="lying"),
        -6.09,
        True,
    ),
    "girl 730 d, 80.0 cm": (growth.length_for_age(800, age_days=730, sex="f"), -1.98, False),
    "boy 75.0 cm lying, 12.5 kg": (
        growth.weight_for_length(12500, length_mm=750, age_days=None, sex="m", posture="lying"),
        3.16,
        False,
    ),
    "girl 95.0 cm standing, 18.9 kg": (
        growth.weight_for_length(18900, length_mm=950, age_days=None, sex="f", posture="standing"),
        3.26,
        False,
    ),
    "girl 90 d, head 36.0 cm": (growth.head_for_age(360, age_days=90, sex="f"), -2.81, False),
    "girl 365 d, arm 11.4 cm": (growth.muac_for_age(114, age_days=365, sex="f"), -2.71, False),
    "boy 1000 d, BMI 20.5": (
        growth.bmi_for_age(20500, length_mm=1000, age_days=1000, sex="m"),
        3.25,
        False,
    ),
    "girl 1522 d, 17 kg": (growth.weight_for_age(17000, age_days=1522, sex="f"), 0.24, False),
    "girl 24.0 months, 77.5 cm": (growth.length_for_age(775, age_days=24 * MONTH, sex="f"), -2.55, False),
    "girl 24.0 months, 77.5 cm standing": (
        growth.length_for_age(775, age_days=24 * MONTH, sex="f", posture="standing"),
        -2.55,
        False,
    ),
    "boy 8 months, 60 cm standing": (
        growth.length_for_age(600, age_days=8 * MONTH, sex="m", posture="standing"),
        -4.81,
        False,
    ),
    "boy 9 months, 60 cm standing": (
        growth.length_for_age(600, age_days=9 * MONTH, sex="m", posture="standing"),
        -5.02,
        False,
    ),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_published_check_values_come_out(case):
    """If one of these differs, nothing else on the growth page can be believed."""
    score, z, flagged = PUBLISHED[case]
    assert (score.z, score.flagged, score.reason) == (z, flagged, None)


def test_screen_example_reads_as_designed():
    """The girl in the picture of the child page: 128 days, 5,85 kg, 62,0 cm, head 40,2 cm."""
    scores = assess(Measures(sex="f", age_days=128, weight_g=5850, length_mm=620, head_mm=402)).scores
    assert {name: score.z for name, score in scores.items()} == {
        "length_for_age": -0.24,
        "weight_for_age": -0.89,
        "weight_for_length": -0.95,
        "bmi_for_age": -1.03,
        "head_for_age": -0.45,
    }


def test_day_of_birth_has_a_score():
    """Age zero is an age; a peer crashes on it."""
    assert growth.weight_for_age(3300, age_days=0, sex="m").z == -0.1
    assert growth.head_for_age(345, age_days=0, sex="m").z == 0.03


@pytest.mark.parametrize(
    ("age_days", "posture", "corrected"),
    [
        (730, "lying", 0),
        (730, "standing", 7),
        (730, None, 0),
        (731, "standing", 0),
        (731, "lying", -7),
        (731, None, 0),
        (1826, "lying", -7),
        (1827, "lying", 0),  # WHO 2007 knows height only, and no posture
        (274, "standing", 7),
        (273, "standing", 0),  # under 9 months: not believed
    ],
)
def test_length_is_corrected_for_posture(age_days, posture, corrected):
    """0.7 cm is up to 0.3 z: a board laid flat or stood up must not change the child."""
    stature = growth.correct_length(800, age_days=age_days, posture=posture)
    assert (stature.mm, stature.corrected_by_mm) == (800 + corrected, corrected)
    assert stature.posture == ("lying" if age_days < 731 else "standing")
    assert stature.posture_doubtful is (age_days == 273)


def test_standing_under_nine_months_is_scored_uncorrected_with_a_doubt():
    """A baby of eight months does not stand at the board: ask again, but show the z."""
    standing = assess(Measures(sex="f", age_days=240, length_mm=680, posture="standing"))
    lying = assess(Measures(sex="f", age_days=240, length_mm=680, posture="lying"))
    assert standing.stature.posture_doubtful
    assert standing.scores == lying.scores


def test_lying_toddler_keeps_exact_millimetres():
    """103.1 cm less 0.7 cm is 102.4 cm; binary subtraction makes WHO's own program look up 102.5."""
    lying = growth.weight_for_length(16000, length_mm=1031, age_days=1200, sex="m", posture="lying")
    assert lying == growth.weight_for_length(16000, length_mm=1024, age_days=1200, sex="m", posture="standing")
    assert lying != growth.weight_for_length(16000, length_mm=1025, age_days=1200, sex="m", posture="standing")


@pytest.mark.parametrize(
    ("age_days", "length_mm", "posture", "inside"),
    [
        (100, 450, "lying", True),
        (100, 449, "lying", False),
        (700, 1100, "lying", True),
        (700, 1101, "lying", False),
        (700, 1093, "standing", True),  # 110.0 cm after the correction
        (700, 1094, "standing", False),
        (800, 650, "standing", True),
        (800, 649, "standing", False),
        (800, 657, "lying", True),  # 65.0 cm after the correction
        (800, 656, "lying", False),
        (1800, 1200, "standing", True),
        (1800, 1201, "standing", False),
        (1800, 1207, "lying", True),
        (1800, Decimal("1200.5"), "standing", False),
    ],
)
def test_weight_for_length_range_is_tested_after_the_correction(age_days, length_mm, posture, inside):
    """At the ends of the table one millimetre decides whether there is a z at all."""
    score = growth.weight_for_length(9000, length_mm=length_mm, age_days=age_days, sex="f", posture=posture)
    assert (score.z is not None, score.reason) == (inside, None if inside else "out_of_table")


@pytest.mark.parametrize(
    ("age_days", "posture", "length_mm", "like"),
    [
        (None, "lying", 900, "lying"),
        (None, "standing", 800, "standing"),
        (None, None, 869, "lying"),
        (None, None, 870, "standing"),
        (700, "standing", 893, "lying"),  # by age, not by posture
    ],
)
def test_table_for_weight_is_chosen_by_age_then_posture_then_87_cm(age_days, posture, length_mm, like):
    """A child whose birthday nobody knows can still be found wasted."""
    stature = growth.correct_length(length_mm, age_days=age_days, posture=posture)
    assert stature.posture == like
    score = growth.weight_for_length(9000, length_mm=length_mm, age_days=age_days, sex="f", posture=posture)
    day = 100 if like == "lying" else 1000
    assert score == growth.weight_for_length(9000, length_mm=stature.mm, age_days=day, sex="f", posture=like)


def test_length_between_rows_is_interpolated():
    """An imported length of 72.86 cm is not rounded to 72.9."""

    def z(length_mm):
        return growth.weight_for_length(7000, length_mm=length_mm, age_days=400, sex="m").z

    assert z(728) > z(Decimal("728.6")) > z(729)
    assert z(Decimal("728.0")) == z(728)


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        (growth.weight_for_age(5000, age_days=100, sex=None), "sex_unknown"),
        (growth.weight_for_age(5000, age_days=100, sex="x"), "sex_unknown"),
        (growth.weight_for_length(5000, length_mm=600, age_days=100, sex=None), "sex_unknown"),
        (growth.weight_for_age(5000, age_days=None, sex="f"), "age_unknown"),
        (growth.weight_for_age(2000, age_days=-1, sex="f"), "below_zero_corrected"),
        (growth.weight_for_length(2000, length_mm=460, age_days=-1, sex="f"), "below_zero_corrected"),
        (growth.muac_for_age(110, age_days=90, sex="f"), "too_young"),
        (growth.triceps_for_age(9, age_days=90, sex="f"), "too_young"),
        (growth.subscapular_for_age(9, age_days=90, sex="f"), "too_young"),
        (growth.head_for_age(500, age_days=1827, sex="f"), "no_reference"),
        (growth.muac_for_age(160, age_days=1827, sex="f"), "no_reference"),
        (growth.weight_for_length(18000, length_mm=1080, age_days=1827, sex="f"), "no_reference"),
        (growth.weight_for_age(30000, age_days=3653, sex="f"), "no_reference"),  # 120.02 months
        (growth.length_for_age(1700, age_days=6940, sex="f"), "no_reference"),  # 228.01 months
        (growth.weight_for_age(5000, age_days=100, sex="f", oedema=True), "oedema"),
        (growth.weight_for_length(5000, length_mm=600, age_days=100, sex="f", oedema=True), "oedema"),
        (growth.bmi_for_age(5000, length_mm=600, age_days=100, sex="f", oedema=True), "oedema"),
    ],
)
def test_no_score_comes_with_its_reason(score, reason):
    """No z must never look like a normal z; the screen says which of these it is."""
    assert (score.z, score.flagged, score.reason) == (None, False, reason)


def test_ends_of_the_tables_have_a_score():
    """The last day of each range belongs to it."""
    assert growth.muac_for_age(110, age_days=91, sex="f").z is not None
    assert growth.head_for_age(500, age_days=1826, sex="f").z is not None
    assert growth.weight_for_age(30000, age_days=3652, sex="f").z is not None
    assert growth.length_for_age(1600, age_days=6939, sex="f").z is not None


def test_sixty_months_hand_over_to_the_2007_reference():
    """Day 1826 is WHO 2006, day 1827 is WHO 2007 between months 60 and 61: without it five-year-olds vanish."""
    assert [growth.standard_at(day) for day in (None, -1, 0, 1826, 1827)] == [
        None,
        None,
        "who2006",
        "who2006",
        "who2007",
    ]
    beyond = 1855 / 30.4375 - 60  # 0.94 of the way from month 60 to 61
    median = 18.0823 + beyond * (18.2579 - 18.0823)
    score = growth.weight_for_age(Decimal(str(round(median * 1000, 3))), age_days=1855, sex="f")
    assert score.z == 0
    before = growth.bmi_for_age(12400, length_mm=1000, age_days=1826, sex="m").z
    after = growth.bmi_for_age(12400, length_mm=1000, age_days=1827, sex="m").z
    assert 0.1 < abs(before - after) < 0.2  # the known jump, near -3


def test_flag_comes_after_rounding():
    """A z of -6.00 is kept; -6.01 asks to measure again. Flagging before rounding differs from WHO's."""
    median, one_sd = Decimal("491.477"), Decimal("491.477") * Decimal("0.0379")  # girls, day 0
    exactly = growth.length_for_age(median - 6 * one_sd - Decimal("0.08"), age_days=0, sex="f")
    beyond = growth.length_for_age(median - 6 * one_sd - Decimal("0.12"), age_days=0, sex="f")
    assert (exactly.z, exactly.flagged) == (-6.00, False)
    assert (beyond.z, beyond.flagged) == (-6.01, True)


def test_flag_limits_differ_by_indicator():
    """Weight is doubted above 5, length only above 6."""
    assert growth.length_for_age(1000, age_days=365, sex="f").flagged
    heavy = growth.weight_for_age(17500, age_days=365, sex="f")
    tall = growth.length_for_age(890, age_days=365, sex="f")
    assert heavy.z > 5
    assert heavy.flagged
    assert 5 < tall.z <= 6
    assert not tall.flagged


def test_grams_typed_in_the_wrong_place_are_flagged_not_refused():
    """34 kg for a newborn (3,40 without its comma) is computed, and asks to weigh again."""
    score = growth.weight_for_age(34000, age_days=0, sex="f")
    assert score.z > 20
    assert score.flagged


def test_oedema_leaves_length_head_and_arm():
    """Swollen feet spoil the scales, not the tape."""
    found = assess(Measures(sex="m", age_days=400, weight_g=8000, length_mm=740, head_mm=455, muac_mm=130, oedema=True))
    reasons = {name: score.reason for name, score in found.scores.items()}
    assert reasons == {
        "length_for_age": None,
        "weight_for_age": "oedema",
        "weight_for_length": "oedema",
        "bmi_for_age": "oedema",
        "head_for_age": None,
        "muac_for_age": None,
    }
    assert found.oedema


@pytest.mark.parametrize(
    "bad", [0, -1, -800, 10**9, 10**400, Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"), Decimal("1e-9")]
)
def test_no_measure_of_zero_or_below_ever_gives_a_score(bad):
    """WHO's own program answers weight 0, length 0 and negative lengths with a number."""
    scores = [
        growth.weight_for_age(bad, age_days=100, sex="f"),
        growth.length_for_age(bad, age_days=100, sex="f"),
        growth.weight_for_length(bad, length_mm=600, age_days=100, sex="f"),
        growth.weight_for_length(6000, length_mm=bad, age_days=100, sex="f"),
        growth.bmi_for_age(bad, length_mm=600, age_days=100, sex="f"),
        growth.bmi_for_age(6000, length_mm=bad, age_days=100, sex="f"),
        growth.head_for_age(bad, age_days=100, sex="f"),
        growth.muac_for_age(bad, age_days=100, sex="f"),
        growth.triceps_for_age(bad, age_days=100, sex="f"),
        growth.subscapular_for_age(bad, age_days=100, sex="f"),
    ]
    assert {(score.z, score.reason) for score in scores} == {(None, "bad_measure")}


def test_length_that_the_correction_takes_below_zero_gives_no_score():
    """5 mm lying at two years would become -2 mm, whose square is a BMI again."""
    found = assess(Measures(sex="f", age_days=800, weight_g=9000, length_mm=5, posture="lying"))
    assert found.stature is None
    assert found.bmi is None
    assert found.scores["bmi_for_age"].reason == found.scores["length_for_age"].reason == "bad_measure"
    assert found.scores["weight_for_age"].z is not None


def test_one_bad_measure_leaves_the_others():
    """A slip in one field must not cost the rest of the visit."""
    found = assess(Measures(sex="f", age_days=100, weight_g=0, length_mm=600, head_mm=400)).scores
    assert found["weight_for_age"].reason == found["weight_for_length"].reason == "bad_measure"
    assert found["length_for_age"].z is not None
    assert found["head_for_age"].z is not None


def test_what_was_not_measured_has_no_entry():
    """The screen lists what was done, and nothing besides."""
    assert assess(Measures(sex="f", age_days=100)).scores == {}
    assert list(assess(Measures(sex="f", age_days=100, weight_g=6000)).scores) == ["weight_for_age"]


def test_floats_are_refused():
    """A kilogram float slipped in as grams would be scored as a gram."""
    with pytest.raises(TypeError):
        growth.weight_for_age(5.85, age_days=100, sex="f")


def test_measures_do_not_show_what_was_measured():
    """A crash report prints arguments."""
    measures = Measures(sex="f", age_days=128, weight_g=5850, length_mm=620)
    found = assess(measures)
    printed = f"{measures!r} {found!r} {found.scores!r} {found.stature!r} {growth.gain(5850, before_g=5300, days=45)!r}"
    assert not any(value in printed for value in ("5850", "620", "128", "0.89", "550"))


def test_median_prints_without_a_sign():
    """A child just under the median is 0.00, not -0.00."""
    score = growth.length_for_age(Decimal("491.47"), age_days=0, sex="f")
    assert str(score.z) == "0.0"


@pytest.mark.parametrize(
    ("age", "days"), [("730.5", 731), ("730.4", 730), ("730", 730), ("-0.5", 0), ("-0.6", -1), ("1826.5", 1827)]
)
def test_half_a_day_counts_up(age, days):
    """An imported age of 730.5 days is 731: a height, not a length."""
    assert growth.whole_days(Decimal(age)) == days


@given(sex=SEXES, age_days=st.integers(0, 3652), grams=st.integers(300, 60000), more=st.integers(1, 5000))
def test_heavier_never_scores_lower(sex, age_days, grams, more):
    """The restricted z must join the plain one without a step back."""
    less = growth.weight_for_age(grams, age_days=age_days, sex=sex).z
    assert growth.weight_for_age(grams + more, age_days=age_days, sex=sex).z >= less


@given(sex=SEXES, age_days=st.integers(0, 6939), mm=st.integers(250, 2000), more=st.integers(1, 300))
def test_longer_never_scores_lower(sex, age_days, mm, more):
    """As for weight; length is never restricted."""
    less = growth.length_for_age(mm, age_days=age_days, sex=sex).z
    assert growth.length_for_age(mm + more, age_days=age_days, sex=sex).z >= less


@given(
    sex=SEXES,
    age_days=st.integers(91, 1826),
    weight_g=st.integers(500, 45000),
    length_mm=st.integers(250, 1400),
    posture=st.sampled_from(["lying", "standing", None]),
    oedema=st.booleans(),
)
def test_assessing_a_child_equals_scoring_one_by_one(sex, age_days, weight_g, length_mm, posture, oedema):
    """Two roads to a z must not part: the visit uses one, the chart the other."""
    found = assess(
        Measures(
            sex=sex,
            age_days=age_days,
            weight_g=weight_g,
            length_mm=length_mm,
            posture=posture,
            head_mm=450,
            muac_mm=140,
            triceps_mm=Decimal("8.5"),
            subscapular_mm=7,
            oedema=oedema,
        )
    )
    who = {"age_days": age_days, "sex": sex}
    both = {"length_mm": length_mm, "posture": posture, "oedema": oedema, **who}
    assert found.scores == {
        "length_for_age": growth.length_for_age(length_mm, posture=posture, **who),
        "weight_for_age": growth.weight_for_age(weight_g, oedema=oedema, **who),
        "weight_for_length": growth.weight_for_length(weight_g, **both),
        "bmi_for_age": growth.bmi_for_age(weight_g, **both),
        "head_for_age": growth.head_for_age(450, **who),
        "muac_for_age": growth.muac_for_age(140, **who),
        "triceps_for_age": growth.triceps_for_age(Decimal("8.5"), **who),
        "subscapular_for_age": growth.subscapular_for_age(7, **who),
    }
    assert found.bmi == pytest.approx(weight_g / 1000 / (found.stature.mm / 1000) ** 2, rel=1e-14)
