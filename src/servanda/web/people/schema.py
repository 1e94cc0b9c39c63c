"""The tables of people, as SQLAlchemy sees them; `migrations` makes them.

Their names begin with `people_`, so that they may lie in a database beside a ledger.  Instants are
seconds since 1970.  Secrets are never held: of passwords, links and sessions only digests, of the
second factor a sealed copy that the key file opens.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from servanda.ledger.schema import Whole

metadata = MetaData()

accounts = Table(
    "people_accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),  # the name as it is compared
    Column("role", Text, nullable=False),
    Column("acts_for", Text),  # a party or a body
    Column("seat", Text),  # the member of that body whose vote it casts
    Column("password", Text),  # argon2id; none before the invitation is accepted
    Column("factor", LargeBinary),  # sealed secret of the second factor
    Column("factor_next", LargeBinary),  # one that is being set up
    Column("factor_step", Whole, nullable=False, default=0),  # the last code that was used
    Column("locked", Boolean, nullable=False, default=False),
    Column("subject", Text, unique=True),  # who it is for an OpenID provider
    Column("made", Whole, nullable=False),
)

sessions = Table(
    "people_sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),  # names it on a page; opens nothing
    Column("account", Text, ForeignKey("people_accounts.id"), nullable=False),
    Column("whole", Boolean, nullable=False),  # false: the second factor is still asked for
    Column("made", Whole, nullable=False),
    Column("seen", Whole, nullable=False),
    Column("until", Whole, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
)

links = Table(
    "people_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account", Text, ForeignKey("people_accounts.id")),
    Column("until", Whole, nullable=False),
)

tries = Table(
    "people_tries",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", Whole, nullable=False),
    Column("until", Whole, nullable=False),
)

trail = Table(
    "people_trail",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

sign_ins = Table(
    "people_sign_ins",
    metadata,
    Column("id", Whole, primary_key=True, autoincrement=True),
    Column("at", Whole, nullable=False),
    Column("account", Text),
    Column("outcome", Text, nullable=False),
    Column("address", Text, nullable=False),
    Index("people_sign_ins_at", "at"),
)
