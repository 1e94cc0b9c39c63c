"""Which characters a text may hold: people must read what the machine reads.

Control characters, overrides of the direction of writing, and characters that nobody sees are
refused wherever text comes in, and blotted out wherever text goes out to a terminal.
"""

import re
import unicodedata

# Control characters but tab and line feed; soft hyphen, fillers, zero-width and direction marks,
# line separators, the byte order mark inside a text, tags, surrogates, and what is no character
# (Unicode TR 36, 39 and 55 list them as means of deception).  The joiners U+200C and U+200D stay:
# Persian and the languages of India are not written without them.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# The most marks that stand over or under one letter (Unicode TR 15, stream-safe text): more hide
# the lines around them, and take long to put in order.
MAX_MARKS = 30

_BLOT = "\ufffd"


def named(character: str) -> str:
    """How messages call a character: `the right-to-left override (U+202E)`."""
    name = unicodedata.name(character, "control character").lower()
    return f"the {name} (U+{ord(character):04X})"


def blotted(text: str) -> str:
    """The text with everything forbidden replaced, so that a terminal shows and obeys none."""
    return FORBIDDEN.sub(_BLOT, text)


def crowded(text: str) -> int:
    """Where more than `MAX_MARKS` marks stand on one letter; -1: nowhere."""
    if text.isascii():
        return -1
    run = 0
    for index, character in enumerate(text):
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MAX_MARKS:
            return index - run + 1
    return -1


def normal(text: str) -> str:
    """The text with letters and their accents joined (NFC): equal to readers, equal to us."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
