"""The words of the ledger: kinds of entries, roles of keys, handling classes, consent, uses."""

ROW_KINDS = ("record", "correction", "withdrawal", "finding", "decision")
OWN_KINDS = (
    *("genesis", "key", "seal", "import"),
    *("verification", "merge", "handling", "redaction", "shredding"),
)
ROLES = ("officer", "verifier", "source")
CLASSES = ("public", "parties", "body", "confidential")  # from the widest to the narrowest
DEFAULT_CLASS = "body"
CONSENTS = ("public_source", "informed", "limited", "withdrawn", "not_recorded")
USES = ("assessment", "reporting", "proceedings", "research")
