"""Checks of a formula against a signature: every predicate is known and has as many arguments."""

from difflib import get_close_matches

from servanda.language.mfotl.lexer import Text
from servanda.language.mfotl.signature import BUILT_IN, Signature
from servanda.model import formula as f


def check(formula: f.Formula, signature: Signature, source: Text) -> None:
    """Raises MfotlError at the first predicate that does not fit, Unsupported for a feature."""
    arities = {name: len(kinds) for name, kinds in {**BUILT_IN, **signature}.items()}
    _check(formula, arities, source)


def _check(formula: f.Formula, arities: dict[str, int], source: Text) -> None:
    match formula:
        case f.Predicate(name, args, at):
            if name not in arities:
                close = get_close_matches(name, arities, 1)
                hint = f" Did you mean {close[0]}?" if close else ""
                raise source.error(at, f"{name} is neither in the signature nor defined.{hint}")
            if arities[name] != len(args):
                many = f"{arities[name]} argument{'' if arities[name] == 1 else 's'}"
                raise source.error(at, f"{name} has {many}, {len(args)} here.")
        case f.Let(name, parameters, definition, body, past, at):
            inside = {**arities, name: len(parameters)}
            if past and not _settled(definition, name, behind=False):
                raise source.unsupported(at, "LETPAST that refers to more than its own past")
            missing = f.free_variables(definition) ^ set(parameters)
            if missing:
                shown = ", ".join(sorted(missing))
                raise source.error(at, f"{shown}: parameter and variable of {name} must agree.")
            _check(definition, inside if past else arities, source)
            _check(body, inside, source)
            return
        case f.Aggregation(groups=groups, body=inner, at=at):
            for group in groups:
                if group not in f.free_variables(inner):
                    raise source.error(at, f"{group} is no variable of what is aggregated.")
    for child in f.children(formula):
        _check(child, arities, source)


def _settled(formula: f.Formula, name: str, *, behind: bool) -> bool:
    """Whether every use of the name lies strictly before now, so that there is one solution."""
    match formula:
        case f.Predicate(used):
            return used != name or behind
        case f.Temporal("previous", _, body):
            return _settled(body, name, behind=True)
        case f.Temporal("next" | "eventually" | "always", _, body):
            return not _uses(body, name)
        case f.Dyadic("until", _, left, right):
            return not _uses(left, name) and not _uses(right, name)
        case f.Let(name=other, definition=definition, body=body):
            shadowed = other == name
            return _settled(definition, name, behind=behind) and (
                shadowed or _settled(body, name, behind=behind)
            )
        case _:
            return all(_settled(c, name, behind=behind) for c in f.children(formula))


def _uses(formula: f.Formula, name: str) -> bool:
    if isinstance(formula, f.Predicate):
        return formula.name == name
    return any(_uses(c, name) for c in f.children(formula))
