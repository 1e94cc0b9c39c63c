"""How the tables of people came to be, step by step (alembic); up and down are both tested."""
