"""The frame around every page: rail, practice band, head with search and help, pages, status line, keys, cover."""

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from healthvisit.ui import theme
from healthvisit.ui.focus import tab_on
from healthvisit.ui.i18n import N_, Retranslated, _
from healthvisit.ui.shortcuts import COMMANDS, PAGES, Key
from healthvisit.ui.widgets.cover import Cover
from healthvisit.ui.widgets.key_list import KeyList
from healthvisit.ui.widgets.layout import ElidedLabel, horizontal, label, vertical
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.rail import Rail

Level = Literal["quiet", "warn", "danger"]
STATUS_KIND = {"quiet": "status", "warn": "status-warn", "danger": "status-danger"}
TITLE = "healthvisit"
SLIM_BELOW = 1200
HEAD_PX, STATUS_PX, BAND_PX, SEARCH_PX = 48, 28, 24, 320
TWICE_MS = 1000


class Frame(Retranslated, theme.Restyled, QMainWindow):
    """The one window. It knows pages by name and nothing of what stands on them.

    `asked` names a command of `shortcuts.COMMANDS` ("new_visit", "print", "lock" …), from a key or a button.
    `searched` carries each edit of the search field, `search_entered` what stands in it when Enter is pressed.
    `page_shown` names the page now shown.
    """

    asked = Signal(str)
    searched = Signal(str)
    search_entered = Signal(str)
    page_shown = Signal(str)

    def __init__(self, *, practice: bool = False) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)  # always: a title stands in lists of windows and in screenshots
        self.setMinimumSize(800, 480)
        self._pages: dict[str, tuple[QWidget, str]] = {}
        self._keys: dict[int, str] = {}
        self._heading, self._visiting = "", False
        self._escaped_at = -TWICE_MS
        self._hidden: list[QWidget] = []
        self._focus_before: QWidget | None = None
        self.rail = Rail(practice=practice, lock_text=N_("Lock"))
        self.rail.picked.connect(self.show_page)
        self.rail.lock_asked.connect(lambda: self._ask("lock"))
        self.band = label(wrap=False)
        theme.set_kind(self.band, "practice")
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setVisible(practice)
        self.title = ElidedLabel(role="title")
        self.search = _Search()
        self.search.textEdited.connect(self.searched)
        self.search.returnPressed.connect(lambda: self.search_entered.emit(self.search.text()))
        self.help = QPushButton()
        self.help.setAutoDefault(False)
        theme.set_kind(self.help, "quiet")
        self.help.clicked.connect(lambda: self._ask("help"))
        self.banner = Banner()
        self.stack = QStackedWidget()
        self.status = ElidedLabel()
        theme.set_kind(self.status, "status")
        self._build()
        self.cover = Cover(self)
        self._shortcuts = [self._shortcut(key) for key in (*PAGES, *COMMANDS)]
        self.restyle()
        self.retranslate()

    def _build(self) -> None:
        self._head = QFrame()
        theme.set_kind(self._head, "head")
        self._head_row = horizontal(self.title, self.search, self.help, spacing=8)
        self._head.setLayout(self._head_row)
        self._notice_row = horizontal(self.banner)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for part in (self.band, self._head):
            right.addWidget(part)
        right.addLayout(self._notice_row)
        right.addWidget(self.stack, 1)
        across = horizontal(self.rail, right, spacing=0)
        across.setStretchFactor(right, 1)
        self._content = QWidget()
        self._content.setLayout(vertical(across, self.status, spacing=0))
        self.setCentralWidget(self._content)

    def _shortcut(self, key: Key) -> QShortcut:
        command = key.command
        made = QShortcut(self)
        made.setKeys(key.sequences())
        # on a Russian layout Qt offers both letters of the key: two matches of one command are no doubt
        made.activated.connect(lambda: self._ask(command))
        made.activatedAmbiguously.connect(lambda: self._ask(command))
        return made

    # pages

    def add_page(self, name: str, widget: QWidget, title: str, icon: str = "", key: int = 0) -> None:
        """Take `widget` as a page.

        Args:
            name: What `show_page` calls it.
            widget: The page.
            title: English words marked with `N_`: the head's title and the rail's word.
            icon: The rail's icon; a page without one does not stand in the rail.
            key: Its number with Ctrl; 0 for none.
        """
        self._pages[name] = (widget, title)
        self.stack.addWidget(widget)
        if icon:
            self.rail.add(name, title, icon)
        if key:
            self._keys[key] = name
        if len(self._pages) == 1:
            self.show_page(name)

    def show_page(self, name: str) -> None:
        """Show the page `name`, with its own title in the head, and give it the keyboard.

        Raises:
            KeyError: No such page.
        """
        widget, _title = self._pages[name]
        self._heading = ""
        self.stack.setCurrentWidget(widget)
        for place, made in self.rail.buttons.items():
            made.setAutoExclusive(False)
            made.setChecked(place == name)
            made.setAutoExclusive(True)
        self.retranslate()
        if not self.cover.isVisible():
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit(name)

    def page(self) -> str:
        """The name of the page now shown."""
        return next((name for name, (widget, _t) in self._pages.items() if widget is self.stack.currentWidget()), "")

    def set_heading(self, text: str) -> None:
        """Words in the head instead of the page's title, until another page is shown ("Today · Monday 23 November")."""
        self._heading = text
        self.title.setText(text)

    def set_place_shown(self, name: str, *, shown: bool) -> None:
        """Show or leave out a place of the rail, such as the open visit."""
        self.rail.buttons[name].setVisible(shown)

    def set_badge(self, name: str, badge: str, *, needs_attention: bool = False, note: str = "") -> None:
        """A number beside a place of the rail; `note` is its meaning in words, for tooltip and screen reader."""
        self.rail.buttons[name].set_badge(badge, needs_attention=needs_attention, note=note)

    def set_worker(self, short_label: str) -> None:
        """Who is signed in, as the short label that stands outside the vault too."""
        self.rail.worker.setText(short_label)

    def set_visit_mode(self, *, on: bool) -> None:
        """In the room: the rail is icons, the search is closed."""
        self._visiting = on
        self.search.setVisible(not on)
        self._fit()

    def set_status(self, text: str, level: Level = "quiet") -> None:
        """The sentence at the bottom, always true. Grey, amber, or red when a save failed."""
        theme.set_kind(self.status, STATUS_KIND[level])
        self.status.setText(text)

    # lock

    def cover_now(self) -> None:
        """Lock the screen: hide the pages, every dialog, and the keys, and ask for the passphrase."""
        if self.cover.isVisible():
            return
        self._focus_before = QApplication.focusWidget()
        for window in QApplication.topLevelWidgets():
            if window is not self and window.isVisible() and self._is_ours(window):
                self._hidden += [window] if isinstance(window, QDialog) else []
                window.hide()
        self._content.hide()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
        self.cover.ask(self.rail.worker.text())

    def uncover(self) -> None:
        """Give everything back, the keyboard in the same field."""
        self.cover.passphrase.clear()
        self.cover.hide()
        self._content.show()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(True)
        dialogs, self._hidden = self._hidden, []
        for window in dialogs:
            if isValid(window):
                window.show()
        before, self._focus_before = self._focus_before, None
        if before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_ours(self, window: QWidget) -> bool:
        above: QObject | None = window.parent()
        while above is not None and above is not self:
            above = above.parent()
        return above is self or window.isModal() or window.windowType() == Qt.WindowType.Popup

    # keys

    def _ask(self, command: str) -> None:
        if command.startswith("page_"):
            self._go(int(command.removeprefix("page_")))
            return
        if command == "find":
            if self._visiting:  # no other family comes on the screen in the room
                return
            if self.search.isHidden():  # the page has a search of its own
                self.stack.currentWidget().setFocus(Qt.FocusReason.ShortcutFocusReason)
            else:
                self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.search.selectAll()
        self.asked.emit(command)

    def _go(self, key: int) -> None:
        name = self._keys.get(key)
        if name is not None and not (name in self.rail.buttons and self.rail.buttons[name].isHidden()):
            self.show_page(name)

    def show_keys(self) -> KeyList:
        """Open the list of keys; it does not stop the rest."""
        dialog = KeyList(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        twice = event.timestamp() - self._escaped_at < TWICE_MS
        self._escaped_at = -TWICE_MS if twice else event.timestamp()
        if twice and not self.cover.isVisible():
            self._ask("hide")

    def focusNextPrevChild(self, next: bool) -> bool:
        return tab_on(self, forward=next)

    # look

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.cover.setGeometry(self.rect())

    def _fit(self) -> None:
        self.rail.set_slim(slim=self._visiting or self.width() < SLIM_BELOW)

    def restyle(self) -> None:
        """Follow text size and colours."""
        px = theme.px
        self._head.setFixedHeight(px(HEAD_PX))
        self._head_row.setContentsMargins(px(24), px(4), px(16), px(4))
        self._notice_row.setContentsMargins(px(24), 0, px(16), 0)
        self.search.setFixedWidth(px(SEARCH_PX))
        self.search.restyle()
        self.band.setFixedHeight(px(BAND_PX))
        self.status.setFixedHeight(px(STATUS_PX))
        self.status.setContentsMargins(px(16), 0, px(16), 0)
        self.help.setIcon(theme.icon("help", "primary"))
        self._fit()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.band.setText(_("PRACTICE: invented families, nothing is real"))
        self.search.setPlaceholderText(_("Name, phone or number"))
        self.search.setAccessibleName(_("Search"))
        self.search.setAccessibleDescription(_("Name, phone or number"))
        self.help.setToolTip(_("Help (F1)"))
        self.help.setAccessibleName(_("Help"))
        name = self.page()
        self.title.setText(self._heading or (_(self._pages[name][1]) if name else ""))


class _Search(QLineEdit):
    """Escape empties it, then gives the keyboard back to the page."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = QAction(theme.icon("search", "muted"), "", self)  # ours: see `layout.menu_deed`
        self.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self._keys = QLabel("Ctrl+F", self)
        theme.set_role(self._keys, "small")
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(lambda text: self._keys.setVisible(not text))

    def restyle(self) -> None:
        self._sign.setIcon(theme.icon("search", "muted"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keys.adjustSize()
        away = theme.px(10)
        self._keys.move(self.width() - self._keys.width() - away, (self.height() - self._keys.height()) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.textEdited.emit("")
        else:
            super().keyPressEvent(event)
