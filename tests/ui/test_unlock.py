"""Unlock: the passphrase by keyboard alone, waiting after five, the file in trouble, the date."""

import subprocess
import sys
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from healthvisit.domain.errors import StoreError
from healthvisit.ui import i18n
from healthvisit.ui.unlock.presenter import Doubt, UnlockPresenter, date_question, wait_s
from healthvisit.ui.unlock.view import UnlockView

WRONG = StoreError("vault.wrong_passphrase")
TODAY = date(2026, 11, 23)


def shown(qtbot, view):
    qtbot.addWidget(view)
    view.resize(1093, 557)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return view


@pytest.fixture
def tried():
    return []


@pytest.fixture
def view(qtbot, tried):
    return shown(qtbot, UnlockView(["W-07", "W-12"], lambda typed, slot: tried.append((typed, slot))))


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def type_in(text):
    QTest.keyClicks(QApplication.focusWidget(), text)


def test_unlock_and_first_run_import_nothing_heavy():
    """The window must stand before sqlmodel, requests or cryptography are read from an old disk."""
    heavy = [
        "sqlmodel", "sqlalchemy", "requests", "cryptography", "msgspec", "phonenumbers", "lxml", "healthvisit.forms",
        "healthvisit.packs", "healthvisit.services", "healthvisit.store", "healthvisit.vault", "healthvisit.wire",
        "healthvisit.sync",
    ]  # fmt: skip
    code = (
        "import sys, healthvisit.ui.unlock.view, healthvisit.ui.first_run.view, healthvisit.ui.settings.apply\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_keyboard_is_in_the_passphrase_from_the_start(view, tried):
    """The morning is one action: type, Enter."""
    type_in("five words")
    press(Qt.Key.Key_Return)
    assert tried == [("five words", 0)]
    assert not view.unlock.isEnabled()


def test_a_colleagues_slot_is_chosen_with_a_digit(view, tried):
    """Two people, one laptop: her own label, then her own passphrase."""
    view.slots.setFocus()
    press(Qt.Key.Key_2)
    view.passphrase.editor.setFocus()
    type_in("mine")
    press(Qt.Key.Key_Return)
    assert tried == [("mine", 1)]


def test_an_empty_field_is_no_try(view, tried):
    """Enter pressed by habit must not count as a wrong passphrase."""
    press(Qt.Key.Key_Return)
    assert tried == []
    assert view.passphrase.error.text() == "Type your passphrase."


def test_a_wrong_passphrase_says_what_the_keyboard_does_and_takes_the_next_try(view, tried):
    """Nearly every wrong one is a layout or Caps Lock."""
    type_in("abc")
    view.failed(WRONG)
    assert "That did not open it." in view.passphrase.error.text()
    assert "Caps Lock is off." in view.passphrase.error.text()
    assert QApplication.focusWidget() is view.passphrase.editor
    type_in("right")
    assert view.passphrase.error.text() == ""
    press(Qt.Key.Key_Return)
    assert [typed for typed, _slot in tried] == ["right"]  # what was wrong is selected: typing replaces it


def test_caps_lock_is_told_from_the_letters(view):
    """Qt cannot be asked for the light: a capital without Shift is Caps Lock."""
    QTest.sendKeyEvent(QTest.KeyAction.Press, view.passphrase.editor, Qt.Key.Key_A, "A", Qt.KeyboardModifier.NoModifier)
    assert view.caps.is_on is True
    view.failed(WRONG)
    assert "Caps Lock is on." in view.passphrase.error.text()
    press(Qt.Key.Key_CapsLock)
    assert view.caps.is_on is False


def test_waiting_doubles_from_the_fifth_wrong_try_to_a_minute():
    """A guess by hand gets slow; a colleague's slip at the fourth does not."""
    assert [wait_s(n) for n in range(14)] == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert wait_s(1000) == 60


def test_after_five_the_countdown_stands_in_words_and_ends_by_itself(qtbot, tried):
    """She sees how long; nothing typed meanwhile is tried or lost."""
    counted = []
    view = UnlockView(["W-07"], lambda typed, _slot: tried.append(typed), wrong=5, counted=counted.append)
    view.timer.setInterval(1)
    view = shown(qtbot, view)
    view.failed(WRONG)
    assert counted == [6]
    assert view.wait.text() == "Wait 2 seconds, then try again."
    type_in("early")
    press(Qt.Key.Key_Return)
    assert tried == []
    qtbot.waitUntil(view.unlock.isEnabled)
    assert view.wait.isHidden()
    view.passphrase.editor.setFocus()
    press(Qt.Key.Key_Return)
    assert tried == ["early"]
    view.opened()
    assert counted == [6, 0]
    assert view.passphrase.text() == ""


def test_closing_the_program_saves_no_waiting(qtbot):
    """The count is kept: the window opens with the wait that is due."""
    view = shown(qtbot, UnlockView(["W-07"], lambda _typed, _slot: None, wrong=9))
    assert view.wait.text() == "Wait 16 seconds, then try again."
    assert not view.unlock.isEnabled()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("vault.damaged", "Do not delete it"),
        ("vault.newer", "made with a newer program"),
        ("vault.in_use", "already open"),
        ("vault.read_only", "can only be read"),
        ("vault.cloud_folder", "OneDrive"),
    ],
)
def test_a_file_in_trouble_is_said_in_place_with_what_to_do(view, code, words):
    """No dialog, no code: one sentence, and a way to try once more."""
    again = []
    view.failed(StoreError(code), again=lambda: again.append(1))
    assert words in view.trouble_text.text()
    assert view.trouble.isVisible()
    press(Qt.Key.Key_Space)
    assert again == [1]
    assert view.passphrase.isVisible()


def test_the_page_says_whether_anybody_can_help(qtbot):
    """A promise of help that nobody can keep would be found out on the worst day."""
    alone = shown(qtbot, UnlockView(["1"], print))
    assert alone.forgotten.text() == "Without the passphrase nobody can open this work."
    helped = shown(qtbot, UnlockView(["1"], print, recoverable=True))
    assert "Your supervisor can help" in helped.forgotten.text()


def test_the_language_changes_at_once_and_practice_is_named(qtbot):
    """A Russian-speaking stand-in opens a Turkmen laptop; nobody takes practice for work."""
    kept = []
    view = shown(qtbot, UnlockView(["1"], print, practice=True, language_changed=kept.append))
    assert view.band.isVisible()
    view.languages.buttons["ru"].setFocus()
    press(Qt.Key.Key_Space)
    assert kept == ["ru"]
    assert i18n.language() == "ru"
    assert view.languages.buttons["ru"].isChecked()
    assert not view.languages.buttons["en"].isChecked()


def test_opening_tells_how_far_it_has_come(view):
    """Beyond a second a bare wheel says nothing."""
    view.show_progress(1204, 3000)
    assert view.wait.text() == "Opening your work … 1204 of 3000"


def test_the_presenter_waits_for_no_window():
    """Decisions are tested without one."""

    class Screen:
        said = ()

        def __getattr__(self, name):
            return lambda *args: setattr(self, "said", (*self.said, (name, *args)))

    screen, tried = Screen(), []
    presenter = UnlockPresenter(lambda typed, slot: tried.append((typed, slot)), wrong=4)
    presenter.attach(screen)
    presenter.enter("a", 0)
    presenter.failed(WRONG)
    presenter.enter("b", 0)
    presenter.second_passed()
    presenter.enter("c", 0)
    presenter.failed(StoreError("vault.disk_error"))
    assert tried == [("a", 0), ("c", 0)]
    assert [name for name, *_ in screen.said] == [
        "show_busy", "show_wrong", "show_wait", "show_busy", "show_trouble",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "last_work", "last_unlock", "doubt"),
    [
        (TODAY, None, None, None),
        (TODAY, TODAY, TODAY, None),
        (date(1970, 1, 1), None, None, Doubt.IMPOSSIBLE),
        (date(2019, 12, 31), None, None, Doubt.IMPOSSIBLE),
        (date(2099, 1, 1), TODAY, TODAY, Doubt.IMPOSSIBLE),
        (date(2026, 11, 22), TODAY, date(2026, 11, 20), Doubt.BEFORE_WORK),
        (date(2026, 12, 23), None, TODAY, None),
        (date(2026, 12, 24), None, TODAY, Doubt.LONG_AGO),
    ],
)
def test_when_the_date_is_asked(today, last_work, last_unlock, doubt):
    """A flat battery must not date a vaccine 1970; nobody is asked on an ordinary morning."""
    question = date_question(today, last_work=last_work, last_unlock=last_unlock)
    assert (question and question.doubt) == doubt


def test_the_right_day_is_confirmed_with_one_key(view):
    """The usual answer after a leave is yes."""
    days = []
    view.ask_date(date_question(TODAY, last_work=None, last_unlock=date(2026, 9, 1)), days.append)
    assert QApplication.focusWidget().text() == "Yes"
    press(Qt.Key.Key_Space)
    assert days == [TODAY]


def test_another_day_is_typed_and_a_day_before_signed_work_is_said_twice(view):
    """A slip would put today's visit before last week's; but a clock that ran ahead must be mendable."""
    days = []
    page = view.ask_date(date_question(date(2026, 11, 1), last_work=TODAY, last_unlock=TODAY), days.append)
    assert "before your last signed work of 23 November 2026" in page.why.text()
    page.no.setFocus()
    press(Qt.Key.Key_Space)
    assert QApplication.focusWidget() is page.day.editor
    type_in("20.11.2026")
    press(Qt.Key.Key_Return)
    assert days == []
    assert "last signed work is of 23 November 2026" in page.day.error.text()
    page.take.setFocus()
    press(Qt.Key.Key_Space)
    assert days == [date(2026, 11, 20)]


def test_a_dead_clock_offers_no_yes(view):
    """1970 cannot be confirmed by habit; nonsense is refused beside the field."""
    days = []
    page = view.ask_date(date_question(date(1970, 1, 1), last_work=TODAY, last_unlock=TODAY), days.append)
    assert page.yes.isHidden()
    press(Qt.Key.Key_Return)
    assert page.day.error.text() == "This is not a day. Type it as 24.11.2026."
    page.day.editor.setFocus()
    type_in("01.01.1971")
    press(Qt.Key.Key_Return)
    assert page.day.error.text() == "Please check the year."
    page.day.set_text("24.11.2026")
    page.day.editor.setFocus()
    press(Qt.Key.Key_Return)
    assert days == [date(2026, 11, 24)]
