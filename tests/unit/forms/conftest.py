"""Forms written as rows, compiled and opened."""

from datetime import UTC, datetime

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.forms.xlsform import compile_markdown

NOW = datetime(2024, 3, 1, 6, 30, tzinfo=UTC)


def sheet(name, rows):
    """A sheet of dictionaries: the columns are those any row uses."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [f"| {name} |", "| | " + " | ".join(columns) + " |"]
    lines += ["| | " + " | ".join(str(row.get(column, "")) for column in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture
def markdown():
    """Rows of survey and choices to an XLSForm in Markdown."""

    def write(survey, choices=(), **settings):
        settings = {"form_id": "t", "form_title": "T", "namespaces": 'hv="urn:healthvisit:form"', **settings}
        return sheet("survey", survey) + (sheet("choices", choices) if choices else "") + sheet("settings", [settings])

    return write


@pytest.fixture
def define(markdown):
    """Rows to a definition."""

    def load(survey, choices=(), functions=(), **settings):
        return FormDefinition.load(compile_markdown(markdown(survey, choices, **settings)), functions=functions)

    return load


@pytest.fixture
def opened(define):
    """Rows to an open session."""

    def open_(survey, choices=(), *, language="en", prefill=None, functions=None, **settings):
        definition = define(survey, choices, functions=tuple(functions or ()), **settings)
        return FormSession.open(definition, language=language, now=NOW, prefill=prefill, functions=functions)

    return open_


@pytest.fixture
def now():
    """The morning of the visit."""
    return NOW
