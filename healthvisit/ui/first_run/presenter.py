"""The five pages of the first run: what is chosen, which page follows, what is still wrong."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

WORDS_DRAWN = 5
OWN_LENGTH = 12
LABEL_LENGTH = 12


class Join(NamedTuple):
    """What the office gave: the enrolment code as typed, and the office card's path or the office's address."""

    code: str
    card: str

    def __repr__(self) -> str:
        return f"Join(card={self.card!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRunResult:
    """All that was chosen. `label` stands readable on the unlock page; `join` is None for later.

    With `practice` there is nothing but the language: practice brings its own lock.
    """

    language: str
    practice: bool
    passphrase: str = field(repr=False)
    label: str
    join: Join | None = None


class Page(StrEnum):
    """The pages in their order."""

    LANGUAGE = "language"
    PURPOSE = "purpose"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a page
    HELP = "help"
    JOIN = "join"


class Fault(StrEnum):
    """What keeps a page from being left."""

    NO_PURPOSE = "no_purpose"
    TOO_SHORT = "too_short"
    NOT_THE_SAME = "not_the_same"
    NO_LABEL = "no_label"


class FirstRunScreen(Protocol):
    """What the presenter asks of the window."""

    def show_page(self, page: Page) -> None: ...
    def show_words(self, phrase: str) -> None: ...
    def show_fault(self, fault: Fault) -> None: ...


class FirstRunPresenter:
    """Leads from page to page and hands the result over once, at the end.

    Args:
        words: The word list of a language.
        same: Whether two passphrases open the same lock (the vault's folding).
        done: Given the result.
        draw: Takes one word of a list by chance.
    """

    def __init__(
        self,
        *,
        words: Callable[[str], Sequence[str]],
        same: Callable[[str, str], bool],
        done: Callable[[FirstRunResult], object],
        draw: Callable[[Sequence[str]], str] = secrets.choice,
    ) -> None:
        self.page = Page.LANGUAGE
        self.language = "tk"
        self.practice: bool | None = None
        self.is_own = False
        self.phrase = ""
        self.label = ""
        self._words, self._same, self._done, self._draw = words, same, done, draw
        self._screen: FirstRunScreen

    def attach(self, screen: FirstRunScreen) -> None:
        self._screen = screen

    @property
    def pages(self) -> list[Page]:
        """The pages of this run: practice has a lock of its own, joins no office and needs nobody to call."""
        return [Page.LANGUAGE, Page.PURPOSE] if self.practice else list(Page)

    def choose_language(self, code: str) -> None:
        """The program's language; words already drawn in another one go."""
        if code != self.language:
            self.language, self.phrase = code, ""

    def choose_purpose(self, *, practice: bool) -> None:
        self.practice = practice

    def draw_words(self) -> None:
        """Five other words."""
        self.is_own = False
        words = self._words(self.language)
        drawn: list[str] = []
        while len(drawn) < WORDS_DRAWN:
            word = self._draw(words)
            if word not in drawn:
                drawn.append(word)
        self.phrase = " ".join(drawn)
        self._screen.show_words(self.phrase)

    def use_own(self) -> None:
        """She would rather choose a phrase herself."""
        self.is_own, self.phrase = True, ""

    def next(self, *, phrase: str = "", again: str = "", label: str = "") -> None:
        """Leave this page if nothing is wrong on it; the passphrase page hands over what stands in its fields."""
        fault = self._fault(phrase, again, label)
        if fault is not None:
            self._screen.show_fault(fault)
            return
        if self.page is Page.PASSPHRASE:
            self.phrase = phrase if self.is_own else self.phrase
            self.label = label.strip()
        at = self.pages.index(self.page) + 1
        if at == len(self.pages):
            self.finish(None)
        else:
            self._go(self.pages[at])

    def back(self) -> None:
        """The page before; what was chosen stays."""
        self._go(self.pages[max(0, self.pages.index(self.page) - 1)])

    def finish(self, join: Join | None) -> None:
        """The end: joined now, or later."""
        self._done(
            FirstRunResult(
                language=self.language,
                practice=bool(self.practice),
                passphrase=self.phrase,
                label=self.label,
                join=None if self.practice else join,
            )
        )

    def _go(self, page: Page) -> None:
        self.page = page
        if page is Page.PASSPHRASE and not self.is_own and not self.phrase:
            self.draw_words()
        self._screen.show_page(page)

    def _fault(self, phrase: str, again: str, label: str) -> Fault | None:
        if self.page is Page.PURPOSE and self.practice is None:
            return Fault.NO_PURPOSE
        if self.page is not Page.PASSPHRASE:
            return None
        wanted = phrase if self.is_own else self.phrase
        if self.is_own and len(" ".join(phrase.split())) < OWN_LENGTH:
            return Fault.TOO_SHORT
        if not self._same(wanted, again):
            return Fault.NOT_THE_SAME
        return None if label.strip() else Fault.NO_LABEL
