"""What can be told to a person: a stable code with ids and limits, never a name or an answer."""

from typing import Any


class HealthvisitError(Exception):
    """Something a person can be told. Its sentence lives in `ui/messages.py` under `code`.

    Args:
        code: Stable dotted name, such as ``"vault.wrong_passphrase"``.
        details: Ids, limits and counts that the sentence may name. Never names, answers or dates of birth.
    """

    def __init__(self, code: str, /, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class InputError(HealthvisitError):
    """What the visitor can put right."""


class OutOfRangeError(InputError):
    """A number outside the pack's hard limits; `details` names the limits."""


class StoreError(HealthvisitError):
    """What the world did to the file: full disk, damage, another process."""


class OfficeError(HealthvisitError):
    """What happened on the way to the office or there."""


class OfficeUnreachableError(OfficeError):
    """No line, or nobody answers: nothing is lost, the next try comes by itself."""
