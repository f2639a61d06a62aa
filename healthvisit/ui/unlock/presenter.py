"""Unlocking: how often it was tried, how long to wait, and whether the computer's date can be true."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from healthvisit.domain.errors import HealthvisitError

FREE_TRIES, LONGEST_WAIT_S = 5, 60
EARLIEST, LATEST = date(2020, 1, 1), date(2050, 1, 1)  # outside, a clock has lost its battery
LONG_DAYS = 30
WRONG = "vault.wrong_passphrase"


def wait_s(wrong: int) -> int:
    """Seconds to wait after so many wrong tries: none, and from the fifth on 1, 2, 4 … 60."""
    return 0 if wrong < FREE_TRIES else min(LONGEST_WAIT_S, 1 << min(wrong - FREE_TRIES, 6))


class UnlockScreen(Protocol):
    """What the presenter asks of the window."""

    def show_busy(self) -> None: ...
    def show_empty(self) -> None: ...
    def show_wrong(self, wait_s: int) -> None: ...
    def show_wait(self, left_s: int) -> None: ...
    def show_trouble(self, error: BaseException) -> None: ...


class UnlockPresenter:
    """Passes passphrases on, counts wrong ones, and makes her wait after five.

    Args:
        try_passphrase: Called with what was typed and the number of the slot; it answers later, through `failed`.
        wrong: Wrong tries so far, kept from the last start, so that closing the program saves no waiting.
        counted: Told each new count, to be kept beside the vault; 0 once it has opened.
    """

    def __init__(
        self,
        try_passphrase: Callable[[str, int], object],
        *,
        wrong: int = 0,
        counted: Callable[[int], object] = lambda _wrong: None,
    ) -> None:
        self.wrong = wrong
        self.left_s = wait_s(wrong)
        self._try, self._counted = try_passphrase, counted
        self._screen: UnlockScreen

    def attach(self, screen: UnlockScreen) -> None:
        self._screen = screen

    def enter(self, typed: str, slot: int) -> None:
        """Try what was typed, unless nothing was or she has to wait."""
        if self.left_s:
            return
        if not typed.strip():
            self._screen.show_empty()
            return
        self._screen.show_busy()
        self._try(typed, slot)

    def opened(self) -> None:
        """It was right: the count begins again."""
        self.wrong = 0
        self._counted(0)

    def failed(self, error: BaseException) -> None:
        """It was wrong, or the file itself is in trouble."""
        if not isinstance(error, HealthvisitError) or error.code != WRONG:
            self._screen.show_trouble(error)
            return
        self.wrong += 1
        self._counted(self.wrong)
        self.left_s = wait_s(self.wrong)
        self._screen.show_wrong(self.left_s)

    def second_passed(self) -> None:
        """One second of waiting is over."""
        self.left_s = max(0, self.left_s - 1)
        self._screen.show_wait(self.left_s)


class Doubt(StrEnum):
    """Why the computer's date is asked about."""

    IMPOSSIBLE = "impossible"
    BEFORE_WORK = "before_work"
    LONG_AGO = "long_ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateQuestion:
    """The computer's day, why it is doubted, and what it is compared with."""

    today: date
    doubt: Doubt
    last_work: date | None = None
    last_unlock: date | None = None

    @property
    def days_ago(self) -> int:
        """Days since the last unlock."""
        return (self.today - self.last_unlock).days if self.last_unlock else 0


def date_question(today: date, *, last_work: date | None, last_unlock: date | None) -> DateQuestion | None:
    """The question to ask before anything is dated with `today`; None where the date is believed.

    Args:
        today: What the computer, or the offset kept from the last question, says.
        last_work: Day of the last signed work on this computer.
        last_unlock: Day it was last opened.
    """
    if not EARLIEST <= today < LATEST:
        doubt = Doubt.IMPOSSIBLE
    elif last_work is not None and today < last_work:
        doubt = Doubt.BEFORE_WORK
    elif last_unlock is not None and (today - last_unlock).days > LONG_DAYS:
        doubt = Doubt.LONG_AGO
    else:
        return None
    return DateQuestion(today=today, doubt=doubt, last_work=last_work, last_unlock=last_unlock)


class DateScreen(Protocol):
    """What the presenter asks of the page."""

    def ask_day(self) -> None: ...
    def show_impossible(self) -> None: ...
    def show_before_work(self) -> None: ...


class DatePresenter:
    """Ends with one confirmed day. A day before the last signed work has to be said twice."""

    def __init__(self, question: DateQuestion, done: Callable[[date], object]) -> None:
        self.question = question
        self._done = done
        self._warned: date | None = None
        self._screen: DateScreen

    def attach(self, screen: DateScreen) -> None:
        self._screen = screen

    def yes(self) -> None:
        """The computer is right."""
        self._take(self.question.today)

    def no(self) -> None:
        """It is another day."""
        self._screen.ask_day()

    def day(self, typed: date) -> None:
        """The day she typed."""
        self._take(typed)

    def _take(self, day: date) -> None:
        if not EARLIEST <= day < LATEST:
            self._screen.show_impossible()
        elif self.question.last_work is not None and day < self.question.last_work and self._warned != day:
            self._warned = day
            self._screen.show_before_work()
        else:
            self._done(day)
