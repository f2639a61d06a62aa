"""Numbers typed at the scales: scored by WHO, refused outside the limits, a slipped comma offered back."""

from datetime import date

import pytest

from healthvisit.domain.errors import OutOfRangeError
from healthvisit.domain.measurement import Answer, Posture
from healthvisit.domain.person import Precision
from healthvisit.services.measurements import ChildFacts, growth_entry, likely_weight_g
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
