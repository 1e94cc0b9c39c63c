"""Powers: what can be done to a commitment; each asks for a state before and a state after."""

from enum import StrEnum


class Power(StrEnum):
    """The word also stands in the JSON; `docs/ends.md` says what each means."""

    START = "start"
    FULFIL = "fulfil"
    END = "end"
    SUSPEND = "suspend"
    UNDO = "undo"
    TRIGGER = "trigger"
    INVOKE = "invoke"
    FORFEIT = "forfeit"
    BLOCK_START = "block_start"
    BLOCK_FULFILMENT = "block_fulfilment"
    BLOCK_INVOCATION = "block_invocation"


# What is blocked: whoever has a hand in every way of bringing it about.  Who has a hand in an
# invocation is asked by itself: of INVOKE, what is owed is the ordinary course.
BLOCKS = {
    Power.BLOCK_START: Power.START,
    Power.BLOCK_FULFILMENT: Power.FULFIL,
    Power.BLOCK_INVOCATION: Power.BLOCK_INVOCATION,
}
