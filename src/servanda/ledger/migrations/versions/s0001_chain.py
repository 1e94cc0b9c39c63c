"""The chain, its secrets, its references, and the book-keeping of imports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SHRED_ONLY = """
    NEW.seq = OLD.seq AND NEW.root = OLD.root AND NEW.hash = OLD.hash
    AND (NEW.token IS NOT DISTINCT FROM OLD.token)
    AND NEW.body IS NULL AND NEW.kind IS NULL AND NEW.handling IS NULL AND NEW.recorded IS NULL
"""
SQLITE = (
    """CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN
       SELECT RAISE(ABORT, 'the ledger is append-only: no entry is deleted'); END""",
    f"""CREATE TRIGGER entries_keep BEFORE UPDATE ON entries
       WHEN NOT ({SHRED_ONLY.replace("IS NOT DISTINCT FROM", "IS")}) BEGIN
       SELECT RAISE(ABORT, 'the ledger is append-only: an entry can only be shredded'); END""",
)
POSTGRES = (
    """CREATE FUNCTION servanda_entries_stay() RETURNS trigger AS $$ BEGIN
       RAISE EXCEPTION 'the ledger is append-only: no entry is deleted'; END $$
       LANGUAGE plpgsql""",
    f"""CREATE FUNCTION servanda_entries_keep() RETURNS trigger AS $$ BEGIN
       IF NOT ({SHRED_ONLY}) THEN
       RAISE EXCEPTION 'the ledger is append-only: an entry can only be shredded'; END IF;
       RETURN NEW; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER entries_stay BEFORE DELETE ON entries
       FOR EACH ROW EXECUTE FUNCTION servanda_entries_stay()""",
    """CREATE TRIGGER entries_all_stay BEFORE TRUNCATE ON entries
       FOR EACH STATEMENT EXECUTE FUNCTION servanda_entries_stay()""",
    """CREATE TRIGGER entries_keep BEFORE UPDATE ON entries
       FOR EACH ROW EXECUTE FUNCTION servanda_entries_keep()""",
)


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("seq", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("token", sa.LargeBinary, unique=True),
        sa.Column("kind", sa.Text),
        sa.Column("handling", sa.Text),
        sa.Column("recorded", WHOLE),
        sa.Column("body", sa.LargeBinary),
    )
    op.create_table(
        "secrets",
        sa.Column("first", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("wrapping", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "refs",
        sa.Column("token", sa.LargeBinary, primary_key=True),
        sa.Column("seq", WHOLE, sa.ForeignKey("entries.seq"), primary_key=True),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("done", WHOLE, nullable=False),
        sa.Column("entered", WHOLE, nullable=False),
        sa.Column("already", WHOLE, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
    )
    op.create_table(
        "refusals",
        sa.Column("import", sa.Integer, sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("line", WHOLE, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
    )
    for statement in POSTGRES if _postgres() else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("refusals", "imports", "refs", "secrets", "entries", "settings"):
        op.drop_table(table)
    if _postgres():
        op.execute("DROP FUNCTION servanda_entries_stay()")
        op.execute("DROP FUNCTION servanda_entries_keep()")


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
