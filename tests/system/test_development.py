"""A development check over the line, and under kill -9: seen on the second laptop, corrected on both, never lost."""

from dataclasses import replace
from datetime import timedelta

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.referral import Referral
from healthvisit.services import check_drafts, development
from healthvisit.services.development_view import development_view
from healthvisit.store import checks
from tests.desktop import make_work
from tests.laptops import assert_applied_once, assert_same_as_office, utc_now
from tests.system.test_killed import killed

PACK = development.checks_pack()
TODAY = utc_now().astimezone().date()


def check(laptop, person, missing=0, *, amends="", worry=""):
    """A check saved on a laptop, with so many skills not there yet."""

    def deed(work):
        facts, draft = development.begin(work, person, today=TODAY, amends=amends)
        codes = [skill.code for skill in development.skills(PACK, facts, draft)]
        answers = dict.fromkeys(codes, "yes") | dict.fromkeys(codes[:missing], "not_yet")
        return development.save_check(work, PACK, replace(draft, answers=answers, worry=worry), today=TODAY)

    return laptop.at_store(deed)


def seen(laptop, person):
    return laptop.at_store(lambda work: development_view(work, PACK, person, today=TODAY))


def quiet(*laptops):
    for _ in range(2):
        for one in laptops:
            one.exchange()


def two(shared_office, laptop):
    """Two laptops of one caseload that hold one child of ten months."""
    first, second = laptop(shared_office), laptop(shared_office)
    first.register(born_on=TODAY - timedelta(days=320))
    quiet(first, second)
    return first, second, first.person_named("Aýna")


def test_a_check_made_on_one_laptop_is_seen_on_the_other_with_what_is_owed(shared_office, laptop):
    """The colleague who visits next must know that the child was referred, and why."""
    first, second, person = two(shared_office, laptop)
    made = check(first, person, 2, worry="Sesine seredenok")
    quiet(first, second)
    view = seen(second, person)
    assert view.last == replace(made, made_at=made.made_at.replace(microsecond=0))
    assert view.referral is not None
    assert view.referral.due_on == TODAY + timedelta(days=30)
    assert second.at_store(lambda work: work.get(Referral, made.referral)).reason == "development"
    second.at_store(lambda work: development.confirm_seen(work, made.referral, today=TODAY))
    quiet(second, first)
    assert seen(first, person).referral is None
    for one in (first, second):
        assert one.attention() == []
        assert_same_as_office(one, shared_office)
    assert_applied_once(shared_office)


def test_two_corrections_of_one_check_both_stand_until_a_person_has_seen_both(shared_office, laptop):
    """P5: two people correct the same check offline; nothing overwrites, and the third word names both."""
    first, second, person = two(shared_office, laptop)
    wrong = check(first, person, 2)
    quiet(first, second)
    here, there = (check(one, person, n, amends=wrong.id) for one, n in ((first, 1), (second, 0)))
    quiet(first, second)
    for one in (first, second):
        view = seen(one, person)
        assert {c.id for c in view.facts.checks} == view.in_doubt == {here.id, there.id}
        assert one.attention() == []
        assert one.at_store(lambda work: work.get(DevelopmentCheck, wrong.id)).result == "amber_2"
    last = check(second, person, 0, amends=there.id)
    assert set(last.amends) == {here.id, there.id}
    quiet(second, first)
    for one in (first, second):
        view = seen(one, person)
        assert [c.id for c in view.facts.checks] == [last.id]
        assert not view.in_doubt
        assert_same_as_office(one, shared_office)


def test_a_skill_seen_on_one_laptop_and_gone_on_the_other_is_lost(shared_office, laptop):
    """History is the child's, not the laptop's."""
    first, second, person = two(shared_office, laptop)
    check(first, person)
    quiet(first, second)
    made = check(second, person, 1)
    assert (made.result, made.reasons[0].cause, made.refer_days) == ("red", "lost_skill", 2)


def test_a_draft_never_leaves_the_laptop(shared_office, laptop):
    """What is half asked is nobody's record yet."""
    first, second, person = two(shared_office, laptop)

    def deed(work):
        _facts, draft = development.begin(work, person, today=TODAY)
        check_drafts.keep_draft(work, replace(draft, signs={"seizures": "yes"}))

    first.at_store(deed)
    assert first.unsent() == 0
    quiet(first, second)
    assert second.at_store(lambda work: check_drafts.find_draft(work, person)) is None
    assert second.at_store(lambda work: checks.checks_of(work, person)) == []


DRIVER = """
house = hands.house
house.family(home)
hands.settle()
person = next(p.id for p in house.family_page.presenter.view.household.children)
house.child(person, "development")
hands.until("the child", lambda: house.child_page.development.presenter.view is not None)
house.child_page.development.start.click()
page = house.check_page
hands.until("the check opens", lambda: page.presenter.draft is not None)
hands.settle()
for digit in (1, 3, 2):
    hands.digit(digit)
hands.settle()
row = next(code for code, row in page.lists[0].rows.items() if row.hasFocus())
print(json.dumps({"person": person, "answers": page.presenter.draft.answers, "row": row}), flush=True)
hands.until("the end that comes from outside", lambda: False)
"""


def test_a_check_killed_in_the_middle_goes_on_at_the_same_question(desktop, tmp_path):
    """P1: the battery falls out after the third answer; the fourth question has the keyboard when she comes back."""
    (home,) = make_work(tmp_path, "Myradow")
    before = killed(tmp_path, home, driver=DRIVER)
    assert len(before["answers"]) == 3
    here = desktop(tmp_path).unlock()
    here.house.child(before["person"], "development")
    part = here.house.child_page.development
    here.hands.until("the child", lambda: part.presenter.view is not None)
    assert part.start.text() == "Go on with the check"
    part.start.click()
    page = here.house.check_page
    here.hands.until("the check opens", lambda: page.presenter.draft is not None)
    here.hands.settle()
    assert page.presenter.draft.answers == before["answers"]
    assert page.lists[0].rows[before["row"]].hasFocus()
    here.house.back()
    here.hands.settle()
    assert here.house.frame.page() == "child"
    assert here.house.child_page.tabs.currentWidget() is part
