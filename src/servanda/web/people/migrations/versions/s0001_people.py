"""Accounts, sessions, one-time links, tries, the trail, and sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SQLITE = (
    """CREATE TRIGGER people_trail_stays BEFORE DELETE ON people_trail BEGIN
       SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER people_trail_keeps BEFORE UPDATE ON people_trail BEGIN
       SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)
POSTGRES = (
    """CREATE FUNCTION people_trail_stays() RETURNS trigger AS $$ BEGIN
       RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER people_trail_stays BEFORE DELETE OR UPDATE ON people_trail
       FOR EACH ROW EXECUTE FUNCTION people_trail_stays()""",
    """CREATE TRIGGER people_trail_all_stays BEFORE TRUNCATE ON people_trail
       FOR EACH STATEMENT EXECUTE FUNCTION people_trail_stays()""",
)


def upgrade() -> None:
    op.create_table(
        "people_accounts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("acts_for", sa.Text),
        sa.Column("password", sa.Text),
        sa.Column("factor", sa.LargeBinary),
        sa.Column("factor_next", sa.LargeBinary),
        sa.Column("factor_step", WHOLE, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("subject", sa.Text, unique=True),
        sa.Column("made", WHOLE, nullable=False),
    )
    op.create_table(
        "people_sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("handle", sa.Text, nullable=False, unique=True),
        sa.Column("account", sa.Text, sa.ForeignKey("people_accounts.id"), nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("made", WHOLE, nullable=False),
        sa.Column("seen", WHOLE, nullable=False),
        sa.Column("until", WHOLE, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
    )
    op.create_table(
        "people_links",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account", sa.Text, sa.ForeignKey("people_accounts.id")),
        sa.Column("until", WHOLE, nullable=False),
    )
    op.create_table(
        "people_tries",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("until", WHOLE, nullable=False),
    )
    op.create_table(
        "people_trail",
        sa.Column("seq", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "people_sign_ins",
        sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("account", sa.Text),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Index("people_sign_ins_at", "at"),
    )
    for statement in POSTGRES if _postgres() else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for table in ("sign_ins", "trail", "tries", "links", "sessions", "accounts"):
        op.drop_table(f"people_{table}")
    if _postgres():
        op.execute("DROP FUNCTION people_trail_stays()")


def _postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
