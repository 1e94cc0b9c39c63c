"""The language: from the text of an agreement to the model, and back.

`load_agreement` reads, `render` shows what is wrong, `format_text` gives the canonical form, and
`print_agreement` writes a model as text.  The parser is imported when it is first needed.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servanda.language.diagnostics import Diagnostic, Severity, render, render_one
    from servanda.language.format import Formatted, format_text
    from servanda.language.load import Loaded, load_agreement
    from servanda.language.print import print_agreement

_WHERE = {
    "Diagnostic": "diagnostics",
    "Severity": "diagnostics",
    "render": "diagnostics",
    "render_one": "diagnostics",
    "Formatted": "format",
    "format_text": "format",
    "Loaded": "load",
    "load_agreement": "load",
    "print_agreement": "print",
}

__all__ = [
    "Diagnostic",
    "Formatted",
    "Loaded",
    "Severity",
    "format_text",
    "load_agreement",
    "print_agreement",
    "render",
    "render_one",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"servanda.language.{_WHERE[name]}"), name)
