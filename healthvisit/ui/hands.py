"""What the open house can do further down, handed to it as functions."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

from healthvisit.services.delivery import Delivery
from healthvisit.settings import Preferences
from healthvisit.ui.sender import Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Each function runs on the lane named."""

    check_passphrase: Callable[[str], bool]  # vault
    change_passphrase: Callable[[str, str], None]  # vault
    delivery: Callable[[], Delivery]  # vault
    exchange: Callable[[Stop, Callable[[int, int], object]], Any]  # network
    join: Callable[[Event, str, str], None]  # network
    same_passphrase: Callable[[str, str], bool]  # main
    check_code: Callable[[str], None]  # main
    keep_preferences: Callable[[Preferences], None]  # main
    rest: Callable[[], None]  # vault, once everything stands
    closed: Callable[[], object]  # main
