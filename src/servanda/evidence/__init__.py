"""Evidence: records, who says them, which of them are one occurrence, and what counts.

Pure functions over immutable values; no files but the readers in `read`, no clock, no store.
"""
