"""A whole form: pages, groups, repeats, mistakes, undo, languages; nothing typed is lost on the way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from healthvisit.ui import i18n
from healthvisit.ui.form.attachments import Files
from tests.ui.form_desk import EVERY_TYPE, FormDesk

COUNTED = """
| survey |
| | type | name | label | relevant | repeat_count | required | appearance |
| | integer | n | How many? | | | | |
| | begin_repeat | child | Child | | ${n} | | |
| | text | name | Name | | | yes | |
| | end_repeat | | | | | | |
| | text | after | After | | | | |
"""
OPENING = """
| survey |
| | type | name | label | relevant |
| | begin_group | g | Group | |
| | text | a | A | |
| | text | b | B for ${a} | ${a} != '' |
| | text | c | C after ${a} | |
| | end_group | | | |
"""
QUICK = """
| survey |
| | type | name | label | appearance | relevant |
| | select_one yn | a | First? | quick | |
| | text | b | Second | | |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
"""


@pytest.fixture
def desk(qtbot, jobs):
    return FormDesk(qtbot, EVERY_TYPE.read_text(encoding="utf-8"), files=Files(jobs))


def pane(desk, path="/data/member"):
    return desk.view.sheet.repeat(path)


def test_groups_stand_on_a_page_with_their_headings(desk):
    """One topic a page, and what belongs together is seen together."""
    assert desk.view.title.text() == "About the home"
    assert "The rooms" in desk.words()
    assert "1 / 9" in desk.words()
    desk.page("tab")
    assert desk.view.title.text() == "How was the week?"  # the compiler moved the group's words into a note


def test_mistakes_stand_above_and_beside_and_lead_to_their_field(desk):
    """She is told once, in one place, and one key takes her there."""
    desk.view.go_on.click()
    assert desk.view.title.text() == "About the home"
    assert desk.view.summary.isVisible()
    assert desk.view.summary.hasFocus()
    assert "Please answer this question." in desk.words()
    assert "Please answer this question." in desk.widget("name").field.editor.accessibleDescription()
    desk.key(Qt.Key.Key_Return)
    assert desk.widget("name").field.editor.hasFocus()
    desk.keys("M")
    assert "Please answer this question." not in desk.words()
    desk.view.go_on.click()
    assert desk.view.title.text() == "Days and times"


def test_what_must_be_answered_is_marked_and_said(desk):
    """A star for the eye, words for the ear."""
    assert "*" in desk.widget("name").head.words.text()
    assert "must be answered" in desk.widget("name").field.editor.accessibleDescription()
    assert "*" not in desk.widget("words").head.words.text()


def test_the_end_lists_what_is_missing_on_every_page(desk):
    """One list, each line leads into the right page and the right instance."""
    desk.presenter.add("/data/member")
    desk.presenter.pick("check")
    listed = [slip.listed for slip in desk.presenter.slips()]
    assert "First name (number 2): Please answer this question." in listed
    link = next(made for made in desk.view.summary.links if "number 2" in made.text())
    link.linkActivated.emit("#field")
    desk.settle()
    assert desk.view.title.text() == "Person in the home"
    assert desk.view.sheet.path_with_focus() == "/data/member[2]/who"


def test_a_repeat_is_a_list_of_which_one_instance_is_open(desk):
    """Twenty people in a home are twenty lines, not twenty pages of fields."""
    desk.page("member")
    desk.focus("who")
    desk.keys("Ayna")
    pane(desk).add.click()
    desk.settle()
    assert desk.view.sheet.path_with_focus() == "/data/member[2]/who"  # ready to type
    desk.keys("Kerim")
    assert desk.value("/data/member[2]/who") == "Kerim"
    shown = pane(desk).list.model()
    assert [shown.index(at, 0).data() for at in range(2)] == ["1   Ayna", "2   Kerim"]
    assert "Person in the home: number 2" in desk.words()
    pane(desk).list.setFocus()
    desk.key(Qt.Key.Key_Up)
    assert "Person in the home: number 1" in desk.words()
    assert desk.widget("who").path == "/data/member[1]/who"
    desk.key(Qt.Key.Key_Return)
    assert desk.view.sheet.path_with_focus() == "/data/member[1]/who"


def test_an_instance_with_answers_is_removed_after_asking_and_comes_back(desk):
    """The wrong one is soon removed; everything in it returns."""
    desk.page("member")
    desk.focus("who")
    desk.keys("Ayna")
    desk.presenter.answer("/data/member[1]/ill", "yes")
    desk.settle()
    desk.presenter.answer("/data/member[1]/drug[1]/drug_name", "Salt")
    desk.presenter.add("/data/member")
    desk.settle()
    desk.presenter.open_instance("/data/member", 0)
    desk.settle()
    pane(desk).remove.click()
    assert len(desk.session.instances_at("/data/member")) == 2
    assert "Ayna" in pane(desk).asked.text()
    pane(desk).asked.deed.click()
    assert len(desk.session.instances_at("/data/member")) == 1
    assert "Number 1 was removed." in desk.view.banner.text()
    desk.view.banner.deed.click()
    desk.settle()
    assert desk.value("/data/member[1]/who") == "Ayna"
    assert desk.value("/data/member[1]/drug[1]/drug_name") == "Salt"


def test_an_empty_instance_goes_without_a_question(desk):
    """One added by accident costs one key."""
    desk.page("member")
    pane(desk).list.setFocus()
    desk.key(Qt.Key.Key_Insert)
    assert len(desk.session.instances_at("/data/member")) == 2
    pane(desk).list.setFocus()
    desk.key(Qt.Key.Key_Delete)
    assert len(desk.session.instances_at("/data/member")) == 1


def test_the_last_instance_can_go_and_a_first_be_added(desk):
    """A page with nothing on it still offers the first."""
    desk.page("member")
    pane(desk).ask_removal()
    assert "None yet." in desk.words()
    assert "/data/member" in [page.path for page in desk.presenter.pages]
    pane(desk).add.click()
    desk.settle()
    assert desk.view.sheet.path_with_focus() == "/data/member[1]/who"


def test_a_repeat_inside_a_repeat_opens_where_it_belongs(desk):
    """Medicines of the second person, not of the first."""
    desk.page("member")
    desk.presenter.add("/data/member")
    desk.presenter.answer("/data/member[2]/ill", "yes")
    desk.settle()
    inner = pane(desk, "/data/member[2]/drug")
    inner.add.click()
    desk.settle()
    desk.keys("Salt")
    assert desk.value("/data/member[2]/drug[1]/drug_name") == "Salt"
    assert desk.value("/data/member[1]/drug[1]/drug_name") == ""


def test_a_counted_repeat_follows_its_count_and_says_what_went(desk):
    """Nobody adds or removes there; a slip of the finger is taken back with all that it cost."""
    desk.page("counted")
    desk.focus("babies")
    desk.keys("2")
    desk.settle()
    counted = pane(desk, "/data/counted/baby")
    assert counted.add.isHidden()
    assert counted.remove.isHidden()
    desk.presenter.answer("/data/counted/baby[2]/weight", "2.9")
    desk.presenter.answer("/data/counted/babies", "1")
    assert desk.view.banner.text() == "1 entry was removed because of this answer."
    desk.view.banner.deed.click()
    assert desk.value("/data/counted/babies") == "2"
    assert desk.value("/data/counted/baby[2]/weight") == "2.9"


def test_ctrl_z_takes_back_in_the_field_first_and_then_the_last_answers(desk):
    """One key undoes, wherever the keyboard is, and goes where it undid."""
    desk.page("choose")
    desk.focus("one")
    desk.key(Qt.Key.Key_1)
    desk.page("about")
    desk.focus("name")
    desk.keys("Myradow")
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.widget("name").field.text() == ""
    assert desk.value("/data/about/name") == ""
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # the keys of one field are one deed
    assert desk.session.undoable == ("answer", "/data/choose/one")
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.value("/data/choose/one") == ""
    assert desk.view.title.text() == "Choices"
    assert desk.view.sheet.path_with_focus() == "/data/choose/one"
    assert desk.session.undoable is None
    assert not desk.view.undo.isEnabled()


def test_the_language_changes_in_the_middle_of_a_word(desk):
    """The mother asks in Russian: page, answers, the keyboard and what is half typed stay."""
    desk.focus("name")
    desk.keys("Myr")
    desk.key(Qt.Key.Key_F7)
    assert desk.view.title.text() == "Öý barada"
    desk.key(Qt.Key.Key_F7)
    assert desk.view.title.text() == "О доме"
    desk.keys("adow")
    assert desk.value("/data/about/name") == "Myradow"
    assert desk.view.languages.currentText() == "Русский (ru)"
    assert desk.widget("name").field.editor.accessibleName() == "Фамилия семьи"


def test_the_programs_own_words_follow_the_programs_language(desk, qapp):
    """The form speaks its language, the buttons theirs."""
    i18n.install(qapp)
    desk.focus("name")
    desk.keys("Myr")
    i18n.set_language("ru")
    desk.qtbot.waitUntil(lambda: desk.view.go_on.text() == "Продолжить")
    desk.settle()
    assert desk.widget("name").field.text() == "Myr"
    assert desk.widget("name").field.editor.hasFocus()


def test_every_page_is_walked_by_tab_and_each_stop_has_a_name(desk):
    """By keyboard only, in the order of the page, and each stop says what it is."""
    for page in desk.presenter.pages:
        desk.presenter.pick(page.path)
        desk.settle()
        for widget in desk.view.sheet.findChildren(QWidget):
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(desk.view)
            if (takes and isinstance(widget, QAbstractButton | QComboBox | QLineEdit)) or (
                takes and not isinstance(widget, QLabel) and widget.focusProxy() is None
            ):
                name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert name, (page.path, type(widget).__name__)
    desk.page("when")
    seen = []
    desk.focus("born")
    for _ in range(8):
        seen.append(desk.view.sheet.path_with_focus().rpartition("/")[2])
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert [name for at, name in enumerate(seen) if name and name not in seen[:at]] == [
        "born", "month", "year", "clock", "moment",
    ]  # fmt: skip


def test_a_question_that_opens_stands_in_its_place_also_for_the_tab_key(qtbot):
    """The order of the page is the order of the keys, and words with answers in them follow."""
    desk = FormDesk(qtbot, OPENING)
    desk.focus("a")
    desk.keys("x")
    desk.settle()
    desk.keys("y")
    assert {"B for xy", "C after xy"} <= set(desk.words())
    seen = []
    for _ in range(3):
        seen.append(desk.view.sheet.path_with_focus())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == ["/data/g/a", "/data/g/b", "/data/g/c"]


def test_one_choice_is_taken_back_at_a_time(desk):
    """Two choices on one question are two deeds."""
    desk.page("choose")
    desk.focus("one")
    desk.key(Qt.Key.Key_1)
    desk.key(Qt.Key.Key_2)
    desk.view.undo.click()
    assert desk.value("/data/choose/one") == "yes"
    assert desk.widget("one").group.key() == "yes"


def test_what_is_missing_in_the_only_instance_is_said_beside_it(desk):
    """An instance that is alone has no number in the record, and one on the screen."""
    desk.page("member")
    desk.view.go_on.click()
    assert [link.accessibleName() for link in desk.view.summary.links] == [
        "First name (number 1): Please answer this question."
    ]
    assert "Please answer this question." in desk.widget("who").field.editor.accessibleDescription()
    desk.presenter.pick("check")
    next(made for made in desk.view.summary.links if "First name" in made.text()).linkActivated.emit("#field")
    desk.settle()
    assert desk.view.sheet.path_with_focus() == "/data/member[1]/who"


def test_a_quick_answer_opens_the_next_page(qtbot):
    """As in Collect: one touch, and on."""
    desk = FormDesk(qtbot, QUICK)
    desk.focus("a")
    desk.key(Qt.Key.Key_1)
    assert desk.value("/data/a") == "y"
    assert desk.view.sheet.path_with_focus() == "/data/b"


def test_a_page_that_is_not_asked_any_more_is_left(qtbot):
    """An answer may take the page away on which it stands."""
    desk = FormDesk(qtbot, COUNTED)
    desk.presenter.answer("/data/n", "1")
    desk.page("child")
    desk.session.answer("/data/n", "0")
    desk.presenter.answer("/data/child[1]/name", "x")  # let go without a word: it is gone
    desk.presenter.answer("/data/n", "")
    desk.settle()
    assert desk.presenter.page is not None


def test_finishing_goes_through_only_when_nothing_is_missing(qtbot):
    """Ended is said once, after the last page."""
    desk = FormDesk(qtbot, COUNTED)
    ended = []
    desk.view.ended_it.connect(lambda: ended.append(True))
    desk.presenter.answer("/data/n", "1")
    desk.presenter.pick("check")
    desk.view.go_on.click()
    assert not ended
    desk.presenter.answer("/data/child[1]/name", "A")
    desk.presenter.pick("check")
    desk.view.go_on.click()
    assert ended == [True]


def test_a_narrow_window_gives_the_list_of_pages_to_the_questions(desk):
    """At 125 % on a small screen nothing is cut."""
    assert desk.view.sections.isVisible()
    desk.view.resize(700, 500)
    desk.qtbot.waitUntil(lambda: desk.view.sheet.width() > 600)
    assert not desk.view.sections.isVisible()
