"""Forms of an office in place of the program's own: each taken whole, or the program's own stays in use."""

from collections.abc import Mapping
from pathlib import Path

from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.whole import write_whole

PUBLIC = 0o644  # a form holds no answers


def lacking(own: FormDefinition, other: FormDefinition) -> list[str]:
    """What the program reads from its own form and would not find in the other, as `entry.field`."""
    return sorted(_fields(own) - _fields(other))


def installed(folder: Path | None, shipped: Mapping[str, FormDefinition]) -> tuple[
    dict[str, FormDefinition], list[FormError]
]:  # fmt: skip
    """The forms to use: those of the folder (`child.xml` for `child`) where they can be, the shipped ones else.

    Returns:
        The forms by name, and for each that was left out `form.left_out` with the `form` and `why`.
    """
    forms, left_out = dict(shipped), []
    for name, own in shipped.items():
        path = folder / f"{name}.xml" if folder is not None else None
        if path is None or not path.is_file():
            continue
        try:
            other = FormDefinition.load(path.read_text(encoding="utf-8"))
            if found := lacking(own, other):
                raise FormError("form.lacks_fields", fields=", ".join(found))
        except (HealthvisitError, OSError, UnicodeDecodeError) as error:
            why = error.code if isinstance(error, HealthvisitError) else "form.not_xml"
            left_out.append(FormError("form.left_out", form=name, why=why))
        else:
            forms[name] = other
    return forms, left_out


def install(xml: str, own: FormDefinition, path: Path) -> None:
    """Put a compiled form in the place of the program's own, whole or not at all.

    Raises:
        FormError: As `FormDefinition.load`; `form.lacks_fields` with the `fields` that the program needs.
        OSError: It cannot be written; an earlier file stands as it was.
    """
    if found := lacking(own, FormDefinition.load(xml)):
        raise FormError("form.lacks_fields", fields=", ".join(found))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, xml.encode(), mode=PUBLIC)


def _fields(definition: FormDefinition) -> set[str]:
    return {f"{definition.entry_of(bind.path)}.{bind.field}" for bind in definition.binds.values() if bind.field}
