"""The expressions of one form, each with what it looks at."""

from healthvisit.forms.graph import Reads, Schema
from healthvisit.forms.instance import names_in
from healthvisit.forms.xpath.compile import Expression, compile_expression
from healthvisit.forms.xpath.parse import XPathError

_NEVER = frozenset(("false()", ""))


class Expressions:
    """Compiles them. `wants` are functions that the caller has to hand in, `unresolved` what leads nowhere."""

    def __init__(self, schema: Schema, functions: frozenset[str]) -> None:
        self.wants: set[str] = set()
        self.unresolved: list[tuple[str, str]] = []
        self._schema = schema
        self._functions = functions
        self._repeats = {names_in(path) for path in schema.repeats}

    def find(self, source: str | None, path: str) -> Expression | None:
        """An expression that belongs to `path`; None where nothing is written.

        Raises:
            XPathError: As `compile_expression`, with the path.
        """
        if source is None or not source.strip():
            return None
        try:
            expression = compile_expression(source.strip(), repeats=self._repeats, functions=self._functions)
        except XPathError as exc:
            exc.details["path"] = path
            raise
        self.wants |= expression.wants
        return expression

    def find_condition(self, source: str | None, path: str) -> Expression | None:
        """As `find`, but what is never true needs no expression."""
        return None if source is None or source.strip() in _NEVER else self.find(source, path)

    def reads(self, expression: Expression, path: str) -> Reads:
        """What an expression that belongs to `path` looks at."""
        return self._schema.reads(expression, path)

    def reads_in_rows(self, rows: Expression, said: Expression, path: str) -> Reads:
        """What a list looks at, and what its rows say, which changes where they are instances of a repeat."""
        return self.reads(
            compile_expression(f"({rows.source})[{said.source}]", repeats=self._repeats, functions=self._functions),
            path,
        )

    def note(self, expression: Expression, path: str) -> None:
        """Remember an expression that leads nowhere."""
        if self.reads(expression, path).is_unresolved:
            self.unresolved.append((path, expression.source))
