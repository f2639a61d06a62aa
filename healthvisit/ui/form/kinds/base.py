"""What every question on the screen has: its words above, what answers it, the mistake below."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.form.markup import html, is_marked, plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import horizontal, label

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PLAIN_KEYS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
PICTURE_PX = 320


class Keeper(Protocol):
    """Keeps files that answer a question, by a name made from their content."""

    def keep(
        self,
        path: Path,
        media_type: str,
        *,
        done: Callable[[str], object],
        failed: Callable[[BaseException], object],
        owner: QObject,
    ) -> None:
        """Read and keep a file off the main thread; `done` is told its name."""
        ...

    def picture(self, name: str) -> QImage | None:
        """A small picture of a kept file, where it is one."""
        ...

    def size(self, name: str) -> int | None:
        """Bytes of a kept file; None for a name that is not kept here."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the questions of a page stand on.

    `clock` gives the time of now in words, `pictures` those of the form by address, `files` keeps answers that are
    files. `marks`: questions that must be answered have a star.
    """

    clock: Callable[[], str] = str
    pictures: Mapping[str, QImage] = field(default_factory=dict)
    files: Keeper | None = None
    marks: bool = False

    def picture(self, address: str, most: int) -> QPixmap | None:
        """A picture of the form no larger than `most` (as thought of at 100 %); None when it is not there."""
        found = self.pictures.get(address.rpartition("/")[2])
        return None if found is None else fitted(found, most)


PLAIN = Ground()


def fitted(image: QImage, most: int) -> QPixmap:
    """An image no wider and no higher than `most`."""
    side = theme.px(most)
    if image.width() > side or image.height() > side:
        image = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return QPixmap.fromImage(image)


class QuestionWidget(QWidget):
    """A question; `answered` carries its path and the text to store, `left` its path when the keyboard leaves it.

    `moved_on`: the answer is complete and the next question may come by itself.
    """

    answered = Signal(str, str)
    left = Signal(str)
    zeroed = Signal()
    moved_on = Signal(str)

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        super().__init__()
        self.path = question.path
        self.question = question
        self.ground = ground
        self._heights: dict[int, int] = {}  # by width: a long page asks each question again when one of them changes

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def event(self, event: QEvent) -> bool:
        """What stands inside has another size: heights are measured anew."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.StyleChange):
            self._heights.clear()
        return super().event(event)

    def show_question(self, question: Question) -> None:
        """Draw the question as it reads now; what stands in a field with the keyboard is left alone."""
        self.question = question

    def set_error(self, words: str) -> None:
        """Say a mistake beside the question, or take it away."""

    def set_remark(self, words: str, tone: str = "muted") -> None:
        """Say what an answer means, beside it."""

    def stop(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self.focusProxy() or self

    def stops(self) -> list[QWidget]:
        """Where the Tab key halts, in order."""
        stop = self.focusProxy()
        return [stop] if stop is not None else []

    def can_be_answered(self) -> bool:
        """Whether there is something to answer."""
        return self.focusProxy() is not None

    def more(self) -> None:
        """Show or hide what the form's author says beyond the hint."""

    def _say(self, text: str) -> None:
        self.answered.emit(self.path, text)

    def _leave(self) -> None:
        self.left.emit(self.path)


class Head(QWidget):
    """What is asked: the words with their mark, "?" with more to read, the hint, a picture, what cannot be played."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._ground = ground
        self._shown: tuple[object, ...] = ()
        self.words = label(role="strong")
        self.ask_more: QPushButton | None = None
        self._extra: dict[str, QLabel] = {}
        self._top = horizontal(self.words, spacing=4)
        self._top.setStretchFactor(self.words, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(2))
        self._column.addLayout(self._top)
        self._open = False

    def show_question(self, question: Question) -> None:
        """Say what is asked as it reads now."""
        marked = question.required and self._ground.marks
        look = (question.label, question.hint, question.guidance, question.media, marked, theme.current())
        if look == self._shown:
            return
        self._shown = look
        set_words(self.words, question.label, marked=marked)
        self.words.setVisible(bool(question.label.strip()))
        self._put("hint", question.hint, "small")
        self._offer_more(question.guidance)
        self._put("guidance", question.guidance if self._open else "", "muted")
        self._show_media(question)

    def more(self, words: str) -> None:
        """Show or hide the guidance."""
        self._open = not self._open
        self._put("guidance", words if self._open else "", "muted")

    def _offer_more(self, words: str) -> None:
        if words and self.ask_more is None:
            made = self.ask_more = QPushButton("?")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            theme.set_kind(made, "more")
            made.setAccessibleName(_("More about this question"))
            made.setToolTip(_("More about this question (Shift+F1)"))
            self._top.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
            made.clicked.connect(self._toggle)
        if self.ask_more is not None:
            self.ask_more.setVisible(bool(words))
            self.ask_more.setProperty("words", words)

    def _toggle(self) -> None:
        if self.ask_more is not None:
            self.more(str(self.ask_more.property("words")))

    def _show_media(self, question: Question) -> None:
        address = question.media.get("image") or question.media.get("big-image", "")
        picture = self._ground.picture(address, PICTURE_PX) if address else None
        missing = address if address and picture is None else ""
        self._put("image", " " if picture else "", "")
        if picture is not None:
            self._extra["image"].setPixmap(picture)
            self._extra["image"].setAccessibleName(_("Picture"))
        played = [question.media[kind].rpartition("/")[2] for kind in ("audio", "video") if kind in question.media]
        said = [_("{name}: cannot be played here").format(name=name) for name in played]
        if missing:
            said.append(_("{name}: the picture is not there").format(name=missing.rpartition("/")[2]))
        self._put("media", "\n".join(said), "muted")

    def _put(self, name: str, words: str, role: str) -> None:
        made = self._extra.get(name)
        if made is None:
            if not words:
                return
            made = self._extra[name] = label(role=role, wrap=name != "image")
            self._column.addWidget(made)
        set_words(made, words)
        made.setVisible(bool(words))


class Framed(QuestionWidget):
    """A question with its words above, what answers it below, the mistake last."""

    def __init__(self, question: Question, ground: Ground, *editors: QWidget | QLayout) -> None:
        super().__init__(question, ground)
        self.head = Head(ground)
        self._said: dict[str, QLabel] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(self.head)
        for editor in editors:
            if isinstance(editor, QLayout):
                self._column.addLayout(editor)
            else:
                self._column.addWidget(editor)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.head.show_question(question)
        self._describe()

    def more(self) -> None:
        if self.question.guidance:
            self.head.more(self.question.guidance)

    def controls(self) -> Iterable[QWidget]:
        """What has to be named by the question's words."""
        return [self.stop()]

    def set_error(self, words: str) -> None:
        self._tell("error", words, "error")
        for control in self.controls():
            theme.set_wrong(control, wrong=bool(words))

    def set_remark(self, words: str, tone: str = "muted") -> None:
        self._tell("remark", words, tone)

    def _tell(self, name: str, words: str, role: str) -> None:
        made = self._said.get(name)
        if made is None:
            if not words:
                return
            made = self._said[name] = label()
            self._column.addWidget(made)
        theme.set_role(made, role)
        made.setText(words)
        made.setVisible(bool(words))
        self._describe()

    def _describe(self) -> None:
        said = [made.text() for made in self._said.values()]
        if self.question.required and self.ground.marks:
            said.append(_("must be answered"))
        said += [plain(self.question.hint), plain(self.question.guidance)]
        words = ", ".join(part for part in said if part)
        for control in self.controls():
            control.setAccessibleName(plain(self.question.label))
            control.setAccessibleDescription(words)


def set_words(shown: QLabel, text: str, *, marked: bool = False) -> None:
    """Write a form's words into a label, with their marks; `marked` puts the star of what must be answered."""
    if marked or is_marked(text):
        star = f' <span style="color:{theme.current().tokens.danger}">*</span>' if marked else ""
        shown.setTextFormat(Qt.TextFormat.RichText)
        shown.setText(html(text) + star)
    else:
        shown.setTextFormat(Qt.TextFormat.PlainText)
        shown.setText(text)
