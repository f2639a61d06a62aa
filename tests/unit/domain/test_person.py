"""Ages decide which signs are asked and which curve is used: a day too many or too few matters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.errors import InputError
from healthvisit.domain.person import (
    Birth,
    Person,
    PersonKind,
    Precision,
    Sex,
    add_months,
    completed_months,
    reference_age_days,
    require_birth_date,
)

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def child(**more):
    return Person(**({"id": "c", "kind": PersonKind.CHILD, "sex": Sex.FEMALE, "surname": "S"} | more))


def test_the_age_in_days_starts_with_zero():
    """A baby seen on its day of birth is 0 days old, as WHO's tables count."""
    assert child(born_on=date(2024, 2, 28)).age_days(date(2024, 2, 28)) == 0
    assert child(born_on=date(2024, 2, 28)).age_days(date(2024, 3, 1)) == 2


@pytest.mark.parametrize("precision", [Precision.MONTH, Precision.YEAR, Precision.ESTIMATED])
def test_no_age_in_days_without_a_day_of_birth(precision):
    """A guessed day would give a z-score that looks exact."""
    assert child(born_on=date(2024, 2, 1), born_precision=precision).age_days(date(2024, 3, 1)) is None
    assert child().age_days(date(2024, 3, 1)) is None


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ((2026, 7, 18), (2026, 7, 18), (0, 0)),
        ((2026, 7, 18), (2026, 11, 17), (3, 30)),
        ((2026, 7, 18), (2026, 11, 18), (4, 0)),
        ((2026, 7, 18), (2026, 11, 23), (4, 5)),
        ((2026, 1, 31), (2026, 2, 27), (0, 27)),
        ((2026, 1, 31), (2026, 2, 28), (1, 0)),
        ((2024, 2, 29), (2025, 2, 28), (12, 0)),
        ((2025, 12, 31), (2026, 1, 1), (0, 1)),
    ],
)
def test_months_are_completed_months(born, on, expected):
    """The age on the screen, "4 m 5 d", is what the mother counts."""
    assert completed_months(date(*born), date(*on)) == expected


@given(DAYS, st.integers(0, 240))
def test_a_child_is_n_months_old_on_the_day_its_visit_aims_at(born, months):
    """Schedule and age on the screen never disagree."""
    assert completed_months(born, add_months(born, months)) == (months, 0)


@given(DAYS, DAYS)
def test_months_and_days_lead_back_to_the_day(one, other):
    """No pair of dates gives a negative or a doubled day."""
    born, on = sorted((one, other))
    months, days = completed_months(born, on)
    assert months >= 0
    assert 0 <= days <= 30
    assert (on - add_months(born, months)).days == days


@pytest.mark.parametrize(
    ("age", "gestation_weeks", "expected"),
    [
        (100, None, 100),
        (100, 40, 100),
        (100, 37, 100),
        (100, 36, 100 - 28),
        (10, 32, 10 - 56),
        (365, 32, 365 - 56),
        (366, 32, 366),
        (366, 31, 366 - 63),
        (730, 31, 730 - 63),
        (731, 31, 731),
    ],
)
def test_age_is_corrected_as_long_as_it_holds(age, gestation_weeks, expected):
    """Born at 32-36 weeks: corrected for 12 months; earlier: for 24. A term child never."""
    assert reference_age_days(age, gestation_weeks and gestation_weeks * 7) == expected


def test_a_newborn_needs_no_name_but_somebody():
    """A mother is enough to name it by; a record that belongs to nobody is not."""
    assert not child(surname="", mother="m").is_named
    with pytest.raises(InputError) as caught:
        child(surname="")
    assert caught.value.code == "person.name_missing"
    with pytest.raises(InputError):
        Person(id="a", kind=PersonKind.ADULT, sex=Sex.FEMALE, mother="m")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"born_on": date(1899, 12, 31)}, "person.born_too_early"),
        ({"born_on": date(2026, 1, 2), "died_on": date(2026, 1, 1)}, "person.died_before_birth"),
    ],
)
def test_impossible_dates_are_refused(fields, code):
    """A typing slip in a date is stopped before it spoils every age."""
    with pytest.raises(InputError) as caught:
        child(**fields)
    assert caught.value.code == code


def test_nobody_is_born_tomorrow():
    """Today is allowed, tomorrow is not."""
    require_birth_date(date(2026, 1, 1), today=date(2026, 1, 1))
    with pytest.raises(InputError) as caught:
        require_birth_date(date(2026, 1, 2), today=date(2026, 1, 1))
    assert caught.value.code == "person.born_in_future"


@pytest.mark.parametrize(
    "fields", [{"gestation_days": 153}, {"gestation_days": 315}, {"order": 3, "of": 2}, {"order": 1}]
)
def test_an_impossible_birth_is_refused(fields):
    """The third of twins, or a pregnancy of a year, is a slip."""
    with pytest.raises(InputError):
        Birth(person="c", **fields)
    assert Birth(person="c", gestation_days=154, order=2, of=2).order == 2


def test_no_name_or_birth_date_shows_in_a_repr():
    """What stands in a traceback reaches logs."""
    shown = repr(child(surname="Myradowa", given_name="Aýna", born_on=date(2026, 7, 18), note="blue gate"))
    assert not any(word in shown for word in ("Myradowa", "Aýna", "2026", "blue"))
