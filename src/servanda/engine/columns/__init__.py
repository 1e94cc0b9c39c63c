"""The columnar engine: interval tables on an axis and operators over them.

A condition is a table of keys and half-open intervals.  Operators are pure functions from tables to
tables; `plan` chooses and orders them.  numpy does the work: merging intervals needs running maxima
and searches in sorted columns, for which polars has no form; polars reads and writes files.
"""
