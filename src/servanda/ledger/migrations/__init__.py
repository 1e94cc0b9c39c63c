"""How the tables of a ledger came to be, step by step (alembic); up and down are both tested."""
