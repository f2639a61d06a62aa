"""From an author's XLSForm to the XForm the engine reads, once, when a form is written; never when a visit is opened.

`python -m healthvisit.forms.xlsform --compile DIR` writes every DIR/*.md as DIR/*.xml;
`--check DIR` compiles again and fails when a committed XForm differs from its source.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from healthvisit.forms.errors import FormError


def compile_markdown(text: str) -> str:
    """Compile one XLSForm, written as Markdown tables, to XForm XML (one element a line, same text for same source).

    Raises:
        FormError: `form.does_not_compile`, with `sheet`, `row`, `column` or `line` where they are known, and `reason`;
            `form.compiler_missing` where the extra `healthvisit[author]` is not installed.
    """
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2xform import convert
    except ImportError as exc:
        raise FormError("form.compiler_missing", name="healthvisit[author]") from exc
    try:
        xform: str = convert(text, validate=False, pretty_print=True, file_type=".md").xform
    except PyXFormError as exc:
        raise FormError("form.does_not_compile", **_place(exc, text), reason=str(exc)) from exc
    return xform if xform.endswith("\n") else xform + "\n"


def _place(error: Exception, text: str) -> dict[str, object]:
    """Sheet, row and column: from the compiler's context, else from its words; else the line with what it quotes."""
    found = {key: value for key, value in getattr(error, "context", {}).items() if key in ("sheet", "row", "column")}
    words = str(error)
    if "row" not in found and (row := re.search(r"\[row ?: ?(\d+)\]", words)):
        found["row"] = int(row[1])
    if "sheet" not in found and (sheet := re.search(r"(?:the '(\w+)' sheet)|(?:a (\w+) sheet)", words)):
        found["sheet"] = sheet[1] or sheet[2]
    if "row" not in found and (quoted := re.search(r"'([^']+)'", words)):
        lines = [
            number
            for number, line in enumerate(text.splitlines(), 1)
            if re.search(rf"\|\s*{re.escape(quoted[1])}\b", line)
        ]
        found |= {"line": lines[0]} if lines else {}
    return found


def compile_folder(folder: Path, *, write: bool, functions: Sequence[str] = ()) -> list[str]:
    """Compile every Markdown form of `folder`; a line comes back for each that is broken, or stale when not writing.

    Args:
        folder: Where *.md and *.xml stand side by side.
        write: Write the XForm beside its source; otherwise compare with the one that stands there.
        functions: Names of functions that the program hands in when it opens these forms.
    """
    from healthvisit.forms.definition import FormDefinition

    faults = []
    for source in sorted(folder.glob("*.md")):
        target = source.with_suffix(".xml")
        try:
            xform = compile_markdown(source.read_text(encoding="utf-8"))
            FormDefinition.load(xform, functions=functions).require_resolved()
        except FormError as exc:
            faults.append(f"{source.name}: {exc}")
            continue
        if write:
            target.write_text(xform, encoding="utf-8", newline="\n")
        elif not target.exists() or target.read_text(encoding="utf-8") != xform:
            faults.append(f"{target.name}: stale, compile it again")
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 when a form is broken or stale."""
    parser = argparse.ArgumentParser(prog="python -m healthvisit.forms.xlsform", description=__doc__)
    deed = parser.add_mutually_exclusive_group(required=True)
    deed.add_argument("--compile", metavar="DIR", type=Path, help="write DIR/*.xml from DIR/*.md")
    deed.add_argument("--check", metavar="DIR", type=Path, help="fail when a DIR/*.xml is stale")
    parser.add_argument(
        "--function", metavar="NAME", action="append", default=[], help="a function the program hands in"
    )
    options = parser.parse_args(arguments)
    faults = compile_folder(options.compile or options.check, write=bool(options.compile), functions=options.function)
    sys.stdout.writelines(fault + "\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
