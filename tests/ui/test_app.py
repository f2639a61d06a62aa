"""The program from its first window to its end: first run by keyboard, unlock, languages, the lock, the keys."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from healthvisit.app import make_application
from healthvisit.domain.errors import StoreError
from healthvisit.ui import i18n, support_log
from healthvisit.ui.first_run.presenter import Page
from tests.builders import PHRASE
from tests.desktop import make_work, words_on

ROOT = Path(__file__).parents[2]
OWN = "yedi goyun bir gaplan dagda"


def tab_to(here, wanted):
    """Tab until a widget has the keyboard: no way but the keyboard's."""
    for _ in range(40):
        if QApplication.focusWidget() is wanted:
            return
        here.hands.key(Qt.Key.Key_Tab)
    raise AssertionError(wanted.text())


def test_first_run_by_keyboard_alone_ends_on_an_empty_today_and_opens_again(desktop, tmp_path):
    """She has no mouse that works, and joins the office next week: work is possible at once."""
    here = desktop(tmp_path, language="tk")
    first, hands = here.program.first_run, here.hands
    here.program.window.activateWindow()
    hands.until("the window is there", here.program.window.isActiveWindow)
    presenter = first._presenter
    hands.digit(3)
    assert i18n.language() == "en"
    assert first.title.text() == "Language"
    hands.go_on()
    hands.digit(1)
    hands.go_on()
    assert presenter.page is Page.PASSPHRASE
    assert len(first.words.text().split()) == 5
    tab_to(here, first.use_own)
    hands.key(Qt.Key.Key_Space)
    assert QApplication.focusWidget() is first.own.editor
    hands.type(OWN)
    tab_to(here, first.again.editor)
    hands.type("something else altogether")
    tab_to(here, first.label.editor)
    hands.type("W-07", enter=False)
    hands.go_on()
    assert presenter.page is Page.PASSPHRASE  # not the same: said, and nothing is lost
    assert "not the same" in first.again.error.text()
    first.again.clear()
    hands.type(OWN, enter=False)
    hands.go_on()
    assert presenter.page is Page.HELP
    hands.go_on()
    assert presenter.page is Page.JOIN
    tab_to(here, first.later)
    hands.key(Qt.Key.Key_Space)
    hands.wait_for_today()
    assert here.house.frame.page() == "today"
    assert "not joined" in here.house.frame.status.text()
    assert here.families() == []
    here.close()

    again = desktop(tmp_path)
    assert i18n.language() == "en"
    again.unlock(OWN)
    assert again.house.desk.worker_label == "W-07"


COLD_START = """
import sys
from pathlib import Path
from healthvisit.app import Program, make_application
from healthvisit.settings import Paths

app = make_application()
program = Program(app, Paths.under(Path(sys.argv[1])))
program.jobs.vault = lambda *_args, **_more: None  # the heavy rooms are imported on this lane, after the window stands
program.start()
assert program.unlock.passphrase.editor.isVisible()
heavy = ("sqlmodel", "sqlalchemy", "requests", "cryptography", "lxml", "healthvisit.services", "healthvisit.workplace")
print([name for name in heavy if name in sys.modules])
"""


def test_the_unlock_window_stands_before_anything_heavy_is_imported(tmp_path):
    """On a laptop of 2008 she types her passphrase while the rest is being read from the disk."""
    make_work(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", COLD_START, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_the_house_stands_built_before_the_passphrase_is_typed_and_holds_nothing(desktop, tmp_path):
    """After the passphrase she waits for her families only; before it nothing of them is in any window."""
    make_work(tmp_path, "Myradow")
    here = desktop(tmp_path)
    here.hands.until("it is built", lambda: here.program.is_prepared)
    built = here.program._built
    assert here.house is None
    assert not built.frame.isVisible()
    assert built.today_page.presenter.view is None
    assert here.unlock().house is built


def test_a_passphrase_typed_before_the_house_is_built_opens_it_all_the_same(desktop, tmp_path):
    """On a slow laptop a quick hand is first."""
    make_work(tmp_path, "Myradow")
    here = desktop(tmp_path)
    here.try_phrase(PHRASE)
    assert not here.program.is_prepared
    here.hands.wait_for_today()
    assert "Myradow" in here.house.today_page.rows.model().rows[1].title


def test_a_language_chosen_at_the_passphrase_is_the_one_of_the_pages_built_before(desktop, tmp_path):
    """Two workers share the laptop: the second one's language is not overwritten by the first one's pages."""
    make_work(tmp_path, "Myradow")
    here = desktop(tmp_path)
    here.hands.until("it is built", lambda: here.program.is_prepared)
    here.program._language("ru")
    here.unlock()
    assert here.house.desk.preferences.language == "ru"
    assert here.house.today_page.start.text() == "Начать посещение"


def test_a_switch_of_language_is_heard_by_every_page_at_once(desktop, tmp_path):
    """Two workers share the laptop; nobody starts the program again for it."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    house = here.house
    here.visit(home).presenter.pick("1/growth")
    here.hands.settle()
    seen = {}
    for code in ("en", "ru", "tk"):
        i18n.set_language(code)
        here.app.processEvents()
        seen[code] = []
        for show in (house.today, lambda: house.family(home), house.sync, lambda: house.frame.show_page("settings")):
            show()
            here.hands.settle()
            words = words_on(house.frame.stack.currentWidget())
            assert words
            seen[code].append(words + house.frame.status.text() + house.frame.title.text())
    for at in range(4):
        assert len({words[at] for words in seen.values()}) == 3
    assert house.frame.windowTitle() == "healthvisit"


def test_left_alone_everything_is_covered_and_the_passphrase_leads_back_to_the_same_field(desktop, tmp_path):
    """A child's file must not stand open on the table; nor may locking cost her the place in the visit."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    house, frame = here.house, here.house.frame
    house.outside.prefer(replace(house.desk.preferences, lock_minutes=2))
    house.today()
    house.door.rest()
    assert house.door.idle.interval() == 2 * 60_000
    page = here.visit(home)
    assert house.door.idle.interval() == 2 * 60_000 or house.door.idle.interval() == 10 * 60_000
    page.presenter.pick("1/growth")
    here.hands.type("5,85", enter=False)
    field, path = QApplication.focusWidget(), page.page.path_with_focus()
    house.door.idle.timeout.emit()
    assert frame.cover.isVisible()
    assert not any(part.isVisible() for part in frame.stack.findChildren(QLabel))
    assert QApplication.focusWidget() is frame.cover.passphrase.editor
    for key in (Qt.Key.Key_1, Qt.Key.Key_F, Qt.Key.Key_L):  # no way around it
        here.hands.key(key, Qt.KeyboardModifier.ControlModifier)
    assert frame.page() == "visit"
    assert "Myrad" not in words_on(frame)
    frame.cover.passphrase.clear()
    here.hands.type("the wrong words of somebody")
    here.hands.until("wrong is said", frame.cover.passphrase.error.isVisible)
    assert frame.cover.isVisible()
    frame.cover.passphrase.clear()
    here.hands.type(PHRASE)
    here.hands.until("uncovered", lambda: not frame.cover.isVisible())
    assert QApplication.focusWidget() is field
    assert page.page.path_with_focus() == path
    assert page.presenter.part.session.value(path) == "5.85"


def test_what_was_typed_is_sealed_before_the_cover_comes(desktop, tmp_path):
    """She closes the lid and the battery dies: the answer is there in the morning."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    page = here.visit(home)
    page.presenter.pick("1/growth")
    here.hands.type("5,85", enter=False)
    here.hands.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert here.house.frame.cover.isVisible()
    assert not page.presenter.keeper.is_dirty


PRESSED = {
    "turkmen": {"L": (Qt.Key.Key_L, "l"), "F": (Qt.Key.Key_F, "f"), "N": (Qt.Key.Key_N, "n")},
    "russian": {"L": (Qt.Key(0x0414), "д"), "F": (Qt.Key(0x0410), "а"), "N": (Qt.Key(0x0422), "т")},
}
"""What Qt makes of the keys where L, F and N are: a Turkmen layout keeps them, on a Russian one stand Д, А, Т."""


@pytest.mark.parametrize("layout", PRESSED)
@pytest.mark.parametrize("language", ["tk", "ru", "en"])
def test_the_keys_work_under_every_layout_and_language(desktop, tmp_path, layout, language):
    """She types names in Russian and locks with Ctrl+L all the same."""
    make_work(tmp_path, "Myradow")
    here = desktop(tmp_path, language=language).unlock()
    frame = here.house.frame

    def press(letter, *, shift=False):
        key, text = PRESSED[layout][letter]
        held = Qt.KeyboardModifier.ControlModifier
        held |= Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for action in (QTest.KeyAction.Press, QTest.KeyAction.Release):
            QTest.sendKeyEvent(action, here.hands.focus(), key, text, held)
        here.app.processEvents()

    press("F")
    assert QApplication.focusWidget() is frame.search
    press("N", shift=True)
    assert frame.page() == "new_family"
    press("L")
    assert frame.cover.isVisible()


def test_every_window_is_called_healthvisit_and_nothing_else(desktop, tmp_path):
    """P2: a title stands in task bars, lists of windows and pictures of the screen."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path)
    titles = {window.windowTitle() for window in QApplication.topLevelWidgets() if window.isVisible()}
    here.unlock()
    here.visit(home)
    here.house.frame.show_keys()
    titles |= {window.windowTitle() for window in QApplication.topLevelWidgets() if window.isVisible()}
    assert titles <= {"healthvisit", ""}
    name = here.app.applicationName()
    assert make_application().applicationName() == "healthvisit"
    here.app.setApplicationName(name)


def test_the_log_for_support_says_what_failed_and_no_name(desktop, tmp_path):
    """It is read aloud over the telephone: a name in it would leave the family's house."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    here.visit(home)
    told = []
    for error in (ValueError("Aýna Myradowa, born 18.07.2026"), StoreError("vault.disk_full")):
        here.program.jobs.vault(raises(error), done=told.append, failed=lambda e: told.append(here.house._failed(e)))
    here.hands.until("both failed", lambda: len(told) == 2)
    text = support_log.text()
    assert "ValueError" in text
    assert "vault.disk_full" in text
    for word in ("Aýna", "Myradow", "18.07", PHRASE.split()[0]):
        assert word not in text
    here.house.frame.show_page("settings")
    here.hands.settle()
    page = here.house.frame.stack.currentWidget()
    assert any("log" in made.text().lower() for made in page.findChildren(QPushButton))


def raises(error):
    def deed():
        raise error

    return deed


def test_practice_says_its_passphrase_where_it_is_asked_for(desktop, tmp_path):
    """She locks practice to try it out, and must get back in."""
    make_work(tmp_path)
    here = desktop(tmp_path, practice=True, passphrase=PHRASE)
    assert PHRASE in words_on(here.unlock_page)
    here.unlock_page.passphrase._say_layout()  # another keyboard layout
    assert PHRASE in words_on(here.unlock_page)
    here.unlock_page.unlock.click()
    here.hands.wait_for_today()
    here.house.lock()
    assert PHRASE in words_on(here.house.frame.cover)
    assert PHRASE not in words_on(desktop(tmp_path / "own").program.window)
