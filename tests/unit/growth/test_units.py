"""The unit that was probably meant."""

import pytest

from healthvisit.growth.units import likely_unit


@pytest.mark.parametrize(
    ("measure", "value", "unit", "meant"),
    [
        ("weight", 8_400_000, "g", 8400),  # 8400 typed as kg
        ("weight", 18_500, "lb", 8391),  # 18.5 typed as kg
        ("length", 7120, "mm", 712),  # 712 typed as cm
        ("length", 280, "in", 711),  # 28.0
        ("length", 7, "m", 700),  # 0.7
        ("head", 4430, "mm", 443),
        ("head", 174, "in", 442),
        ("muac", 1420, "mm", 142),
        ("muac", 56, "in", 142),
    ],
)
def test_the_unit_is_recognised(measure, value, unit, meant):
    """A girl of 300 days: what was typed is impossible, and one unit makes it plausible."""
    found = likely_unit(measure, value, age_days=300, sex="f")
    assert found is not None
    assert (found.unit, found.value) == (unit, meant)
    assert str(meant) not in repr(found)


@pytest.mark.parametrize(("age_days", "sex"), [(300, None), (None, "f"), (3000, "f")])
def test_without_a_judgement_nothing_is_offered(age_days, sex):
    """Nothing is guessed where no curve says that the number is impossible."""
    assert likely_unit("muac", 1420, age_days=age_days, sex=sex) is None


def test_a_plausible_or_hopeless_number_gets_no_offer():
    """8.4 kg is a weight; 3 t are none in any unit."""
    assert likely_unit("weight", 8400, age_days=300, sex="f") is None
    assert likely_unit("weight", 300_000_000, age_days=300, sex="f") is None
