"""The forms of a home visit, filled in by the engine as a nurse would, held against the pack they speak for."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.mapping import check_mapping, entries
from healthvisit.forms.session import FormSession
from healthvisit.forms.xlsform import compile_folder
from healthvisit.packs import load
from healthvisit.packs.pack import Group

RESOURCES = Path(__file__).parents[3] / "resources"
PACK = load(RESOURCES / "packs" / "tm-default")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LANGUAGES = ("tk", "ru", "en")
FORMS = ("family", "child", "mother", "danger")
SIGN_FIELDS = {f"sign.{s.code}" for s in PACK.dangers if s.asked}
VOCABULARY = {
    "setting": {"alone"},
    "concerns": {"has_concern", "codes", "text", "most"},
    "agreement": {"last_time", "topics", "agreed", "no_agreement", "next_on"},
    "danger": SIGN_FIELDS
    | {"temperature_c10", "breaths", "systolic", "diastolic", "temperature_c10_why", "breaths_why"},
    "growth": {"weight_g", "length_mm", "posture", "head_mm", "muac_mm", "oedema"}
    | {"weight_g_why", "length_mm_why", "head_mm_why"},
    "seen": {"group", "signs", "temperature_c10", "breaths"},
    "go": {"ambulance_at", "to", "companion", "transport"},
    "family": {"agrees", "reason", "would_change", "second_offer", "supervisor_told"},
}


@cache
def definition(name):
    return FormDefinition.load((RESOURCES / "forms" / f"{name}.xml").read_text(encoding="utf-8"))


def opened(name, *, person=None, visit=None, last=None, language="tk"):
    prefill = {
        "person": [{"age_days": "128", "sex": "f", "kind": "child", "state": ""} | (person or {})],
        "visit": [{"alone": "no", "today": "2026-11-23", "source": "screen", "next_on": ""} | (visit or {})],
        "last": [{"weight_kg": "", "length_cm": "", "head_cm": "", "on": "", "agreed": ""} | (last or {})],
    }
    return FormSession.open(definition(name), language=language, now=NOW, tz="Asia/Ashgabat", prefill=prefill)


def asked(session):
    """Names of the questions that can be seen now, page by page."""
    return [[path.rpartition("/")[2] for path in page.paths] for page in session.pages()]


def signs_asked(**prefill):
    form = "mother" if prefill["person"].get("kind") == "adult" else "child"
    return [
        name for name in asked(opened(form, **prefill))[0] if "_" in name and name in {s.code for s in PACK.dangers}
    ]


def problems(session):
    return {p.path.rpartition("/")[2] for p in session.problems()}


def fill_danger(session, answer="no"):
    for page in session.pages()[:1]:
        for path in page.paths:
            if path.rpartition("/")[2] in {s.code for s in PACK.dangers}:
                session.answer(path, answer)


def put(session, **answers):
    paths = {path.rpartition("/")[2]: path for path in session.definition.controls}
    for name, text in answers.items():
        session.answer(paths[name], text)


def mapped(session):
    return {entry.name: dict(entry.fields) for entry in entries(session).entries}


# --- the files -------------------------------------------------------------------------------------------------------


def test_the_forms_compile_and_none_is_stale():
    """What was reviewed in the source is what a nurse is asked."""
    assert compile_folder(RESOURCES / "forms", write=False) == []


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_goes_to_a_known_field(name):
    """An answer without a place would be stored where nobody reads it."""
    check_mapping(definition(name), VOCABULARY)
    assert all(definition(name).binds[path].field for path in definition(name).controls)


@pytest.mark.parametrize("name", FORMS)
def test_every_word_is_there_in_three_languages(name):
    """F7 switches the wording; no question, hint, choice or message falls back to another language."""
    sessions = {language: opened(name, language=language) for language in LANGUAGES}
    for path in definition(name).controls:
        questions = {language: session.question(path) for language, session in sessions.items()}
        for part in ("label", "hint", "constraint_message", "required_message"):
            words = {getattr(q, part) for q in questions.values()}
            assert words == {""} or ("" not in words and len(words) == 3), (path, part, words)
        for choices in zip(*(q.choices for q in questions.values()), strict=True):
            assert len({value for value, _ in choices}) == 1
            assert all(label and label != value for value, label in choices)
    for page in zip(*(session.pages() for session in sessions.values()), strict=True):
        assert len({p.title for p in page}) == 3


def test_the_pages_come_in_the_order_of_the_visit():
    """Danger before growth: what cannot wait is asked first."""
    groups = {name: [page.path for page in opened(name).pages()] for name in ("family", "child", "danger")}
    assert groups == {
        "family": ["/data/setting", "/data/concerns", "/data/agreement"],
        "child": ["/data/danger", "/data/growth"],
        "danger": ["/data/seen", "/data/go", "/data/family"],
    }


@pytest.mark.parametrize("name", FORMS)
def test_no_answer_is_preset(name):
    """Nothing clinical is filled in before it was looked at."""
    session = opened(name)
    assert {path for path in definition(name).controls if session.value(path)} == set()


# --- forms and pack --------------------------------------------------------------------------------------------------


def test_every_asked_sign_of_the_pack_stands_in_a_form_and_every_sign_of_a_form_in_the_pack():
    """A sign in one place only would be asked and never acted on, or never asked."""
    in_forms = {
        bind.field.removeprefix("sign.")
        for name in ("child", "mother")
        for bind in definition(name).binds.values()
        if bind.field and bind.field.startswith("sign.")
    }
    assert in_forms == {s.code for s in PACK.dangers if s.asked}


@pytest.mark.parametrize(
    ("person", "group"),
    [
        ({"age_days": "0"}, Group.YOUNG_INFANT),
        ({"age_days": "59"}, Group.YOUNG_INFANT),
        ({"age_days": "60"}, Group.CHILD),
        ({"age_days": "1800"}, Group.CHILD),
        ({"age_days": ""}, Group.CHILD),
        ({"kind": "adult", "state": "pregnant"}, Group.PREGNANT),
        ({"kind": "adult", "state": "after_birth"}, Group.AFTER_BIRTH),
    ],
)
def test_exactly_the_list_of_ones_age_is_asked(person, group):
    """A baby of 59 days is not asked about ear pus; one of 60 not about its navel."""
    expected = [s.code for s in PACK.dangers_of(group) if s.asked and not s.private]
    assert signs_asked(person=person) == expected
    expected_alone = [s.code for s in PACK.dangers_of(group) if s.asked]
    assert signs_asked(person=person, visit={"alone": "yes"}) == expected_alone


def test_a_mother_neither_pregnant_nor_newly_delivered_is_asked_no_list():
    """She has her temperature and pressure, no list that is not hers."""
    assert signs_asked(person={"kind": "adult", "state": ""}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sign_is_worded_as_in_the_pack(language):
    """The letter to the hospital says what the nurse was asked."""
    for name in ("child", "mother"):
        session = opened(name, language=language)
        for path, control in definition(name).controls.items():
            if control.bind.field and control.bind.field.startswith("sign."):
                sign = PACK.danger(control.bind.field.removeprefix("sign."))
                assert session.question(path).label == sign.name[language]
                assert ("private" in control.appearance.split()) == sign.private


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "question", "table"),
    [
        ("family", "codes", "concerns"),
        ("family", "topics", "topics"),
        ("family", "last_time", "outcomes"),
        ("family", "no_agreement", "no_agreement"),
        ("child", "weight_why", "not_measured"),
        ("danger", "transport", "transport"),
    ],
)
def test_a_list_of_choices_is_the_packs(language, form, question, table):
    """Offices count by the pack's codes."""
    session = opened(form, language=language)
    path = next(p for p in definition(form).controls if p.endswith(f"/{question}"))
    assert session.question(path).choices == tuple((r.code, r.name[language]) for r in PACK.lists[table])


def test_hard_limits_are_the_packs():
    """The form stops where the domain would refuse, and not before."""
    session = opened("child")
    cases = {"weight": ("weight_g", 1000), "length": ("length_mm", 10), "head": ("head_mm", 10)}
    cases |= {"temperature": ("temperature_c10", 10), "breaths": ("breaths", 1)}
    for name, (field, scale) in cases.items():
        limit = PACK.limits[field]
        for value, right in ((limit.low, True), (limit.high, True), (limit.low - 1, False), (limit.high + 1, False)):
            put(session, **{name: f"{value / scale:g}"})
            assert (name not in problems(session)) == right, (name, value)


def test_the_limits_of_a_child_are_told_to_its_form():
    """A child of 24 weeks and a schoolchild are weighed by the same form; its sentence names the limits that hold."""
    person = {"weight_low_g": "300", "weight_high_kg": "150", "length_high_cm": "220"}
    session = opened("child", person=person, language="en")
    for kilograms, right in (("0.3", True), ("150", True), ("0.29", False), ("150.01", False)):
        put(session, weight=kilograms, length="219")
        assert ("weight" not in problems(session)) == right, kilograms
        assert "length" not in problems(session)
    said = session.question("/data/growth/weight").constraint_message
    assert said.strip() == "Must be from 300 g to 150 kg. Please weigh again."


# --- the child's part ------------------------------------------------------------------------------------------------


def test_each_sign_must_be_answered():
    """A sign passed over in silence is no "no"."""
    session = opened("child")
    fill_danger(session)
    assert not {s.code for s in PACK.dangers} & problems(session)
    put(session, ch_convulsions="")
    assert "ch_convulsions" in problems(session)


def test_a_routine_visit_needs_only_its_signs_and_numbers():
    """The shortest honest visit: one key for the list, three numbers, two answers."""
    session = opened("child")
    fill_danger(session)
    put(session, weight="5,85", length="62,0", posture="l", head="40.2", oedema="no", temperature="36,6", breaths="38")
    assert problems(session) == set()
    found = mapped(session)
    assert found["growth"] == {
        "weight_g": "5850",
        "length_mm": "620",
        "posture": "l",
        "head_mm": "402",
        "oedema": "no",
    }
    assert (found["danger"]["temperature_c10"], found["danger"]["breaths"]) == ("366", "38")
    assert found["danger"]["sign.ch_convulsions"] == "no"
    assert entries(session).answers == {}


def test_a_number_or_the_reason_why_not():
    """A missing weight without a reason tells nobody anything."""
    session = opened("child")
    assert {"weight_why", "length_why", "head_why", "oedema"} <= problems(session)
    put(session, weight_why="no_equipment", length_why="asleep", head_why="asleep")
    assert not {"weight_why", "length_why", "head_why"} & problems(session)
    assert mapped(session)["growth"]["weight_g_why"] == "no_equipment"
    put(session, weight="5.85")
    assert "weight_g_why" not in mapped(session)["growth"]


@pytest.mark.parametrize(("age", "there"), [(182, False), (183, True), (1826, True), (1827, False), ("", False)])
def test_the_upper_arm_is_asked_from_six_to_fifty_nine_months_and_never_required(age, there):
    """The tape says something at these ages only; without it the visit is as long as before."""
    session = opened("child", person={"age_days": str(age)})
    assert ("muac" in asked(session)[1]) is there
    assert "muac" not in problems(session)


def test_an_upper_arm_in_centimetres_is_kept_in_millimetres():
    """The tape counts centimetres; 30,1 and 124 are refused with the range named."""
    session = opened("child", person={"age_days": "300"})
    put(session, muac="12,4")
    assert mapped(session)["growth"]["muac_mm"] == "124"
    for wrong in ("5,9", "30,1", "124", "x", "12,4,1"):
        put(session, muac=wrong)
        assert "muac" in problems(session), wrong


def test_how_it_was_measured_is_asked_with_the_length_only():
    """Lying or standing is never guessed, and never asked about nothing."""
    session = opened("child")
    assert "posture" not in asked(session)[1]
    put(session, length="62")
    assert "posture" in problems(session)


@pytest.mark.parametrize(("age", "is_asked"), [("1095", True), ("1096", False), ("", True)])
def test_the_head_is_measured_under_three_years(age, is_asked):
    """A tape around a four-year-old's head helps nobody."""
    assert ("head" in asked(opened("child", person={"age_days": age}))[1]) == is_asked


@pytest.mark.parametrize(("age", "must"), [("12", True), ("59", True), ("60", False)])
def test_a_young_infants_warmth_and_breath_are_measured_or_explained(age, must):
    """In the first two months cold and fast breath are signs that only a number shows."""
    assert ({"temperature_why", "breaths_why"} <= problems(opened("child", person={"age_days": age}))) == must


# --- mother, family, danger now --------------------------------------------------------------------------------------


def test_thoughts_of_harm_are_asked_alone_only():
    """With her mother-in-law in the room the question is not drawn; what was said alone is kept."""
    adult = {"kind": "adult", "state": "after_birth"}
    assert "ab_harm" not in asked(opened("mother", person=adult))[0]
    session = opened("mother", person=adult, visit={"alone": "yes"})
    assert "ab_harm" in problems(session)


def test_a_pressure_has_two_numbers_the_lower_below_the_upper():
    """80/120 is a slip of the pen."""
    session = opened("mother", person={"kind": "adult", "state": "pregnant"})
    fill_danger(session)
    assert problems(session) == set()
    put(session, systolic="120")
    assert problems(session) == {"diastolic"}
    put(session, diastolic="130")
    assert problems(session) == {"diastolic"}
    put(session, diastolic="80")
    assert problems(session) == set()
    assert mapped(session)["danger"]["systolic"] == "120"


def test_no_concern_is_one_key_and_a_concern_names_itself():
    """`none` is the choice of the key 0; a worry without a word helps nobody."""
    session = opened("family")
    put(session, alone="yes", has_concern="none")
    assert asked(session)[1] == ["has_concern"]
    put(session, has_concern="yes")
    assert "codes" in problems(session)
    put(session, codes="feeding other", most="sleep")
    assert mapped(session)["concerns"]["codes"] == "feeding other"


def test_last_times_agreement_is_asked_about_where_there_was_one():
    """First how it went, then something new."""
    assert "last_time" not in asked(opened("family"))[2]
    assert "last_time" in problems(opened("family", last={"agreed": "breast milk only"}))


def test_nothing_agreed_needs_its_reason():
    """No agreed action only because it was declined, a crisis, or information only."""
    session = opened("family")
    put(session, alone="no", has_concern="none")
    assert problems(session) == {"no_agreement"}
    put(session, agreed="breast milk only")
    assert problems(session) == set()
    put(session, agreed="", no_agreement="declined")
    assert problems(session) == set()


def test_the_next_visit_is_proposed_and_lies_ahead():
    """The proposal is a fact of the plan, not an answer; today is no next visit."""
    session = opened("family", visit={"next_on": "2026-12-18"})
    assert session.value("/data/agreement/next_on") == "2026-12-18"
    put(session, next_on="2026-11-23")
    assert "next_on" in problems(session)
    put(session, next_on="2026-11-24")
    assert "next_on" not in problems(session)


@pytest.mark.parametrize(
    ("person", "group"),
    [
        ({"age_days": "2"}, Group.YOUNG_INFANT),
        ({"age_days": "128"}, Group.CHILD),
        ({"kind": "adult", "state": "pregnant"}, Group.PREGNANT),
        ({"kind": "adult", "state": "after_birth"}, Group.AFTER_BIRTH),
        ({"kind": "adult", "state": ""}, Group.AFTER_BIRTH),
    ],
)
def test_danger_now_offers_the_signs_of_this_person(person, group):
    """One list, before any other answer; what only a number shows is not in it."""
    offered = [code for code, _ in opened("danger", person=person).question("/data/seen/signs").choices]
    seen = {"ch_feet_swollen", "ch_wasted", "yi_feet_swollen", "yi_wasted"}
    expected = [s for s in PACK.dangers_of(group) if s.asked or s.code in seen]
    assert offered == [s.code for s in expected if not s.private]
    alone = opened("danger", person=person, visit={"alone": "yes"}).question("/data/seen/signs").choices
    assert [code for code, _ in alone] == [s.code for s in expected]
    assert mapped(opened("danger", person=person))["seen"] == {"group": group.value}


def test_danger_now_can_be_confirmed_in_few_words():
    """The form never delays the journey: a sign, and whether the family agrees."""
    session = opened("danger", person={"age_days": "2"})
    assert problems(session) == {"signs", "agrees"}
    put(session, temperature="35,2")
    assert problems(session) == {"agrees"}
    put(session, agrees="yes", signs="yi_not_feeding yi_convulsions")
    assert problems(session) == set()
    assert mapped(session)["seen"] == {
        "group": "young_infant",
        "signs": "yi_not_feeding yi_convulsions",
        "temperature_c10": "352",
    }


def test_a_refusal_is_recorded_whole():
    """Who and why, a second offer, and that the supervisor was told."""
    session = opened("danger", person={"age_days": "2"})
    put(session, signs="yi_convulsions", agrees="no")
    assert problems(session) == {"reason", "second_offer", "supervisor_told"}
    put(session, reason="grandmother: wait", second_offer="yes", supervisor_told="yes")
    assert problems(session) == set()
    put(session, agrees="yes")
    assert mapped(session)["family"] == {"agrees": "yes"}
