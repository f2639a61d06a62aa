"""A key of the frame on the page that is shown: what the page does itself, and what each page of a kind does."""

from collections.abc import Callable
from typing import Any

OWN_DEEDS = {
    "print": "print_page", "show_family": "show_to_family", "hide": "show_to_family", "new_visit": "new_visit"
}  # fmt: skip


def do_on_page(page: Any, command: str, back: Callable[[], object]) -> None:
    """Ask the page first; a deed that it does not know is none there."""
    own = getattr(page, "command", None)
    if own is not None and own(command):
        return
    if command == "back":
        back()
    elif (deed := getattr(page, OWN_DEEDS.get(command, ""), None)) is not None:
        deed()
