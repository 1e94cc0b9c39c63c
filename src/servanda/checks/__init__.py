"""What will break before it is signed: one check a file, found by listing this folder.

A check has ORDER, TITLE, CODES and a function `check(context)` that gives warnings.  The frame
(types, readings, stories, drafting options) is in `frame`; what is proved is proved in `reason`.
"""
