"""Comparing drafts: which clauses answer each other, and what changed in meaning, for whom.

The package is itself what `servanda.compare(a, b)` calls: a function and a package of one name
cannot both stand in `servanda`, and so the package can be called.
"""

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, *drafts: Any, **choices: Any) -> dict[str, Any]:
        from servanda.compare.result import compare

        return compare(*drafts, **choices)


sys.modules[__name__].__class__ = _Callable
