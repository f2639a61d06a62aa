"""Every finding and every unit has its sentence."""

from datetime import date
from typing import get_args

import pytest

from healthvisit.growth.trend import Trend, TrendCode
from healthvisit.growth.units import Unit
from healthvisit.ui.child.growth_words import TRENDS, UNITS, trend_said


@pytest.mark.parametrize("code", get_args(TrendCode))
def test_every_finding_is_said_without_gaps(code):
    """A code on the screen helps nobody, nor a sentence with a hole."""
    said = trend_said(Trend(code, "review", date(2026, 3, 2), date(2026, 1, 5), -1.25, "weight_for_age"))
    assert said.endswith(".")
    assert "{" not in said
    assert "  " not in said


def test_sentences_and_codes_are_the_same_set():
    """A sentence nobody can meet is translated for nothing."""
    assert set(TRENDS) == set(get_args(TrendCode))
    assert set(UNITS) == set(get_args(Unit))
