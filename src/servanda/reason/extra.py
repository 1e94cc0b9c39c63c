"""The solvers, imported when they are first used: they are heavy, and an extra of the package.

`z3()` and `clingo()` give the modules; without them a message says how to get them.
"""

from types import ModuleType


class MissingExtra(RuntimeError):
    """A solver is not installed; the message says how to install it."""


def z3() -> ModuleType:
    return _found("z3", "z3-solver")


def clingo() -> ModuleType:
    return _found("clingo", "clingo")


def _found(module: str, package: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"This needs the solver {package}, which is not installed here.\n"
            "Install it with: pip install 'servanda[audit]'"
        ) from error
