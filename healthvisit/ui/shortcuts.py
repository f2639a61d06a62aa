"""The keys of the program: one table for the shortcuts, the list under F1 and the tests; the same under any layout."""

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from healthvisit.ui.i18n import N_

CYRILLIC = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", strict=True))
"""The letter a Russian layout has on the same key. A Turkmen layout keeps our letters where they are."""


@dataclass(frozen=True, slots=True)
class Key:
    """A command, the keys for it (the first is the one shown), and what it does in words."""

    command: str
    keys: tuple[str, ...]
    words: str

    def sequences(self) -> list[QKeySequence]:
        """Every key sequence that gives this command, those of a Russian layout included."""
        return [sequence(text) for key in self.keys for text in (key, russian(key)) if text]


def sequence(text: str) -> QKeySequence:
    """Keys by their English names, whatever the program speaks.

    Qt's own reading goes through our catalogue, where Return and Enter may have one name: two shortcuts on the same
    keys, and neither answers.
    """
    return QKeySequence(text, QKeySequence.SequenceFormat.PortableText)


def russian(key: str) -> str:
    """The same keys as a Russian layout names them, or an empty string: "Ctrl+F" is "Ctrl+А"."""
    before, _plus, last = key.rpartition("+")
    return f"{before}+{CYRILLIC[last]}" if last in CYRILLIC else ""


PAGES = (
    Key("page_1", ("Ctrl+1",), N_("Today")),
    Key("page_2", ("Ctrl+2",), N_("Families")),
    Key("page_3", ("Ctrl+3",), N_("Visit open")),
    Key("page_4", ("Ctrl+4",), N_("Sync")),
    Key("page_5", ("Ctrl+5",), N_("Settings")),
)
COMMANDS = (
    Key("find", ("Ctrl+F",), N_("Find a child or a family")),
    Key("new_visit", ("Ctrl+N",), N_("New visit")),
    Key("new_family", ("Ctrl+Shift+N",), N_("New family")),
    Key("from_paper", ("Ctrl+E",), N_("Type in a visit from paper")),
    Key("danger", ("Ctrl+D",), N_("Danger now")),
    Key("check", ("Ctrl+G",), N_("Development check of the child")),
    Key("private_note", ("Ctrl+Shift+P",), N_("Private note")),
    Key("print", ("Ctrl+P",), N_("Print")),
    Key("lock", ("Ctrl+L",), N_("Lock")),
    Key("back", ("Alt+Left",), N_("Back")),
    Key("help", ("F1", "Ctrl+H"), N_("Help and this list of keys")),
    Key("show_family", ("F6", "Ctrl+Shift+F"), N_("Show to family")),
    Key("wording_language", ("F7", "Ctrl+Shift+L"), N_("Language of the questions")),
    Key("hide", ("F12",), N_("Hide what is on the screen")),
)
ON_PAGES = (
    Key("", ("Ctrl+Return",), N_("Save and continue, or send")),
    Key("", ("Return",), N_("Open a row; in a field: go on to the next")),
    Key("", ("Ctrl+Z",), N_("Take back the last answer")),
    Key("", ("Space",), N_("Put a row into today's round")),
    Key("", ("1", "2", "3"), N_("Choose an answer")),
)
"""Keys that pages handle themselves; listed under F1."""
