"""The docket: what becomes of complaints before the bodies of an agreement, up to their findings.

In: records of a view, and the rules that the agreement gives its bodies.  Out: cases with their
steps, evidence, votes and appeals; which findings stand, and why the others do not.  Pure functions
on plain data; the software never speaks for a body.
"""
