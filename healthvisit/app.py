"""The desktop program from its first window to its end: first run, unlock, the date, then the house.

Only Qt and light screens are imported here, so that the passphrase can be typed while the rest is being imported.
"""

import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from healthvisit.domain.errors import HealthvisitError, StoreError
from healthvisit.domain.ids import device_block, new_change_id
from healthvisit.settings import Paths, Preferences
from healthvisit.ui import i18n, support_log, theme
from healthvisit.ui.focus import FocusRing, tab_on
from healthvisit.ui.jobs import Jobs
from healthvisit.ui.messages import sentence
from healthvisit.ui.unlock.presenter import date_question
from healthvisit.ui.unlock.view import UnlockView

VAULT_FILE = "vault.db"
TRIES_FILE = "tries"
_SWITCH_S = 0.0005  # a key waits so long at most for a lane that computes; Python's 5 ms add up to pages that lag
_COLLECT = (50_000, 20, 50)  # new objects before a collection; the usual 700 is for programs that load little


class _Window(QMainWindow):
    """What stands before the house."""

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: FBT001 -- Qt's signature
        return tab_on(self, forward=next)


class Program(QObject):
    """One run of the desktop program.

    Attributes:
        jobs: The two lanes.
        window: What stands before the house: first run or unlock.
        house: The open house; None while locked.
        is_prepared: Whether it stands built, unseen, so that it can be opened at once.
        opened: The open vault; used on the vault lane only.
    """

    def __init__(
        self,
        app: QApplication,
        paths: Paths,
        *,
        practice: bool = False,
        passphrase: str = "",
        label: str = "",
        ready: Callable[[Any], object] = lambda _house: None,
        choose_practice: Callable[[], object] = lambda: None,
        system: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__()
        self._system = system
        self._app = app
        self.paths = paths
        self._practice = practice
        self._offered = passphrase
        self._labels = [label] if label else []
        self._ready = ready
        self.choose_practice = choose_practice
        self._join: Any = None
        self.preferences = Preferences.load(paths.preferences)
        self.jobs = Jobs()
        support_log.begin()
        self.house: Any = None
        self.is_prepared = False
        self._built: Any = None
        self._parts = self._in_parts()
        self.opened: Any = None
        self.window = _Window()
        self.window.setWindowTitle("healthvisit")
        self.window.resize(1366, 696)
        look(app, self.preferences)
        app.aboutToQuit.connect(self.end)

    def start(self) -> None:
        """Show the first window at once; import the heavy rooms behind it."""
        if (self.paths.data / VAULT_FILE).exists():
            self._show_unlock()
        else:
            self._show_first_run()
        self.window.show()
        self.jobs.vault(_import_rooms, self.paths, done=self._rooms_ready, failed=self._not_openable, owner=self)

    def _rooms_ready(self, labels: list[str]) -> None:
        """The heavy rooms are imported, and the short labels of those who may open are known."""
        QTimer.singleShot(0, self, self._prepare)
        if self.house is None and hasattr(self, "unlock") and not self.unlock.passphrase.text() and len(labels) > 1:
            self._labels = labels
            self._show_unlock()

    def _not_openable(self, error: BaseException) -> None:
        if hasattr(self, "unlock"):
            self.unlock.failed(error, again=self._show_unlock)

    def _show_unlock(self) -> None:
        self.unlock = UnlockView(
            self._labels,
            self._try,
            practice=self._practice,
            language_changed=self._language,
            wrong=_tries(self.paths),
            counted=lambda wrong: _keep_tries(self.paths, wrong),
        )
        if self._offered:
            self.unlock.practice_phrase = self._offered
            self.unlock.retranslate()
            self.unlock.passphrase.set_text(self._offered)
        self._stand(self.unlock)

    def _stand(self, page: QWidget) -> None:
        """Put a page into the first window. The one before may be in the middle of its own click: it goes later."""
        before = self.window.takeCentralWidget()
        self.window.setCentralWidget(page)
        page.setFocus()
        if before is not None:
            before.hide()
            before.deleteLater()

    def _show_first_run(self) -> None:
        from healthvisit.ui.first_run.view import FirstRunView

        self._device = new_change_id()
        self.first_run = FirstRunView(
            self.first_run_done, same=_same, number=device_block(self._device), check_code=_check_code
        )
        self._stand(self.first_run)

    def _language(self, code: str) -> None:
        i18n.set_language(code)
        self.preferences = replace(self.preferences, language=code, print_language=code)  # type: ignore[arg-type]
        self.preferences.save(self.paths.preferences)

    def first_run_done(self, result: Any) -> None:
        """Make the vault that the five pages asked for, or go to practice."""
        if result.practice:
            self.choose_practice()
            return
        self._language(result.language)
        self._join = result.join
        self.first_run.show_busy()
        self.jobs.vault(
            _create, self.paths, result.passphrase, result.label, self._device, self._system,
            done=self._opened, failed=self._not_created, owner=self,
        )  # fmt: skip

    def _not_created(self, error: BaseException) -> None:
        self.first_run.failed(error)

    def _try(self, passphrase: str, _slot: int) -> None:
        self.jobs.vault(
            _open, self.paths, passphrase, self._system, done=self._opened, failed=self._not_opened, owner=self
        )

    def _not_opened(self, error: BaseException) -> None:
        self.unlock.failed(error)  # the page that stands now: the one it was typed on may be gone

    def _opened(self, opened: Any) -> None:
        self.opened = opened
        if hasattr(self, "unlock"):
            self.unlock.opened()
        clock = opened.clock
        question = date_question(opened.doubted().today(), last_work=clock.last_work, last_unlock=clock.last_unlock)
        if question is None:
            self._settle(None)
            return
        if not hasattr(self, "unlock"):
            self._show_unlock()
        self.unlock.ask_date(question, self._settle)

    def _settle(self, today: date | None) -> None:
        self.jobs.vault(_settle, self.opened, today, done=self._build, failed=self._not_settled, owner=self)

    def _not_settled(self, error: BaseException) -> None:
        """The date could not be kept (a full disk): the vault is let go, so that "Try again" opens it anew."""
        opened, self.opened = self.opened, None
        self.jobs.vault(opened.store.close, done=lambda _n: None, failed=support_log.note)
        if not hasattr(self, "unlock"):
            self._show_unlock()
        self._broken(error)

    def _prepare(self) -> None:
        """Build the house unseen, a part at a time so that no key waits long."""
        if self.is_prepared:
            return
        next(self._parts, None)
        if not self.is_prepared:
            QTimer.singleShot(0, self, self._prepare)

    def _in_parts(self) -> Iterator[None]:
        from healthvisit.workplace import Workplace, build_house

        self._work = Workplace(self.jobs)
        self._built = build_house(
            self._work, self.preferences, practice=self._practice, keep=self._keep, closed=self.end,
            paths=self.paths,
        )  # fmt: skip
        yield
        self._built.today_page.ensurePolished()
        yield
        frame = self._built.frame
        frame.resize(self.window.size())
        frame.grab()  # drawn once unseen: fonts, styles and places are ready when it opens
        self.is_prepared = True

    def _build(self, clock: Any) -> None:
        for _part in self._parts:
            pass
        self.house = self._built
        self._work.enter(self.opened, clock)
        self.house.desk.preferences = self.preferences  # the language may have been changed while it stood unseen
        frame = self.house.frame
        frame.cover.practice_phrase = self._offered
        frame.cover.retranslate()
        frame.resize(self.window.size())
        frame.setWindowState(self.window.windowState())
        self.house.begin(clock, worker_label=self.opened.who.label, clock_marked=bool(clock.offset))
        self.window.hide()
        self._stand(QWidget())
        if self._join is not None:
            self.house.join_from_first_run(self._join)
        if self.opened.damaged:
            damage = StoreError("vault.row_damaged", row_seq=self.opened.damaged[0])
            self.house.frame.banner.say(sentence(damage), kind="warn")
        elif self.opened.rolled_back:
            self.house.frame.banner.say(sentence(StoreError("vault.put_back")), kind="warn")
        self._ready(self.house)

    def _keep(self, preferences: Preferences) -> None:
        self.preferences = preferences
        preferences.save(self.paths.preferences)

    def _broken(self, error: BaseException) -> None:
        support_log.note(error)
        if self.house is not None:
            self.house.frame.banner.say(sentence(error), kind="danger")
        elif hasattr(self, "unlock"):
            self.unlock.failed(error)

    def end(self) -> None:
        """Close: the window hides, what waits on the vault lane is finished, the catalog is sealed."""
        if self.house is not None:
            self.house.end()
        elif self._built is not None:
            self._built.frame.deleteLater()
        if self.opened is not None:
            opened, self.opened = self.opened, None
            self.jobs.vault(opened.store.close, done=lambda _n: None, failed=lambda _e: None)
        self.jobs.close()


def _import_rooms(paths: Paths) -> list[str]:
    for name in ("healthvisit.workplace", "healthvisit.ui.house"):
        importlib.import_module(name)
    from healthvisit import workplace

    workplace.keep_memory_small()
    labels = workplace.labels(paths)
    workplace.rehearse(workplace.own_content(paths.forms).pack)
    sys.setswitchinterval(_SWITCH_S)
    gc.freeze()  # what is loaded by now stays: no collection walks it again, and none comes in the middle of an unlock
    gc.set_threshold(*_COLLECT)
    return labels


def _open(paths: Paths, passphrase: str, system: Callable[[], datetime] | None) -> Any:
    from healthvisit import workplace

    return workplace.open_work(paths, passphrase, system=system or workplace.system_now)


def _create(paths: Paths, passphrase: str, label: str, device: str, system: Callable[[], datetime] | None) -> Any:
    from healthvisit import workplace

    return workplace.create_work(paths, passphrase, label, device=device, system=system or workplace.system_now)


def _same(one: str, other: str) -> bool:
    from healthvisit.workplace import same_passphrase

    return same_passphrase(one, other)


def _check_code(code: str) -> None:
    from healthvisit.workplace import check_code

    check_code(code)


def _settle(opened: Any, today: date | None) -> Any:
    from healthvisit import workplace

    return workplace.settle_date(opened, today)


def _tries(paths: Paths) -> int:
    try:
        return int((paths.data / TRIES_FILE).read_text())
    except (OSError, ValueError):
        return 0


def _keep_tries(paths: Paths, wrong: int) -> None:
    (paths.data / TRIES_FILE).write_text(str(wrong))


def look(app: QApplication, preferences: Preferences) -> None:
    """Fonts, colours, size of text and language."""
    theme.load_fonts()
    dark = preferences.theme == "dark" or (
        preferences.theme == "system" and app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    )
    theme.apply(app, theme.Theme(dark=dark, text_percent=preferences.text_percent))
    FocusRing.follow(app)
    i18n.install(app)
    i18n.set_language(preferences.language)


def screen_is_missing() -> bool:
    """Whether Qt would abort for want of a screen (Linux without X or Wayland, and not asked to draw offscreen)."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in names)


def make_application() -> QApplication:
    """The one Qt application, with a neutral name."""
    app = QApplication.instance() or QApplication(["healthvisit"])
    assert isinstance(app, QApplication)
    app.setApplicationName("healthvisit")
    app.setQuitOnLastWindowClosed(True)
    return app


def main(paths: Paths, choose_practice: Callable[[], object] = lambda: None) -> int:
    """Run the desktop program until its window closes; `choose_practice` starts practice instead."""
    if screen_is_missing():
        i18n.set_language(Preferences.load(paths.preferences).language)
        sys.stderr.write(sentence(HealthvisitError("program.no_screen")) + "\n")
        return 1
    app = make_application()

    def practise() -> None:
        choose_practice()
        program.window.close()

    program = Program(app, paths, choose_practice=practise)
    program.start()
    return app.exec()
