"""Filing: records and papers that people enter into the ledger through pages.

Who may file what as whom stands in `rights`; everything is tried before it is entered, and what is
entered stands in the trail.
"""
