"""The ledger: an append-only, hash-chained, bitemporal store of records that an outsider can check.

What is proved is not what is shown: the chain is over salted commitments of the fields, so that a
redacted export verifies and an entry whose key is destroyed leaves the chain whole.  The format is
told byte for byte in docs/ledger-format.md; `outsider` checks an export with Python alone.
"""
