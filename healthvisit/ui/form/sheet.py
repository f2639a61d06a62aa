"""One page of a whole form: blocks under one another, made a few at a time so that the window never stands still."""

import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.form.asking import Asking
from healthvisit.ui.form.blocks import Answers, Ask, Block, Heading, Instances, Pull
from healthvisit.ui.form.kinds.base import Ground, QuestionWidget, set_words
from healthvisit.ui.form.kinds.table import TableHead
from healthvisit.ui.form.repeat_pane import RepeatPane, Summary
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import label

SLICE_S, INDENT_PX, GAP_PX = 0.012, 20, 18
Key = tuple[str, str]


class Sheet(Asking):
    """Draws blocks; what stays keeps its widget, and with it the keyboard.

    `picked`, `added`, `removed` come from its repeats as in `RepeatPane`. `whole`: everything of the page stands.
    `nowhere`: the keyboard was to go to the first question, and none takes it.
    """

    picked = Signal(str, int)
    entered = Signal(str)
    added = Signal(str)
    removed = Signal(str, int)
    whole = Signal()
    nowhere = Signal()

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._key = ""
        self._blocks: Sequence[Block] = ()
        self._pull: Pull | None = None
        self._summary: Callable[[Instances], Summary] | None = None
        self._made_of: dict[Key, QWidget] = {}
        self._wanted_focus: str | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._go_on)

    @property
    def is_whole(self) -> bool:
        """Whether every block stands."""
        return len(self._made_of) == len(self._blocks)

    def repeat(self, path: str) -> RepeatPane | None:
        """The list of a repeat."""
        found = self._made_of.get(("Instances", path))
        return found if isinstance(found, RepeatPane) else None

    def show_blocks(
        self,
        key: str,
        blocks: Sequence[Block],
        pull: Pull,
        summary: Callable[[Instances], Summary],
        *,
        answered: str = "",
    ) -> None:
        """Draw a page, or the same page (by `key`) as it reads after an answer.

        Args:
            key: Another key is another page: nothing of the last one stays.
            blocks: What it shows.
            pull: Gives a question as it reads now.
            summary: Gives what the list of a repeat says of each instance.
            answered: The question just answered: it is drawn again though it may read the same.
        """
        self._pull, self._summary = pull, summary
        if key != self._key:
            self.clear()
            self._key = key
        self._blocks = blocks
        wanted = {_key(block) for block in blocks}
        for gone in [key for key in self._made_of if key not in wanted]:
            self._drop(gone)
        for block in blocks:
            made = self._made_of.get(_key(block))
            if made is not None and not self._draw(block, made, answered=answered):
                self._drop(_key(block))
        self._go_on()

    def clear(self) -> None:
        """Take everything away."""
        self._next.stop()
        for key in list(self._made_of):
            self._drop(key)
        self._key, self._blocks, self._errors, self._wanted_focus = "", (), {}, None

    def _drop(self, key: Key) -> None:
        made = self._made_of.pop(key)
        self.widgets.pop(key[1], None)
        self._column.removeWidget(made)
        made.hide()
        made.deleteLater()

    def _go_on(self) -> None:
        """Make what is missing, for a few milliseconds; then the window breathes before the rest comes."""
        until = time.perf_counter() + SLICE_S
        for at, block in enumerate(self._blocks):
            if _key(block) not in self._made_of:
                if time.perf_counter() > until:
                    break
                made = self._make(block)
                self._made_of[_key(block)] = made
                self._column.insertWidget(at, made)
                gap = 0 if isinstance(block, Ask) and block.in_table else theme.px(GAP_PX if at else 4)
                made.setContentsMargins(theme.px(INDENT_PX) * block.level, gap, 0, 0)
                made.show()
                self._take_focus()
        if self.is_whole:
            self._end()
        else:
            self._next.start(0)

    def _end(self) -> None:
        if self._errors:
            self._say_errors()
        self._tab_through()
        self._take_focus()
        self.whole.emit()

    def _make(self, block: Block) -> QWidget:
        assert self._pull is not None, "drawn with one"
        if isinstance(block, Heading):
            made = label(role="strong" if block.level > 1 else "heading")
            _write_heading(made, block)
            return made
        if isinstance(block, Instances):
            assert self._summary is not None, "drawn with one"
            pane = RepeatPane(block, self._summary(block))
            for mine, its in (
                (self.picked, pane.picked),
                (self.entered, pane.entered),
                (self.added, pane.added),
                (self.removed, pane.removed),
            ):
                its.connect(mine)
            pane.holds_answers = lambda at: bool(pane.block.sections) and self._holds(pane.block, at)
            return pane
        question = self._pull(block.path)
        if isinstance(block, Answers):
            return TableHead(question)
        widget = self._made(question, in_table=block.in_table)
        self.widgets[block.path] = widget
        if self._errors.get(block.path):
            widget.set_error(self._errors[block.path])
        return widget

    holds: Callable[[str], bool] | None = None

    def _holds(self, block: Instances, at: int) -> bool:
        return self.holds is None or self.holds(block.sections[at].path)

    def _draw(self, block: Block, made: QWidget, *, answered: str) -> bool:
        """Draw a block again; False where another widget is needed."""
        assert self._pull is not None, "drawn with one"
        if isinstance(block, Heading) and isinstance(made, QLabel):
            _write_heading(made, block)
        elif isinstance(block, Instances) and isinstance(made, RepeatPane):
            assert self._summary is not None, "drawn with one"
            made.show_block(block, self._summary(block))
        elif isinstance(made, TableHead):
            made.show_question(self._pull(block.path))
        elif isinstance(made, QuestionWidget):
            question = self._pull(block.path)
            before = made.question
            if (question.readonly, question.appearance) != (before.readonly, before.appearance):
                return False
            if question != before or block.path == answered:
                made.show_question(question)
        return True

    # the keyboard

    def focus_open(self, path: str = "") -> None:
        """Give the keyboard to the question at `path`, else to the first without an answer, once it stands."""
        self._wanted_focus = path
        self._take_focus()

    def _take_focus(self) -> None:
        wanted = self._wanted_focus
        if wanted is None:
            return
        if wanted:
            stop = self.stop_of(wanted)
        else:
            asked = [w for w in self._asked() if w.can_be_answered()]
            opened = next((w for w in asked if not w.question.typed), None)
            if opened is None and not self.is_whole:
                return
            found = opened or (asked[0] if asked else None)
            stop = found.stop() if found else None
        if stop is not None:
            self._wanted_focus = None
            stop.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.is_whole:
            self._wanted_focus = None
            self.nowhere.emit()

    def _asked(self) -> list[QuestionWidget]:
        return [self.widgets[block.path] for block in self._blocks if block.path in self.widgets]

    def _tab_through(self) -> None:
        stops: list[QWidget] = []
        for block in self._blocks:
            made = self._made_of[_key(block)]
            if isinstance(made, QuestionWidget | RepeatPane):
                stops.extend(made.stops())
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if (found := self.widget_with_focus()) is not None:
                found.more()
        else:
            super().keyPressEvent(event)


def _key(block: Block) -> Key:
    kind = "Row" if isinstance(block, Ask) and block.in_table else type(block).__name__
    return (kind, block.path)


def _write_heading(made: QLabel, block: Heading) -> None:
    number = block.path.rpartition("[")[2].rstrip("]")
    words = _("{label}: number {n}").format(label=block.words, n=number) if block.is_instance else block.words
    set_words(made, words)
