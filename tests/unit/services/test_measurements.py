"""Numbers typed at the scales: scored by WHO, refused outside the limits, a slipped comma offered back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from healthvisit.domain.errors import OutOfRangeError
from healthvisit.domain.measurement import Answer, Growth, Posture
from healthvisit.domain.person import Precision
from healthvisit.domain.record import decode, encode
from healthvisit.services.measurements import (
    ChildFacts,
    growth_entry,
    history,
    likely_measure,
    likely_weight_g,
    limit_for,
    point_of,
    rescored,
    trend_point,
)
from tests.builders import TODAY, default_pack

PACK = default_pack()
AINA = ChildFacts(sex="f", born_on=date(2026, 7, 18))
NEWBORN = ChildFacts(sex="f", born_on=date(2026, 11, 11))


def entry(facts=AINA, **fields):
    return growth_entry(PACK, facts, fields, on=TODAY, typed={})


def test_a_weighing_carries_its_scores_age_and_standard():
    """The z of that day stays with the weight, and says what it was computed with."""
    made = entry(weight_g="5850", length_mm="620", posture="l", head_mm="402", oedema="no", weight_g_why="")
    assert {s.indicator: str(s.z) for s in made.scores}["weight_for_age"] == "-0.89"
    assert (made.age_days, made.corrected, made.posture, made.oedema) == (128, False, Posture.LYING, Answer.NO)
    assert made.standard
    assert made.engine
    assert made.why_not == {}


def test_a_preterm_child_is_scored_at_its_corrected_age():
    """Eight weeks early is eight weeks younger on the curve."""
    facts = ChildFacts(sex="f", born_on=date(2026, 7, 18), gestation_days=32 * 7)
    made = entry(facts, weight_g="5850")
    assert (made.age_days, made.corrected) == (72, True)


@pytest.mark.parametrize(
    ("facts", "grams", "right"),
    [
        (ChildFacts(sex="f", born_on=TODAY, gestation_days=25 * 7), 350, True),
        (ChildFacts(sex="f", born_on=TODAY, gestation_days=25 * 7), 299, False),
        (ChildFacts(sex="f", born_on=TODAY, gestation_days=39 * 7), 350, False),
        (ChildFacts(sex="f", born_on=TODAY), 350, False),
        (ChildFacts(sex="m", born_on=TODAY - timedelta(days=1827)), 62_000, True),
        (ChildFacts(sex="m", born_on=TODAY - timedelta(days=1827)), 150_010, False),
        (ChildFacts(sex="m", born_on=TODAY - timedelta(days=1826)), 62_000, False),
        (ChildFacts(sex="m", born_on=None), 62_000, True),
    ],
)
def test_limits_are_those_of_the_child(facts, grams, right):
    """The smallest preterm child and the heavy schoolchild can be weighed; a slip at the scales still stops."""
    limit = limit_for(PACK, "weight_g", facts, on=TODAY)
    assert (limit.low <= grams <= limit.high) == right
    if right:
        assert growth_entry(PACK, facts, {"weight_g": str(grams)}, on=TODAY, typed={}).weight_g == grams
    else:
        with pytest.raises(OutOfRangeError):
            growth_entry(PACK, facts, {"weight_g": str(grams)}, on=TODAY, typed={})


@pytest.mark.parametrize("facts", [
    ChildFacts(sex="unknown", born_on=date(2026, 7, 18)),
    ChildFacts(sex="f", born_on=date(2026, 7, 1), born_precision=Precision.MONTH),
])  # fmt: skip
def test_without_sex_or_birthday_there_is_a_weight_and_no_score(facts):
    """A guess would look like a finding."""
    made = entry(facts, weight_g="5850")
    assert made.weight_g == 5850
    assert made.score("weight_for_age").z is None
    assert made.score("weight_for_age").why_not


def test_why_nothing_was_measured_is_kept():
    """An empty field is a question, a reason is an answer."""
    assert entry(weight_g_why="asleep").why_not == {"weight_g": "asleep"}


def test_a_weight_outside_the_limits_is_refused_with_its_range():
    """No child weighs 60 kg."""
    with pytest.raises(OutOfRangeError) as caught:
        entry(weight_g="60000")
    assert caught.value.details == {"field": "weight_g", "low": 500, "high": 45000}


@pytest.mark.parametrize(
    ("typed", "grams"), [("34", 3400), ("34,0", 3400), ("34.0", 3400), ("3400", 3400), ("340", 3400)]
)
def test_a_slipped_comma_is_offered_back(typed, grams):
    """34 for 3,40 is the commonest slip at a dial."""
    assert likely_weight_g(typed, NEWBORN, on=TODAY) == grams


@pytest.mark.parametrize("typed", ["3,40", "2,1", "", "x", "-34", "0", "NaN", "9999999"])
def test_nothing_is_offered_for_a_plausible_weight_or_for_nonsense(typed):
    """The program asks; it never guesses."""
    assert likely_weight_g(typed, NEWBORN, on=TODAY) is None


ONE_YEAR = ChildFacts(sex="f", born_on=date(2025, 11, 20))


def test_an_upper_arm_is_scored_and_travels_with_the_record():
    """The tape is the quickest way to find a child who wastes away; it must reach the office."""
    made = entry(ONE_YEAR, muac_mm="114")
    assert (made.muac_mm, str(made.score("muac_for_age").z)) == (114, "-2.71")
    assert decode(Growth, encode(made)) == made


def test_an_entry_from_before_there_was_an_upper_arm_still_reads():
    """Years of records do not change with the program."""
    kept = {name: value for name, value in encode(entry(weight_g="5850")).items() if name != "muac_mm"}
    assert decode(Growth, kept).muac_mm is None


@pytest.mark.parametrize("muac", ["59", "301"])
def test_an_upper_arm_outside_the_limits_is_refused(muac):
    """12 cm typed as 12 mm."""
    with pytest.raises(OutOfRangeError):
        entry(ONE_YEAR, muac_mm=muac)


BEFORE_TERM = ChildFacts(sex="m", born_on=date(2026, 10, 26), gestation_days=30 * 7)


def test_before_term_there_is_no_who_score_but_that_of_children_born_early():
    """34 weeks after the last period: WHO's curve begins six weeks later; INTERGROWTH-21st holds."""
    made = entry(BEFORE_TERM, weight_g="2100", length_mm="440", posture="l", head_mm="310")
    assert made.age_days == -42
    assert made.score("weight_for_age").why_not == "below_zero_corrected"
    named = {s.indicator: s.z for s in made.scores if s.z is not None}
    assert set(named) == {"intergrowth_weight", "intergrowth_length", "intergrowth_head"}
    assert all(-2 < z < 2 for z in named.values())
    assert made.standard == "intergrowth21"


def test_a_term_child_has_no_score_of_children_born_early():
    """Two standards for one child would be one too many."""
    assert not any(s.indicator.startswith("intergrowth") for s in entry(weight_g="5850").scores)


def test_an_impossible_pregnancy_gives_no_score_and_stops_nothing():
    """A slip in an old birth record must not keep a weight from being written down."""
    assert entry(ChildFacts(sex="f", born_on=date(2026, 7, 18), gestation_days=100), weight_g="5850").weight_g == 5850


def test_scores_follow_a_corrected_birth_date_and_the_old_ones_stay_visible():
    """A month off in the date of birth makes a healthy child stunted."""
    signed = point_of(entry(weight_g="5850", length_mm="620", posture="l"))
    assert rescored(signed, AINA) is signed
    older = ChildFacts(sex="f", born_on=date(2026, 6, 18))
    now, before = history([signed], older)
    assert now[0].scores["weight_for_age"][0] != signed.scores["weight_for_age"][0]
    assert before == (replace(signed, replaced=True),)


def test_an_entry_that_was_corrected_does_not_count_and_is_not_lost():
    """Both numbers can be read; one is believed."""
    wrong, right = point_of(entry(weight_g="8550")), point_of(entry(weight_g="5850"))
    now, before = history([replace(wrong, replaced=True), right], AINA)
    assert [p.weight_g for p in now] == [5850]
    assert [p.weight_g for p in before] == [8550]


def test_a_trend_is_told_by_the_raw_numbers_and_both_ages():
    """What is compared must be what was measured."""
    made = trend_point(point_of(entry(BEFORE_TERM, weight_g="2100", oedema="yes")), BEFORE_TERM)
    assert (made.age_days, made.chronological_days, made.oedema) == (-42, 28, True)
    assert set(made.scores) == {"weight_for_age"}


@pytest.mark.parametrize(
    ("field", "value", "facts", "unit", "meant"),
    [
        ("weight_g", 18000, ONE_YEAR, "lb", 8165),
        ("length_mm", 290, ONE_YEAR, "in", 737),
        ("head_mm", 4500, ONE_YEAR, "mm", 450),
        ("muac_mm", 1350, ONE_YEAR, "mm", 135),
    ],
)
def test_a_measure_in_another_unit_is_recognised(field, value, facts, unit, meant):
    """Pounds on an old dial, inches on a tailor's tape: asked, never guessed."""
    assert likely_measure(field, value, facts, on=TODAY) == (unit, meant)
