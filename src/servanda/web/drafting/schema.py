"""The table of what became of drafts, beside those of people; it is only added to."""

from sqlalchemy import Column, Index, MetaData, Table, Text

from servanda.ledger.schema import Whole

metadata = MetaData()

steps = Table(
    "draft_steps",
    metadata,
    Column("id", Whole, primary_key=True, autoincrement=True),
    Column("agreement", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of the text that is meant, and what lies beside it
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),  # the title of the role, as it is shown
    Column("made", Whole, nullable=False),
    Index("draft_steps_of", "agreement"),
)
