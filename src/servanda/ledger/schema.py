"""The tables of a ledger, as SQLAlchemy sees them; `migrations` makes them.

`entries` is the chain.  Its columns after `hash` serve looking things up and are checked against
the sealed body; a shredded entry keeps `seq`, `root`, `hash` and `token` alone.  `secrets` holds
the wrapped secrets of many entries in a row.  `imports` and `refusals` let an import resume.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()
Whole = BigInteger().with_variant(Integer, "sqlite")

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("token", LargeBinary, unique=True),
    Column("kind", Text),
    Column("handling", Text),
    Column("recorded", Whole),
    Column("body", LargeBinary),
)

secrets = Table(
    "secrets",
    metadata,
    Column("first", Whole, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("wrapping", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

refs = Table(
    "refs",
    metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("seq", Whole, ForeignKey("entries.seq"), primary_key=True),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("done", Whole, nullable=False),
    Column("entered", Whole, nullable=False),
    Column("already", Whole, nullable=False),
    Column("finished", Boolean, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("import", Integer, ForeignKey("imports.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("line", Whole, nullable=False),
    Column("file", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("late", Boolean, nullable=False),
)
