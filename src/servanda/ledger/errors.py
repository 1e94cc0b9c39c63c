"""What can go wrong with a ledger, told so that a person can act on it."""


class LedgerError(ValueError):
    """The ledger cannot do what was asked; the message says what, why and how to fix it."""


class Busy(LedgerError):
    """Somebody else was writing for longer than this writer is willing to wait."""


class ReadOnly(LedgerError):
    """Nothing may be entered here: a copy, or no key file, or files that cannot be written."""
