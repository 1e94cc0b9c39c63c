"""A draft as it is compared: its agreement with definitions written out and clauses under one name.

In: an agreement with the files beside it, and for clauses that are aligned with clauses of other
drafts the name that all of them share.  Out: norms whose conditions can be laid side by side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from servanda.library import Library
from servanda.model import condition as c
from servanda.model.agreement import Agreement
from servanda.model.consequence import Target
from servanda.model.institution import Institution
from servanda.model.norm import Norm
from servanda.model.unspecified import Unspecified

Node = TypeVar("Node")
EVERYTHING, NOTHING = c.And(()), c.Or(())  # what always holds, and what never does


@dataclass(frozen=True)
class Draft:
    """`shared` gives the common name of each aligned norm; a norm that stands alone keeps its own.

    The name of a lone norm carries `mark`, the letter of its draft in this comparison, so that two
    that happen to be called alike differ, also in two versions of one agreement.
    """

    library: Library
    mark: str = "A"
    shared: Mapping[str, str] = field(default_factory=dict)

    @property
    def agreement(self) -> Agreement:
        return self.library.agreement

    @property
    def id(self) -> str:
        return self.agreement.id

    def named(self, norm: str) -> str:
        """The name under which a norm is compared."""
        return self.shared.get(norm, f"{self.mark}:{norm}")

    def own(self, node: Node) -> Node:
        """A piece of the model with norms under their own ids again, to be told to people."""
        back = {shared: name for name, shared in reversed(list(self.shared.items()))}

        def again(part: Any) -> Any:
            found = each_part(part, again)
            if isinstance(found, c.StateOf | c.KeptFor | Target):
                lone = found.norm.removeprefix(f"{self.mark}:")
                return replace(found, norm=back.get(found.norm, lone))
            return found

        found: Node = again(node)
        return found

    def seen(self, node: Node) -> Node:
        """A piece of the model with norms under their shared names."""
        found: Node = _mapped(node, self)
        return found

    def norm(self, name: str) -> Norm:
        """A norm under shared names, its conditions written out."""
        norm = self.agreement.norms[name]
        lists = {
            one.name: one.value for one in norm.lists if not isinstance(one.value, Unspecified)
        }
        found: Norm = _mapped(replace(norm, lists=()), self, lists=lists)
        return found


def substituted(node: Node, values: Mapping[str, c.Value]) -> Node:
    """A piece of the model with variables replaced by values."""
    found: Any = node
    if isinstance(node, c.Var):
        found = values.get(node.name, node)
    else:
        found = each_part(node, lambda part: substituted(part, values))
    changed: Node = found
    return changed


def _mapped(node: Any, draft: Draft, lists: Mapping[str, c.Value] | None = None) -> Any:
    """Norms under shared names, definitions and named lists written out."""

    def again(part: Any) -> Any:
        return _mapped(part, draft, lists)

    if isinstance(node, c.ListValue) and node.name in (lists or {}):
        return (lists or {})[node.name]
    if isinstance(node, c.Call) and node.name in draft.agreement.definitions:
        definition = draft.agreement.definitions[node.name]
        values = dict(zip(definition.parameters, node.args, strict=False))
        return again(substituted(definition.condition, values))
    found = each_part(node, again)
    if isinstance(found, c.StateOf | c.KeptFor | Target):
        return replace(found, norm=draft.named(found.norm))
    if isinstance(found, Norm):
        return replace(
            found,
            subject_to=tuple(map(draft.named, found.subject_to)),
            notwithstanding=tuple(map(draft.named, found.notwithstanding)),
        )
    if isinstance(found, Institution):
        established = found.established_by
        return replace(
            found,
            competent_for=tuple(n if n == "*" else draft.named(n) for n in found.competent_for),
            established_by=None if established is None else draft.named(established),
        )
    return found


def each_part(node: Any, change: Any) -> Any:
    """A piece of the model with each of its parts changed; the piece itself where none differs."""
    if isinstance(node, tuple):
        parts = tuple(change(part) for part in node)
        return parts if any(a is not b for a, b in zip(parts, node, strict=True)) else node
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changed = {}
    for part in fields(node):
        if part.name == "span" or not part.init:
            continue
        before = getattr(node, part.name)
        after = change(before) if isinstance(before, tuple) or is_dataclass(before) else before
        if after is not before:
            changed[part.name] = after
    return replace(node, **changed) if changed else node
