"""Reports: what an agreement and its negotiation hold, as plain data for people to read."""
