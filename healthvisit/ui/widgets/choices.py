"""One question, its answers as large targets; a digit chooses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from healthvisit.ui import theme
from healthvisit.ui.widgets.layout import FlowLayout, label

if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object  # a mixin: with a second Qt base it would be two objects in one

OPTION_PX, PAD_PX, MARK_PX, LINES_PX = 40, 12, 18, 420
WRAPPED = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what is stored, what is read, and a picture of it."""

    key: str
    text: str
    picture: QPixmap | None = None


class _Target(theme.Restyled, _Button):
    """A whole box that can be pressed: mark, words, the digit that chooses it. Words break into lines."""

    digit = ""
    round_mark = True
    picture: QPixmap | None = None
    _measured: tuple[object, ...] = ()

    def dress(self, digit: str, picture: QPixmap | None = None) -> None:
        """Show `digit` and perhaps a picture above the words, and take their size."""
        self.digit, self.picture = digit, picture
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        self.setFont(theme.font(15, 500))
        self.updateGeometry()

    def _beside(self) -> int:
        return theme.px(2 * PAD_PX + MARK_PX + 10 + (20 if self.digit else 0))

    def _sizes(self) -> tuple[QSize, QSize, dict[int, int]]:
        """The size wanted, the least, and heights by width; measured again when words, digit, picture or font differ.

        A page asks for them hundreds of times for each that it draws.
        """
        seen = (self.text(), self.digit, id(self.picture), self.font().key())
        if self._measured != seen:
            self._measured, self._heights = seen, dict[int, int]()
            self._kept = (self._wanted(), self._least())
        return (*self._kept, self._heights)

    def sizeHint(self) -> QSize:
        return self._sizes()[0]

    def minimumSizeHint(self) -> QSize:
        return self._sizes()[1]

    def heightForWidth(self, width: int) -> int:
        heights = self._sizes()[2]
        if width not in heights:
            heights[width] = self._height(width)
        return heights[width]

    def _wanted(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text()) + 4
        width = min(words, theme.px(LINES_PX)) + self._beside()
        if self.picture is not None:
            width = max(width, self.picture.width() + theme.px(2 * PAD_PX))
        return QSize(width, self._height(width))

    def _least(self) -> QSize:
        longest = max((self.fontMetrics().horizontalAdvance(word) for word in self.text().split()), default=0)
        drawn = self.picture.width() + theme.px(2 * PAD_PX) if self.picture is not None else 0
        return QSize(max(longest + 4 + self._beside(), drawn), theme.px(OPTION_PX) + self._above())

    def hasHeightForWidth(self) -> bool:
        return True

    def _height(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - self._beside()), 10_000)
        words = self.fontMetrics().boundingRect(room, WRAPPED, self.text()).height()
        return max(theme.px(OPTION_PX), words + theme.px(16)) + self._above()

    def _above(self) -> int:
        """The height that a picture takes."""
        return 0 if self.picture is None else self.picture.height() + theme.px(PAD_PX)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, live = self.isChecked(), self.isEnabled()
        ground = "primary_tint" if on else "surface" if live else "sunken"
        edge = "primary" if on or (self.underMouse() and live) else "control" if live else "line"
        painter.setPen(QPen(theme.colour(edge), 2 if on else 1))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        if self.picture is not None:
            painter.drawPixmap((self.width() - self.picture.width()) // 2, theme.px(PAD_PX), self.picture)
        self._mark(painter, on=on)
        painter.setPen(theme.colour("text" if live else "muted"))
        room = self.rect().adjusted(theme.px(PAD_PX + MARK_PX + 10), self._above(), 0, 0)
        room.setWidth(self.width() - self._beside() + 2)
        painter.drawText(room, WRAPPED, self.text())
        if self.digit:
            painter.setFont(theme.font(13))
            painter.setPen(theme.colour("muted"))
            at = self.rect().adjusted(0, self._above(), -theme.px(PAD_PX), 0)
            painter.drawText(at, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self.digit)
        painter.end()

    def _mark(self, painter: QPainter, *, on: bool) -> None:
        size = theme.px(MARK_PX)
        box = QRect(theme.px(PAD_PX), self._above() + (self.height() - self._above() - size) // 2, size, size)
        painter.setPen(QPen(theme.colour("primary" if on else "control"), 2))
        painter.setBrush(theme.colour("primary" if on and not self.round_mark else "surface"))
        if self.round_mark:
            painter.drawEllipse(box)
        else:
            painter.drawRoundedRect(box, 4, 4)
        if on and self.round_mark:
            inner = size // 4
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("primary"))
            painter.drawEllipse(box.adjusted(inner, inner, -inner + 1, -inner + 1))
        elif on:
            painter.drawPixmap(box, theme.pixmap("check", "on_primary", size, self.devicePixelRatioF()))


class OneOf(_Target, QRadioButton):
    """An answer that excludes the others."""


class AnyOf(_Target, QCheckBox):
    """An answer that stands beside others."""

    round_mark = False


class ChoiceGroup(QWidget):
    """A question and its answers. None is chosen at the start; 1-9 choose while the keyboard is in it.

    Args:
        text: The question.
        many: Whether several answers can hold at once.
        below: Answers under one another; else beside one another as the width allows.
        zero: What the key 0 means here; `zeroed` is sent for it.
        layout: How the answers stand, where neither of the two above will do.
    """

    changed = Signal()
    zeroed = Signal()

    def __init__(
        self,
        text: str,
        choices: Iterable[Choice] = (),
        *,
        many: bool = False,
        below: bool = False,
        zero: bool = False,
        layout: QLayout | None = None,
    ) -> None:
        super().__init__()
        self._many, self._zero = many, zero
        self.label, self.hint, self.error = label(text), label(role="small"), label(role="error")
        self._group = QButtonGroup(self)
        self._group.setExclusive(not many)
        self.buttons: dict[str, QAbstractButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        self._answers: QLayout = layout or (QVBoxLayout() if below else FlowLayout())
        self._answers.setSpacing(theme.px(8))
        column.addWidget(self.label)
        column.addWidget(self.hint)
        column.addLayout(self._answers)
        column.addWidget(self.error)
        self.label.setVisible(bool(text))
        self.hint.hide()
        self.error.hide()
        self.setAccessibleName(text)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[Choice]) -> None:
        """Offer these instead; what was chosen and is still offered stays chosen."""
        kept = set(self.keys())
        for old in self.buttons.values():
            self._group.removeButton(old)
            self._answers.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = {}
        for number, choice in enumerate(choices, start=1):
            made = AnyOf(choice.text) if self._many else OneOf(choice.text)
            made.dress(str(number) if number < 10 else "", choice.picture)  # noqa: PLR2004 - digits end at 9
            made.setChecked(choice.key in kept)
            made.setAccessibleDescription(self.label.text())
            made.clicked.connect(self.changed)
            self._group.addButton(made)
            self._answers.addWidget(made)
            self.buttons[choice.key] = made
        self._enter_at_first()

    def _enter_at_first(self) -> None:
        first = next(iter(self.buttons.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def keys(self) -> Sequence[str]:
        """What is chosen."""
        return [key for key, made in self.buttons.items() if made.isChecked()]

    def key(self) -> str | None:
        """The one answer chosen, or None."""
        return next(iter(self.keys()), None)

    def choose(self, *keys: str) -> None:
        """Set the answer without reporting a change; no key empties it."""
        self._group.setExclusive(False)
        for key, made in self.buttons.items():
            made.setChecked(key in keys)
        self._group.setExclusive(not self._many)

    def set_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def set_error(self, sentence: str) -> None:
        """Say the mistake below the answers, or with an empty sentence take it away."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.text().isdecimal() and event.text().isascii():
            self._digit(int(event.text()))
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def _digit(self, digit: int) -> None:
        offered = list(self.buttons.values())
        if digit == 0 and self._zero:
            self.zeroed.emit()
        elif 1 <= digit <= len(offered):
            offered[digit - 1].setFocus(Qt.FocusReason.ShortcutFocusReason)
            offered[digit - 1].click()
