"""A question answered with a file of this computer: it is copied into the record under a name made of its content."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui.dates import number
from healthvisit.ui.form.kinds.base import PLAIN, Framed, Ground, Keeper, fitted
from healthvisit.ui.i18n import _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.layout import button, horizontal, label

THUMB_PX, KIB = 200, 1024
PICTURES = "*.jpg *.jpeg *.png"


class FileQuestion(Framed):
    """Choose a file, see that it is there, take it out again."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.choose = _Next("")
        self.choose.clicked.connect(self.ask)
        self.remove = button(_("Take it out"), self._take_out)
        self.thumb, self.state = label(wrap=False), label(role="muted")
        deeds = horizontal(self.choose, self.remove)
        deeds.addStretch()
        super().__init__(question, ground, self.thumb, self.state, deeds)
        self.setFocusProxy(self.choose)
        self.show_question(question)

    @property
    def files(self) -> Keeper:
        """Where files are kept; such a question is drawn only where there is such a place."""
        assert self.ground.files is not None, "drawn only with a keeper"
        return self.ground.files

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        size = self.files.size(question.value) if question.value else None
        image = self.files.picture(question.value) if question.value else None
        if image is not None:
            self.thumb.setPixmap(fitted(image, THUMB_PX))
            self.thumb.setAccessibleName(_("Picture"))
        self.thumb.setVisible(image is not None)
        if not question.value:
            said = _("Nothing chosen yet.")
        elif size is None:
            said = _("A file is part of the record; it is not on this computer.")
        else:
            what = _("Picture") if image is not None else _("File")
            said = _("{what}, {size} KB, kept with the answers.").format(what=what, size=number(-(-size // KIB)))
        self.state.setText(said)
        self.choose.setText(_deed(question))
        self.remove.setVisible(bool(question.value))

    def stops(self) -> list[QWidget]:
        return [self.choose, self.remove]

    def ask(self) -> None:
        """Let her choose a file."""
        asked = QFileDialog(self, self.choose.text())
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
        if _is_picture(self.question):
            pictures = _("Pictures")
            asked.setNameFilter(f"{pictures} ({PICTURES})")
        asked.fileSelected.connect(self.take)
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def take(self, path: str) -> None:
        """Copy the file at `path` into the record."""
        self.state.setText(_("Reading the file …"))
        self.files.keep(Path(path), self.question.media_type, done=self._kept, failed=self._refused, owner=self)

    def _kept(self, name: str) -> None:
        self.set_error("")
        self._say(name)

    def _refused(self, error: BaseException) -> None:
        self.show_question(self.question)
        self.set_error(sentence(error))

    def _take_out(self) -> None:
        self._say("")
        self.choose.setFocus()


class _Next(QPushButton):
    """A button of a page: never pressed by an Enter that was meant to go on."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)


def _deed(question: Question) -> str:
    if _is_picture(question):
        return _("Choose another picture") if question.value else _("Choose a picture")
    return _("Choose another file") if question.value else _("Choose a file")


def _is_picture(question: Question) -> bool:
    return question.media_type.startswith("image/")
