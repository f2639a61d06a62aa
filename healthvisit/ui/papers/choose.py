"""Which papers, then Print or Save as a file. Nothing stays behind in a temporary file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from healthvisit.services import printouts
from healthvisit.ui import theme
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import _, borrowed, ngettext
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers.gather import Papers
from healthvisit.ui.printing import Letter, PrintError, page_count, save_pdf, to_printer
from healthvisit.ui.shortcuts import sequence
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical

Read = Callable[[Any, frozenset[str]], Any]
Make = Callable[[frozenset[str], Any], Papers]


@dataclass(frozen=True, slots=True)
class PaperChoice:
    """One kind of paper that can be had here."""

    key: str
    text: str
    ticked: bool = False


class PaperDialog(QDialog):
    """Tick, then Print (Ctrl+Enter) or Save as a file.

    Args:
        parent: The page that prints.
        desk: Reads, and notes each print.
        choices: What can be had.
        read: Given the unit of work and the wanted keys, reads on the vault lane.
        make: Given the wanted keys and what was read, makes the letters.
    """

    def __init__(self, parent: QWidget, desk: Desk, choices: Sequence[PaperChoice], *, read: Read, make: Make) -> None:
        super().__init__(parent)
        self.setWindowTitle("healthvisit")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._read, self._make = desk, read, make
        self.papers = ChoiceGroup(_("What to print"), [Choice(c.key, c.text) for c in choices], many=True, below=True)
        self.papers.choose(*(c.key for c in choices if c.ticked))
        self.said = label(role="muted")
        self.print_it = button(_("Print"), self.print_now, "primary")
        self.save_it = button(_("Save as a file"), self._ask_folder)
        deeds = horizontal(button(_("Cancel"), self.reject), self.save_it, self.print_it)
        deeds.insertStretch(0)
        self.setLayout(vertical(label(_("Print"), "heading"), self.papers, self.said, deeds, margins=24, spacing=16))
        self.setMinimumWidth(theme.px(460))
        if QPrinterInfo.defaultPrinter().isNull():
            self.print_it.setEnabled(False)
            self.said.setText(_("This computer knows no printer. Save as a file, and print it elsewhere."))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(sequence(key), self, self.print_it.click)

    def print_now(self) -> None:
        """Print what is ticked on the printer of this computer."""
        self._go(lambda letter, number: to_printer(letter, QPrinter(QPrinter.PrinterMode.HighResolution), number))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Where to?"))
        if folder:
            self.save_to(Path(folder))

    def save_to(self, folder: Path) -> None:
        """Write what is ticked as ``healthvisit-NUMBER.pdf`` into a folder a person chose."""
        self._go(lambda letter, number: save_pdf(letter, folder, number))

    def _go(self, out: Callable[[Letter, int], object]) -> None:
        wanted = frozenset(self.papers.keys())
        if not wanted:
            self.papers.set_error(_("Choose at least one."))
            return
        self.papers.set_error("")
        self._desk.read(
            lambda work: self._read(work, wanted),
            done=lambda got: self._number(self._make(wanted, got), out),
            failed=self._failed,
            owner=self,
        )

    def _number(self, made: Papers, out: Callable[[Letter, int], object]) -> None:
        if not made:
            self.said.setText(_("There is nothing to print."))
            return
        noted = tuple((kind, page_count(letter)) for kind, letter in made)
        self._desk.save(
            lambda work: printouts.note_print(work, noted),
            done=lambda first: self._put_out(made, first, out),
            failed=self._failed,
            owner=self,
        )

    def _put_out(self, made: Papers, first: int, out: Callable[[Letter, int], object]) -> None:
        try:
            with borrowed(self._desk.preferences.print_language):
                for number, (_kind, letter) in enumerate(made, start=first):
                    out(letter, number)
        except PrintError as error:
            self._failed(error)
            return
        count = len(made)
        self.said.setText(ngettext("{n} paper done.", "{n} papers done.", count).format(n=count))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.said.setText(sentence(error))


def choose_papers(
    parent: QWidget, desk: Desk, choices: Sequence[PaperChoice], *, read: Read, make: Make
) -> PaperDialog:
    """Open the dialog over a page."""
    dialog = PaperDialog(parent, desk, choices, read=read, make=make)
    dialog.open()
    return dialog
