"""The names that XForms are written in."""

from typing import Any

from healthvisit.forms.definition import NAMESPACE

OPENROSA = "http://openrosa.org/xforms"

XF = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
HV = f"{{{NAMESPACE}}}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
SETGEOPOINT = "{http://www.opendatakit.org/xforms}setgeopoint"
EVENT = "{http://www.w3.org/2001/xml-events}event"

CONTROLS = frozenset(f"{XF}{tag}" for tag in ("input", "select1", "select", "upload", "trigger", "range", "secret")) | {
    f"{{{uri}}}rank" for uri in ("http://www.opendatakit.org/xforms", "http://www.opendatakit.org/xforms/", XF[1:-1])
}

ALWAYS = "true()"


def elements_of(parent: Any) -> list[Any]:
    """The child elements, without comments and instructions."""
    return [child for child in parent if isinstance(child.tag, str)]
