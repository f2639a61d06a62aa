"""How a session looks now: pages, questions, choices and violations, computed only for what somebody looks at."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from healthvisit.forms.answers import fits
from healthvisit.forms.choices import Choices
from healthvisit.forms.definition import Bind, Control, Group
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, names_in, path_of, without_positions
from healthvisit.forms.ledger import Ledger
from healthvisit.forms.outline import Outline
from healthvisit.forms.text import Label
from healthvisit.forms.views import LongList, Page, Problem, ProblemKind, Question, is_answerable, words_of
from healthvisit.forms.xpath.compile import Expression, compile_expression
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.values import text_of, to_boolean, to_text

_UNNAMED = Group(path=None)
LONG = 50  # choices; of a longer list each is put into words when it comes into sight


class Looks:
    """The words and rules of one record in one language at a time."""

    def __init__(self, ledger: Ledger, choices: Choices, language: str) -> None:
        self.language = language
        self._ledger, self._choices = ledger, choices
        self._world = ledger.world
        self._definition = ledger.definition
        self._outline = Outline(ledger, self._say, self.question)
        self._repeats = [names_in(path) for path in self._definition.repeats]
        self._said: dict[tuple[str, str], Sequence[tuple[str, str]]] = {}  # choices in words, by path and language
        self._world.choice_name = self._choice_name
        self._world.itext = self._itext

    def find(self, path: str) -> tuple[Control, Node]:
        """A question and its node.

        Raises:
            FormError: `form.no_question`.
        """
        control = self._definition.controls.get(without_positions(path))
        node = self._ledger.index.find(path)
        if control is None or node is None:
            raise FormError("form.no_question", path=path)
        return control, node

    def pages(self) -> list[Page]:
        """The pages with something to show."""
        return self._outline.pages()

    def question(self, path: str) -> Question:
        """One question as it reads now.

        Raises:
            FormError: `form.no_question`.
        """
        control, node = self.find(path)
        bind = control.bind
        context = Context(self._world, node)
        return Question(
            path=path,
            kind=control.kind,
            label=self._say(control.label, context),
            hint=self._say(control.hint, context),
            choices=_named(self._offered(control, node)),
            value=node.text,
            typed=node.text if node.typed is None else node.typed,
            required=self._holds(bind.required, node, "required"),
            readonly=control.kind == "note" or self.is_readonly(node),
            relevant=not node.hidden,
            violation=self._obstacle(control, node),
            constraint_message=self._say(bind.constraint_message, context),
            required_message=self._say(bind.required_message, context),
            appearance=control.appearance,
            section=self._say(self._definition.sections.get(control.path), context),
            entry=self._definition.entry_of(control.path),
            field=bind.field,
            unit=bind.unit,
            guidance=self._guise(control.hint, "guidance", context),
            media=self._media(control.label, context),
            pictures=self._pictures(control, node),
            data_type=bind.type,
            bounds=control.bounds,
            media_type=control.media_type,
        )

    def look(self, node: Node, name: str) -> Any:
        """One property of any node, question or not, by the name that scripts use."""
        path = node.place
        control = self._definition.controls.get(path)
        match name:
            case "value":
                return text_of(node)
            case "relevant":
                return not node.hidden
            case "required":
                return self._holds(self._bind(path).required, node, "required")
            case "readonly":
                return self.is_readonly(node)
            case "violation":
                return self._violated(control or Control(path=path, kind="text", bind=self._bind(path)), node)
            case "label":
                group = next((group for group in self._definition.body.groups() if group.path == path), None)
                return self._say((control or group or _UNNAMED).label, Context(self._world, node))
        offered = self._offered(control, node) if control else ()
        return [words if name == "labels" else value for value, words in offered]

    def _violated(self, control: Control, node: Node) -> str | None:
        """What a script can name: an answer that does not fit its question counts as none."""
        if node.hidden or node.children:
            return None
        kind = self._violation(control, node)
        if kind == "type":
            return "required" if not node.text and self._holds(control.bind.required, node, "required") else None
        return kind

    def _bind(self, path: str) -> Bind:
        return self._definition.binds.get(path) or Bind(path=path)

    def is_readonly(self, node: Node) -> bool:
        """Whether the node, or anything above it, cannot be changed."""
        for step in node.line():
            bind = self._definition.binds.get(step.place)
            if bind and self._holds(bind.readonly, step, "readonly"):
                return True
        return False

    def problems(self) -> list[Problem]:
        """What stops finalising, in the order of the form."""
        found: list[Problem] = []
        for node in self._world.document.leaves():
            control = None if node.hidden else self._definition.controls.get(node.place)
            if control and (kind := self._obstacle(control, node)):
                found.append(Problem(path_of(node), kind))
        return found

    def _holds(self, rule: Expression | None, node: Node, aspect: str) -> bool:
        return self._ledger.holds(rule, node, node.place, aspect)

    def _say(self, label: Label | None, context: Context) -> str:
        try:
            return "" if label is None else label.render(self._definition.catalogue, self.language, context)
        except FormError as exc:
            self._ledger.faults[context.node.place, "label"] = exc.code
            return ""

    def _guise(self, label: Label | None, form: str, context: Context) -> str:
        if label is None or label.text_id is None:
            return ""
        return self._definition.catalogue.words(label.text_id, self.language, context, form)

    def _media(self, label: Label | None, context: Context) -> dict[str, str]:
        if label is None or label.text_id is None:
            return {}
        return self._definition.catalogue.media(label.text_id, self.language, context)

    def _obstacle(self, control: Control, node: Node) -> ProblemKind | None:
        """As `_violation`, but nobody is stopped by what cannot be answered on this computer."""
        kind = self._violation(control, node)
        if kind is None or is_answerable(
            kind=control.kind,
            data_type=control.bind.type,
            media_type=control.media_type,
            appearance=control.appearance,
        ):
            return kind
        return None

    def _violation(self, control: Control, node: Node) -> ProblemKind | None:
        """What is wrong with the answer to a question that is asked."""
        if control.kind == "note":
            return None
        if not fits(control, node.text, node.typed):
            return "type"
        if not node.text:
            return "required" if self._holds(control.bind.required, node, "required") else None
        if control.bind.constraint is None:
            return None
        context = Context(self._world, node)
        value = self._ledger.run(control.bind.constraint, context, control.path, "constraint")
        return None if value is None or to_boolean(value) else "constraint"  # what cannot be judged stops nobody

    def _offered(self, control: Control, node: Node) -> Sequence[tuple[str, str]]:
        """The choices; those that depend on no answer are put into words once a language, a long list as it is read."""
        if not control.itemset and not control.choices:
            return ()
        key = (control.path, self.language)
        if key in self._said:
            return self._said[key]
        rows = self._choices.rows(control, node)
        label, language = control.itemset.label if control.itemset else None, self.language
        offered: Sequence[tuple[str, str]]
        if len(rows) > LONG and not control.choices:
            offered = LongList(rows, partial(self._words, label, node, language), language)
            if control.has_fixed_choices:
                self._choices.names(control, node)  # now, so that the first answer does not wait for it
        else:
            context, catalogue = Context(self._world, node), self._definition.catalogue
            beside = [(each.name, each.label.render(catalogue, language, context)) for each in control.choices]
            listed = [(name, self._words(label, node, language, row) if label else name) for name, row in rows]
            offered = (*beside, *listed)
        if control.has_fixed_choices and control.has_fixed_words:
            self._said[key] = offered
        return offered

    def _words(self, label: Label | None, node: Node, language: str, row: Node) -> str:
        """The words of one row of a list; none where its rows have only names."""
        if label is None:
            return ""
        return label.render(self._definition.catalogue, language, Context(self._world, row, node))

    def _pictures(self, control: Control, node: Node) -> Mapping[str, str]:
        """Name of a choice → address of its picture."""
        if not self._has_pictures or not control.is_select:
            return {}
        ids = [(choice.name, choice.label.text_id) for choice in control.choices]
        label = control.itemset.label if control.itemset else None
        if label is not None and label.expression is not None and label.is_id:
            for name, row in self._choices.rows(control, node)[:LONG]:
                ids.append((name, to_text(label.expression(Context(self._world, row, node)))))
        catalogue, context = self._definition.catalogue, Context(self._world, node)
        found = {name: catalogue.words(of, self.language, context, "image") for name, of in ids if of}
        return {name: address for name, address in found.items() if address}

    @cached_property
    def _has_pictures(self) -> bool:
        """Whether any choice of a list has a picture; the texts of questions have paths for ids."""
        known = self._definition.catalogue.texts.values()
        return any("image" in text.forms for texts in known for key, text in texts.items() if not key.startswith("/"))

    def _choice_name(self, name: str, path: str, node: Node) -> str:
        """`jr:choice-name`: the words of a choice of the select at `path`, as `node` sees it."""
        found = compile_expression(path, repeats=self._repeats)(Context(self._world, node))
        place = found[0] if isinstance(found, list) and found else None
        control = self._definition.controls.get(place.place) if place else None
        if control is None or place is None:
            return ""
        return words_of(self._offered(control, place), name) or ""

    def _itext(self, text_id: str, node: Node) -> str:
        return self._definition.catalogue.words(text_id, self.language, Context(self._world, node))


def _named(choices: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """A choice without words shows its name."""
    if isinstance(choices, LongList) or all(words for _, words in choices):
        return choices
    return tuple((name, words or name) for name, words in choices)
