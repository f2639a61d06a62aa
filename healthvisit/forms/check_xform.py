"""Everything that is wrong with an XForm, found in one run; reading it into a definition stops at the first fault."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from healthvisit.forms.check_defaults import bad_defaults
from healthvisit.forms.check_expression import Fault, faults_of, parts
from healthvisit.forms.check_lists import CheckedLists
from healthvisit.forms.check_texts import missing_media
from healthvisit.forms.definition import Bind
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.graph import Planner, Reads, Schema, Target
from healthvisit.forms.instance import ROOT, Node, from_element, path_from
from healthvisit.forms.mapping import mapping_faults
from healthvisit.forms.xform import HV, JR, SETGEOPOINT, XF, XHTML, events_of
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.parse import Tree, parse

MOST_CYCLES = 20
CONDITIONS = frozenset(("relevant", "required", "readonly", "constraint"))
_RULES = ("relevant", "required", "readonly", "constraint", "calculate")
_NOT_HERE = {"geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape", "barcode": "barcode"}
_DRAWN = frozenset(("draw", "signature", "annotate"))
_CONTROLS = tuple(f"{XF}{tag}" for tag in ("input", "select1", "select", "upload", "trigger", "range", "secret"))
_RANK = "{http://www.opendatakit.org/xforms}rank"
_MESSAGES = {"jr:constraintMsg": "constraint_message", "jr:requiredMsg": "required_message"}
_INSTANCE = re.compile(r"\s*instance\(\s*['\"](?P<name>[^'\"]+)['\"]\s*\)/root/item")
_TEXT_ID = re.compile(r"(?P<path>/.*):(?P<part>(?:jr:)?[\w-]+)\Z")


class Use(NamedTuple):
    """One expression: to which question (`path`) and which of its columns (`aspect`) it belongs."""

    path: str
    aspect: str
    source: str
    line: int | None
    language: str = ""


def check_xform(
    root: Any,
    *,
    folders: Collection[Path],
    vocabulary: Mapping[str, Collection[str]],
    functions: Collection[str] = (),
    given: Collection[str] = (),
) -> list[Finding]:
    """Name every fault of an XForm; each place has line, path, and as column the aspect in `details["aspect"]`.

    Args:
        root: The XForm's root element.
        folders: Where its lists and pictures may lie.
        vocabulary: Entry → its fields.
        functions: Names of functions that the program hands in.
        given: Names of the lists that the program hands in.

    Raises:
        FormError: `form.not_a_form`.
    """
    return list(_Checker(root, folders, vocabulary, frozenset(functions), frozenset(given)).findings())


class _Checker:
    """One XForm under examination."""

    def __init__(
        self,
        root: Any,
        folders: Collection[Path],
        vocabulary: Mapping[str, Collection[str]],
        functions: frozenset[str],
        given: frozenset[str],
    ) -> None:
        self._model = root.find(f"{XHTML}head/{XF}model")
        primary = None if self._model is None else self._model.find(f"{XF}instance")
        self._body = root.find(f"{XHTML}body")
        tops = [] if primary is None else [child for child in primary if isinstance(child.tag, str)]
        if self._body is None or not tops:
            raise FormError("form.not_a_form")
        self._top = tops[0]
        document = Node("", kind=ROOT)
        document.append(from_element(self._top))
        self._schema = Schema(document)
        self._root_path = "/" + document.children[0].name
        self._repeat_elements = [e for e in self._body.iter(f"{XF}repeat") if e.get("nodeset")]
        self._repeats = {tuple(e.get("nodeset").strip().strip("/").split("/")) for e in self._repeat_elements}
        self._vocabulary, self._functions, self._folders = vocabulary, functions, folders
        self._binds: dict[str, Any] = {}
        self._lists = CheckedLists(self._model, folders, given)

    def findings(self) -> Iterator[Finding]:
        yield from self._heads()
        yield from self._bound()
        yield from self._asked()
        uses = list(self._uses())
        for use in uses:
            yield from self._expression(use)
        yield from self._cycles(uses)
        yield from self._acts()
        yield from bad_defaults(self._binds, self._schema.nodes)
        yield from self._lists.files()
        yield from self._shown()
        yield from missing_media(self._model, self._folders)
        yield from self._mapped()

    # -- what is there

    def _acts(self) -> Iterator[Finding]:
        """Actions that wait for something that never comes."""
        tags = (f"{XF}setvalue", SETGEOPOINT)
        for element in (*self._model.iter(*tags), *self._body.iter(*tags)):
            if unknown := events_of(element)[1]:
                at = Place(line=element.sourceline, path=self._absolute(element.get("ref") or ""))
                yield Finding(kind="unknown_event", place=at, details={"name": unknown})

    def _heads(self) -> Iterator[Finding]:
        at = Place(line=self._top.sourceline, path=self._root_path)
        if not self._top.get("id"):
            yield Finding(kind="no_form_id", level=Level.WARNING, place=at)
        if not self._top.get("version"):
            yield Finding(kind="no_version", level=Level.WARNING, place=at)

    def _bound(self) -> Iterator[Finding]:
        for element in self._model.iter(f"{XF}bind"):
            path = self._absolute(element.get("nodeset") or element.get("ref") or "")
            at = Place(line=element.sourceline, path=path)
            if path in self._binds:
                yield Finding(kind="duplicate_bind", place=at, details={"path": path})
            elif path not in self._schema.nodes:
                yield Finding(kind="unresolved", place=at, details={"names": path})
            self._binds.setdefault(path, element)

    def _asked(self) -> Iterator[Finding]:
        seen: set[str] = set()
        for element in self._controls():
            path = self._ref(element)
            at = Place(line=element.sourceline, path=path)
            if path not in self._schema.nodes:
                yield Finding(kind="unresolved", place=at, details={"names": path})
            elif path in seen:
                yield Finding(kind="asked_twice", level=Level.WARNING, place=at, details={"path": path})
            seen.add(path)
            if what := self._not_here(element, path):
                details = {"what": what, "aspect": "type"}
                yield Finding(kind="not_answered_here", level=Level.NOTE, place=at, details=details)

    def _not_here(self, element: Any, path: str) -> str | None:
        type_ = (self._binds[path].get("type") or "") if path in self._binds else ""
        if element.tag == f"{XF}upload":
            medium = (element.get("mediatype") or "").partition("/")[0]
            if medium in {"audio", "video"}:
                return medium
            drawn = _DRAWN & set((element.get("appearance") or "").split())
            return min(drawn) if drawn else None
        return _NOT_HERE.get(type_) if element.tag == f"{XF}input" else None

    def _controls(self) -> Iterator[Any]:
        yield from self._body.iter(*_CONTROLS, _RANK, f"{XF}rank")

    def _ref(self, element: Any) -> str:
        if named := element.get("bind"):
            bind = next((b for b in self._binds.values() if b.get("id") == named), None)
            return self._absolute((bind.get("nodeset") if bind is not None else None) or named)
        up = element.getparent()
        while up is not None and not (up.get("ref") or up.get("nodeset")):
            up = up.getparent()
        return path_from(
            self._root_path if up is None else self._ref(up), element.get("ref") or element.get("nodeset") or ""
        )

    def _absolute(self, path: str) -> str:
        path = path.strip()
        return path if path.startswith("/") or not path else f"{self._root_path}/{path}"

    # -- expressions

    def _uses(self) -> Iterator[Use]:
        for path, element in self._binds.items():
            for aspect in _RULES:
                if source := element.get(aspect):
                    yield Use(path, aspect, source, element.sourceline)
        for element in self._repeat_elements:
            if source := element.get(f"{JR}count"):
                yield Use(element.get("nodeset").strip(), "count", source, element.sourceline)
        for element in self._controls():
            path = self._ref(element)
            itemset = element.find(f"{XF}itemset")
            if itemset is not None:
                yield Use(path, "choice_filter", itemset.get("nodeset") or "", itemset.sourceline)
        for element in (*self._model.iter(f"{XF}setvalue"), *self._body.iter(f"{XF}setvalue")):
            if source := element.get("value"):
                is_default = element.getparent().tag not in _CONTROLS
                path = self._absolute(element.get("ref") or "")
                yield Use(path, "default" if is_default else "calculate", source, element.sourceline)
        yield from self._outputs()

    def _outputs(self) -> Iterator[Use]:
        for translation in self._model.iter(f"{XF}translation"):
            language = translation.get("lang") or ""
            for text in translation.findall(f"{XF}text"):
                found = _TEXT_ID.match(text.get("id") or "")
                path, part = (found["path"], found["part"]) if found else (text.get("id") or "", "label")
                aspect = _MESSAGES.get(part, part)
                for output in text.iter(f"{XF}output"):
                    source = output.get("value") or output.get("ref") or ""
                    yield Use(path, aspect, source, output.sourceline, language)
        for output in self._body.iter(f"{XF}output"):
            owner = output.getparent()
            path = self._ref(owner.getparent())
            source = output.get("value") or output.get("ref") or ""
            yield Use(path, owner.tag.rpartition("}")[2], source, output.sourceline)

    def _shown(self) -> Iterator[Finding]:
        """The columns that selects take names and words from."""
        for element in self._body.iter(f"{XF}itemset"):
            source = _INSTANCE.match(element.get("nodeset") or "")
            refs = [
                e.get("ref") or "" for e in (element.find(f"{XF}value"), element.find(f"{XF}label")) if e is not None
            ]
            wanted = [inner for ref in refs if "/" not in (inner := _itext(ref))]
            if source:
                use = Use(self._ref(element.getparent()), "type", "", element.sourceline)
                for fault in self._lists.lacking(source["name"], wanted):
                    if fault.kind == "no_such_column":
                        yield _found(use, fault)

    def _expression(self, use: Use) -> Iterator[Finding]:
        source = use.source.strip()
        if not source:
            return
        is_broken = False
        for fault in faults_of(
            source,
            repeats=self._repeats,
            functions=self._functions,
            may_be_blank=lambda tree: self._may_be_blank(tree, use.path),
            is_condition=use.aspect in CONDITIONS,
            is_calculate=use.aspect == "calculate",
        ):
            is_broken = is_broken or fault.kind in {"syntax", "too_deep"}
            yield _found(use, fault)
        if not is_broken:
            tree = parse(source)
            yield from self._unresolved(use, tree)
            for fault in self._lists.faults_of(tree):
                yield _found(use, fault)

    def _unresolved(self, use: Use, tree: Tree) -> Iterator[Finding]:
        if not self._reads(tree, use.path).is_unresolved:
            return
        names = []
        for part in parts(tree):
            if part[0] == "path" and part[1] == "/":
                steps = [test[1] for axis, test, _ in part[2] if axis == "child" and test[0] == "name"]
                path = "/" + "/".join(steps)
                if len(steps) == len(part[2]) and path not in self._schema.nodes:
                    names.append(path)
        said = ", ".join(dict.fromkeys(names)) or use.source.strip()
        yield _found(use, Fault("unresolved", Level.ERROR, {"names": said}))

    def _reads(self, tree: Tree, path: str) -> Reads:
        return self._schema.reads(Expression("", tree, lambda _: "", frozenset()), path)

    def _may_be_blank(self, tree: Tree, path: str) -> bool:
        binds = (self._binds.get(read) for read in self._reads(tree, path).paths)
        return any(b is not None and not b.get("calculate") and b.get("required") != "true()" for b in binds)

    def _cycles(self, uses: list[Use]) -> Iterator[Finding]:
        aspects = {"relevant": "relevant", "calculate": "calculate", "count": "count", "choice_filter": "items"}
        targets: dict[Target, Use] = {}
        for use in uses:
            if use.aspect in aspects and use.path in self._schema.nodes:
                targets.setdefault(Target(use.path, aspects[use.aspect]), use)
        for _ in range(MOST_CYCLES):
            planner = Planner(self._schema)
            for target, use in targets.items():
                if (reads := self._readable(use)) is not None and not (target.aspect == "items" and not reads.paths):
                    planner.add(target.path, target.aspect, reads)
            try:
                planner.plan()
            except FormError as exc:
                paths = exc.details["paths"]
                circle = [target for target in targets if target.path in paths]
                use = min((targets[target] for target in circle), key=lambda each: paths.index(each.path))
                yield _found(use, Fault("cycle", Level.ERROR, {"paths": " → ".join(paths)}))
                for target in circle:
                    del targets[target]
            else:
                return

    def _readable(self, use: Use) -> Reads | None:
        try:
            tree = parse(use.source.strip())
        except (FormError, RecursionError):
            return None
        return self._reads(tree, use.path.rpartition("/")[0] if use.aspect == "count" else use.path)

    # -- where answers go

    def _mapped(self) -> Iterator[Finding]:
        binds = {
            path: Bind(path=path, entry=e.get(f"{HV}entry"), field=e.get(f"{HV}field"), unit=e.get(f"{HV}unit"))
            for path, e in self._binds.items()
        }
        for error in mapping_faults(binds, self._vocabulary):
            path, kind = error.details["path"], error.code.removeprefix("form.")
            aspect = kind.removeprefix("unknown_") if kind.startswith("unknown_") else kind.partition("_")[0]
            details = {key: value for key, value in error.details.items() if key != "path"} | {"aspect": aspect}
            yield Finding(kind=kind, place=Place(line=self._binds[path].sourceline, path=path), details=details)


def _itext(ref: str) -> str:
    return ref.strip().removeprefix("jr:itext(").removesuffix(")").strip()


def _found(use: Use, fault: Fault) -> Finding:
    place = Place(line=use.line, path=use.path)
    details = {**fault.details, "aspect": use.aspect}
    if use.language:
        details["spoken"] = use.language
    return Finding(kind=fault.kind, level=fault.level, place=place, details=details)
