"""Dated content packs: what the programme asks for, in three languages."""

from healthvisit.packs.loader import Problem, check, load
from healthvisit.packs.pack import Pack, PackError

__all__ = ["Pack", "PackError", "Problem", "check", "load"]
