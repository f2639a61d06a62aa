"""The lists passphrases are drawn from: 2,048 words a language, eleven bits a word."""

from functools import cache

from healthvisit.settings import resource


@cache
def words(language: str) -> tuple[str, ...]:
    """The words of a language (tk, ru, en), one a line in ``resources/words``."""
    return tuple(resource(f"words/{language}.txt").read_text(encoding="utf-8").split())
