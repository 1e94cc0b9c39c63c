"""Runs the steps on the connection that the store hands over."""

from alembic import context

from servanda.web.drafting.schema import metadata
from servanda.web.drafting.store import VERSIONS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSIONS,
)
with context.begin_transaction():
    context.run_migrations()
