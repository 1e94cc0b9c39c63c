"""The model: typed, immutable concepts of an agreement, each with its place in the text.

One concept a file.  Nothing here reads files, evaluates anything or imports other packages of ours.
"""
