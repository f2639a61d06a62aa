"""One picture or file of a signed visit: a picture large enough to read a card on, and a copy for who asks for one."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from healthvisit.services import attachments, printouts
from healthvisit.services.attachments import Attached
from healthvisit.ui import theme
from healthvisit.ui.desk import Desk
from healthvisit.ui.form.attachments import WIDEST_PX, Seen, look
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.messages import sentence
from healthvisit.ui.printing import PrintError, write_copy
from healthvisit.ui.widgets.layout import button, horizontal, label, scrolled, vertical

WIDTH_PX, HEIGHT_PX, ON_SCREEN = 1000, 700, 0.9


class FileDialog(QDialog):
    """Reads the file when it is opened; a window's title says nothing of it."""

    def __init__(self, parent: QWidget, desk: Desk, file: Attached) -> None:
        super().__init__(parent)
        self.setWindowTitle("healthvisit")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._file, self._data = desk, file, b""
        self.picture = label(wrap=False)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said = label(_("Reading the file …"), role="muted")
        self.save_it = button(_("Save a copy"), self._ask_folder)
        self.save_it.setEnabled(False)
        self.close_it = button(_("Close"), self.accept, "primary")
        foot = horizontal(self.said, self.save_it, self.close_it)
        foot.setStretchFactor(self.said, 1)
        body = vertical(label(plain(file.question), "heading"), scrolled(self.picture), foot, margins=16, spacing=12)
        body.setStretchFactor(body.itemAt(1).widget(), 1)
        self.setLayout(body)
        room = self.screen().availableSize() * ON_SCREEN
        self.resize(min(theme.px(WIDTH_PX), room.width()), min(theme.px(HEIGHT_PX), room.height()))
        self.close_it.setFocus()
        desk.read(partial(_read, name=file.name), done=self._show, failed=self._failed, owner=self)

    def _show(self, found: tuple[bytes, Seen] | None) -> None:
        if found is None:
            self.said.setText(_("It is part of the record and not on this computer."))
            return
        self._data, seen = found
        if seen.small is not None:
            image = seen.small
            most = self.width() - theme.px(64)
            if image.width() > most:
                image = image.scaledToWidth(most, Qt.TransformationMode.SmoothTransformation)
            self.picture.setPixmap(QPixmap.fromImage(image))
            self.picture.setAccessibleName(_("Picture"))
        else:
            self.picture.setWordWrap(True)
            self.picture.setText(_("Such a file is not shown here. A copy can be opened with another program."))
        self.save_it.setEnabled(True)
        self.said.setText(_("A copy is not sealed: whoever has that folder or stick can read it."))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Where to?"))
        if folder:
            self.save_to(Path(folder))

    def save_to(self, folder: Path) -> None:
        """Write ``healthvisit-NUMBER`` into a folder a person chose; that it was done is noted, not of whom."""
        self._desk.save(
            lambda work: printouts.note_print(work, (("copy", 1),)),
            done=lambda number: self._write(folder, number),
            failed=self._failed,
            owner=self,
        )

    def _write(self, folder: Path, number: int) -> None:
        try:
            path = write_copy(self._data, folder, number, Path(self._file.name).suffix)
        except PrintError as error:
            self._failed(error)
            return
        self.said.setText(_("Saved as {name}.").format(name=path.name))

    def _failed(self, error: BaseException) -> None:
        self.said.setText(sentence(error))


def _read(work: Any, *, name: str) -> tuple[bytes, Seen] | None:
    """On the vault lane."""
    data = attachments.read(work, [name]).get(name)
    return None if data is None else (data, look({name: data}, WIDEST_PX)[name])
