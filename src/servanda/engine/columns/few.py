"""From how many records on columns are worth their while; tests set it to 0."""

RECORDS = 200
