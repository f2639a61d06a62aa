"""A record as a FHIR R4 QuestionnaireResponse, for systems that speak FHIR. The form itself is not translated.

Source: HL7 FHIR R4 (4.0.1), resource QuestionnaireResponse, data types integer, decimal, date, dateTime, time, Coding.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Literal

from healthvisit.forms.definition import Bind, Control
from healthvisit.forms.instance import ELEMENT, Node, path_of
from healthvisit.forms.session import FormSession
from healthvisit.forms.whole import write_whole

Status = Literal["in-progress", "completed", "amended", "entered-in-error", "stopped"]

_URI = "urn:ietf:rfc:3986"
_LARGEST = 2**31
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z")
_TIME = re.compile(r"(?P<minutes>(?:[01][0-9]|2[0-3]):[0-5][0-9])(?P<seconds>:[0-5][0-9](?:\.[0-9]+)?)?")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_KINDS = {"int": "integer", "integer": "integer", "decimal": "decimal", "date": "date", "time": "time"}
_KINDS |= {"dateTime": "datetime", "boolean": "boolean", "binary": "file"}


def questionnaire_response(
    session: FormSession,
    *,
    canonical: str,
    authored: datetime,
    status: Status = "completed",
    subject: str | None = None,
) -> dict[str, Any]:
    """Make the QuestionnaireResponse of a session; the session stays as it is.

    `linkId` is a question's path without positions; a group's answers are its items, a repeat is one item an instance;
    what is not relevant, not answered or only a note is left out; what the form worked out stands without `text`.

    Args:
        session: The record. `finalise` it before.
        canonical: Address of the Questionnaire; the definition's version is added.
        authored: When it was completed, aware. A local moment among the answers is taken in its time zone.
        status: `amended` for a correction.
        subject: A reference such as `Patient/…`; never a name.

    Raises:
        ValueError: `authored` has no time zone.
    """
    if authored.utcoffset() is None or authored.tzinfo is None:
        raise ValueError("authored must carry its time zone")
    root = session.document.children[0]
    version = session.definition.version
    response: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "language": session.language,
        "questionnaire": f"{canonical}|{version}" if version else canonical,
        "status": status,
        "subject": {"reference": subject} if subject else None,
        "authored": authored.isoformat(timespec="seconds"),
        "identifier": _identifier(root),
        "item": list(_Items(session, canonical, authored.tzinfo).below(root)),
    }
    return {name: value for name, value in response.items() if value not in (None, "", [])}


def write_response(path: Path, response: Mapping[str, Any]) -> None:
    """Write a response as JSON to a file, whole or not at all.

    Raises:
        OSError: It cannot be written; an earlier file stands as it was.
    """
    write_whole(path, json.dumps(response, ensure_ascii=False, indent=1).encode())


def _identifier(root: Node) -> dict[str, str] | None:
    meta = next((child for child in root.children if child.local_name == "meta"), None)
    own = meta and next((node.text for node in meta.children if node.local_name == "instanceID"), "")
    return {"system": _URI, "value": f"urn:{own}"} if own and own.startswith("uuid:") else None


class _Items:
    """One record's items."""

    def __init__(self, session: FormSession, canonical: str, zone: tzinfo) -> None:
        self._session, self._canonical = session, canonical
        self._definition = session.definition
        self._zone = zone
        self._titled = {group.path for group in session.definition.body.groups() if group.label}

    def below(self, parent: Node) -> Iterator[dict[str, Any]]:
        """The items of what stands in `parent`, in the form's order."""
        for node in parent.children:
            is_meta = node.local_name == "meta" and parent.parent is self._session.document
            if node.kind != ELEMENT or node.hidden or is_meta:
                continue
            item = self._group(node) if node.children else self._question(node)
            if item:
                yield item

    def _group(self, node: Node) -> dict[str, Any] | None:
        items = list(self.below(node))
        path = node.place
        title = self._session.look(node, "label") if path in self._titled else ""
        return _filled({"linkId": path, "text": _text(title), "item": items}) if items else None

    def _question(self, node: Node) -> dict[str, Any] | None:
        path = node.place
        control = self._definition.controls.get(path)
        if not node.text or (control and control.kind == "note"):
            return None
        if control is None:
            answers = [self._value(self._kind_of(self._definition.binds.get(path)), node.text)]
            return _filled({"linkId": path, "answer": answers})
        question = self._session.question(path_of(node))
        if control.is_select:
            system, choices = f"{self._canonical}#{path}", dict(question.choices)
            answers = [_coding(system, name, choices) for name in _names(control, node.text)]
        else:
            answers = [self._value(self._kind(control), node.text)]
        return _filled({"linkId": path, "text": _text(question.label), "answer": answers})

    def _kind(self, control: Control) -> str:
        if control.kind == "range":
            return self._kind_of(control.bind)
        if control.kind == "trigger":
            return "boolean" if control.bind.type in {"string", "boolean"} else self._kind_of(control.bind)
        if control.kind in {"integer", "decimal", "date", "time", "datetime"}:
            return control.kind
        return self._kind_of(control.bind)

    @staticmethod
    def _kind_of(bind: Bind | None) -> str:
        return "text" if bind is None else _KINDS.get(bind.type, "text")

    def _value(self, kind: str, text: str) -> dict[str, Any]:
        """One answer; what does not fit FHIR's type is given as text, so that nothing is lost."""
        match kind:
            case "integer" if _NUMBER.match(text) and "." not in text and -_LARGEST <= int(text) < _LARGEST:
                return {"valueInteger": int(text)}
            case "integer" | "decimal" if _NUMBER.match(text):
                return {"valueDecimal": float(text) if "." in text else int(text)}
            case "date" if _DATE.match(text):
                return {"valueDate": text}
            case "datetime" if moment := self._moment(text):
                return {"valueDateTime": moment}
            case "time" if found := _TIME.match(text):
                return {"valueTime": f"{found['minutes']}{found['seconds'] or ':00'}"}
            case "boolean" if text in {"true", "false", "OK", "1", "0"}:
                return {"valueBoolean": text in {"true", "OK", "1"}}
            case "file":
                return {"valueAttachment": {"title": _text(text)}}
        return {"valueString": _text(text) or "-"}

    def _moment(self, text: str) -> str | None:
        """FHIR wants a zone wherever there are hours, and seconds."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _names(control: Control, text: str) -> list[str]:
    return [text] if control.kind == "select_one" else text.split()


def _coding(system: str, name: str, choices: Mapping[str, str]) -> dict[str, Any]:
    """A choice means something in its question only: the question's address is the system of its codes."""
    return {"valueCoding": _filled({"system": system, "code": name, "display": _text(choices.get(name, ""))})}


def _text(words: str) -> str:
    """Words as FHIR allows them: no control characters, no blanks at the ends."""
    return _NOT_TEXT.sub("", words).strip()


def _filled(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value not in ("", [])}
