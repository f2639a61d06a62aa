"""Pictures and files of a signed visit, each with what was asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from healthvisit.services.attachments import Attached
from healthvisit.ui import theme
from healthvisit.ui.dates import number
from healthvisit.ui.form.attachments import Seen
from healthvisit.ui.form.kinds.base import fitted
from healthvisit.ui.form.kinds.file import KIB
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import Card, FlowLayout, button, label, vertical

PICTURE_PX = 320


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of a visit as it is drawn; `who` is empty for the family's."""

    file: Attached
    seen: Seen | None
    who: str = field(default="", repr=False)


class AttachedPane(QWidget):
    """Hidden while there is nothing to show. `open_file` is told which one is to be seen large."""

    def __init__(self, open_file: Callable[[Attached], object]) -> None:
        super().__init__()
        self._open_file = open_file
        self.pictures: list[QLabel] = []
        self.deeds: list[QPushButton] = []
        self._card: Card | None = None
        self._column = vertical()
        self.setLayout(self._column)
        self.hide()

    def show_files(self, files: Iterable[Shown]) -> None:
        """Draw these in place of what was there."""
        shown = list(files)
        self.pictures, self.deeds = [], []
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        if shown:
            self._card = Card(_("Pictures and files"))
            beside = FlowLayout(spacing=24)
            self._card.body.addLayout(beside)
            for one in shown:
                beside.addWidget(self._made(one))
            self._column.addWidget(self._card)
        self.setVisible(bool(shown))

    def _made(self, one: Shown) -> QWidget:
        asked = plain(one.file.question) or _("Picture or file")
        column = vertical(label(" · ".join(filter(None, (asked, one.who))), role="strong"))
        if one.seen is not None and one.seen.small is not None:
            picture = label(wrap=False)
            picture.setPixmap(fitted(one.seen.small, PICTURE_PX))
            picture.setAccessibleName(_("Picture"))
            picture.setAccessibleDescription(asked)
            self.pictures.append(picture)
            column.addWidget(picture)
        column.addWidget(label(_facts(one), role="muted"))
        if one.seen is not None:
            deed = button(_("Open"), partial(self._open_file, one.file))
            deed.setAccessibleName(_("Open: {what}").format(what=asked))
            self.deeds.append(deed)
            column.addWidget(deed, 0, Qt.AlignmentFlag.AlignLeft)
        made = QWidget()
        made.setLayout(column)
        made.setFixedWidth(theme.px(PICTURE_PX))
        return made


def _facts(one: Shown) -> str:
    if one.seen is None:
        return _("It is part of the record and not on this computer.")
    what = _("Picture") if one.seen.small is not None else _("File")
    said = [_("{what}, {size} KB").format(what=what, size=number(-(-one.seen.size // KIB)))]
    return " · ".join([*said, *([_("not sent yet")] if one.file.waits else [])])
