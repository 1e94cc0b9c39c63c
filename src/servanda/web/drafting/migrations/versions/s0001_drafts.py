"""What became of drafts; only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SQLITE = tuple(
    f"""CREATE TRIGGER draft_steps_{kind} BEFORE {kind} ON draft_steps BEGIN
        SELECT RAISE(ABORT, 'steps of drafts are never changed'); END"""
    for kind in ("DELETE", "UPDATE")
)
POSTGRES = (
    """CREATE FUNCTION draft_steps_stay() RETURNS trigger AS $$ BEGIN
       RAISE EXCEPTION 'steps of drafts are never changed'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER draft_steps_stay BEFORE DELETE OR UPDATE ON draft_steps
       FOR EACH ROW EXECUTE FUNCTION draft_steps_stay()""",
    """CREATE TRIGGER draft_steps_all_stay BEFORE TRUNCATE ON draft_steps
       FOR EACH STATEMENT EXECUTE FUNCTION draft_steps_stay()""",
)


def upgrade() -> None:
    op.create_table(
        "draft_steps",
        sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("made", WHOLE, nullable=False),
        sa.Index("draft_steps_of", "agreement"),
    )
    for statement in POSTGRES if _postgres() else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("draft_steps")
    if _postgres():
        op.execute("DROP FUNCTION draft_steps_stay()")


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
