"""Every error a person can meet has its sentence; none can make the message itself fail."""

import ast
import re
import string
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from healthvisit.domain.errors import HealthvisitError, InputError, OfficeError, OutOfRangeError, StoreError
from healthvisit.ui import messages

ROOT = Path(__file__).resolve().parents[2] / "healthvisit"
CODE = re.compile(r"[a-z]+\.[a-z_]+")
FILES = {"anchor", "cat", "csv", "db", "json", "key", "marker", "pem", "token", "txt", "xml"}
"""Ends of file names that look like codes."""
AUDIT = {
    "auth.token_ended", "card.newer", "device.clock_ahead", "device.clock_off", "enrol.code_issued", "enrol.joined",
    "file.wrong_hash", "office.summary", "office.visits", "server.new_epoch",
}  # fmt: skip
"""What the server writes into its audit list or adds as a notice; no error."""
FOR_ADMINISTRATORS = ("server.", "register.", "device.unknown")
"""Faults of the server's own set-up and commands: its command line says them."""
FROM_ELSEWHERE = {messages.BUG, messages.UNKNOWN_REFUSAL, "sync.stopped"}
"""Sentences without an error that is raised."""


def constants(node):
    """Every text an expression can give."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from constants(node.body)
            yield from constants(node.orelse)
        case ast.BoolOp():
            for value in node.values:
                yield from constants(value)


def raised(root=ROOT):
    """Code to the sets of details it is raised with (None where they cannot be read from the source)."""
    codes, texts = defaultdict(list), defaultdict(set)
    for file in root.rglob("*.py"):
        if file.name == "messages.py" and file.parent.name == "ui":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                said = [node.args[0]] if node.args and name.endswith("Error") else []
                said += [word.value for word in node.keywords if word.arg == "code"]
                details = {word.arg for word in node.keywords}
                for text in (text for each in said for text in constants(each) if CODE.fullmatch(text)):
                    codes[text].append(None if None in details or name == "XPathError" else details)
            if "ui" in file.parts:  # screens name their fields in the same way
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                texts[node.value].add(file.name)
    families = {code.partition(".")[0] for code in codes} | {"scope", "chg"}
    for text in texts:
        if text.partition(".")[0] in families and text not in AUDIT and text.partition(".")[2] not in FILES:
            codes.setdefault(text, [None])
    return codes


def test_every_code_in_the_sources_has_its_sentence():
    """A visitor who meets "vault.schema" on the screen cannot go on; a new error brings its sentence with it."""
    missing = {c for c in raised() if c not in messages.SENTENCES and not c.startswith(FOR_ADMINISTRATORS)}
    assert not missing


def test_no_sentence_is_left_over():
    """A sentence nobody can meet is translated for nothing, and hides a code that was renamed."""
    assert set(messages.SENTENCES) - set(raised()) - FROM_ELSEWHERE == set()


def test_a_planted_code_is_found(tmp_path):
    """The search itself must see each way a code is written."""
    (tmp_path / "planted.py").write_text(
        "raise StoreError('vault.one' if x else 'vault.two')\nAnswer(code='vault.three')\nT = {1: 'vault.four'}\n"
    )
    assert set(raised(tmp_path)) == {"vault.one", "vault.two", "vault.three", "vault.four"}


def test_a_sentence_names_only_details_that_are_given():
    """A place that nobody fills would stand as "…" before the visitor."""
    wrong = {}
    for code, sites in raised().items():
        wanted = {
            name
            for part in messages.SENTENCES.get(code, ())
            for _text, name, _spec, _conversion in string.Formatter().parse(part)
            if name
        }
        for details in sites:
            if details is not None and not wanted <= details:
                wrong[code] = wanted - details
    assert wrong == {}


@pytest.mark.parametrize("code", sorted(messages.SENTENCES))
def test_each_sentence_can_be_said_without_details(code):
    """An older office leaves details out: the message must not crash where another error is being told."""
    text = messages.said(code)
    assert text
    assert "{" not in text
    assert text.count(".") + text.count(":") >= 1
    assert messages.advice(code) == "" or text.endswith(messages.advice(code))


def test_what_is_said_holds_what_happened_and_what_to_do():
    """The two halves stand in this order."""
    text = messages.sentence(StoreError("vault.disk_full"))
    assert text.startswith("Cannot save: the disk is full.")
    assert text.endswith(messages.advice("vault.disk_full"))


def test_limits_are_said_in_the_units_of_the_field():
    """She typed kilograms: "between 500 and 45000" would be no help."""
    error = OutOfRangeError("measurement.out_of_range", field="weight_g", low=500, high=45000)
    assert messages.sentence(error).startswith("Weight must lie between 0.50 kg and 45.00 kg.")
    error = OutOfRangeError("measurement.out_of_range", field="temperature_c10", low=300, high=430)
    assert "30.0 °C and 43.0 °C" in messages.sentence(error)
    error = OutOfRangeError("measurement.out_of_range", field="length_mm", low=250, high=1400)
    assert "25.0 cm and 140.0 cm" in messages.sentence(error)
    error = OutOfRangeError("measurement.out_of_range", field="breaths", low=10, high=150)
    assert "between 10 and 150" in messages.sentence(error)


def test_waiting_times_days_and_unknown_fields_are_said_in_words():
    """Seconds and ISO dates are for machines."""
    assert "wait 2 minutes" in messages.said("office.busy", {"retry_after_s": 120})
    assert "1 minute." in messages.said("office.busy", {"retry_after_s": 5})
    assert "10 October 2026" in messages.said("card.not_newer", {"n": date(2026, 10, 10)})
    assert ":" in messages.said("card.not_newer", {"n": datetime(2026, 10, 10, 9, tzinfo=UTC)})
    assert messages.sentence(OutOfRangeError("measurement.not_positive", field="hair_mm")).startswith("hair_mm")


def test_our_own_mistake_is_called_one():
    """A traceback is for the log, without names; she is told that her work is safe."""
    for error in (RuntimeError("Aýna Myradowa"), HealthvisitError("nothing.known"), KeyError("x")):
        assert messages.sentence(error) == messages.said(messages.BUG)
        assert "Aýna" not in messages.sentence(error)


def test_a_refusal_of_a_newer_office_is_named_by_its_code():
    """The office may have reasons this program does not know yet; saying "program failed" would be untrue."""
    text = messages.sentence(OfficeError("scope.new_rule"))
    assert "scope.new_rule" in text
    assert "Nothing is lost" in text


def test_braces_in_a_detail_stay_as_they_are():
    """A form's own text may hold braces."""
    assert "a {b} c" in messages.sentence(InputError("form.does_not_compile", reason="a {b} c"))
