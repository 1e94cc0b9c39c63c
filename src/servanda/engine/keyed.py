"""The histories of a norm by their keys: one is asked for among very many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from servanda.engine.history import History
from servanda.engine.reason import EnvValue


@dataclass(frozen=True)
class Keyed:
    """The histories of all instances of a norm."""

    histories: tuple[History, ...]
    _by_beginning: dict[int, Mapping[tuple[str, ...], list[History]]] = field(default_factory=dict)

    def matching(self, keys: tuple[EnvValue, ...]) -> Sequence[History]:
        """The histories of the instances that keys name; what is empty names all."""
        exact = tuple(map(_only, keys))
        if len(self.histories) > 1 and all(exact):
            length = min(len(keys), len(self.histories[0].instance.key))
            return self._beginning(length).get(exact[:length], [])
        return [h for h in self.histories if _named(h, keys)]

    def _beginning(self, length: int) -> Mapping[tuple[str, ...], list[History]]:
        """The histories by the beginning of their keys."""
        if length not in self._by_beginning:
            found: dict[tuple[str, ...], list[History]] = {}
            for history in self.histories:
                found.setdefault(history.instance.key[:length], []).append(history)
            self._by_beginning[length] = found
        return self._by_beginning[length]


def _only(key: EnvValue) -> str:
    """The one name that a key asks for; empty where it asks for several or any."""
    if isinstance(key, str):
        return key
    return next(iter(key)) if len(key) == 1 else ""


def _named(history: History, keys: tuple[EnvValue, ...]) -> bool:
    return all(
        not wanted or (given in wanted if isinstance(wanted, frozenset) else given == wanted)
        for wanted, given in zip(keys, history.instance.key, strict=False)
    )
