"""What a wrong or missing number is answered with: one sentence in each language, without a gap and without a z."""

from datetime import timedelta

import pytest

from healthvisit.domain.person import Precision
from healthvisit.services.measurements import ChildFacts, growth_entry, point_of
from healthvisit.ui import i18n
from healthvisit.ui.child.growth_words import findings
from healthvisit.ui.i18n import LANGUAGES
from healthvisit.ui.visit.remarks import doubtful, growth_remarks
from tests.builders import TODAY, default_pack

PACK = default_pack()


def child(days, sex="f", **facts):
    return ChildFacts(sex=sex, born_on=TODAY - timedelta(days=days), **facts)


def said(facts, field, fields, typed=None, before=()):
    """The remark of a field in every language; each its own, none with a gap."""
    found = {}
    for code in LANGUAGES:
        i18n.set_language(code)
        remark = growth_remarks(PACK, facts, fields, typed or {}, on=TODAY, before=before)[field]
        found[code] = remark.words
        assert remark.words, code
        assert "{" not in remark.words, code
    assert len(set(found.values())) == len(LANGUAGES), found
    return found["en"]


def earlier(facts, days_ago, **fields):
    return point_of(growth_entry(PACK, facts, fields, on=TODAY - timedelta(days=days_ago), typed={}))


LYING, STANDING = {"posture": "l"}, {"posture": "h"}


@pytest.mark.parametrize(
    ("facts", "field", "fields", "words"),
    [
        (child(128, sex="unknown"), "weight_g", {"weight_g": "5850"}, "sex not known"),
        (child(128, born_precision=Precision.MONTH), "weight_g", {"weight_g": "5850"}, "day of birth not known"),
        (child(128), "weight_g", {"weight_g": "2000"}, "looks wrong for her age"),
        (child(128, sex="m"), "length_mm", {"length_mm": "900", **LYING}, "looks wrong for his age"),
        (child(128), "head_mm", {"head_mm": "550"}, "measure the head again"),
        (child(400), "muac_mm", {"muac_mm": "280"}, "measure the arm again"),
        (child(400), "muac_mm", {"muac_mm": "86"}, "Very thin arm"),
        (child(200), "length_mm", {"length_mm": "660", **STANDING}, "Was it really standing?"),
        (child(800), "length_mm", {"length_mm": "860", **LYING}, "counted as 85.3 cm standing"),
        (child(500), "length_mm", {"length_mm": "780", **STANDING}, "counted as 78.7 cm lying"),
        (child(10), "length_mm", {"length_mm": "440", "weight_g": "2400", **LYING}, "no curve for this length"),
        (child(1900), "head_mm", {"head_mm": "510"}, "no curve at this age"),
        (child(60), "muac_mm", {"muac_mm": "120"}, "no curve before 3 months"),
        (child(128), "weight_g", {"weight_g": "5850", "oedema": "yes"}, "swelling of both feet"),
        (child(128, gestation_days=200), "weight_g", {"weight_g": "5850"}, "by corrected age"),
        (child(20, gestation_days=150), "weight_g", {"weight_g": "1500"}, "before the day she was due"),
        (child(28, gestation_days=210), "weight_g", {"weight_g": "2100"}, "by INTERGROWTH-21st"),
    ],
)
def test_each_has_its_sentence_in_every_language(facts, field, fields, words):
    """A nurse reads what is wrong and what to do, in the language she works in."""
    assert words in said(facts, field, fields)


@pytest.mark.parametrize(
    ("days", "field", "typed", "unit"),
    [
        (12, "weight_g", "34,0", "Did you mean this?"),
        (400, "weight_g", "18", "pounds"),
        (400, "length_mm", "29", "inches"),
        (400, "length_mm", "745", "millimetres"),
        (400, "length_mm", "0,745", "metres"),
        (400, "head_mm", "455", "millimetres"),
        (400, "muac_mm", "135", "millimetres"),
    ],
)
def test_each_likely_unit_is_asked_about_in_every_language(days, field, typed, unit):
    """Offered beside the field, never changed by itself."""
    assert unit in said(child(days), field, {}, {field: typed})


@pytest.mark.parametrize("typed", ["", "x", "5,8,5", "nan", "inf", "-34", "0", "1e3", "٣٤"])
def test_what_is_no_number_is_offered_nothing(typed):
    """The form says the mistake; no guess is made from nonsense."""
    for field in ("weight_g", "length_mm", "head_mm", "muac_mm"):
        assert growth_remarks(PACK, child(400), {}, {field: typed}, on=TODAY) == {}


@pytest.mark.parametrize(
    ("field", "fields", "words"),
    [
        ("weight_g", {"weight_g": "5300"}, "No weight gained since"),
        ("weight_g", {"weight_g": "5000"}, "Lost 300 g since"),
        ("weight_g", {"weight_g": "9300"}, "The weight has jumped"),
        ("length_mm", {"length_mm": "589", **LYING}, "Shorter than on"),
        ("head_mm", {"head_mm": "384"}, "smaller than on"),
        ("head_mm", {"head_mm": "430"}, "crossed two lines"),
    ],
)
def test_what_changed_too_much_is_said_in_every_language(field, fields, words):
    """Saved all the same; she is asked to measure once more."""
    facts = child(128)
    before = [earlier(facts, 35, weight_g="5300", length_mm="600", posture="l", head_mm="390")]
    assert words in said(facts, field, fields, before=before)


@pytest.mark.parametrize(
    ("days", "grams", "words"),
    [(4, 3100, "more than 7 %"), (4, 3000, "more than 10 %"), (15, 3350, "below the birth weight")],
)
def test_what_a_newborn_lost_is_said_in_every_language(days, grams, words):
    """It is the first alarm of a life."""
    assert words in said(child(days, birth_weight_g=3400), "weight_g", {"weight_g": str(grams)})


def test_no_alarm_goes_across_the_hand_over_of_the_standards():
    """At 60 months the curve jumps by up to 0.19 z; a jump of the curve is no jump of the child."""
    facts = child(1840, sex="m")
    before = [earlier(facts, 30, weight_g="22000", length_mm="1100", posture="h")]
    found = growth_remarks(PACK, facts, {"weight_g": "17800"}, {}, on=TODAY, before=before)
    assert "lower by" not in found["weight_g"].words


def test_numbers_in_doubt_are_asked_about_in_every_language():
    """Once more, in words that name the number."""
    fields = {"weight_g": "2000", "length_mm": "620", "posture": "l"}
    asked = set()
    for code in LANGUAGES:
        i18n.set_language(code)
        asked.add(" ".join(doubtful(PACK, child(128), fields, on=TODAY)))
    assert len(asked) == len(LANGUAGES)
    assert "" not in asked


@pytest.mark.parametrize("facts", [child(128, sex="unknown"), child(2000), child(28, gestation_days=150)])
def test_no_reference_is_never_called_as_expected(facts):
    """No curve is no good news."""
    fields = {"weight_g": "5850", "length_mm": "620", "head_mm": "400", "muac_mm": "140"}
    made = growth_entry(PACK, facts, fields, on=TODAY, typed={})
    for finding in findings(point_of(made)):
        assert finding.z or finding.kind is None
        assert finding.said
