"""Forms checked against what the program's own know: entries that answers go to, lists that come with a visit."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from healthvisit.settings import resource

if TYPE_CHECKING:
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.findings import Finding


def known() -> tuple[dict[str, set[str]], set[str]]:
    """Entries with their fields, and the lists handed in: those that the program's own forms use."""
    from healthvisit.forms.definition import FormDefinition

    vocabulary: dict[str, set[str]] = {}
    given: set[str] = set()
    for path in sorted(resource("forms").glob("*.xml")):
        definition = FormDefinition.load(path.read_text(encoding="utf-8"))
        given |= definition.externals.keys()
        for bind in definition.binds.values():
            if bind.field and (entry := definition.entry_of(bind.path)):
                vocabulary.setdefault(entry, set()).add(bind.field)
    return vocabulary, given


def findings(form: Path, functions: Collection[str] = ()) -> list["Finding"]:
    """What the author's check finds; raises as `check` does."""
    from healthvisit.forms.check import check

    vocabulary, given = known()
    return check(form, vocabulary=vocabulary, functions=functions, given=given)


def errors_in(form: Path, functions: Collection[str] = ()) -> list["Finding"]:
    """The errors among them."""
    from healthvisit.forms.findings import Level

    return [each for each in findings(form, functions) if each.level is Level.ERROR]


def files_wanted(definition: "FormDefinition") -> set[str]:
    """Names of the files that a form reads lists from, without those that the program hands in."""
    given = known()[1]
    names = {each.rpartition("/")[2] for each in definition.externals.values() if each.startswith("jr://file")}
    return {name for name in names if name.rpartition(".")[0] not in given}
