"""The steps by which the tables of editions came about, for Alembic."""
