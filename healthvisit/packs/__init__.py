"""Dated content packs: what the programme asks for, in three languages."""

from healthvisit.packs.loader import check, load
from healthvisit.packs.pack import Pack, PackError
from healthvisit.packs.reader import Problem

__all__ = ["Pack", "PackError", "Problem", "check", "load"]
