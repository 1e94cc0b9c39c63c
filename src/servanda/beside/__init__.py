"""The files that lie beside the text of an agreement, and how they are refused."""

from servanda.beside.document import NUMBER, TEXT, Document, Needed, parse_yaml, read_yaml
from servanda.beside.file import InputError, inside, refusal, text_of

__all__ = [
    "NUMBER",
    "TEXT",
    "Document",
    "InputError",
    "Needed",
    "inside",
    "parse_yaml",
    "read_yaml",
    "refusal",
    "text_of",
]
