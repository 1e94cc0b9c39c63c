"""The seat of an account: the member of a body whose vote it casts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("people_accounts", sa.Column("seat", sa.Text))


def downgrade() -> None:
    with op.batch_alter_table("people_accounts") as table:
        table.drop_column("seat")
