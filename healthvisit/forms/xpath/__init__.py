"""ODK's expressions: `evaluate` for one expression against an XML record, `XPathError` when it cannot be."""

from healthvisit.forms.xpath.evaluate import evaluate
from healthvisit.forms.xpath.parse import XPathError

__all__ = ["XPathError", "evaluate"]
