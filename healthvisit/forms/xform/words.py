"""The words of an XForm: texts in its languages, labels, hints and messages."""

from typing import Any

from healthvisit.forms.text import Catalogue, Label, Text, language_code
from healthvisit.forms.xform.expressions import Expressions
from healthvisit.forms.xform.names import XF
from healthvisit.forms.xpath.compile import Expression


class Words:
    """Reads them; expressions within belong to the path of the question whose words they are."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions

    def catalogue(self, model: Any) -> Catalogue:
        """All texts of the form."""
        names: dict[str, str] = {}
        texts: dict[str, dict[str, Text]] = {}
        default = ""
        for translation in model.findall(f"{XF}itext/{XF}translation"):
            name = translation.get("lang") or ""
            code = language_code(name)
            names[code] = name
            default = code if translation.get("default") is not None or not default else default
            texts[code] = {text.get("id") or "": self._guises(text) for text in translation.findall(f"{XF}text")}
        return Catalogue(languages=tuple(names), default=default, names=names, texts=texts)

    def label(self, element: Any, path: str) -> Label | None:
        """A label or hint; None where there is no such element."""
        if element is None:
            return None
        ref = element.get("ref")
        return self.reference(ref, path) if ref else Label(text=self._text(element, path))

    def message(self, source: str | None, path: str) -> Label | None:
        """A message: the words themselves, or `jr:itext(…)`."""
        if source is None:
            return None
        return self.reference(source, path) if source.strip().startswith("jr:itext(") else Label(text=Text((source,)))

    def reference(self, source: str, path: str) -> Label:
        """Words that stand elsewhere: an expression gives them, or the id of their text."""
        expression = self._expressions.find(source, path)
        if expression is None:
            return Label()
        tree = expression.tree
        if tree[:2] == ("call", "jr:itext"):
            if tree[2][0][0] == "string":
                return Label(text_id=tree[2][0][1])
            inner = source.strip().removeprefix("jr:itext(").removesuffix(")")
            return Label(expression=self._expressions.find(inner, path), is_id=True)
        return Label(expression=expression)

    def _guises(self, text: Any) -> Text:
        values = text.findall(f"{XF}value")
        plain = next((value for form in (None, "long", "short") for value in values if value.get("form") == form), None)
        path = (text.get("id") or "").rpartition(":")[0].removesuffix(":jr")
        forms = {value.get("form"): self._text(value, path) for value in values if value.get("form")}
        return Text(() if plain is None else self._text(plain, path).parts, forms)

    def _text(self, element: Any, path: str) -> Text:
        """The words of an element with its outputs; blanks at both ends are the compiler's layout."""
        parts: list[str | Expression] = [element.text or ""]
        for child in element:
            source = child.get("value") or child.get("ref") if child.tag == f"{XF}output" else None
            if expression := self._expressions.find(source, path):
                parts.append(expression)
            elif isinstance(child.tag, str):
                parts.append("".join(child.itertext()))
            parts.append(child.tail or "")
        if isinstance(parts[0], str):
            parts[0] = parts[0].lstrip()
        if isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip()
        return Text(tuple(part for part in parts if part))
