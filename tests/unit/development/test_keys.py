"""Scores by an imported key: its prior, its name, and no line across keys."""

from dataclasses import replace
from pathlib import Path

import pytest

from healthvisit.development import ENGINE_VERSION, comparable, dscore, lines, score_with
from healthvisit.packs.keys import load_key

DEMO = load_key(Path(__file__).parents[3] / "resources" / "packs" / "dscore-demo")
ANSWERS = {f"demo{k:02d}": int(k < 20) for k in range(12, 28)}


def test_a_score_names_key_reference_and_engine():
    """Without them a stored number can never be compared again."""
    score = score_with(DEMO, ANSWERS, 300)
    assert (score.key, score.reference, score.engine) == ("demo", "demo-children", ENGINE_VERSION)


def test_the_pack_gives_prior_scale_and_reference():
    """The same figures as when everything is handed in by hand."""
    by_hand = dscore(
        ANSWERS,
        age_days=300,
        difficulties=DEMO.difficulties,
        prior=DEMO.prior.at(0.8214),
        reference=DEMO.reference,
        slope=4,
        intercept=55,
    )
    assert replace(score_with(DEMO, ANSWERS, 300), key=None, reference=None) == by_hand


@pytest.mark.parametrize("age_days", [None, -1, -400, 1500])
def test_outside_the_keys_ages_there_is_no_score(age_days):
    """The key's prior ends at four years and begins at birth."""
    assert score_with(DEMO, ANSWERS, age_days) is None


def test_scores_of_different_keys_are_never_joined():
    """A change of key would look like a child that fell back."""
    one = score_with(DEMO, ANSWERS, 300)
    later = score_with(DEMO, ANSWERS, 400)
    other = replace(one, key="else")
    bare = replace(one, key=None)
    thin = replace(one, n=4)
    assert comparable(one, later)
    assert not comparable(one, other)
    assert not comparable(bare, bare)
    assert lines([one, other, thin, bare, later, bare]) == ((one, later), (other,), (bare,), (bare,))
    assert lines([thin], fewest=1) == ((thin,),)
