"""The codes of all messages, with what each is about.  A code keeps its meaning for good.

Each has a page in docs/errors/, which comes with the package.
"""

from importlib.resources import files
from pathlib import Path

CODES = {
    # Reading files
    "SV0101": "a file cannot be found or read",
    "SV0102": "a file is not UTF-8",
    "SV0103": "a character is not allowed",
    "SV0104": "a file is too large",
    "SV0105": "a file or declaration has too many lines",
    "SV0106": "a path leads out of the agreement's folder",
    "SV0107": "a line is too long",
    "SV0108": "files include each other in a circle, or there are too many",
    "SV0109": "more messages than are shown",
    "SV0110": "a Markdown block or heading cannot be used",
    "SV0111": "HTML in the text of an agreement",
    # Shape
    "SV0201": "a tab in the indentation",
    "SV0202": "a clause under no declaration",
    "SV0203": "uneven indentation",
    "SV0204": "a bracket left open",
    "SV0205": "a quotation left open",
    # Words of the language
    "SV0301": "an unknown declaration",
    "SV0302": "an unknown clause",
    "SV0303": "a clause that belongs to other declarations",
    "SV0304": "a line that cannot be read",
    "SV0305": "`and` and `or` mixed without parentheses",
    "SV0306": "conditions nested too deeply",
    "SV0307": "a name or number too long, or a name that is reserved",
    "SV0308": "an impossible date, time or number",
    "SV0309": "a clause given twice",
    "SV0310": "clauses that exclude each other",
    # Names
    "SV0401": "an unknown name",
    "SV0402": "a name declared twice",
    "SV0403": "an unknown record type",
    "SV0404": "an unknown norm",
    "SV0405": "an unknown term or reading",
    "SV0406": "a variable that nothing binds",
    "SV0407": "an unknown place",
    "SV0408": "an unknown provision",
    "SV0409": "a clause that descends from its own draft",
    # Kinds
    "SV0501": "an argument that the record type does not have",
    "SV0502": "an argument without value, or a value without argument",
    "SV0503": "a value of the wrong kind",
    "SV0504": "a word that is not one of those allowed",
    "SV0505": "not a state of a norm",
    "SV0506": "something else than a condition",
    "SV0507": "a window or bound that cannot be",
    "SV0508": "the wrong number of arguments or keys",
    "SV0509": "a unit that does not fit",
    "SV0510": "a standard record type changed",
    "SV0511": "definitions that use each other in a circle",
    "SV0512": "a reading that does not fit its term",
    "SV0513": "a voting rule with a part that it does not have",
    "SV0514": "bodies that hear a case after each other in a circle",
    # Norms and agreements
    "SV0601": "a clause is missing",
    "SV0602": "a clause that does not fit the kind of norm",
    "SV0603": "no agreement, or more than one",
    "SV0604": "a cycle through negation at the same instant",
    # Warnings
    "SV0701": "text without norm",
    "SV0702": "norm without text",
    "SV0703": "a term that nothing uses",
    "SV0704": "a file of geometry that is not there",
    "SV0705": "a name that may be misspelt",
    "SV0706": "a text in a language that the agreement does not list",
    "SV0707": "a name that looks like another, or mixes alphabets",
    # Files beside the agreement
    "SV0801": "a YAML file that cannot be read",
    "SV0802": "a means of YAML that is not used here",
    "SV0803": "a name or an entry given twice in a file beside the agreement",
    "SV0804": "a file beside the agreement is nested too deeply or holds too much",
    "SV0805": "a value of the wrong form in a file beside the agreement",
    "SV0806": "a name in a file beside the agreement that nothing declares",
    "SV0807": "geometry that cannot be used",
    # Evidence standards of one's own
    "SV0901": "an evidence standard that cannot be read",
    "SV0902": "an unknown word in an evidence standard",
    "SV0903": "what no evidence could meet",
    "SV0904": "an evidence standard that is too long or nested too deeply",
}


def page(code: str) -> str:
    """The page about a code, in Markdown."""
    installed = files("servanda") / "errors"
    folder = installed if installed.is_dir() else Path(__file__).parents[3] / "docs" / "errors"
    return folder.joinpath(f"{code}.md").read_text(encoding="utf-8")
