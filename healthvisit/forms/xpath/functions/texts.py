"""Functions on text."""

import base64
import binascii
import hashlib
import math
import re
import secrets
import uuid

from healthvisit.forms.instance import Node
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.functions.numbers import round_half_up
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import Value, text_of, to_number, to_text

_MAX_PATTERN = 2_000
_BLANKS = re.compile("[ \\t\\r\\n]+")  # XML's own; a form feed is a letter
_LONGEST = 1_000_000  # letters; longer is a slip of the author
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def every_text(values: tuple[Value, ...]) -> list[str]:
    """All texts of the arguments: of a node-set every node's, not only the first."""
    texts: list[str] = []
    for value in values:
        texts.extend([text_of(node) for node in value] if isinstance(value, list) else [to_text(value)])
    return texts


def _string(c: Context, *values: Value) -> str:
    return to_text(values[0]) if values else text_of(c.node)


def _join(_: Context, separator: Value, *values: Value) -> str:
    return to_text(separator).join(every_text(values))


def _substr(_: Context, text: Value, start: Value, *end: Value) -> str:
    """From `start` (counted from 0) up to, not with, `end`; negative positions count from the back."""
    whole = to_text(text)
    first, last = _index(start), _index(end[0]) if end else len(whole)
    return "" if first is None or last is None else whole[first:last]


def _index(value: Value) -> int | None:
    number = to_number(value)
    return None if math.isnan(number) else int(max(-_LONGEST, min(_LONGEST, number)))


def _substring(_: Context, text: Value, start: Value, *length: Value) -> str:
    """XPath's own: from 1, with rounding, so that every NaN gives an empty text."""
    whole, first = to_text(text), round_half_up(to_number(start))
    last = first + round_half_up(to_number(length[0])) if length else float("inf")
    return "".join(letter for place, letter in enumerate(whole, 1) if first <= place < last)


def _translate(_: Context, text: Value, old: Value, new: Value) -> str:
    to, table = to_text(new), dict[int, str | None]()
    for place, letter in enumerate(to_text(old)):
        table.setdefault(ord(letter), to[place] if place < len(to) else None)
    return to_text(text).translate(table)


def _string_length(c: Context, *values: Value) -> float:
    return float(len(_string(c, *values)))


def _before(_: Context, text: Value, mark: Value) -> str:
    head, found, _tail = to_text(text).partition(to_text(mark)) if to_text(mark) else ("", "", "")
    return head if found else ""


def _after(_: Context, text: Value, mark: Value) -> str:
    return to_text(text).partition(to_text(mark))[2] if to_text(mark) else to_text(text)


def _regex(_: Context, text: Value, pattern: Value) -> bool:
    expression = to_text(pattern)
    try:
        return re.search(expression, to_text(text)) is not None
    except re.error as exc:
        raise XPathError("form.bad_pattern", expression[:_MAX_PATTERN], exc.pos or 0) from exc


def _uuid(_: Context, *length: Value) -> str:
    if not length:
        return str(uuid.uuid4())
    wanted = to_number(length[0])
    return "".join(secrets.choice(_ALPHABET) for _ in range(int(wanted) if 0 < wanted <= _LONGEST else 0))


_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _digest(_: Context, text: Value, algorithm: Value, *encoding: Value) -> str:
    name = to_text(algorithm)
    if name not in _HASHES:
        raise XPathError("form.unknown_digest", name)
    digest = hashlib.new(_HASHES[name], to_text(text).encode(), usedforsecurity=False).digest()
    return digest.hex() if encoding and to_text(encoding[0]) == "hex" else base64.b64encode(digest).decode()


def _base64_decode(_: Context, text: Value) -> str:
    letters = "".join(to_text(text).split())
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _pulldata(c: Context, name: Value, column: Value, key_column: Value, key: Value) -> str:
    """A cell of a table by the value of another column, from the instance of that name."""
    document = c.world.instances.get(to_text(name).removesuffix(".csv"))
    if document is None:
        return ""
    wanted = to_text(key)
    for root in document.children:
        for row in root.children:
            if any(cell.text == wanted for cell in _cells(row, to_text(key_column))):
                return next((cell.text for cell in _cells(row, to_text(column))), "")
    return ""


def _cells(row: Node, column: str) -> list[Node]:
    """The cells of a row in one column; `@column` is an attribute."""
    held = row.attributes if column.startswith("@") else row.children
    return [cell for cell in held if cell.name == column.removeprefix("@")]


TABLE = {
    "string": Function(_string, 0, 1),
    "concat": Function(lambda _, *values: "".join(every_text(values)), 0, None),
    "join": Function(_join, 1, None),
    "substr": Function(_substr, 2, 3),
    "substring": Function(_substring, 2, 3),
    "substring-before": Function(_before, 2, 2),
    "substring-after": Function(_after, 2, 2),
    "translate": Function(_translate, 3, 3),
    "string-length": Function(_string_length, 0, 1),
    "normalize-space": Function(lambda c, *values: _BLANKS.sub(" ", _string(c, *values)).strip(" "), 0, 1),
    "contains": Function(lambda _, text, part: to_text(part) in to_text(text), 2, 2),
    "starts-with": Function(lambda _, text, part: to_text(text).startswith(to_text(part)), 2, 2),
    "ends-with": Function(lambda _, text, part: to_text(text).endswith(to_text(part)), 2, 2),
    "regex": Function(_regex, 2, 2),
    "uuid": Function(_uuid, 0, 1),
    "digest": Function(_digest, 2, 3),
    "base64-decode": Function(_base64_decode, 1, 1),
    "pulldata": Function(_pulldata, 4, 4),
}
