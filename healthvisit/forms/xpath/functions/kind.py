"""What a function is: its code, how many arguments it takes, and whether it wants them uncomputed."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Function(NamedTuple):
    """One function: `code(context, *values)`; when `lazy`, `code(context, *closures)`. `most` None: any number."""

    code: Callable[..., Any]
    least: int
    most: int | None
    lazy: bool = False
