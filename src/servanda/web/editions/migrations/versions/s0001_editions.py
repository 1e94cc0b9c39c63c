"""Editions and their steps; both are only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = ("editions", "edition_steps")


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("corrects", WHOLE, sa.ForeignKey("editions.id")),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("made", WHOLE, nullable=False),
    )
    op.create_table(
        "edition_steps",
        sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
        sa.Column("edition", WHOLE, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("number", WHOLE, unique=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("made", WHOLE, nullable=False),
        sa.UniqueConstraint("edition", "kind", "party", name="edition_steps_once"),
    )
    if _postgres():
        op.execute(
            """CREATE FUNCTION editions_stay() RETURNS trigger AS $$ BEGIN
               RAISE EXCEPTION 'editions are never changed'; END $$ LANGUAGE plpgsql"""
        )
    for table in TABLES:
        for statement in _guards(table):
            op.execute(statement)


def _guards(table: str) -> list[str]:
    if _postgres():
        return [
            f"""CREATE TRIGGER {table}_stay BEFORE DELETE OR UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION editions_stay()""",
            f"""CREATE TRIGGER {table}_all_stay BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION editions_stay()""",
        ]
    return [
        f"""CREATE TRIGGER {table}_{kind} BEFORE {kind} ON {table} BEGIN
            SELECT RAISE(ABORT, 'editions are never changed'); END"""
        for kind in ("DELETE", "UPDATE")
    ]


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if _postgres():
        op.execute("DROP FUNCTION editions_stay()")


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
