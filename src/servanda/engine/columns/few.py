"""From how many records on columns are worth their while; tests set both to 0."""

RECORDS = 200  # of a type
MATCHING = 8  # of them those that match a pattern
