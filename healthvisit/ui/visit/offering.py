"""Answers offered anew: only where they read differently, and able to take the keyboard at once."""

from collections.abc import Iterable

from healthvisit.ui.widgets.choices import Choice, ChoiceGroup


def offer(group: ChoiceGroup, choices: Iterable[Choice]) -> None:
    """Put these into a group of answers unless they stand there; what is not shown yet cannot take the keyboard."""
    wanted = list(choices)
    held = [(key, made.text()) for key, made in group.buttons.items()]
    if held != [(choice.key, choice.text) for choice in wanted]:
        group.set_choices(wanted)
        for made in group.buttons.values():
            made.show()
