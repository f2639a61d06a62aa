"""Results of other tools: checked before they are kept; no verdict where none may be; the mother's are hers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from healthvisit.domain.development import Assessment
from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import new_record_id
from healthvisit.domain.record import Privacy, sort_of
from healthvisit.services import assessments
from healthvisit.services.assessments import Entered
from healthvisit.services.development import check_facts
from healthvisit.services.today import today_view
from healthvisit.store import checks
from tests.builders import NOW, TODAY, WORKER, a_child, a_mother, default_pack, make_store, persons_of, register

KNOWN = assessments.library()
BORN = TODAY - timedelta(days=610)  # 20 months


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


@pytest.fixture
def person(store):
    return persons_of(store, register(store, "Myradow", a_child("Aýna", BORN)))["Aýna"]


def entered(person, tool="asq3", **facts):
    usual = {"version": " 3 ", "assessor": "Dr Orazow", "on": TODAY, "status": "above_cutoff"}
    return Entered(**{"id": new_record_id(NOW), "person": person, "tool": tool} | usual | facts)


def saved(store, given):
    with store.unit(worker=WORKER, now=NOW) as work:
        return assessments.save_result(work, KNOWN, given, today=TODAY)


def test_a_result_is_kept_with_tool_version_scores_and_assessor(store, person):
    """Issue 4, item 7: tool, version, date, score by area, cut-off status, assessor."""
    areas = {"communication": Decimal(45), "gross_motor": Decimal("52.5")}
    given = entered(person, by_area=areas, area_status={"communication": "monitoring_zone"})
    made = saved(store, given)
    with store.reading(worker=WORKER, now=NOW) as work:
        (held,) = checks.assessments_of(work, person)
    assert held == made
    assert (held.tool, held.version, held.status, held.assessor) == ("asq3", "3", "above_cutoff", "Dr Orazow")
    assert (held.by_area, held.follow_up_on) == (areas, None)
    assert sort_of("assessment").privacy is Privacy.SENSITIVE


def test_a_result_below_its_cut_off_is_asked_after(store, person):
    """Thirty days later the family is on the list; a second save makes no second task."""
    given = entered(person, status="below_cutoff")
    assert saved(store, given) == saved(store, given)
    by = TODAY + timedelta(days=30)
    with store.reading(worker=WORKER, now=NOW) as work:
        assert [t.due_on for t in checks.tasks_of(work, person, assessments.FOLLOW_UP)] == [by]
        assert today_view(work, default_pack(), today=by).rows[0].follow_up


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"on": TODAY + timedelta(days=1)}, "result_in_future"),
        ({"on": BORN - timedelta(days=1)}, "result_before_birth"),
        ({"version": " "}, "result_needs"),
        ({"assessor": ""}, "result_needs"),
        ({"status": None}, "result_needs"),
        ({"status": "great"}, "unknown_status"),
        ({"by_area": {"flying": Decimal(1)}}, "unknown_area"),
        ({"by_area": {"communication": Decimal(61)}}, "score_out_of_range"),
        ({"tool": "horoscope"}, "unknown_tool"),
    ],
)
def test_what_cannot_be_is_refused(store, person, facts, code):
    """A wrong number in a record of a child stays there for years."""
    with pytest.raises(InputError) as refused:
        saved(store, entered(person, **facts))
    assert refused.value.code == f"development.{code}"


def test_m_chat_r_is_scored_by_its_rule_from_numbered_answers(store, person):
    """The pack holds no question's words; eight answers at risk refer within 7 days."""
    rule = KNOWN.instrument("mchat_r")
    assert all(item.text is None for item in rule.items)
    safe = {i.code: "yes" if rule.scale(i.scale).points("yes") == 0 else "no" for i in rule.items}
    risk = safe | {i.code: "no" if safe[i.code] == "yes" else "yes" for i in rule.items[:8]}
    low = saved(store, entered(person, "mchat_r", answers=safe, status=None))
    assert (low.status, low.total, low.version, low.follow_up_on) == ("low", 0, "R", None)
    high = saved(store, entered(person, "mchat_r", answers=risk, status=None))
    assert (high.status, high.total, high.follow_up_on) == ("high", 8, TODAY + timedelta(days=7))


@pytest.mark.parametrize(
    ("on", "left_out", "code"),
    [(TODAY, 1, "form_incomplete"), (TODAY - timedelta(days=300), 0, "not_for_age")],
)
def test_a_form_half_filled_in_or_for_another_age_has_no_score(store, person, on, left_out, code):
    """A total of fewer answers would look better than it is."""
    answers = {item.code: "yes" for item in KNOWN.instrument("mchat_r").items[left_out:]}
    with pytest.raises(InputError) as refused:
        saved(store, entered(person, "mchat_r", answers=answers, on=on, status=None))
    assert refused.value.code == f"development.{code}"


def test_each_person_is_offered_what_is_about_them(store):
    """PHQ-2 and EPDS are hers; a survey's form is for children of its ages; the invented key only for practice."""
    home = register(store, "Orazow", a_mother(), a_child("Aýna", BORN), a_child("Kerim", TODAY - timedelta(days=900)))
    who = persons_of(store, home)
    with store.reading(worker=WORKER, now=NOW) as work:
        facts = {name: check_facts(work, one, today=TODAY) for name, one in who.items()}
    entered = {name: {tool.code for tool in assessments.to_enter(KNOWN, held, TODAY)} for name, held in facts.items()}
    assert {"gmcd", "asq3", "bayley", "denver2", "mchat_r"} <= entered["Aýna"]
    assert entered["Aýna"].isdisjoint({"phq2", "phq9", "epds", "ecdi2030"})
    assert entered["Kerim"] - entered["Aýna"] == {"ecdi2030"}
    assert entered["Sona"] == {"phq9", "epds"}
    asked = {name: {one.code for one in assessments.to_ask(KNOWN, held, TODAY)} for name, held in facts.items()}
    assert asked == {"Aýna": set(), "Kerim": set(), "Sona": {"phq2"}}
    practice = assessments.library(practice=True)
    assert {one.code for one in assessments.to_ask(practice, facts["Aýna"], TODAY)} == {"dscore_demo"}


def test_nothing_of_a_result_stands_in_its_repr(store, person):
    """Logs and crash reports hold nothing of a child."""
    made = saved(store, entered(person, status="below_cutoff"))
    assert isinstance(made, Assessment)
    assert not any(word in repr(made) for word in ("below_cutoff", "Orazow"))


def test_the_score_of_a_key_stays_with_key_reference_and_engine(store):
    """Issue 4, item 8: stored with each score; for a preterm child by the corrected age."""
    known = assessments.library(practice=True)
    born = TODAY - timedelta(days=300)
    person = persons_of(store, register(store, "Orazow", a_child("Maral", born, gestation_days=210)))["Maral"]
    one = known.instrument("dscore_demo")
    answers = {item.code: "yes" for item in one.asked(9)[:6]}
    given = Entered(id=new_record_id(NOW), person=person, tool="dscore_demo", on=TODAY, answers=answers)
    with store.unit(worker=WORKER, now=NOW) as work:
        made = assessments.save_result(work, known, given, today=TODAY)
    with store.reading(worker=WORKER, now=NOW) as work:
        (held,) = checks.assessments_of(work, person)
    assert held == made
    assert held.dscore.age_days == 300 - 70
    assert (held.dscore.key, held.dscore.reference, held.dscore.engine, held.dscore.n) == (
        "demo", "demo-children", "1", 6,
    )  # fmt: skip
    assert held.dscore.daz is not None
    assert "Decimal" not in repr(held)


@pytest.mark.parametrize("code", ["nothing_asked", "unknown_tool"])
def test_no_answer_or_a_key_that_is_not_here_makes_no_score(store, person, code):
    """The key may have been taken away while the form was open."""
    known = assessments.library(practice=code == "nothing_asked")
    given = Entered(id=new_record_id(NOW), person=person, tool="dscore_demo", on=TODAY)
    with pytest.raises(InputError) as refused, store.unit(worker=WORKER, now=NOW) as work:
        assessments.save_result(work, known, given, today=TODAY)
    assert refused.value.code == f"development.{code}"


def test_a_correction_of_what_two_laptops_corrected_stands_for_both(store, person):
    """Nothing is lost: both corrections stand until one names both, and all of it stays in the history."""
    first = saved(store, entered(person))
    here, there = (saved(store, entered(person, status="below_cutoff", amends=(first.id,))) for _ in range(2))
    with store.reading(worker=WORKER, now=NOW) as work:
        standing = {one.id: one for one in checks.assessments_of(work, person)}
        _facts, draft = assessments.begin(work, person, "entered", today=TODAY, amends=here.id)
    assert set(standing) == {here.id, there.id} == set(draft.amends)
    assert assessments.together_with(standing, "another") == ()
    last = saved(store, entered(person, amends=draft.amends))
    with store.reading(worker=WORKER, now=NOW) as work:
        history = assessments.history_of(work, person)
        assert assessments.follow_ups(work, person) == ()
    assert [one.id for one, replaced in history if not replaced] == [last.id]
    assert {one.id for one, replaced in history if replaced} == {first.id, here.id, there.id}
