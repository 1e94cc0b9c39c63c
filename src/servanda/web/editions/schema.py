"""The tables of editions, beside those of people; `migrations` makes them.

Both are only added to.  An edition is its document; what becomes of it are its steps.
"""

from sqlalchemy import Column, ForeignKey, MetaData, Table, Text, UniqueConstraint

from servanda.ledger.schema import Whole

metadata = MetaData()

editions = Table(
    "editions",
    metadata,
    Column("id", Whole, primary_key=True, autoincrement=True),
    Column("agreement", Text, nullable=False),
    Column("document", Text, nullable=False),  # in the form that the digest names
    Column("digest", Text, nullable=False),
    Column("corrects", Whole, ForeignKey("editions.id")),
    Column("who", Text, nullable=False),
    Column("made", Whole, nullable=False),
)

steps = Table(
    "edition_steps",
    metadata,
    Column("id", Whole, primary_key=True, autoincrement=True),
    Column("edition", Whole, ForeignKey("editions.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("party", Text, nullable=False),  # who was told; empty for other steps
    Column("at", Whole, nullable=False),  # when it was so, as the officer says
    Column("number", Whole, unique=True),  # of a released edition: that of its address
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),  # the title of the role, as it is shown
    Column("made", Whole, nullable=False),
    UniqueConstraint("edition", "kind", "party", name="edition_steps_once"),
)
