"""The result table of DOMAIN 3.2, row by row, on the pack that is shipped."""

from datetime import date
from pathlib import Path

import pytest

from healthvisit.development import (
    Answer,
    Cause,
    PastCheck,
    Reason,
    Result,
    band_at,
    head_needs_review,
    monitor,
    skill_history,
    to_ask,
)
from healthvisit.domain.errors import InputError
from healthvisit.packs.checks import load_checks

PACK = load_checks(Path(__file__).parents[3] / "resources" / "packs" / "dmc")
SIX_MONTHS, TEN_MONTHS = 190, 310
SIX = [skill.code for skill in PACK.skills_of(6)]
TEN = [skill.code for skill in PACK.skills_of(10)]


def said(codes, **others):
    return {code: others.get(code, "yes") for code in codes}


def six(**others):
    return said(SIX, **others)


def check(answers=None, *, age_days=SIX_MONTHS, **others):
    return monitor(PACK, age_days=age_days, answers=six() if answers is None else answers, **others)


def past(result, on=date(2026, 1, 5), answers=(), causes=()):
    return PastCheck(on=on, answers=dict(answers), result=result, causes=causes)


@pytest.mark.parametrize(
    ("age_days", "band"),
    [
        (None, None),
        (-20, None),
        (30, None),
        (31, 1),
        (91, 1),
        (92, 3),
        (182, 3),
        (183, 6),
        (304, 6),
        (305, 10),
        (1826, 48),
        (1827, 60),
        (2190, 60),
    ],
)
def test_the_band_is_the_highest_not_above_the_age(age_days, band):
    """A child one day short of a band is asked what a younger one can do."""
    assert band_at(PACK, age_days) == band


def test_the_band_goes_by_corrected_age():
    """A child born at 30 weeks is not measured against term children."""
    young = check({}, age_days=200, gestation_days=210)
    assert (young.band, check({}, age_days=200).band) == (3, 6)


def test_all_well_is_green_and_says_when_the_next_check_is_due():
    """Green means praise, an idea, and the next band."""
    well = check()
    assert (well.result, well.reasons, well.domains, well.refer_days, well.again_days) == (
        Result.GREEN,
        (),
        (),
        None,
        None,
    )
    assert (well.next_band, well.next_band_in_days, well.pack) == (10, 115, "dmc@2026.1")
    assert check({}, age_days=2000).next_band_in_days is None


@pytest.mark.parametrize("flag", [flag.code for flag in PACK.flags])
def test_any_flag_is_red(flag):
    """One sign is enough, whatever the child can do."""
    red = check(flags={flag})
    urgent = flag in {"seizures", "lost_skill"}
    assert (red.result, red.level, red.refer_days) == (Result.RED, "specialist", 2 if urgent else 7)


def test_a_flag_counts_also_below_the_first_band_and_without_an_age():
    """A newborn with fits is not "too young for the check"."""
    for age_days in (None, 3):
        assert check({}, age_days=age_days, flags={"seizures"}).result is Result.RED
        assert check({}, age_days=age_days).result is None


def test_the_most_urgent_sign_sets_the_days_and_all_tests_are_named():
    """48 hours win over seven days."""
    red = check(flags={"no_reaction_to_sound", "squint", "seizures"})
    assert (red.refer_days, red.tests) == (2, ("hearing", "vision"))
    assert {reason.about for reason in red.reasons} == {("no_reaction_to_sound",), ("seizures",), ("squint",)}


def test_a_squint_before_three_months_is_no_flag():
    """Newborns squint now and then."""
    assert "squint" not in {flag.code for flag in PACK.flags_at(60)}
    assert "squint" in {flag.code for flag in PACK.flags_at(None)}
    three = said(skill.code for skill in PACK.skills_of(1))
    assert check(three, age_days=60, flags={"squint"}).result is Result.GREEN


def test_an_unknown_flag_is_refused():
    """A danger is never dropped in silence."""
    with pytest.raises(InputError) as caught:
        check(flags={"purple"})
    assert (caught.value.code, caught.value.details) == ("development.unknown_flag", {"flag": "purple"})


def test_an_answer_that_is_none_is_refused():
    """Taken for "not asked" it would hide a skill."""
    with pytest.raises(InputError) as caught:
        check(six(m06_rolls="maybe"))
    assert caught.value.code == "development.wrong_answer"


def test_a_lost_skill_is_red_within_two_days_also_when_nobody_ticks_it():
    """The program remembers that the child could roll."""
    seen = past(Result.GREEN, answers={"m06_rolls": "yes"})
    for red in (check(concerns={"lost_skill"}), check(six(m06_rolls="not_yet"), past=[seen])):
        assert (red.result, red.refer_days) == (Result.RED, 2)
        assert red.reasons[0].cause is Cause.LOST_SKILL
    assert red.reasons[0].about == ("m06_rolls",)
    assert check(six(m06_rolls="sometimes"), past=[seen]).result is Result.GREEN


def test_two_skills_missing_from_a_younger_band_are_red():
    """What is still not there months later cannot wait."""
    before = past(Result.AMBER_2, answers={"m06_rolls": "not_yet", "m06_laughs": "not_yet", "m06_reaches": "yes"})
    asked = [skill.code for skill in to_ask(PACK, TEN_MONTHS, [before])]
    assert asked == ["m06_rolls", "m06_laughs", *TEN]
    both = said(asked, m06_rolls="not_yet", m06_laughs="not_yet")
    red = check(both, age_days=TEN_MONTHS, past=[before])
    assert (red.result, red.refer_days) == (Result.RED, 7)
    assert red.reasons[0] == Reason(cause=Cause.MISSING_YOUNGER, about=("m06_rolls", "m06_laughs"))
    assert red.domains == ("GM", "SE")
    one = check(said(asked, m06_rolls="not_yet"), age_days=TEN_MONTHS, past=[before])
    assert (one.result, one.reasons[0].cause) == (Result.AMBER_1, Cause.ONE_NOT_YET)
    assert check(both, age_days=TEN_MONTHS).result is Result.RED  # asked of one's own accord


@pytest.mark.parametrize(
    ("answers", "concerns", "result", "causes"),
    [
        ({"m06_rolls": "not_yet", "m06_laughs": "not_yet"}, (), Result.AMBER_2, [Cause.SEVERAL_NOT_YET]),
        ({"m06_rolls": "not_yet"}, (), Result.AMBER_1, [Cause.ONE_NOT_YET]),
        ({}, ("carer_concern",), Result.AMBER_1, [Cause.CARER_CONCERN]),
        ({}, ("hearing_worry",), Result.AMBER_1, [Cause.HEARING_WORRY]),
        ({}, ("vision_worry",), Result.AMBER_1, [Cause.VISION_WORRY]),
        (
            {"m06_rolls": "sometimes", "m06_sits_with_support": "sometimes"},
            (),
            Result.AMBER_1,
            [Cause.SEVERAL_SOMETIMES],
        ),
        ({"m06_rolls": "sometimes", "m06_reaches": "sometimes"}, (), Result.GREEN, []),
        ({"m06_rolls": "not_asked"}, (), Result.GREEN, []),
        ({"m06_rolls": "not_asked", "m06_laughs": "not_asked"}, (), Result.INCOMPLETE, [Cause.NOT_ASKED]),
        (
            {"m06_rolls": "not_asked", "m06_laughs": "not_asked", "m06_reaches": "not_yet"},
            (),
            Result.AMBER_1,
            [Cause.ONE_NOT_YET, Cause.NOT_ASKED],
        ),
        (
            {"m06_rolls": "not_yet", "m06_laughs": "not_yet"},
            ("carer_concern",),
            Result.AMBER_2,
            [Cause.SEVERAL_NOT_YET, Cause.CARER_CONCERN],
        ),
    ],
)
def test_the_first_row_that_fits_from_red_upward(answers, concerns, result, causes):
    """Row by row of the table; everything else that was found is kept as a further reason."""
    made = check(six(**answers), concerns=concerns)
    assert (made.result, [reason.cause for reason in made.reasons]) == (result, causes)


def test_more_than_a_fifth_not_asked_is_incomplete_exactly_a_fifth_is_not():
    """Two of ten is enough asked, three is not."""
    codes = [skill.code for skill in PACK.skills_of(36)]
    assert len(codes) == 10
    age_days = 1100
    assert check(said(codes[2:]), age_days=age_days).result is Result.GREEN
    open_check = check(said(codes[3:]), age_days=age_days)
    assert (open_check.result, open_check.again_days, open_check.is_incomplete) == (Result.INCOMPLETE, 14, True)
    assert open_check.still_to_ask == tuple(codes[:3])


@pytest.mark.parametrize(
    ("earlier", "result"),
    [
        ([], Result.AMBER_1),
        ([past(Result.AMBER_1)], Result.AMBER_2),
        ([past(Result.GREEN)], Result.AMBER_1),
        ([past(Result.AMBER_2)], Result.AMBER_1),
        ([past(Result.AMBER_2, causes=(Cause.AGAIN,))], Result.AMBER_2),
        ([past(Result.GREEN, on=date(2026, 2, 5)), past(Result.AMBER_1)], Result.AMBER_1),
        ([past(Result.INCOMPLETE, on=date(2026, 2, 5)), past(Result.AMBER_1)], Result.AMBER_2),
        ([past(None, on=date(2026, 2, 5)), past(Result.AMBER_1)], Result.AMBER_2),
    ],
)
def test_amber_1_twice_in_a_row_is_amber_2(earlier, result):
    """A child who stays just behind is seen by somebody else; an unfinished check between does not start anew."""
    made = check(six(m06_rolls="not_yet"), past=earlier)
    assert made.result is result
    assert (made.refer_days, made.again_days) == ((30, None) if result is Result.AMBER_2 else (None, 28))
    assert made.domains == ("GM",)


def test_every_result_and_domain_has_words_for_every_band():
    """A screen never meets a result without its sentence, nor a domain without an idea."""
    for result in Result:
        assert PACK.follow_up(result).say["tk"]
    for domain in PACK.domains:
        assert all(PACK.idea(domain.code, band).text["ru"] for band in PACK.bands)
    assert PACK.notice["en"] == "This is monitoring, not a diagnosis."
    assert {name.code for name in PACK.answers} == set(Answer)


def test_every_expected_skill_is_asked_no_earlier_than_it_is_expected():
    """Items that DOMAIN 3.3 does not list are marked for review; this many of each band are listed."""
    listed = {band: {s.code for s in PACK.skills_of(band) if not s.review_needed} for band in PACK.bands}
    assert {band: len(codes) for band, codes in listed.items()} == {
        1: 0,
        3: 4,
        6: 7,
        10: 1,
        14: 9,
        18: 2,
        24: 6,
        30: 0,
        36: 7,
        48: 7,
        60: 6,
    }


def test_history_says_when_a_skill_was_first_seen_lost_and_seen_again():
    """The family sees how the child went on; a slip of one day is not carried for ever."""
    days = [date(2026, 3, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 1)]
    answers = ["not_yet", "sometimes", "yes", "not_asked"]
    checks = [PastCheck(on=on, answers={"m06_rolls": answer}) for on, answer in zip(days, answers, strict=True)]
    rolls = skill_history(checks)["m06_rolls"]
    assert (rolls.first_seen, rolls.lost_on, rolls.last_answer) == (days[2], days[0], Answer.NOT_YET)
    again = skill_history([*checks, PastCheck(on=date(2026, 5, 1), answers={"m06_rolls": "yes"})])["m06_rolls"]
    assert (again.first_seen, again.lost_on) == (days[2], None)
    assert skill_history([]) == {}


def test_answers_of_another_edition_are_let_be():
    """An old check stays readable when the questions change."""
    assert check(six(m99_sings="not_yet")).result is Result.GREEN
    assert to_ask(PACK, None) == ()


@pytest.mark.parametrize(
    ("now", "before", "flag"),
    [
        (0.5, None, False),
        (3.0, None, False),
        (3.01, None, True),
        (-3.5, -3.4, True),
        (1.5, -0.5, True),
        (0.9, -0.5, False),
        (-1.2, 1.5, True),
        (1.0, -1.0, False),
    ],
)
def test_head_circumference_across_two_lines_or_beyond_three(now, before, flag):
    """A head that grows too fast or not at all is a sign at any age."""
    assert head_needs_review(now, before) is flag


def test_what_a_check_found_is_not_in_its_repr():
    """A crash report must not hold that a child is behind."""
    text = repr(check(six(m06_rolls="not_yet"), past=[past(Result.AMBER_1)]))
    assert "amber" not in text
    assert "m06_rolls" not in text
