"""Connectors: files and programming interfaces of others, read as records with their provenance.

A connector turns each row of a source into a record, or says with line, column and reason why not.
Nothing that the source does not say is filled in.  No request is made but on a user's command.
"""

from servanda.connect.connector import Connector, Settings
from servanda.connect.provenance import Licence, Provenance
from servanda.connect.registry import connectors, find
from servanda.connect.row import Accepted, Merged, Rejected, Row, Unusable
from servanda.connect.stream import read

__all__ = [
    "Accepted",
    "Connector",
    "Licence",
    "Merged",
    "Provenance",
    "Rejected",
    "Row",
    "Settings",
    "Unusable",
    "connectors",
    "find",
    "read",
]
