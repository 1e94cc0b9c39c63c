"""Who can end what: for each commitment the smallest groups that can, by what acts, and how it is
settled that no other can.

The package is itself what `servanda.ends(agreement)` calls: a function and a package of one name
cannot both stand in `servanda`, and so the package can be called.
"""

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, agreement: Any, norm: str | None = None, **choices: Any) -> dict[str, Any]:
        from servanda.ends.plain import ends

        return ends(agreement, norm, **choices)


sys.modules[__name__].__class__ = _Callable
