"""Servanda: peace agreements as models that people read, audit, compare, simulate and monitor.

The public API fits on this screen; each name is imported when it is first used.

    agreement = servanda.load("my-truce.md")
    result = servanda.assess(agreement, ["records.jsonl"], as_of="2026-05-01")
    why = servanda.explain(agreement, "truce.hold", ["records.jsonl"], as_of="2026-05-01")
    changes = servanda.compare("first-draft.md", "second-draft.md")
    warnings = servanda.audit("my-truce.md")["warnings"]
    powers = servanda.ends("my-truce.md")["alone"]
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servanda.asking import assess as assess
    from servanda.asking import explain as explain
    from servanda.asking import matrix as matrix
    from servanda.checks.frame.plain import audit as audit
    from servanda.compare.result import compare as compare
    from servanda.ends.plain import ends as ends
    from servanda.library import load as load

__version__ = "0.1.0"
__all__ = ["assess", "audit", "compare", "ends", "explain", "load", "matrix"]


def __getattr__(name: str) -> Any:
    if name in ("compare", "ends"):
        from importlib import import_module

        return import_module(f"servanda.{name}")
    if name == "audit":
        from servanda.checks.frame.plain import audit

        return audit
    if name == "load":
        from servanda.library import load

        return load
    if name in __all__:
        from servanda import asking

        return getattr(asking, name)
    raise AttributeError(f"module 'servanda' has no attribute {name!r}")
