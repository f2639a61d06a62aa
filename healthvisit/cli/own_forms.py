"""What the program's own forms know: the entries that answers go to, and the lists that come with a visit."""

from typing import TYPE_CHECKING

from healthvisit.settings import resource

if TYPE_CHECKING:
    from healthvisit.forms.definition import FormDefinition


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


def files_wanted(definition: "FormDefinition") -> set[str]:
    """Names of the files that a form reads lists from, without those that the program hands in."""
    given = known()[1]
    names = {each.rpartition("/")[2] for each in definition.externals.values() if each.startswith("jr://file")}
    return {name for name in names if name.rpartition(".")[0] not in given}
