"""A visit begun, kept, resumed, signed, corrected and moved, on a real vault with the shipped forms."""

from datetime import date, timedelta

import pytest

from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.person import Sex
from healthvisit.domain.visit import Source, Visit
from healthvisit.forms.definition import FormDefinition
from healthvisit.services import amending, caseload, dangers, signing, visits
from healthvisit.services.dangers import DangerNow
from healthvisit.settings import resource
from healthvisit.store import drafts
from healthvisit.store import visits as stored
from tests.builders import NOW, TODAY, WORKER, a_child, a_mother, default_pack, make_store, persons_of, register, reopen

PACK = default_pack()
FORMS = {
    name: FormDefinition.load(resource(f"forms/{name}.xml").read_text(encoding="utf-8"))
    for name in ("family", "child", "mother", "danger")
}


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def read(store, deed, now=NOW):
    with store.reading(worker=WORKER, now=now) as work:
        return deed(work)


def save(store, deed, now=NOW):
    with store.unit(worker=WORKER, now=now) as work:
        return deed(work)


def begin(store, household, **facts):
    return read(store, lambda w: visits.begin(w, PACK, FORMS, household, **({"on": TODAY, "language": "en"} | facts)))


def path_of(part, name):
    return next(p for p in part.session.definition.controls if p.endswith("/" + name))


def put(part, **answers):
    for name, text in answers.items():
        part.session.answer(path_of(part, name), text)


def none_of_these(part, answer="no"):
    for page in part.session.pages():
        for question in page.questions:
            if question.field and question.field.startswith("sign."):
                part.session.answer(question.path, answer)


def fill(draft, weight="5,85", **growth):
    """Everything a routine visit asks."""
    put(draft.parts[0], alone="no", has_concern="none", agreed="breast milk only")
    for part in draft.parts[1:]:
        none_of_these(part)
        if part.facts is not None:
            put(part, weight=weight, length="62,0", posture="l", head="40,2", oedema="no", **growth)


def sign(store, draft, **facts):
    answers = draft.answers()
    return save(store, lambda w: signing.sign_visit(w, PACK, answers, **({"today": TODAY} | facts)))


def part_named(draft, name):
    return next(p for p in draft.parts if p.person and name in p.person.name)


def test_a_routine_visit_is_signed_with_its_growth_and_takes_its_draft_along(store):
    """The path of every working day: answers become typed entries, the draft is gone, the child is no longer due."""
    home = register(store)
    draft = begin(store, home)
    assert [p.form.name for p in draft.seen] == ["family", "child"]
    fill(draft)
    save(store, lambda w: visits.save_draft(w, draft.content()))
    visit = sign(store, draft)
    again = read(store, lambda w: signing.visit_of(w, visit.id))
    growth = signing.growth_of(again.parts[0])
    assert (growth.weight_g, growth.length_mm, growth.head_mm) == (5850, 620, 402)
    assert str(growth.score("weight_for_age").z) == "-0.89"
    assert growth.typed["weight_g"] == "5,85"
    assert read(store, drafts.list_drafts) == []
    assert not read(store, lambda w: caseload.family_view(w, PACK, home, today=TODAY)).household.due


@pytest.mark.parametrize(
    ("child", "weight", "length"),
    [
        (a_child(born_on=TODAY - timedelta(days=2), gestation_days=24 * 7), "0,41", "29"),
        (a_child(born_on=TODAY - timedelta(days=1840)), "46,5", "141"),
    ],
)
def test_the_smallest_and_the_heaviest_child_can_be_weighed(store, child, weight, length):
    """A form that knows only the limits of most children would make a worker type something untrue."""
    draft = begin(store, register(store, "Ataýew", child))
    part = next(p for p in draft.parts if p.facts)
    put(part, weight=weight, length=length)
    violated = {p for page in part.session.pages() for p in (q.path for q in page.questions if q.violation)}
    assert not {p for p in violated if p.endswith(("/weight", "/length"))}


def test_a_draft_reopens_at_the_same_question_after_the_vault_was_closed(tmp_path):
    """A flat battery in the middle of a visit costs no answer."""
    store = make_store(tmp_path)
    home = register(store)
    draft = begin(store, home)
    put(draft.parts[1], weight="5,85")
    draft.page, draft.focus = "1/growth", path_of(draft.parts[1], "length")
    draft.visited, draft.parts[1].looked = {"0/setting"}, True
    save(store, lambda w: visits.save_draft(w, draft.content()))
    store.vault.close()
    store = reopen(tmp_path)
    again = read(store, lambda w: visits.resume(w, PACK, FORMS, draft.id))
    assert (again.page, again.focus, again.visited) == ("1/growth", draft.focus, {"0/setting"})
    assert again.parts[1].looked
    question = again.parts[1].session.question(path_of(again.parts[1], "weight"))
    assert (question.typed, question.value) == ("5,85", "5.85")
    assert again.content() == draft.content()
    store.vault.close()


def test_a_draft_keeps_the_form_it_was_begun_with(store):
    """P12: an update of the program in the middle of a visit changes no question of it."""
    home = register(store)
    draft = begin(store, home)
    save(store, lambda w: visits.save_draft(w, draft.content()))
    again = read(store, lambda w: visits.resume(w, PACK, {}, draft.id))
    assert [p.form for p in again.parts] == [p.form for p in draft.parts]


def test_a_draft_that_is_gone_says_so(store):
    """A visit signed meanwhile is not offered as an empty page."""
    with pytest.raises(HealthvisitError) as caught:
        read(store, lambda w: visits.resume(w, PACK, FORMS, "a" * 32))
    assert caught.value.code == "draft.absent"


def test_those_due_are_marked_as_seen_and_the_other_children_can_be_added(store):
    """The child who is not due has no form to sign unless somebody looks at it."""
    home = register(store, "Myradow", a_child(), a_child("Kerim", date(2024, 9, 5), Sex.MALE))
    draft = begin(store, home)
    seen = {p.person.name: p.seen for p in draft.parts if p.person}
    assert seen == {"Myradowa Aýna": True, "Myradowa Kerim": False, "Myradowa Sona": False}
    fill(draft)
    assert [p.person.name for p in draft.seen if p.person] == ["Myradowa Aýna"]
    assert len(sign(store, draft).parts) == 1


def test_private_questions_are_there_only_while_the_mother_is_alone(store):
    """The husband in the room must not see what could be asked; her answer is kept and not shown."""
    home = register(store, "Orazow", a_child("", TODAY - timedelta(days=12), surname=""), mother=a_mother("Orazowa"))
    mother = next(p for p in begin(store, home).parts if p.form.name == "mother")

    def asked():
        return {path.rpartition("/")[2] for page in mother.session.pages() for path in page.paths}

    assert "ab_harm" not in asked()
    mother.hear_alone("yes", now=NOW)
    assert "ab_harm" in asked()
    put(mother, ab_harm="yes")
    mother.hear_alone("no", now=NOW)
    assert "ab_harm" not in asked()
    assert "ab_harm" not in mother.answers().signs()
    mother.hear_alone("yes", now=NOW)
    assert mother.answers().signs()["ab_harm"] == "yes"


def test_a_positive_sign_is_not_signed_without_a_referral_for_it(store):
    """A program that asks and stays silent does harm."""
    home = register(store)
    draft = begin(store, home)
    fill(draft)
    part = draft.parts[1]
    put(part, ch_convulsions="yes")
    with pytest.raises(InputError) as caught:
        sign(store, draft)
    assert caught.value.code == "visit.danger_without_referral"
    assert caught.value.details == {"person": part.person.id}
    deed = DangerNow(person=part.person.id, household=home, signs={"ch_convulsions": "yes"})
    raised = save(store, lambda w: dangers.raise_danger(w, PACK, deed, today=TODAY))
    part.screen, part.referral, part.covered = raised.screen, raised.referral, raised.covered
    put(part, ch_poison="yes")
    with pytest.raises(InputError):
        sign(store, draft)
    put(part, ch_poison="no")
    visit = sign(store, draft)
    assert visit.parts[0].entry("danger")["referral"] == raised.referral


@pytest.mark.parametrize(
    "answers", [{"temperature": "36,5", "breaths": "52"}, {"oedema": "yes"}, {"weight": "5,2", "length": "66"}]
)
def test_a_sign_that_numbers_tell_counts_as_one_that_was_seen(store, answers):
    """Fast breathing, swollen feet and severe wasting need no tick to be urgent."""
    home = register(store)
    draft = begin(store, home)
    fill(draft)
    put(draft.parts[1], **answers)
    with pytest.raises(InputError) as caught:
        sign(store, draft)
    assert caught.value.code == "visit.danger_without_referral"


def test_a_visit_of_tomorrow_or_before_the_birth_is_refused(store):
    """A wrong date would put a weight on the wrong day of the curve."""
    home = register(store)
    draft = begin(store, home)
    fill(draft)
    draft.on = TODAY + timedelta(days=1)
    with pytest.raises(InputError, match=r"visit.in_future"):
        sign(store, draft)
    draft.on = date(2026, 7, 1)
    with pytest.raises(InputError, match=r"visit.before_birth"):
        sign(store, draft)


def test_a_visit_is_signed_once(store):
    """Two quick presses of Sign make one visit."""
    home = register(store)
    draft = begin(store, home)
    fill(draft)
    sign(store, draft)
    with pytest.raises(InputError, match=r"visit.already_signed"):
        sign(store, draft)


def test_a_visit_from_paper_says_so_and_keeps_both_dates(store):
    """Date of the visit and date of typing are two facts."""
    home = register(store, today=date(2026, 10, 1))
    draft = begin(store, home, on=TODAY - timedelta(days=1), source=Source.PAPER)
    fill(draft)
    visit = sign(store, draft)
    assert (visit.source, visit.on, visit.typed_on) == (Source.PAPER, TODAY - timedelta(days=1), TODAY)


def test_a_correction_keeps_both_versions_and_only_what_changed(store):
    """The weight is scored anew, the old one stays readable, the list of weights holds one of them."""
    home = register(store, "Myradow", a_child(), a_child("Kerim", date(2024, 5, 20), Sex.MALE))
    draft = begin(store, home)
    for part in draft.parts[:3]:
        part.seen = True
    fill(draft)
    put(part_named(draft, "Kerim"), weight="13", length="90", posture="h", head="49")
    first = sign(store, draft)
    again = read(store, lambda w: amending.begin_amending(w, PACK, FORMS, first.id, language="en"))
    assert again.last is None, "the visit itself is not its own last time"
    with pytest.raises(InputError, match=r"visit.reason_missing"):
        sign(store, again)
    again.reason = "typed_wrong"
    with pytest.raises(InputError, match=r"visit.nothing_changed"):
        sign(store, again)
    put(part_named(again, "Aýna"), weight="5,58")
    second = sign(store, again)
    assert [p.person for p in second.parts] == [part_named(draft, "Aýna").person.id]
    points = read(store, lambda w: stored.growth_of(w, second.parts[0].person))
    assert [p.weight_g for p in points] == [5580]
    assert len(read(store, lambda w: signing.visit_of(w, second.id)).parts) == 2
    old = read(store, lambda w: amending.signed(w, PACK, first.id, today=TODAY))
    assert old.replaced_by == second.id
    assert signing.growth_of(old.visit.parts[0]).weight_g == 5850
    new = read(store, lambda w: amending.signed(w, PACK, second.id, today=TODAY))
    assert new.before.id == first.id


def test_correcting_an_old_version_opens_the_newest(store):
    """Two corrections of one visit are a line, not a fork."""
    home = register(store)
    draft = begin(store, home)
    fill(draft)
    first = sign(store, draft)
    for weight in ("5,58", "5,60"):
        again = read(store, lambda w: amending.begin_amending(w, PACK, FORMS, first.id, language="en"))
        again.reason = "typed_wrong"
        put(again.parts[1], weight=weight)
        second = sign(store, again)
    assert [p.weight_g for p in read(store, lambda w: stored.growth_of(w, again.parts[1].person.id))] == [5600]
    assert read(store, lambda w: w.get(Visit, second.id)).amends != first.id


def test_a_visit_of_the_wrong_child_is_void_and_scored_anew_for_the_right_one(store):
    """Nothing is deleted: the first points to the second, and only the second counts."""
    home, right = register(store), register(store, "Orazow", a_child("Meret", date(2026, 3, 2), Sex.MALE, "Orazow"))
    draft = begin(store, home)
    fill(draft)
    put(draft.parts[1], ch_convulsions="yes")
    aina, meret = persons_of(store, home)["Aýna"], persons_of(store, right)["Meret"]
    deed = DangerNow(person=aina, household=home, signs={"ch_convulsions": "yes"})
    raised = save(store, lambda w: dangers.raise_danger(w, PACK, deed, today=TODAY))
    draft.parts[1].screen, draft.parts[1].referral, draft.parts[1].covered = (
        raised.screen, raised.referral, raised.covered,
    )  # fmt: skip
    first = sign(store, draft)
    second = save(store, lambda w: amending.move_visit(w, PACK, first.id, right, {aina: meret}))
    assert read(store, lambda w: stored.growth_of(w, aina)) == []
    point = read(store, lambda w: stored.growth_of(w, meret))[0]
    assert point.weight_g == 5850
    assert point.scores["weight_for_age"][0] != "-0.89"
    assert read(store, lambda w: w.record(first.id)).void
    referral, screen = read(store, lambda w: dangers.referral_of(w, second.parts[0].entry("danger")["referral"]))
    assert (referral.person, screen.person, referral.household) == (meret, meret, right)
    with pytest.raises(InputError, match=r"visit.nobody_to_move_to"):
        save(store, lambda w: amending.move_visit(w, PACK, second.id, home, {}))


def test_the_day_agreed_becomes_the_day_of_the_next_contact(store):
    """What was agreed with the family is what Today shows."""
    home = register(store)
    draft = begin(store, home)
    assert draft.parts[0].session.value(path_of(draft.parts[0], "next_on")) == "2026-12-18"
    fill(draft)
    put(draft.parts[0], next_on="2026-12-15")
    assert sign(store, draft).next_on == date(2026, 12, 15)
    line = read(store, lambda w: caseload.family_view(w, PACK, home, today=TODAY)).household
    assert line.next_on == date(2026, 12, 15)


def test_nothing_of_a_draft_is_told_by_its_repr(store):
    """A crash report must not carry an answer or a name."""
    home = register(store)
    draft = begin(store, home)
    fill(draft)
    told = repr((draft, draft.content(), draft.answers()))
    assert not any(word in told for word in ("Aýna", "Myradow", "5,85", "5850", "breast milk"))
