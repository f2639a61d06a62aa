"""Reads an XForm into a definition: `read_xform`, and the names that XForms are written in."""

from healthvisit.forms.xform.actions import events_of
from healthvisit.forms.xform.names import HV, JR, SETGEOPOINT, XF, XHTML
from healthvisit.forms.xform.reader import read_xform

__all__ = ["HV", "JR", "SETGEOPOINT", "XF", "XHTML", "events_of", "read_xform"]
