"""Released editions: what the public is told, by whom, after whom it was told first.

Nothing publishes itself.  An officer prepares an edition, records that the parties were told of it,
and releases it under the own name; what is released is never changed, only corrected or withdrawn.
"""
