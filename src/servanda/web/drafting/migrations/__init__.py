"""The steps by which the table of drafts came about, for Alembic."""
