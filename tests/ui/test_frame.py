"""The frame: places, keys under every layout, the status line, the cover."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget

from healthvisit.ui.i18n import N_
from healthvisit.ui.main_window import Frame
from healthvisit.ui.shortcuts import COMMANDS, CYRILLIC, PAGES


@pytest.fixture
def frame(qtbot):
    """A window with three places, wide, in front."""
    made = Frame()
    qtbot.addWidget(made)
    for key, name in enumerate(("today", "families", "visit"), start=1):
        page = QWidget()
        line = QLineEdit()
        line.setAccessibleName("line")
        QVBoxLayout(page).addWidget(line)
        page.setFocusProxy(line)
        made.add_page(name, page, {"today": N_("Today"), "families": N_("Families"), "visit": N_("Visit open")}[name],
                      name, key)  # fmt: skip
    made.resize(1366, 696)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.stack.currentWidget().setFocus()
    return made


def press(frame, sequence: QKeySequence) -> None:
    """Press it where the keyboard is; letters that QTest has no name for are sent by their number."""
    combination = sequence[0].toCombined()
    key = int.__new__(Qt.Key, combination & 0x01FFFFFF)
    key._value_ = key._name_ = combination & 0x01FFFFFF
    modifiers = sequence[0].keyboardModifiers()
    where = QApplication.focusWidget() or frame
    for action in (QTest.KeyAction.Press, QTest.KeyAction.Release):
        QTest.sendKeyEvent(action, where, key, "", modifiers)


@pytest.mark.parametrize("layout", ["latin", "russian"])
@pytest.mark.parametrize("key", COMMANDS, ids=lambda key: key.command)
def test_every_command_has_its_keys_under_every_layout(frame, qtbot, key, layout):
    """On a Russian layout the key F says "А"; a Turkmen layout keeps our letters. The typing field must not eat it."""
    sequences = key.sequences()
    if layout == "russian":
        sequences = [made for made in sequences if not made.toString().isascii()]
        assert len(sequences) == sum(name.rpartition("+")[2] in CYRILLIC for name in key.keys)
    asked = []
    frame.asked.connect(asked.append)
    for sequence in sequences:
        frame.stack.currentWidget().setFocus()
        press(frame, sequence)
    assert asked == [key.command] * len(sequences)


def test_letters_of_both_layouts_are_on_the_same_keys():
    """A wrong table would print where she wanted to lock."""
    assert (CYRILLIC["F"], CYRILLIC["N"], CYRILLIC["L"], CYRILLIC["D"]) == ("А", "Т", "Д", "В")
    everything = [made.toString() for key in (*PAGES, *COMMANDS) for made in key.sequences()]
    assert len(everything) == len(set(everything))


def test_numbers_lead_to_the_places(frame, qtbot):
    """Ctrl+1 to 5 as on the rail; a place that is not there is not gone to."""
    press(frame, QKeySequence("Ctrl+2"))
    assert frame.page() == "families"
    assert frame.title.text() == "Families"
    frame.set_place_shown("visit", shown=False)
    press(frame, QKeySequence("Ctrl+3"))
    press(frame, QKeySequence("Ctrl+5"))
    assert frame.page() == "families"
    with qtbot.waitSignal(frame.page_shown) as told:
        qtbot.mouseClick(frame.rail.buttons["today"], Qt.MouseButton.LeftButton)
    assert told.args == ["today"]
    assert frame.rail.buttons["today"].isChecked()
    assert not frame.rail.buttons["families"].isChecked()
    with pytest.raises(KeyError):
        frame.show_page("nowhere")


def test_escape_twice_hides(frame, qtbot):
    """Someone comes in: the private page has to go at once; a single Escape does nothing."""
    asked = []
    frame.asked.connect(asked.append)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert asked == []
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert asked == ["hide"]


def test_find_takes_the_keyboard_and_is_closed_in_the_room(frame, qtbot):
    """In the room nothing of another family can come on the screen."""
    searched = []
    frame.searched.connect(searched.append)
    press(frame, QKeySequence("Ctrl+F"))
    qtbot.waitUntil(frame.search.hasFocus)
    qtbot.keyClicks(frame.search, "ayn")
    with qtbot.waitSignal(frame.search_entered) as told:
        qtbot.keyClick(frame.search, Qt.Key.Key_Return)
    assert told.args == ["ayn"]
    qtbot.keyClick(frame.search, Qt.Key.Key_Escape)
    assert searched == ["a", "ay", "ayn", ""]
    frame.set_visit_mode(on=True)
    asked = []
    frame.asked.connect(asked.append)
    frame.stack.currentWidget().setFocus()
    press(frame, QKeySequence("Ctrl+F"))
    assert asked == []
    assert not frame.search.isVisible()


def test_find_goes_to_a_page_that_searches_itself(frame, qtbot):
    """Two fields for one search: she types into the wrong one."""
    frame.search.hide()
    frame.help.setFocus()
    press(frame, QKeySequence("Ctrl+F"))
    qtbot.waitUntil(frame.stack.currentWidget().hasFocus)


def test_rail_shrinks_to_icons_and_keeps_its_names(frame, qtbot):
    """At 1093 px and in the room there is no place for words; a screen reader still hears them."""
    today = frame.rail.buttons["today"]
    assert (frame.rail.width(), today.text().strip()) == (176, "Today")
    frame.resize(1093, 557)
    qtbot.waitUntil(lambda: frame.rail.width() == 56)
    assert (today.text(), today.accessibleName()) == ("", "Today")
    frame.resize(1366, 696)
    qtbot.waitUntil(lambda: frame.rail.width() == 176)
    frame.set_visit_mode(on=True)
    assert frame.rail.width() == 56


def test_title_of_the_window_never_says_whose_page_it_is(frame):
    """It stands in the list of windows, in screenshots and crash reports."""
    frame.set_heading("Myradow family")
    assert frame.title.text() == "Myradow family"
    assert frame.windowTitle() == "healthvisit"
    frame.show_page("families")
    assert frame.title.text() == "Families"


def test_status_line_is_one_sentence_with_three_levels(frame):
    """Grey, amber, red: and the words say it too."""
    for level, kind in (("quiet", "status"), ("warn", "status-warn"), ("danger", "status-danger")):
        frame.set_status("Cannot save: the disk is full.", level)
        assert (frame.status.text(), frame.status.property("kind")) == ("Cannot save: the disk is full.", kind)


def test_badge_is_said_in_words(frame):
    """A red dot says nothing to who cannot see it."""
    frame.set_badge("visit", "5", needs_attention=True, note="waiting")
    assert frame.rail.buttons["visit"].accessibleDescription() == "waiting, 5"
    frame.grab()


def test_practice_is_said_on_every_page(qtbot):
    """Nobody may take an invented family for a real one, or a real one for practice."""
    made = Frame(practice=True)
    qtbot.addWidget(made)
    made.show()
    assert made.band.isVisible()
    assert "PRACTICE" in made.band.text()


def test_cover_hides_everything_and_gives_the_field_back(frame, qtbot):
    """Called away: nothing can be seen, read aloud, reached by Tab or by keys; back in the same field."""
    field = frame.stack.currentWidget().focusProxy()
    field.setFocus()
    dialog = QDialog(frame)
    dialog.show()
    frame.set_worker("A. O.")
    frame.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    frame.cover_now()
    frame.cover_now()
    assert not dialog.isVisible()
    assert not field.isVisible()
    assert frame.cover.geometry() == frame.rect()
    asked = []
    frame.asked.connect(asked.append)
    qtbot.waitUntil(frame.cover.passphrase.editor.hasFocus)
    for sequence in ("Ctrl+P", "F6", "Ctrl+2"):
        press(frame, QKeySequence(sequence))
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert frame.cover.isAncestorOf(QApplication.focusWidget())
    assert (asked, frame.page()) == ([], "today")
    frame.cover.passphrase.editor.setFocus()
    qtbot.keyClicks(frame.cover.passphrase.editor, "bir iki uc")
    with qtbot.waitSignal(frame.cover.unlock_tried) as told:
        qtbot.keyClick(frame.cover.passphrase.editor, Qt.Key.Key_Return)
    assert told.args == ["bir iki uc"]
    frame.cover.show_wrong("That did not open it.")
    assert frame.cover.passphrase.error.text() == "That did not open it."
    frame.uncover()
    assert dialog.isVisible()
    dialog.close()
    frame.activateWindow()
    qtbot.waitUntil(field.hasFocus)
    assert frame.cover.passphrase.text() == ""


def test_every_button_of_the_frame_has_a_name(frame):
    """A screen reader says what each does."""
    frame.show_keys().close()
    for made in frame.findChildren(QAbstractButton):
        takes_keys = made.focusPolicy() & Qt.FocusPolicy.TabFocus and made.isVisibleTo(frame)
        assert not takes_keys or made.accessibleName() or made.text(), made


def test_list_of_keys_shows_every_command(frame, qtbot):
    """F1 is the one key she has to know."""
    keys = frame.show_keys()
    shown = [words.text() for _name, words, _key in keys._words]
    assert "Find a child or a family" in shown
    assert len(shown) >= len(PAGES) + len(COMMANDS)
    with qtbot.waitSignal(keys.destroyed):
        keys.close_it.click()
