"""Small pieces of the HTML that papers are made of; everything that comes from a record is escaped."""

from collections.abc import Iterable, Sequence
from html import escape


def text(words: str) -> str:
    """Words of a record or catalogue, made harmless; line breaks stay."""
    return escape(words).replace("\n", "<br>")


def lines(words: Iterable[str], kind: str = "") -> str:
    """Each a line of its own; empty ones are left out."""
    held = "<br>".join(text(word) for word in words if word)
    return f'<p class="{kind}">{held}</p>' if kind else f"<p>{held}</p>"


def heading(words: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{text(words)}</h{level}>"


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[int] = (), raw: bool = False, pad: int = 4
) -> str:
    """A table with lines; cells are escaped unless `raw` says that they are made of these pieces."""
    sizes = [f' width="{w}%"' for w in widths] or [""] * len(heads)
    head = "".join(f"<th align='left'{size}>{text(h)}</th>" for h, size in zip(heads, sizes, strict=True))
    body = "".join("<tr>" + "".join(f"<td>{c if raw else text(c)}</td>" for c in row) + "</tr>" for row in rows)
    top = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    return f"<table width='100%' border='1' cellspacing='0' cellpadding='{pad}'>{top}{body}</table>"


def boxes(count: int, comma_after: int | None = None) -> str:
    """Empty boxes for digits, with a comma where the decimals begin."""
    made = ""
    for at in range(count):
        made += "<big>☐</big> "
        if comma_after == at + 1:
            made += "<b>,</b> "
    return made


def blank(length: int = 24) -> str:
    """A line to write on."""
    return "_" * length


def named(name: str, filler: str) -> str:
    """A name with the place to write behind it."""
    return f"{text(name)}: {filler}"


def ticks(*answers: str) -> str:
    """Answers with a box to tick before each."""
    return " &nbsp; ".join(f"☐ {text(answer)}" for answer in answers)


def paragraph(*pieces: str) -> str:
    """Pieces beside one another."""
    return f"<p>{' &nbsp; '.join(pieces)}</p>"
