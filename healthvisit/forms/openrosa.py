"""A finished record as an OpenRosa submission: the XML that ODK Central, Kobo and Ona take, and its attachments' names.

Sources: OpenRosa metadata schema and form submission API, ODK XForms specification (instanceID, deprecatedID).
"""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from lxml import etree

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import parse_xml
from healthvisit.forms.serialise import serialise
from healthvisit.forms.session import FormSession
from healthvisit.forms.whole import write_whole
from healthvisit.forms.xform.names import OPENROSA

_XFORMS = "http://www.w3.org/2002/xforms"  # the form's own namespace: a record that came from it carries none
_FILES = frozenset(("binary",))  # the bind type of pictures, sound and other files: the answer is the file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One record as it is sent: `attachments` are the names of the files that go with it."""

    instance_id: str
    form_id: str
    version: str
    xml: bytes = field(repr=False)
    attachments: tuple[str, ...] = field(default=(), repr=False)

    def write(self, path: Path) -> None:
        """Write the XML to a file, whole or not at all.

        Raises:
            OSError: It cannot be written; an earlier file stands as it was.
        """
        write_whole(path, self.xml)


def submission(session: FormSession, *, instance_id: str | None = None, deprecates: str | None = None) -> Submission:
    """Make the submission of a session; the session stays as it is.

    What is not relevant is left out, the order is the form's, root element, `id` and `version` are the definition's;
    letters with their marks are one character each (NFC).

    Args:
        session: The record. `finalise` it before.
        instance_id: The record's own id, where it has one outside the form: an id given twice is the same record to a
            server, so a repeated sending does no harm. Without it, the `meta/instanceID` that the form keeps.
        deprecates: The `instance_id` of the submission that this one corrects.

    Raises:
        FormError: `form.no_instance_id` when neither the caller nor the form has one, or it is no UUID.
    """
    definition = session.definition
    spaces = {prefix: uri for prefix, uri in definition.namespaces.items() if prefix or uri != _XFORMS}
    root = parse_xml(serialise(session.document.children[0], namespaces=spaces))
    for element in root.iter():
        element.text = normalize("NFC", element.text) if element.text else element.text
    root.set("id", definition.form_id)
    if definition.version:
        root.set("version", definition.version)
    meta = _meta(root)
    kept = _child(meta, "instanceID")
    own = _as_uuid(instance_id or ("" if kept is None else kept.text or ""))
    _put(meta, "instanceID", own, after=None)
    if deprecates is not None:
        _put(meta, "deprecatedID", _as_uuid(deprecates), after="instanceID")
    etree.cleanup_namespaces(root)
    return Submission(
        instance_id=own,
        form_id=definition.form_id,
        version=definition.version,
        xml=etree.tostring(root, encoding="UTF-8", xml_declaration=True),
        attachments=_attachments(session, definition),
    )


def _as_uuid(text: str) -> str:
    try:
        return f"uuid:{uuid.UUID(text.removeprefix('uuid:'))}"
    except ValueError:
        raise FormError("form.no_instance_id") from None


def _meta(root: Any) -> Any:
    """The record's own `meta`, in whichever namespace the form put it; at the end where it has none."""
    for child in root:
        if isinstance(child.tag, str) and etree.QName(child).localname == "meta":
            return child
    return etree.SubElement(root, f"{{{OPENROSA}}}meta", nsmap={"orx": OPENROSA})


def _child(meta: Any, name: str) -> Any:
    return next((c for c in meta if isinstance(c.tag, str) and etree.QName(c).localname == name), None)


def _put(meta: Any, name: str, text: str, *, after: str | None) -> None:
    element = _child(meta, name)
    if element is None:
        namespace = etree.QName(meta).namespace
        element = etree.Element(f"{{{namespace}}}{name}" if namespace else name, nsmap=meta.nsmap)
        before = _child(meta, after) if after else None
        if before is None:
            meta.insert(0, element)
        else:
            before.addnext(element)
    element.text = text


def _attachments(session: FormSession, definition: FormDefinition) -> tuple[str, ...]:
    wanted = [path for path, bind in definition.binds.items() if bind.type in _FILES]
    names = (node.text for path in wanted for node in session.instances_at(path) if node.text and not node.hidden)
    return tuple(dict.fromkeys(names))
