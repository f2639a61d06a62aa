"""An XForm taken apart: its record, its lists, and what its head says."""

from collections.abc import Iterator, Mapping
from typing import Any

from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import ROOT, Node, from_element
from healthvisit.forms.xform.names import OPENROSA, XF, XHTML, elements_of
from healthvisit.forms.xform.record import add_identity


class Source:
    """The parts of one XForm. `top` is the element of the record as the author wrote it.

    Raises:
        FormError: `form.not_a_form`.
    """

    def __init__(self, root: Any) -> None:
        model = root.find(f"{XHTML}head/{XF}model")
        primary = None if model is None else model.find(f"{XF}instance")
        body = root.find(f"{XHTML}body")
        if model is None or body is None or primary is None or not elements_of(primary):
            raise FormError("form.not_a_form")
        self.model, self.body = model, body
        self.top = elements_of(primary)[0]
        self.title = (root.findtext(f"{XHTML}head/{XHTML}title") or "").strip()
        self.namespaces = {prefix or "": uri for prefix, uri in self.top.nsmap.items()}
        self.namespaces.setdefault("orx", OPENROSA)
        self.repeat_paths = [e.get("nodeset").strip() for e in body.iter(f"{XF}repeat") if e.get("nodeset")]

    def record(self) -> Node:
        """The record with a place for its identity, templates and all."""
        document = Node("", kind=ROOT)
        add_identity(document.append(from_element(self.top)), self.namespaces)
        return document

    def lists(self) -> Iterator[tuple[str, Node]]:
        """Id and document of every secondary instance; what stands in place of a file is no row."""
        for element in self._secondary():
            document = Node("", kind=ROOT)
            for child in () if element.get("src") else elements_of(element):
                document.append(from_element(child))
            yield element.get("id"), document

    def externals(self) -> dict[str, str]:
        """Id of each list that comes as a file → its address."""
        return {element.get("id"): element.get("src") for element in self._secondary() if element.get("src")}

    def submission(self) -> Mapping[str, str]:
        """The attributes of the `submission` element."""
        element = self.model.find(f"{XF}submission")
        if element is None:
            return {}
        return {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}

    def everywhere(self, tag: str) -> Iterator[Any]:
        """Every element of that tag in model and body."""
        yield from self.model.iter(tag)
        yield from self.body.iter(tag)

    def _secondary(self) -> list[Any]:
        return [element for element in self.model.findall(f"{XF}instance")[1:] if element.get("id")]
