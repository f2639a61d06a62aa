"""The figures of a whole table, against figures worked out by hand."""

from datetime import date
from decimal import Decimal
from statistics import mean, stdev

import pytest

from healthvisit.growth.batch import Scorer
from healthvisit.growth.survey import AGE_UNKNOWN, UNDER_FIVE, Survey, preference, rating, share

HEADER = ("sex", "age_days", "weight_kg", "lenhei_cm", "measure", "armc_cm", "oedema")


def rows(*cells):
    """Rows of text cells; "." is blank."""
    scorer, made = Scorer(HEADER, today=date(2026, 1, 1)), Survey()
    for row in cells:
        made.add(scorer.score(["" if cell == "." else cell for cell in row.split()]))
    return made


def test_shares_are_those_of_the_wilson_interval():
    """10 of 100 by the published formula: 5.5 to 17.4 %."""
    found = share(10, 100)
    assert (found.share, round(found.low, 4), round(found.high, 4)) == (0.1, 0.0552, 0.1744)
    assert share(0, 10).low == 0
    assert share(10, 10).high == pytest.approx(1)
    assert share(0, 0) is None


def test_flagged_z_take_no_part_and_oedema_counts_as_severe():
    """One stunted girl, one slip of the pen, one with swollen feet and one as expected."""
    made = rows(
        "f 300 5.0 71.2 l . n",
        "f 300 84 71.2 l . n",
        "f 300 9.0 71.2 l . y",
        "f 300 8.4 71.2 l . n",
    )
    group = made.group("weight_for_age", bands=UNDER_FIVE)
    assert (group.n, group.oedema, made.flagged["weight_for_age"], made.scored["weight_for_age"]) == (2, 1, 1, 3)
    assert group.share(-3)[:2] == (2, 3)
    assert group.share(-2)[:2] == (2, 3)
    assert made.oedema == 1


def test_mean_and_deviation_are_those_of_the_z():
    """Against the standard library."""
    weights = ["7.0", "7.9", "8.4", "9.6"]
    made = rows(*(f"f 300 {kg} . . . ." for kg in weights))
    scorer = Scorer(HEADER, today=date(2026, 1, 1))
    zs = [scorer.score(["f", "300", kg, "", "", "", ""]).assessment.scores["weight_for_age"].z for kg in weights]
    group = made.group("weight_for_age", sex="f", bands=UNDER_FIVE)
    assert group.mean == pytest.approx(mean(zs))
    assert group.deviation == pytest.approx(stdev(zs))
    assert made.group("weight_for_age", sex="m", bands=UNDER_FIVE).mean is None


def test_groups_are_those_of_age_and_sex():
    """The first day of a band belongs to it: 6.0 months are day 183."""
    made = rows("f 182 7.0 . . . .", "m 183 7.0 . . . .", "f . 7.0 65 l . .", "m 1826.25 18 . . . .")
    assert [made.group("weight_for_age", bands=(band,)).n for band in range(7)] == [1, 1, 0, 0, 0, 0, 1]
    assert made.group("weight_for_length", bands=(AGE_UNKNOWN,)).n == 1
    assert made.age_unknown == 1
    assert made.sexes == {"f": 2, "m": 2}


def test_a_fraction_of_a_day_is_rounded_before_the_band_is_told():
    """182.5 days are read in the table as day 183, which is past six months; WHO's program groups by that day."""
    made = rows("f 182.4 7.0 . . . .", "f 182.5 7.0 . . . .", "f 1826.2 18 . . . .")
    assert [made.group("weight_for_age", bands=(band,)).n for band in range(6)] == [1, 1, 0, 0, 0, 1]
    assert (made.months[5], made.months[6], made.months[59]) == (1, 1, 1)


def test_density_sums_to_one():
    """So that it may be laid over the normal curve."""
    made = rows(*(f"f 300 {Decimal(60 + i) / 10} . . . ." for i in range(40)))
    assert sum(y for _z, y in made.density("weight_for_age")) / 4 == pytest.approx(1)
    assert made.density("weight_for_age", "m") == []


def test_last_digits_are_those_on_the_paper():
    """8.4 kg ends in 4, 71.2 cm in 2, an arm of 14.5 cm in 5."""
    made = rows("f 300 8.4 71.2 l 14.5 .", "f 300 8.49 71.25 l 14.5 .")
    assert made.digits["weight_g"][4] == 2
    assert made.digits["length_mm"][2] == 2
    assert made.digits["muac_mm"][5] == 2


def test_digit_preference_is_scored_as_smart_does():
    """All digits alike 0; only one digit 100; only 0 and 5: 100 * sqrt(4 / 9)."""
    assert preference([7] * 10) == 0
    assert preference([70] + [0] * 9) == pytest.approx(100)
    assert preference([5, 0, 0, 0, 0, 5, 0, 0, 0, 0]) == pytest.approx(100 * (4 / 9) ** 0.5)
    assert preference([0] * 10) is None
    assert [rating(score) for score in (7, 7.1, 12.1, 20.1)] == ["excellent", "good", "acceptable", "problematic"]


def test_ages_rounded_to_years_are_seen():
    """Twelve, 24 and 36 months on the day: the first month of the year is full."""
    made = rows(*(f"f {days} 9 . . . ." for days in (366, 731, 1096)))
    assert made.year_digits() == [3] + [0] * 11


def test_rows_that_cannot_be_used_are_counted_apart():
    """A visit before birth says nothing of the weight."""
    made = rows("f -1 8.4 71.2 l . n", "f 300 abc 71.2 . . n")
    assert (made.rows, made.refused, made.used) == (2, 1, 1)
    assert (made.missing["weight_g"], made.missing["posture"], made.missing["length_mm"]) == (1, 1, 0)


@pytest.mark.parametrize("row", ["f 300 . . . . y", "f 300 9.0 . . . y", "f 300 . 71.2 l . y", ". 300 9.0 71.2 l . y"])
def test_a_child_with_oedema_counts_though_it_was_not_measured(row):
    """The most ill are not put on scales; left out, a district would look less wasted than it is. As WHO's program."""
    made = rows(row, "f 300 8.4 71.2 l . n")
    for indicator in ("weight_for_age", "weight_for_length", "bmi_for_age"):
        assert made.group(indicator, bands=UNDER_FIVE).share(-3)[:2] == (1, 2)


def test_a_child_of_unknown_age_counts_with_those_under_five():
    """Its weight for length is WHO's of 2006; WHO's program counts it in the total, and only there."""
    made = rows("f . 6.0 71.2 l . n", "f . 9.0 71.2 l . y", "f 300 8.4 71.2 l . n")
    assert made.group("weight_for_length", bands=UNDER_FIVE).share(-3)[:2] == (2, 3)
    assert made.group("weight_for_length", bands=range(6)).n == 1
    assert made.group("weight_for_age", bands=UNDER_FIVE).share(-3)[:2] == (0, 1)


def test_oedema_counts_only_where_the_standard_has_the_indicator():
    """At 11 years there is no weight-for-age, so nobody is underweight by it."""
    made = rows("f 4000 30 140 h . y")
    assert made.group("weight_for_age", bands=range(9)).share(-2) is None
    assert made.group("bmi_for_age", bands=range(9)).share(-2).found == 1
    made = rows("f 3682 30 140 h . y", "f 3683 30 140 h . y", "f 6971 60 160 h . y")
    assert made.group("weight_for_age", bands=range(9)).share(-2).found == 1
    assert made.group("bmi_for_age", bands=range(9)).share(-2).found == 2
    assert made.group("weight_for_length", bands=range(9)).share(-2) is None
