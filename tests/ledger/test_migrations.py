"""The tables come up and go down step by step, and are those that the code sees."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from servanda.ledger.ledger import init
from servanda.ledger.schema import metadata
from servanda.ledger.store import open_store


def test_up_and_down(place: str) -> None:
    store = open_store(place, create=True)
    assert store.revision() is None
    for _ in range(2):
        store.migrate()
        assert store.revision() == "0001"
        store.migrate("base", down=True)
        assert store.revision() is None
        assert inspect(store.engine).get_table_names() == ["alembic_version"]


def test_the_tables_are_those_of_the_schema(place: str, keys: Path) -> None:
    store = init(place, "", 0, keys).store
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
