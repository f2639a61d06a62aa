"""The few marks that forms may use in their words: bold, italic, headings, links. All else is text, HTML too."""

import re
from html import escape

_MARKED = re.compile(r"[*_#\[<\n]")
_TAGS = re.compile(r"</?(?:span|p|div|br|b|i|u|strong|em|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")
_STRONG = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*_])")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")


def is_marked(text: str) -> bool:
    """Whether `text` needs more than plain drawing."""
    return _MARKED.search(text) is not None


def html(text: str) -> str:
    """`text` as HTML with nothing but bold, italic and line breaks in it; a link shows where it leads, unopened."""
    return "<br>".join(_line(line) for line in _TAGS.sub("", text).split("\n"))


def plain(text: str) -> str:
    """`text` without its marks, for a screen reader or a list."""
    if not is_marked(text):
        return text
    lines = (_HEADING.sub(r"\2", line) for line in _TAGS.sub("", text).split("\n"))
    said = _LINK.sub(r"\1 (\2)", "\n".join(lines))
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", said))


def _line(line: str) -> str:
    heading = _HEADING.match(line)
    said = escape(heading[2] if heading else line, quote=False)
    said = _LINK.sub(r"\1 (\2)", said)
    said = _EMPHASIS.sub(r"<i>\2</i>", _STRONG.sub(r"<b>\2</b>", said))
    return f"<b>{said}</b>" if heading else said
