"""Expressions as text to trees of tuples: XPath 1.0's grammar, its lexer's rules for `*`, `-`, `div` and the like.

A tree is one of
`("number", float)` · `("string", str)` · `("variable", name)` · `("negate", tree)` · `(operator, left, right)` ·
`("call", name, (argument, …), position)` · `("path", start, (step, …))` where `start` is None (relative), "/" or a
tree · `("filter", tree, (predicate, …))`; a step is `(axis, test, (predicate, …))` and a test one of
`("name", name)`, `("any", prefix)`, `("kind", "node" | "text" | "comment" | "processing-instruction", literal)`.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from healthvisit.forms.errors import FormError

Tree = tuple[Any, ...]

AXES = frozenset(
    (
        "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following",
        "following-sibling", "namespace", "parent", "preceding", "preceding-sibling", "self",
    )
)  # fmt: skip
NODE_KINDS = frozenset(("node", "text", "comment", "processing-instruction"))
LEVELS = {
    "or": 0,
    "and": 1,
    "=": 2,
    "!=": 2,
    "<": 3,
    "<=": 3,
    ">": 3,
    ">=": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "div": 5,
    "mod": 5,
}
ANY_NODE = ("kind", "node", None)
EVERYTHING_BELOW = ("descendant-or-self", ANY_NODE, ())
DEEPEST = 100  # brackets within brackets; beyond this it is an attack on the stack, not a question

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<string>"[^"]*"|'[^']*')
  | (?P<name>[^\W\d][\w.\-]*(?::(?!:)(?:\*|[^\W\d][\w.\-]*))?)
  | (?P<symbol>\.\.|//|::|!=|<=|>=|[.()\[\]@,/|+\-=<>*$])
  )""",
    re.VERBOSE,
)
_NAMED_OPERATORS = frozenset(("and", "or", "mod", "div"))
_OPERATOR_SYMBOLS = frozenset(("/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">=", "*"))
_ENDS_OPERAND = frozenset((")", "]", ".", "..", "*"))


class XPathError(FormError):
    """An expression that cannot be read or run; `position` counts characters from 0."""

    def __init__(self, code: str, expression: str, position: int = 0, **details: Any) -> None:
        super().__init__(code, expression=expression, position=position, **details)
        self.expression = expression
        self.position = position


class _Token(NamedTuple):
    kind: str  # number, string, name, operator, symbol, end
    text: str
    position: int


def _tokens(expression: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    end = len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            raise XPathError("form.syntax", expression, at + len(expression[at:]) - len(expression[at:].lstrip()))
        kind, text, at = match.lastgroup, match[match.lastgroup], match.end()
        last = tokens[-1] if tokens else None
        follows_operand = last is not None and (
            last.kind in {"number", "string", "name"} or (last.kind == "symbol" and last.text in _ENDS_OPERAND)
        )
        if follows_operand and kind == "name" and (word := _leading_operator(text)):
            kind, at = "operator", at - len(text) + len(word)
            text = word
        elif (text == "*" and follows_operand) or (kind == "symbol" and text in _OPERATOR_SYMBOLS - {"*"}):
            kind = "operator"
        tokens.append(_Token(kind, text, at - len(text)))
    tokens.append(_Token("end", "", end))
    return tokens


def _leading_operator(text: str) -> str | None:
    """After an operand a name can only be an operator, also when written `a mod-1`, `1and1` or `6orpath`."""
    return next((word for word in _NAMED_OPERATORS if text.startswith(word)), None)


@lru_cache(maxsize=8192)
def parse(expression: str) -> Tree:
    """Read one expression.

    Raises:
        XPathError: `form.syntax`, with the position of what does not fit.
    """
    parser = _Parser(expression)
    tree = parser.operators()
    if parser.token.kind != "end":
        raise parser.error()
    return tree


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = _tokens(expression)
        self._at = 0
        self._depth = 0
        self.token = self._tokens[0]

    def error(self) -> XPathError:
        return XPathError("form.syntax", self._expression, self.token.position)

    def _next(self) -> _Token:
        taken = self.token
        self._at += 1
        self.token = self._tokens[min(self._at, len(self._tokens) - 1)]
        return taken

    def _is(self, *texts: str) -> bool:
        return self.token.text in texts and self.token.kind in ("symbol", "operator")

    def _peek(self) -> _Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def _deeper(self, position: int) -> None:
        """Another bracket is open."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise XPathError("form.too_deep", self._expression, position, limit=DEEPEST)

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self.error()
        self._next()

    def operators(self, loosest: int = 0) -> Tree:
        """Binary operators from level `loosest` on, all grouping to the left."""
        tree = self._unary()
        while self.token.kind == "operator" and (level := LEVELS.get(self.token.text, -1)) >= loosest:
            operator = self._next().text
            tree = (operator, tree, self.operators(level + 1))
        return tree

    def _unary(self) -> Tree:
        minuses = 0
        while self._is("-"):
            self._next()
            minuses += 1
        tree = self._union()
        return tree if not minuses else ("negate", tree) if minuses % 2 else ("negate", ("negate", tree))

    def _union(self) -> Tree:
        tree = self._path()
        while self._is("|"):
            self._next()
            tree = ("|", tree, self._path())
        return tree

    def _path(self) -> Tree:
        if self._starts_operand():
            return self._filtered()
        if self._is("/"):
            self._next()
            return ("path", "/", self._steps() if self._starts_step() else ())
        if self._is("//"):
            self._next()
            return ("path", "/", (EVERYTHING_BELOW, *self._steps()))
        return ("path", None, self._steps())

    def _filtered(self) -> Tree:
        tree = self._operand()
        predicates = self._predicates()
        if predicates:
            tree = ("filter", tree, predicates)
        if self._is("/"):
            self._next()
            return ("path", tree, self._steps())
        if self._is("//"):
            self._next()
            return ("path", tree, (EVERYTHING_BELOW, *self._steps()))
        return tree

    def _starts_operand(self) -> bool:
        token = self.token
        if token.kind in ("number", "string") or self._is("(", "$"):
            return True
        return token.kind == "name" and self._peek().text == "(" and token.text not in NODE_KINDS

    def _operand(self) -> Tree:
        token = self._next()
        if token.kind == "number":
            return ("number", float(token.text))
        if token.kind == "string":
            return ("string", token.text[1:-1])
        if token.text == "$":
            return ("variable", self._name())
        if token.kind == "name":
            return self._call(token)
        return self._bracketed()

    def _bracketed(self) -> Tree:
        self._deeper(self.token.position)
        tree = self.operators()
        self._expect(")")
        self._depth -= 1
        return tree

    def _call(self, name: _Token) -> Tree:
        self._expect("(")
        arguments: list[Tree] = []
        self._deeper(name.position)
        while not self._is(")"):
            arguments.append(self.operators())
            if not self._is(")"):
                self._expect(",")
                if self._is(")"):
                    raise self.error()
        self._next()
        self._depth -= 1
        return ("call", name.text, tuple(arguments), name.position)

    def _name(self) -> str:
        if self.token.kind != "name":
            raise self.error()
        return self._next().text

    def _starts_step(self) -> bool:
        return self.token.kind == "name" or self._is(".", "..", "@", "*")

    def _steps(self) -> tuple[Tree, ...]:
        steps = [self._step()]
        while self._is("/", "//"):
            if self._next().text == "//":
                steps.append(EVERYTHING_BELOW)
            steps.append(self._step())
        return tuple(steps)

    def _step(self) -> Tree:
        if self._is("."):
            self._next()
            return ("self", ANY_NODE, self._predicates())
        if self._is(".."):
            self._next()
            return ("parent", ANY_NODE, self._predicates())
        axis = "child"
        if self._is("@"):
            self._next()
            axis = "attribute"
        elif self.token.kind == "name" and self._peek().text == "::":
            if self.token.text not in AXES:
                raise XPathError("form.unknown_axis", self._expression, self.token.position, name=self.token.text)
            axis = self._next().text
            self._next()
        return (axis, self._test(), self._predicates())

    def _test(self) -> Tree:
        if self._is("*"):
            self._next()
            return ("any", None)
        token = self.token
        name = self._name()
        if self._is("(") and name in NODE_KINDS:
            self._next()
            has_target = name == "processing-instruction" and self.token.kind == "string"
            literal = self._next().text[1:-1] if has_target else None
            self._expect(")")
            return ("kind", name, literal)
        if self._is("("):
            raise XPathError("form.syntax", self._expression, token.position)
        return ("any", name[:-2]) if name.endswith(":*") else ("name", name)

    def _predicates(self) -> tuple[Tree, ...]:
        predicates: list[Tree] = []
        while self._is("["):
            self._next()
            self._deeper(self.token.position)
            predicates.append(self.operators())
            self._expect("]")
            self._depth -= 1
        return tuple(predicates)
