"""Servanda: peace agreements as models that people read, audit, compare, simulate and monitor.

The public API fits on this screen; each name is imported when it is first used.

    agreement = servanda.load("my-truce.md")
    result = servanda.assess(agreement, ["records.jsonl"], as_of="2026-05-01")
    why = servanda.explain(agreement, "truce.hold", ["records.jsonl"], as_of="2026-05-01")
    warnings = servanda.audit("my-truce.md")["warnings"]
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servanda.checks.frame.plain import audit as audit
    from servanda.library import assess as assess
    from servanda.library import explain as explain
    from servanda.library import load as load
    from servanda.library import matrix as matrix

__version__ = "0.1.0"
__all__ = ["assess", "audit", "explain", "load", "matrix"]


def __getattr__(name: str) -> Any:
    if name == "audit":
        from servanda.checks.frame.plain import audit

        return audit
    if name in __all__:
        from servanda import library

        return getattr(library, name)
    raise AttributeError(f"module 'servanda' has no attribute {name!r}")
