"""What the default pack says: schedule, limits, danger signs and what to do at once."""

import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.errors import OutOfRangeError
from healthvisit.packs import load
from healthvisit.packs.pack import Group, Pace, child_group

PACK = load(Path(__file__).parents[3] / "resources" / "packs" / "tm-default")
TURKMEN = set("ABÇDEÄFGHIJŽKLMNŇOÖPRSŞTUÜWYÝZabçdeäfghijžklmnňoöprsştuüwyýz")


def lines(*signs):
    return [line.code for line in PACK.first_aid_for(signs)]


def all_texts():
    tables = [PACK.dangers, PACK.places, *PACK.lists.values()]
    named = [row.name for table in tables for row in table]
    return [*named, *(line.text for line in PACK.first_aid), *PACK.visit_names.values()]


def test_the_schedule_is_that_of_the_default_programme():
    """Codes, core contacts and windows are DOMAIN 1.2's; the 4 and 5 year contacts are off."""
    assert [p.code for p in PACK.schedule] == [
        *("AN1", "AN2", "AN3", "PN1", "PN2", "PN3", "PN4"),
        *(f"M{n}" for n in range(2, 13)),
        *("M15", "M18", "M21", "M24", "M30", "M36"),
    ]
    core = {p.code for p in PACK.schedule if p.core}
    assert core == {"AN1", "AN2", "PN1", "PN2", "PN4", *(f"M{n}" for n in (2, 4, 6, 9, 12, 18, 24, 30, 36))}
    windows = {p.code: (p.before, p.after) for p in PACK.schedule}
    assert {windows[f"M{n}"] for n in range(2, 12)} == {(10, 10)}
    assert [windows[c] for c in ("PN1", "PN2", "PN3", "PN4", "M12")] == [(3, 0), (3, 4), (3, 7), (7, 7), (14, 14)]
    assert [windows[c] for c in ("M15", "M24", "M30", "M36")] == [(21, 21), (21, 21), (30, 30), (30, 30)]
    assert {"Y4", "Y5"} < set(PACK.visit_names)


def test_every_text_is_there_in_three_languages_and_its_own_letters():
    """A nurse who reads Turkmen only never meets a Russian line, nor a Turkish letter."""
    for text in all_texts():
        assert set(text) == {"tk", "ru", "en"}
        assert {c for c in text["tk"].replace("°C", "") if c.isalpha()} <= TURKMEN, text["tk"]
        assert re.search("[а-яё]", text["ru"])
        assert not re.search("[A-Za-z]", text["ru"].replace("°C", "")), text["ru"]
        assert text["en"].isascii() or set(text["en"]) - set(map(chr, range(128))) <= {"°"}, text["en"]


def test_a_wording_falls_back_to_turkmen():
    """A language the pack does not speak still shows a sentence."""
    name = PACK.visit_names["M4"]
    assert [PACK.text(name, language) for language in ("tk", "ru", "en", "uz")] == [
        "4 aýlyk patronaž",
        "Посещение в 4 месяца",
        "4-month visit",
        "4 aýlyk patronaž",
    ]


def test_a_visit_name_never_tells_of_a_pregnancy():
    """The list on the screen is seen by others; a pregnancy is Sensitive."""
    for code in ("AN1", "AN2", "AN3"):
        assert not re.search("pregnan|беремен|göwreli", str(dict(PACK.visit_names[code])))


def test_limits_refuse_what_no_child_weighs():
    """34,0 kg may be a school child; 500 kg is nobody."""
    PACK.limits["weight_g"].require(500)
    PACK.limits["weight_g"].require(45_000)
    for wrong in (499, 45_001):
        with pytest.raises(OutOfRangeError):
            PACK.limits["weight_g"].require(wrong)
    assert (PACK.limits["length_mm"].low, PACK.limits["length_mm"].high) == (250, 1400)
    assert (PACK.limits["head_mm"].low, PACK.limits["head_mm"].high) == (200, 600)


@pytest.mark.parametrize(
    ("age", "temperature", "breaths", "expected"),
    [
        (0, 380, None, ["yi_fever"]),
        (0, 379, None, ["yi_warm"]),
        (0, 374, 59, []),
        (2, 352, 60, ["yi_cold", "yi_fast_breathing"]),
        (59, 355, None, []),
        (59, 354, None, ["yi_cold"]),
        (60, 354, 49, []),
        (60, None, 50, ["ch_fast_breathing"]),
        (364, None, 49, []),
        (365, None, 40, ["ch_fast_breathing"]),
        (365, None, 39, []),
        (1825, 390, None, []),
        (None, None, 40, ["ch_fast_breathing"]),
    ],
)
def test_numbers_speak_by_age(age, temperature, breaths, expected):
    """Cut-offs 38.0, 35.5 and 60, 50, 40 breaths; one tenth or one day beside them says nothing."""
    assert list(PACK.measured_dangers(age, temperature, breaths)) == expected


def test_swelling_and_severe_wasting_are_danger_signs_from_two_months():
    """Severe acute malnutrition found on the growth page must open the urgent page too."""
    assert PACK.measured_dangers(200, oedema=True) == ("ch_feet_swollen",)
    assert PACK.measured_dangers(200, wlz=Decimal("-3.01")) == ("ch_wasted",)
    assert PACK.measured_dangers(200, wlz=Decimal("-3.00")) == ()
    assert PACK.measured_dangers(200, muac_mm=114) == ("ch_wasted",)
    assert PACK.measured_dangers(200, muac_mm=115) == ()
    assert PACK.measured_dangers(150, muac_mm=100) == ()


def test_a_mothers_pressure_is_urgent_with_its_signs():
    """140/90 is a matter of the day, with headache or upper pain of the hour; after birth always of the hour."""

    def urgency(group, upper, lower, *signs):
        found = PACK.mother_dangers(group, systolic=upper, diastolic=lower, signs=signs)
        return PACK.urgency_of(found)

    assert urgency(Group.PREGNANT, 139, 89) is None
    assert urgency(Group.PREGNANT, 140, 80) is Pace.SAME_DAY
    assert urgency(Group.PREGNANT, 120, 90, "pr_headache") is Pace.NOW
    assert urgency(Group.PREGNANT, 160, 80) is Pace.NOW
    assert urgency(Group.PREGNANT, 120, 110) is Pace.NOW
    assert urgency(Group.AFTER_BIRTH, 140, 80) is Pace.NOW
    assert PACK.mother_dangers(Group.AFTER_BIRTH, temperature_c10=380) == ("ab_fever",)


def test_the_young_infants_list_ends_with_day_59():
    """On day 60 the other list is asked; an unknown day of birth gets the child's."""
    assert [child_group(d) for d in (0, 59, 60, None)] == [
        *[Group.YOUNG_INFANT] * 2,
        *[Group.CHILD] * 2,
    ]


def test_story_one_gets_warm_feed_go():
    """Day 2, feeds poorly, 35.2 °C: skin to skin, milk, go."""
    found = PACK.measured_dangers(2, 352)
    assert lines("yi_not_feeding", *found) == ["skin_to_skin", "breast_milk", "go_now"]


@pytest.mark.parametrize(
    "sign", ["yi_convulsions", "yi_still", "yi_chest_indrawing", "ch_lethargic", "ch_cannot_drink", "ch_stridor"]
)
def test_who_fits_or_fights_for_breath_gets_nothing_by_mouth(sign):
    """Milk in the airway kills: with any other sign beside it, nothing by mouth stays and milk goes."""
    group = PACK.danger(sign).group
    assert lines(sign) == ["nothing_by_mouth", "on_side", "keep_warm", "go_now"]
    for other in PACK.dangers_of(group):
        got = lines(other.code, sign)
        assert got[0] == "nothing_by_mouth"
        assert not {"breast_milk", "drink", "keep_feeding"} & set(got)
        assert got[-1] == "go_now"


def test_nothing_by_mouth_is_never_beside_a_drink():
    """Whatever pair of signs of one list is ticked, and also where four lines leave room for both."""
    for sign in [s for s in PACK.dangers if "nothing_by_mouth" in s.first_aid]:
        for other in PACK.dangers_of(sign.group):
            assert {"breast_milk", "drink", "keep_feeding"}.isdisjoint(lines(sign.code, other.code)), other.code


def test_thoughts_of_harm_never_leave_her_alone():
    """Whatever else she has, the first line is to stay."""
    for other in PACK.dangers_of(Group.AFTER_BIRTH):
        assert lines("ab_harm", other.code)[0] == "not_alone"
    assert lines("ab_harm") == ["not_alone", "helper_of_choice", "doctor_and_supervisor"]
    assert [s.code for s in PACK.dangers if s.private] == ["ab_harm"]


@pytest.mark.parametrize("group", list(Group))
def test_one_or_two_signs_give_three_or_four_lines(group):
    """More than four lines nobody reads aloud; an urgent one always ends with the journey."""
    codes = [s.code for s in PACK.dangers_of(group)]
    for signs in [*combinations(codes, 1), *combinations(codes, 2)]:
        got = lines(*signs)
        assert 3 <= len(got) <= 4, signs
        if PACK.urgency_of(signs) is Pace.NOW and signs != ("ab_harm",):
            assert got[-1] == "go_now" or "ab_harm" in signs, signs


@given(st.sets(st.sampled_from([s.code for s in PACK.dangers]), min_size=1))
def test_no_set_of_signs_gives_contradicting_lines(signs):
    """The more careful of two lines stays, whatever was ticked."""
    got = PACK.first_aid_for(signs)
    codes = {line.code for line in got}
    assert 3 <= len(got) <= 4
    assert len(codes) == len(got)
    assert codes.isdisjoint(other for line in got for other in line.instead_of)


@pytest.mark.parametrize("fever", ["yi_fever", "ch_stiff_neck", "ch_rash"])
def test_a_child_with_fever_is_never_wrapped_up(fever):
    """Wrapping up at 39 °C harms; the line for the fever takes the place of warmth."""
    group = PACK.danger(fever).group
    for other in PACK.dangers_of(group):
        assert "keep_warm" not in lines(fever, other.code), other.code


def test_a_burn_is_cooled_and_poison_is_not_vomited():
    """The first minutes decide, and both mistakes are common."""
    assert lines("ch_burn") == ["cool_burn", "drink", "go_now"]
    assert lines("ch_poison") == ["nothing_by_mouth", "on_side", "take_packet", "go_now"]
    packet = next(line for line in PACK.first_aid if line.code == "take_packet")
    assert "vomit" in packet.text["en"]


@pytest.mark.parametrize("code", ["yi_bruise", "ch_bruise"])
def test_a_mark_on_a_baby_who_does_not_crawl_is_seen_the_same_day_and_told(code):
    """Whatever the story: a doctor today, the words written down, the supervisor told."""
    assert PACK.danger(code).urgency is Pace.SAME_DAY
    assert lines(code) == ["write_down", "doctor_and_supervisor", "worse_go", "same_day"]


def test_swollen_feet_count_at_every_age():
    """The scales' page asks every child; a newborn's yes must not fall through."""
    assert PACK.measured_dangers(20, oedema=True) == ("yi_feet_swollen",)
    assert PACK.measured_dangers(200, oedema=True) == ("ch_feet_swollen",)


def test_nothing_seen_asks_for_nothing():
    """No sign, no haste and no advice."""
    assert PACK.first_aid_for([]) == []
    assert PACK.urgency_of([]) is None


def test_an_unknown_sign_is_our_mistake():
    """A sign that another edition knew is not passed over in silence."""
    with pytest.raises(KeyError):
        PACK.first_aid_for(["yi_gone"])


def test_code_lists_are_the_domains():
    """Offices count by these codes."""
    assert [r.code for r in PACK.not_possible] == [
        *("not_home", "refused", "moved", "wrong_address", "child_in_hospital", "child_died", "access_or_weather"),
        *("worker_absent", "worker_safety", "duplicate", "other"),
    ]
    assert [r.code for r in PACK.unplanned] == [
        "worry_of_family",
        "follow_up",
        "weight_check",
        "request_of_office",
        "other",
    ]
    assert [r.code for r in PACK.lists["no_agreement"]] == ["declined", "crisis", "information_only"]


def test_a_village_leads_up_to_its_welayat():
    """Reports sum by welaýat; a place outside the slice is not invented."""
    village = PACK.place("TM-M-GAR-03")
    assert village.name["tk"] == "Bagt oba"
    assert not village.urban
    assert PACK.place(PACK.place(village.parent).parent).level == "welayat"
    assert PACK.place("TM-M-GAR-99") is None
