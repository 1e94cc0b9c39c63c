"""Limits on what the language reads, so that a hostile or broken file ends in a clean error."""

MAX_FILE_BYTES = 2_000_000  # one file; the longest published peace agreements are far below this
MAX_LOGICAL_LINES = 50_000  # one file
MAX_CLAUSES = 1_000  # of one declaration
MAX_LINE_CHARACTERS = 20_000  # one logical line, its continuations included
MAX_CONDITION_DEPTH = 64  # nested conditions, and brackets within brackets
MAX_IDENTIFIER = 200  # characters of a name
MAX_NUMBER_DIGITS = 30  # digits of a number
MAX_DURATION_YEARS = 1_000  # of any duration; beyond it a slip or an attack
FIRST_YEAR, LAST_YEAR = 100, 8000  # of a date: every deadline stays on the calendar
MAX_INCLUDES = 200  # files of one agreement
MAX_INCLUDE_DEPTH = 20  # files that include each other in a row
MAX_DIAGNOSTICS = 200  # messages kept of one load; a last message counts the rest
MAX_SUGGESTIONS = 60  # messages that propose a name; comparing names takes time
