"""Where editions are kept: steps up and down in both stores; nothing is changed afterwards."""

from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import DatabaseError

from servanda.web.editions import store
from servanda.web.editions.schema import editions, metadata, steps
from servanda.web.people.office import Office, open_office
from servanda.web.people.passwords import Passwords
from servanda.web.people.person import Person
from servanda.web.people.roles import Role
from tests.ledger.conftest import place as place  # noqa: PLC0414  both stores, as for ledgers
from tests.ledger.conftest import server as server  # noqa: PLC0414  a private PostgreSQL
from tests.web.people.house import QUICK, Clock

ADA = Person(Role.CHAIR, "1", "Ada", "Joint_Commission")
DOCUMENT = {"agreement": {"id": "valleys", "title": "Дві долини"}, "n": 1}


@pytest.fixture
def office(place: str, tmp_path: Path) -> Office:
    made = open_office(place, tmp_path / "people.key", passwords=Passwords(QUICK), clock=Clock())
    store.prepare_tables(made.store)
    return made


def test_the_steps_make_the_tables_that_the_code_expects(office: Office) -> None:
    with office.store.reading() as connection:
        found = inspect(connection)
        for table in metadata.sorted_tables:
            there = {c["name"]: c["nullable"] for c in found.get_columns(table.name)}
            assert there == {c.name: bool(c.nullable) for c in table.columns}
    store.prepare_tables(office.store, "base", down=True)
    with office.store.reading() as connection:
        left = set(inspect(connection).get_table_names())
    assert not left & {table.name for table in metadata.sorted_tables}
    assert "people_trail" in left
    store.prepare_tables(office.store)
    store.prepare_tables(office.store)  # again changes nothing
    with office.store.reading() as connection:
        assert {t.name for t in metadata.sorted_tables} <= set(
            inspect(connection).get_table_names()
        )


def test_what_is_kept_is_read_as_it_was(office: Office) -> None:
    with office.store.writing() as connection:
        first = store.add(connection, ADA, 100, DOCUMENT, None)
        second = store.add(connection, ADA, 101, DOCUMENT, first)
        store.add_step(connection, ADA, 102, first, store.NOTIFIED, 90, party="Upper")
        store.add_step(connection, ADA, 103, first, store.RELEASED, 103, number=1)
        assert store.next_number(connection) == 2
    with office.store.reading() as connection:
        newest, old = store.every(connection)
        assert store.by_id(connection, first) == old
        assert store.by_id(connection, 99) is None
    assert (newest.id, newest.corrects, newest.released) == (second, first, None)
    assert old.document == DOCUMENT and old.title == "Дві долини" and old.number == 1
    assert old.notified["Upper"].at == 90
    assert old.released is not None and old.released.role == "chair, Joint Commission"


def test_editions_and_their_steps_are_never_changed(office: Office) -> None:
    with office.store.writing() as connection:
        one = store.add(connection, ADA, 100, DOCUMENT, None)
        store.add_step(connection, ADA, 101, one, store.RELEASED, 101, number=1)
    for change in (
        editions.update().values(document="{}"),
        editions.delete(),
        steps.update().values(reason="x"),
        steps.delete(),
    ):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            office.store.writing() as connection,
        ):
            connection.execute(change)
    with pytest.raises(DatabaseError), office.store.writing() as connection:
        store.add_step(connection, ADA, 102, one, store.RELEASED, 102, number=2)  # a second time
