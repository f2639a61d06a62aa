"""What a form asks, read once from its XForm."""

from collections.abc import Sequence

from healthvisit.forms.instance import parse_xml


class FormDefinition:
    """One form; never changes."""

    @classmethod
    def load(cls, xform: str, *, functions: Sequence[str] = ()) -> "FormDefinition":
        """Read an XForm."""
        del functions
        parse_xml(xform)
        return cls()

    def require_resolved(self) -> None:
        """Refuse paths that lead nowhere."""
