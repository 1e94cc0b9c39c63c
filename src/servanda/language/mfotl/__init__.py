"""Formats of the peers' monitors: signatures, formulas and logs are read, verdicts are written.

Importing this package imports nothing heavy; each part is imported where it is needed.
"""
