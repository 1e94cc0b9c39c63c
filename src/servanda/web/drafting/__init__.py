"""Drafts are kept to those who draft until one of them releases a text, and only that text.

In: the texts that are served, and what was released.  Out: who reads which.  A text that changes is
another text: it is released anew, or stays where it is.
"""
