"""Settings: each choice holds at once; a new passphrase is checked before the vault is asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from healthvisit.settings import Preferences

OWN_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsDeeds:
    """What Settings asks of the program.

    Attributes:
        changed: Given the new preferences, to be saved; look and language have changed already.
        change_passphrase: Old and new one; runs on the vault lane and raises ``vault.wrong_passphrase``.
        same: Whether two passphrases open the same lock (the vault's folding).
        log_text: The log for support, as it would be handed over; runs on the vault lane.
        version: Of this program.
    """

    changed: Callable[[Preferences], object]
    change_passphrase: Callable[[str, str], object]
    same: Callable[[str, str], bool]
    log_text: Callable[[], str]
    version: str


class Fault(StrEnum):
    """What is wrong with a passphrase to be changed."""

    NO_OLD = "no_old"
    TOO_SHORT = "too_short"
    NOT_THE_SAME = "not_the_same"


class SettingsScreen(Protocol):
    """What the presenter asks of the page."""

    def show_applied(self, preferences: Preferences) -> None: ...
    def show_fault(self, fault: Fault) -> None: ...
    def run_change(self, old: str, new: str) -> None: ...


class SettingsPresenter:
    """Keeps the preferences and passes each change on."""

    def __init__(self, preferences: Preferences, deeds: SettingsDeeds) -> None:
        self.preferences = preferences
        self._deeds = deeds
        self._screen: SettingsScreen

    def attach(self, screen: SettingsScreen) -> None:
        self._screen = screen

    def choose(self, **chosen: Any) -> None:
        """Take one choice, such as ``theme="dark"``; the same again does nothing."""
        after = replace(self.preferences, **chosen)
        if after == self.preferences:
            return
        self.preferences = after
        self._screen.show_applied(after)
        self._deeds.changed(after)

    def change_passphrase(self, old: str, new: str, again: str) -> None:
        """Ask the vault for another passphrase, if the three texts can be meant so."""
        if not old.strip():
            self._screen.show_fault(Fault.NO_OLD)
        elif len(" ".join(new.split())) < OWN_LENGTH:
            self._screen.show_fault(Fault.TOO_SHORT)
        elif not self._deeds.same(new, again):
            self._screen.show_fault(Fault.NOT_THE_SAME)
        else:
            self._screen.run_change(old, new)
