"""Reading very many records: what rows share is checked once, what is their own in columns.

The result is that of `evidence.checked`, row by row: every row that is written in an unusual way,
or that cannot be used, is given to it.
"""
