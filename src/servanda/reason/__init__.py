"""One room for what checks prove: courses of events (clingo), guards, dates, amounts (z3), replay.

Nothing that is worked out here is believed until the reference evaluator has replayed its example;
what cannot be decided within the time given is said to be undecided, never absent.
"""
