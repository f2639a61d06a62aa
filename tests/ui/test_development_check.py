"""The check page: nothing preset, digits answer and go on, no answer is lost, the result says why in words."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.services import check_drafts, development
from healthvisit.store import checks
from healthvisit.ui.development.check_presenter import SIGNS, SKILLS, WORRIES
from healthvisit.ui.development.check_view import CheckView
from tests.builders import TODAY, a_child, persons_of, register

PACK = development.checks_pack()
BORN = TODAY - timedelta(days=320)
TEN = [skill.code for skill in PACK.skills_of(10)]
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


def child(store, born=BORN, **facts):
    home = register(store, "Myradow", a_child("Aýna", born, **facts))
    return persons_of(store, home)["Aýna"]


def opened(qtbot, desk, go, person, amends="", size=(1190, 600)):
    view = CheckView(desk, go)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.open(person, amends)
    qtbot.waitUntil(lambda: view.presenter.draft is not None)
    return view


def press(qtbot, *digits):
    for digit in digits:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key(Qt.Key.Key_0.value + digit))


def focused(view):
    return next((c for rows in view.lists.values() for c, r in rows.rows.items() if r.hasFocus()), "")


def on_disk(desk, qtbot, deed):
    got = []
    desk.read(deed, done=got.append, failed=got.append)
    qtbot.waitUntil(lambda: bool(got))
    return got[0]


def through(qtbot, view, skills, signs=(), worries=()):
    """Every page by keys, to the save."""
    press(qtbot, *skills)
    view.main.click()
    press(qtbot, *(signs or [2] * len(view.lists[SIGNS].rows)))
    view.main.click()
    press(qtbot, *(worries or [2] * len(view.lists[WORRIES].rows)))
    qtbot.keyClick(view, Qt.Key.Key_Return, CONTROL)


def test_nothing_is_preset_and_it_always_says_that_it_is_no_diagnosis(qtbot, desk, go, store):
    """Rule 3 of the screens; and the one sentence that must never be missing."""
    view = opened(qtbot, desk, go, child(store))
    assert list(view.lists[SKILLS].rows) == TEN
    cells = [cell for rows in view.lists.values() for row in rows.rows.values() for cell in row.cells.values()]
    assert not any(cell.isChecked() for cell in cells)
    assert view.notice.text() == "This is monitoring, not a diagnosis."
    assert "Nothing is answered yet" in view.result.words()
    assert "not a diagnosis" in view.result.words()
    first = view.lists[SKILLS].rows[TEN[0]]
    assert first.words.text() == PACK.skill(TEN[0]).text["en"]
    assert PACK.skill(TEN[0]).hint["en"] in first.hint.text()


def test_digits_answer_and_the_keyboard_goes_on(qtbot, desk, go, store):
    """A whole list is as many keys as it has skills."""
    view = opened(qtbot, desk, go, child(store))
    assert focused(view) == TEN[0]
    press(qtbot, 1, 2, 3, 4)
    assert view.presenter.draft.answers == dict(zip(TEN[:4], ("yes", "sometimes", "not_yet", "not_asked"), strict=True))
    assert focused(view) == TEN[4]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace)
    assert TEN[3] not in view.presenter.draft.answers
    qtbot.mouseClick(view.lists[SKILLS].rows[TEN[0]].cells["yes"], LEFT)
    assert TEN[0] not in view.presenter.draft.answers  # the same once more takes it back
    press(qtbot, 9)
    assert len(view.presenter.draft.answers) == 2


def test_the_result_says_what_why_and_what_follows(qtbot, desk, go, store):
    """Each reason with the skills it is about; a doctor by a day; an idea for the family."""
    view = opened(qtbot, desk, go, child(store))
    press(qtbot, 3, 3, *[1] * (len(TEN) - 2))
    said = view.result.words()
    assert said.startswith("To a specialist")
    assert "2 skills are not there yet: " in said
    assert all(PACK.skill(code).text["en"] in said for code in TEN[:2])
    assert f"Seen by a doctor by {TODAY + timedelta(days=30):%d.%m.%Y}." in said
    assert not any(word in said.lower() for word in ("amber", "red", "green"))


def test_a_sign_at_any_age_is_red_at_once(qtbot, desk, go, store):
    """Fits: within two days, whatever else was answered."""
    view = opened(qtbot, desk, go, child(store))
    press(qtbot, *[1] * len(TEN))
    assert view.main.hasFocus()  # after the last row
    qtbot.keyClick(view.main, Qt.Key.Key_Space)
    assert view.stack.currentIndex() == SIGNS
    assert focused(view) == "seizures"
    press(qtbot, 1)
    assert view.result.words().startswith("To a doctor\nWhy\nFits, or staring spells\nWhat follows")
    assert f"Seen by a doctor by {TODAY + timedelta(days=2):%d.%m.%Y}." in view.result.words()


def test_every_answer_is_on_the_disk_and_the_page_reopens_at_the_same_question(qtbot, desk, go, store):
    """Leaving and coming back, or a battery that falls out, loses nothing."""
    person = child(store)
    view = opened(qtbot, desk, go, person)
    press(qtbot, *[1] * len(TEN))
    view.main.click()
    press(qtbot, 2, 2)
    kept = on_disk(desk, qtbot, lambda work: check_drafts.find_draft(work, person))
    assert kept == view.presenter.draft
    here = focused(view)
    assert here
    assert kept.focus == here
    again = opened(qtbot, desk, go, person)
    assert again.stack.currentIndex() == SIGNS
    assert focused(again) == here
    assert again.presenter.draft == kept
    assert "You go on where you stopped" in again.banner.text()


def test_the_words_of_the_family_are_kept_when_the_page_is_left(qtbot, desk, go, store):
    """Half a sentence typed when somebody knocks at the door."""
    person = child(store)
    view = opened(qtbot, desk, go, person)
    view.show_page(WORRIES)
    view.worry.setFocus()
    qtbot.keyClicks(view.worry.editor, "says less than before")
    view.leave.click()
    assert go.places == [("back",)]
    assert on_disk(desk, qtbot, lambda work: check_drafts.find_draft(work, person)).worry == "says less than before"


def test_the_save_says_where_it_stands_and_what_was_planned(qtbot, desk, go, store):
    """Saved, on this computer; the referral and the day to look again are in the same save."""
    person = child(store)
    view = opened(qtbot, desk, go, person)
    through(qtbot, view, [3, 3, *[1] * (len(TEN) - 2)])
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    assert view.banner.text() == (
        f"Saved on this computer. A referral to the doctor is written down: to be seen by"
        f" {TODAY + timedelta(days=30):%d.%m.%Y}."
    )
    (made,) = on_disk(desk, qtbot, lambda work: checks.checks_of(work, person))
    assert made.result == "amber_2"
    assert set(made.signs.values()) == {"no"}
    press(qtbot, 1)
    assert view.presenter.done.answers == made.answers  # nothing can be answered any more
    view.main.click()
    assert go.places == [("child", person, "development")]
    assert on_disk(desk, qtbot, lambda work: check_drafts.find_draft(work, person)) is None


def test_nothing_answered_cannot_be_saved_and_says_so(qtbot, desk, go, store):
    """Ctrl+Enter three times on an empty page."""
    person = child(store)
    view = opened(qtbot, desk, go, person)
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "Nothing was answered yet" in view.banner.text())
    assert on_disk(desk, qtbot, lambda work: checks.checks_of(work, person)) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [("24.11.2026", "still to come"), ("01.01.2026", "before the child was born"), ("31.31.2026", "not a day")],
)
def test_a_wrong_day_is_said_beside_its_field(qtbot, desk, go, store, typed, said):
    """The answers would be weighed at a wrong age."""
    view = opened(qtbot, desk, go, child(store))
    view.show_page(WORRIES)
    view.day.set_text(typed)
    view.main.click()
    assert said in view.day.error.text()
    assert view.presenter.done is None


def test_an_earlier_day_asks_the_list_of_that_age(qtbot, desk, go, store):
    """A check keyed in from paper: seven months old on that day."""
    view = opened(qtbot, desk, go, child(store))
    view.day.set_text(f"{TODAY - timedelta(days=100):%d.%m.%Y}")
    view.day.left.emit()
    assert list(view.lists[SKILLS].rows) == [s.code for s in PACK.skills_of(6)]


def test_a_child_without_a_list_is_still_asked_for_signs(qtbot, desk, go, store):
    """A newborn: no skills yet, but fits are fits."""
    view = opened(qtbot, desk, go, child(store, TODAY - timedelta(days=12)))
    assert view.stack.currentIndex() == SIGNS
    assert not view.tabs.isTabVisible(SKILLS)
    assert "begin at one month" in view.why_not.text()


def test_a_child_of_seven_is_told_to_be_too_old(qtbot, desk, go, store):
    """No list fits, and nothing is saved under a wrong one."""
    view = opened(qtbot, desk, go, child(store, TODAY - timedelta(days=2600)))
    assert "for children under 6 years" in view.banner.text()
    assert not view.main.isEnabled()


def test_a_preterm_child_shows_both_ages(qtbot, desk, go, store):
    """The list goes by the corrected age, and the page says so."""
    view = opened(qtbot, desk, go, child(store, gestation_days=210))
    assert "corrected age 8 months" in view.facts.text()
    assert list(view.lists[SKILLS].rows) == [s.code for s in PACK.skills_of(6)]


def test_a_correction_begins_with_what_was_answered(qtbot, desk, go, store):
    """The wrong row is changed; the other answers stand."""
    person = child(store)
    view = opened(qtbot, desk, go, person)
    through(qtbot, view, [3, 3, *[1] * (len(TEN) - 2)])
    qtbot.waitUntil(lambda: view.presenter.done is not None)
    first = view.presenter.done
    again = opened(qtbot, desk, go, person, amends=first.id)
    assert again.presenter.draft.answers == first.answers
    qtbot.mouseClick(again.lists[SKILLS].rows[TEN[0]].cells["yes"], LEFT)
    again.show_page(WORRIES)
    again.main.click()
    qtbot.waitUntil(lambda: again.presenter.done is not None)
    (made,) = on_disk(desk, qtbot, lambda work: checks.checks_of(work, person))
    assert (made.result, made.amends) == ("amber_1", (first.id,))
    assert on_disk(desk, qtbot, lambda work: work.get(DevelopmentCheck, first.id)).result == "amber_2"


def test_the_questions_are_read_in_the_family_s_language(qtbot, desk, go, store):
    """F7 changes the questions, not the program."""
    view = opened(qtbot, desk, go, child(store))
    assert view.command("wording_language")
    assert view.lists[SKILLS].rows[TEN[0]].words.text() == PACK.skill(TEN[0]).text["tk"]
    assert view.main.text() == "Continue"


def test_a_narrow_window_keeps_the_result_behind_a_tab(qtbot, desk, go, store):
    """At 125 % nothing is lost."""
    view = opened(qtbot, desk, go, child(store), size=(1037, 440))
    assert not view.result.isVisible()
    view.panes.tabs.setCurrentIndex(1)
    assert view.result.isVisible()


def test_no_other_child_stands_there_while_one_is_read(qtbot, desk, go, store):
    """Twins must never be mixed up."""
    view = opened(qtbot, desk, go, child(store))
    press(qtbot, 1)
    view.open("f" * 32)
    assert view.name.text() == ""
    assert view.lists[SKILLS].rows == {}
    qtbot.waitUntil(lambda: "not on this computer" in view.banner.text())


def test_a_screen_reader_is_told_the_answer_and_a_repr_tells_none(qtbot, desk, go, store):
    """Nothing of a child stands where a crash report could pick it up."""
    view = opened(qtbot, desk, go, child(store))
    press(qtbot, 3)
    assert view.lists[SKILLS].rows[TEN[0]].accessibleDescription().startswith("Not yet")
    assert "not_yet" not in repr(view.presenter.draft)
