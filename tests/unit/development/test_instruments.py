"""Scores by the rule in the pack, and results of tools that others score."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from healthvisit.development import ExternalResult, accept_external, score
from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.packs.instruments import Cutoff, Instrument, Item, ItemFlag, load_instruments
from healthvisit.packs.pack import Named

PACK = load_instruments(Path(__file__).parents[3] / "resources" / "packs" / "instruments")
PHQ2, ECDI, MCHAT = (PACK.instrument(code) for code in ("phq2", "ecdi2030", "mchat_r"))
MONTH = 30.4375
STEPS = ["not_at_all", "several_days", "more_than_half", "nearly_every_day"]
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("second", range(4))
def test_phq2_is_positive_from_three(first, second):
    """Every one of the sixteen forms."""
    result = score(PHQ2, {"interest": STEPS[first], "mood": STEPS[second]})
    assert (result.score, result.instrument, result.is_population) == (first + second, "phq2@1", False)
    positive = first + second >= 3
    assert (result.status, result.cutoff.follow_up_days) == (("positive", 14) if positive else ("negative", None))


def test_a_form_with_a_gap_is_incomplete_and_has_no_score():
    """Half a PHQ-2 must not read as "negative"."""
    for answers in ({"interest": "not_at_all"}, {"interest": "not_at_all", "mood": None}):
        result = score(PHQ2, answers)
        assert (result.status, result.score, result.missing, result.incomplete) == ("incomplete", None, ("mood",), True)
        assert (result.cutoff, result.by_area) == (None, {})


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"interest": "often", "mood": "not_at_all"}, "development.wrong_answer"),
        ({"joy": "yes"}, "development.unknown_item"),
    ],
)
def test_what_the_instrument_does_not_know_is_refused(answers, code):
    """A typing error in a form must not become zero points."""
    with pytest.raises(InputError) as caught:
        score(PHQ2, answers)
    assert caught.value.code == code


def ecdi(achieved):
    """A form with this many achieved."""
    answers = {f"EC{k}": "yes" if k - 21 < achieved else "no" for k in range(21, 39)}
    return {**answers, "EC39": "daily" if achieved < 19 else "never", "EC40": "more" if achieved < 20 else "same"}


@pytest.mark.parametrize(
    ("months", "needed"),
    [(24, 7), (29, 7), (30, 9), (35, 9), (36, 11), (41, 11), (42, 13), (47, 13), (48, 15), (59, 15)],
)
def test_ecdi_is_on_track_from_the_published_numbers(months, needed):
    """Both ends of every age group, one below and the number itself."""
    age_days = round(months * MONTH + 10)
    for achieved, status in ((needed - 1, "not_on_track"), (needed, "on_track"), (20, "on_track"), (0, "not_on_track")):
        result = score(ECDI, ecdi(achieved), age_days)
        assert (result.score, result.status, result.is_population) == (achieved, status, True)


@pytest.mark.parametrize(
    ("item", "answer", "points"),
    [
        ("EC39", "daily", 0),
        ("EC39", "weekly", 1),
        ("EC39", "never", 1),
        ("EC40", "not_at_all", 1),
        ("EC40", "same", 1),
        ("EC40", "more", 0),
        ("EC40", "a_lot_more", 0),
        ("EC21", "no", 0),
    ],
)
def test_ecdi_counts_sadness_and_hitting_the_other_way(item, answer, points):
    """Eighteen yes, sadness not daily, hitting not more than others."""
    full = ecdi(20)
    assert score(ECDI, {**full, item: answer}, 900).score == 19 + points


@pytest.mark.parametrize(
    ("age_days", "status"),
    [(730, "not_for_age"), (731, "on_track"), (1826, "on_track"), (1827, "not_for_age"), (None, "age_unknown")],
)
def test_ecdi_is_for_two_to_under_five(age_days, status):
    """Outside its ages there is no verdict, and without an age neither."""
    result = score(ECDI, ecdi(20), age_days)
    assert result.status == status
    assert (result.score is None) == (status != "on_track")


def test_ecdi_with_an_answer_missing_is_incomplete():
    """The survey counts a gap as a no; for one child that would be untrue."""
    answers = ecdi(20)
    answers.pop("EC30")
    assert score(ECDI, answers, 900).status == "incomplete"


def mchat(at_risk):
    order = [2, 5, 12, *(k for k in range(1, 21) if k not in (2, 5, 12))]
    risky = set(order[:at_risk])
    return {f"q{k}": "yes" if (k in risky) == (k in (2, 5, 12)) else "no" for k in range(1, 21)}


@pytest.mark.parametrize(
    ("at_risk", "status"), [(0, "low"), (2, "low"), (3, "medium"), (7, "medium"), (8, "high"), (20, "high")]
)
def test_mchat_bands(at_risk, status):
    """No is at risk, except at 2, 5 and 12, where yes is."""
    result = score(MCHAT, mchat(at_risk), 700)
    assert (result.score, result.status) == (at_risk, status)


def test_mchat_low_is_repeated_only_in_the_younger():
    """Under 24 months a low score is not the last word."""
    young, old = (score(MCHAT, mchat(1), days).cutoff.say["en"] for days in (700, 800))
    assert young != old
    assert "24" in young


def test_mchat_needs_all_twenty_answers():
    """Nineteen answers are no score."""
    for k in range(1, 21):
        answers = mchat(0)
        answers.pop(f"q{k}")
        assert score(MCHAT, answers, 700).missing == (f"q{k}",)


def areas_and_flags() -> Instrument:
    """An instrument with two areas, and an item that asks for help whatever the total is."""
    words = PHQ2.name
    area = [Named(code=code, name=words) for code in ("a", "b")]
    cut = [
        Cutoff(low=0, high=6, status="done", name=words, say=words),
        Cutoff(low=2, high=3, status="low", area="a", name=words, say=words),
    ]
    items = tuple(replace(item, area=one.code) for item, one in zip(PHQ2.items, area, strict=True))
    flag = ItemFlag(code="safety", item="mood", at_least=1, say=words)
    return replace(PHQ2, areas=tuple(area), items=items, cutoffs=tuple(cut), flags=(flag,))


def test_areas_are_summed_on_their_own():
    """One weak area must not drown in the total."""
    result = score(areas_and_flags(), {"interest": STEPS[2], "mood": STEPS[0]})
    assert {code: (one.score, one.status) for code, one in result.by_area.items()} == {"a": (2, "low"), "b": (0, None)}
    assert result.flags == ()


def test_a_flagged_answer_counts_in_an_incomplete_form_too():
    """Thoughts of harm do not wait for the other questions."""
    result = score(areas_and_flags(), {"mood": STEPS[1]})
    assert (result.status, result.flags) == ("incomplete", ("safety",))


def test_results_print_no_answers():
    """A crash report must not hold a mother's mood."""
    assert "positive" not in repr(score(PHQ2, {"interest": STEPS[3], "mood": STEPS[3]}))
    assert "probable" not in repr(entered(PACK.tool("epds"), total=Decimal(20), status="probable"))


def test_an_instrument_answers_for_its_items():
    """Unknown codes give None, for screens that look up old answers."""
    assert isinstance(PHQ2.item("mood"), Item)
    assert PHQ2.item("gone") is None
    assert PACK.instrument("gone") is None
    assert PACK.tool("gone") is None


def entered(tool, **others):
    return ExternalResult(**{"tool": tool.code, "version": " 3 ", "on": TODAY, "assessor": "W-1", **others})


def test_a_result_scored_elsewhere_is_kept_with_all_that_names_it():
    """Tool, version, day, scores by area, standing, assessor."""
    tool = PACK.tool("asq3")
    result = accept_external(
        tool,
        entered(
            tool,
            status="below_cutoff",
            by_area={"communication": Decimal("22.5")},
            area_status={"communication": "below_cutoff"},
        ),
        today=TODAY,
        born_on=date(2025, 1, 1),
    )
    assert (result.tool, result.version, result.status, result.assessor) == ("asq3", "3", "below_cutoff", "W-1")


@pytest.mark.parametrize(
    ("code", "others", "error"),
    [
        ("asq3", {"on": date(2026, 6, 2)}, "development.result_in_future"),
        ("asq3", {"on": date(2024, 12, 31)}, "development.result_before_birth"),
        ("asq3", {"version": " "}, "development.result_needs"),
        ("asq3", {"assessor": ""}, "development.result_needs"),
        ("asq3", {"status": None}, "development.result_needs"),
        ("asq3", {"status": "great"}, "development.unknown_status"),
        ("asq3", {"by_area": {"singing": Decimal(1)}}, "development.unknown_area"),
        ("asq3", {"area_status": {"singing": "monitor"}}, "development.unknown_area"),
        ("asq3", {"area_status": {"communication": "great"}}, "development.unknown_status"),
        ("asq3", {"by_area": {"communication": Decimal("60.5")}}, "development.score_out_of_range"),
        ("asq3", {"by_area": {"communication": Decimal("NaN")}}, "development.score_out_of_range"),
        ("asqse2", {"total": Decimal(-1), "status": "monitor"}, "development.score_out_of_range"),
        ("epds", {"total": Decimal(31), "status": "probable"}, "development.score_out_of_range"),
        ("epds", {"total": Decimal(13), "status": "negative"}, "development.status_disagrees"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(code, others, error):
    """Typed on a tired evening: the field is named, nothing is kept."""
    tool = PACK.tool(code)
    with pytest.raises(HealthvisitError) as caught:
        accept_external(
            tool, entered(tool, **{"status": "below_cutoff", **others}), today=TODAY, born_on=date(2025, 1, 1)
        )
    assert caught.value.code == error


@pytest.mark.parametrize(
    ("total", "status"),
    [(0, "negative"), (9, "negative"), (10, "possible"), (12, "possible"), (13, "probable"), (30, "probable")],
)
def test_epds_standing_follows_from_its_total(total, status):
    """A public rule need not be typed twice."""
    tool = PACK.tool("epds")
    assert accept_external(tool, entered(tool, total=Decimal(total)), today=TODAY).status == status


def test_every_tool_of_the_domain_page_can_be_entered():
    """DOMAIN 3.1 and 1.7: result entry only."""
    codes = {tool.code for tool in PACK.tools}
    assert codes >= {"gmcd", "asq3", "asqse2", "bayley", "denver2", "griffiths", "mdat", "gsed", "credi", "sdq", "epds"}
    assert {tool.code for tool in PACK.tools if tool.safety} == {"epds", "phq9"}
    assert {tool.privacy for tool in PACK.tools if tool.about == "carer"} == {"sensitive"}
