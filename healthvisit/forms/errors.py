"""What can be wrong with a form: a code, and the place in the author's workbook or in the XForm."""

from typing import Any

from healthvisit.domain.errors import InputError


class FormError(InputError):
    """A form, an expression or a mapping that cannot be used.

    `details` names the place as far as it is known: `path` (of the question), `expression`, `position` (character,
    from 0), `name`, or `sheet`, `row`, `column` of the workbook and `reason`, the compiler's own words; never an
    answer.
    """

    def __init__(self, code: str, /, **details: Any) -> None:
        super().__init__(code, **{key: value for key, value in details.items() if value is not None})

    def __str__(self) -> str:
        """The code and the place, for an author's terminal."""
        place = ", ".join(f"{key} {value}" for key, value in self.details.items())
        return f"{self.code}: {place}" if place else self.code
