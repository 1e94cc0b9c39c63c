"""The released edition: what the public is told of an agreement, as plain data that never changes.

It holds states in words, deadlines, and occurrences counted late and coarsely.  It never holds
records, sources, patrols, who can end what, or what is only supposed.
"""
