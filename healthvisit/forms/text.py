"""The words of a form: labels, hints and messages in its languages, with answers set into them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.values import to_text

UNTRANSLATED = "-"  # what the form compiler writes where a translation is missing

MEDIA = ("image", "big-image", "audio", "video")

_CODE = re.compile(r"\(([^()]+)\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """Words with holes: each part is plain text or the expression of an `<output>`.

    `forms` are its other guises: guidance, short, image, audio, video (the last three name a file).
    """

    parts: tuple[str | Expression, ...]
    forms: Mapping[str, "Text"] = field(default_factory=dict, hash=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written, or not in this language."""
        return not self.parts or self.parts == (UNTRANSLATED,)

    def render(self, context: Context) -> str:
        """The words as they read now, for the node of `context`."""
        return "".join(part if isinstance(part, str) else to_text(part(context)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Label:
    """Where the words of a label, hint or message come from: one of the three."""

    text: Text | None = None
    text_id: str | None = None
    expression: Expression | None = None  # gives the words themselves, or with `is_id` the id of a text
    is_id: bool = False

    def outputs(self, catalogue: "Catalogue") -> list[Expression]:
        """Every expression that these words depend on, in any language."""
        texts = [self.text] if self.text else catalogue.every(self.text_id) if self.text_id else []
        texts = [guise for text in texts for guise in (text, *text.forms.values())]
        found = [part for text in texts for part in text.parts if not isinstance(part, str)]
        return [*found, self.expression] if self.expression else found

    def render(self, catalogue: "Catalogue", language: str, context: Context) -> str:
        """The words in `language`, or in the next language that has them."""
        if self.text:
            return self.text.render(context)
        if self.text_id is not None:
            return catalogue.words(self.text_id, language, context)
        if self.expression is None:
            return ""
        words = to_text(self.expression(context))
        return catalogue.words(words, language, context) if self.is_id else words


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts of a form: code of language → id → words. `names` are the languages' names as the author wrote them."""

    languages: tuple[str, ...] = ()
    default: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def choose(self, wanted: str) -> str:
        """`wanted` when the form speaks it, else the form's default language."""
        return wanted if wanted in self.languages else self.default

    def words(self, text_id: str, language: str, context: Context, form: str = "") -> str:
        """One text; a missing translation falls back to the default language, then to any."""
        for code in (language, self.default, *self.languages):
            text = self.texts.get(code, {}).get(text_id)
            if text is not None and form:
                text = text.forms.get(form)
            if text is not None and not text.is_blank:
                return text.render(context)
        return ""

    def media(self, text_id: str, language: str, context: Context) -> dict[str, str]:
        """Kind (image, audio, video) → address of what is shown with a text."""
        found = {kind: self.words(text_id, language, context, kind) for kind in MEDIA}
        return {kind: address for kind, address in found.items() if address}

    def moving(self) -> frozenset[str]:
        """The ids of texts that have answers set into them, in any language."""
        return frozenset(
            text_id
            for texts in self.texts.values()
            for text_id, text in texts.items()
            if any(not isinstance(part, str) for part in text.parts)
        )

    def every(self, text_id: str) -> list[Text]:
        """One text in every language that has it."""
        return [texts[text_id] for texts in self.texts.values() if text_id in texts]


def language_code(name: str) -> str:
    """`tk` of "Türkmen (tk)"; a name without brackets is its own code."""
    match = _CODE.search(name)
    return match[1].strip() if match else name.strip()
