"""People and their rights: accounts, sessions, one-time links, the second factor and the trail.

Tables lie in a store of their own, beside the ledger, never in it.  Nothing here knows agreements;
what a role may do stands in `servanda.web.access`, what it may see in `sight`.
"""
