"""The connectors there are: every module in the folder `sources` has one, named CONNECTOR."""

import difflib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from servanda.connect import sources
from servanda.connect.connector import Connector
from servanda.connect.row import Unusable


@cache
def connectors() -> Mapping[str, Connector]:
    """By name; found by listing the folder, so that adding one touches nothing else."""
    found = [
        import_module(f"{sources.__name__}.{module.name}").CONNECTOR
        for module in pkgutil.iter_modules(sources.__path__)
    ]
    return {connector.name: connector for connector in sorted(found, key=lambda c: c.name)}


def find(name: str) -> Connector:
    """The connector of a name; raises Unusable with what there is."""
    known = connectors()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise Unusable(f"There is no connector “{name}”; there are {', '.join(known)}.{hint}")
